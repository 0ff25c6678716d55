"""Logistic regression with an L2 penalty by coordinate descent, for columns that are mostly empty. Pure Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_ROUNDS = 60
_ENOUGH = 1e-3  # stop when no weight moves further in a round
_LONGEST_STEP = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """One thing to weigh: the rows that have it, with values; its weight is held near `prior` and on its side."""

    rows: Sequence[int]
    values: Sequence[float]
    prior: float = 0.0
    penalty: float = 0.0
    sign: int = 0  # 1: never below zero, -1: never above, 0: either


def fit(columns: Sequence[Column], labels: Sequence[bool], offsets: Sequence[float]) -> list[float]:
    """The weights that make the labels likeliest, given what `offsets` already add to each row's log-odds."""
    weights = [column.prior for column in columns]
    log_odds = list(offsets)
    for column, weight in zip(columns, weights, strict=True):
        _add(log_odds, column, weight)
    for _ in range(_ROUNDS):
        furthest = 0.0
        for at, column in enumerate(columns):
            step = _step(column, weights[at], labels, log_odds)
            weights[at] += step
            _add(log_odds, column, step)
            furthest = max(furthest, abs(step))
        if furthest < _ENOUGH:
            break
    return weights


def _step(column: Column, weight: float, labels: Sequence[bool], log_odds: Sequence[float]) -> float:
    """Newton's step for one weight, kept short and on the column's side."""
    slope = column.penalty * (weight - column.prior)
    bend = column.penalty + 1e-9
    for row, value in zip(column.rows, column.values, strict=True):
        chance = 1 / (1 + math.exp(-max(-35.0, min(35.0, log_odds[row]))))
        slope += value * (chance - labels[row])
        bend += value * value * chance * (1 - chance)
    moved = weight + max(-_LONGEST_STEP, min(_LONGEST_STEP, -slope / bend))
    return (moved if moved * column.sign >= 0 else 0.0) - weight


def _add(log_odds: list[float], column: Column, step: float) -> None:
    if step:
        for row, value in zip(column.rows, column.values, strict=True):
            log_odds[row] += step * value
