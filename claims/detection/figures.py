"""How well scores agree with decisions. Pure."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple


class Scored(NamedTuple):
    score: float
    is_worthy: bool  # as a person decided
    is_picked: bool  # whether the score reaches the threshold


class Figures(NamedTuple):
    average_precision: float
    f1: float
    precision: float
    recall: float


def figures(scored: Sequence[Scored]) -> Figures:
    worthy = sum(one.is_worthy for one in scored)
    picked = sum(one.is_picked for one in scored)
    right = sum(one.is_worthy and one.is_picked for one in scored)
    return Figures(
        average_precision=average_precision([one[:2] for one in scored]),
        f1=2 * right / max(worthy + picked, 1),
        precision=right / max(picked, 1),
        recall=right / max(worthy, 1),
    )


def average_precision(pairs: Sequence[tuple[float, bool]]) -> float:
    """Of (score, is worthy): the mean precision over the worthy, equal scores as one step; 0 when none is worthy."""
    seen = right = 0
    total = 0.0
    for _, labels in _levels(pairs):
        seen, right = seen + len(labels), right + sum(labels)
        total += sum(labels) * right / seen
    return total / right if right else 0.0


def best_threshold(pairs: Sequence[tuple[float, bool]]) -> float:
    """Of (score, is worthy): the score from which F1 is highest, the lower of equals; 0.5 when none is worthy."""
    worthy = sum(is_worthy for _, is_worthy in pairs)
    if not worthy:
        return 0.5
    seen = right = 0
    best = (0.0, 0.0)
    for score, labels in _levels(pairs):
        seen, right = seen + len(labels), right + sum(labels)
        best = max(best, (2 * right / (worthy + seen), -score))
    return -best[1]


def _levels(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, list[bool]]]:
    """What was decided at each score, from the highest score down."""
    ranked = sorted(pairs, reverse=True)
    return [(score, [label for _, label in level]) for score, level in groupby(ranked, key=lambda pair: pair[0])]
