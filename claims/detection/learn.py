"""Weigh signals and terms by decisions: logistic regression, the same for the same decisions. Pure Python.

Weights are held near those in force by an L2 penalty, so that few decisions change little, and a signal never changes
sides: at worst it weighs nothing.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from claims.detection.figures import Figures, Scored, best_threshold, figures
from claims.detection.language import Language
from claims.detection.regression import Column, fit
from claims.detection.score import logistic
from claims.detection.table import Example, Table
from claims.detection.weights import Weights

FOLDS = 5
FEWEST = 10  # decisions of each kind, below which nothing can be learnt
SIGNAL_PENALTY = 1.0
TERM_PENALTY = 20.0
TERM_SENTENCES = 10  # a term must be in this many sentences
_DIGITS = 4  # of a weight: more would only make the file longer


@dataclass(frozen=True)
class Refit:
    """New weights, and how the old and the new do on decisions that neither was taught."""

    weights: Weights
    before: Figures
    after: Figures
    examples: int
    worthy: int


def refit(examples: Sequence[Example], language: Language, weights: Weights, *, terms: int = 0) -> Refit:
    """Weigh the signals anew; the terms keep their weights, unless `terms` says how many to choose anew.

    The figures are of held-out decisions: each fold of documents in turn is measured with what the others teach.
    Raises ValueError when there are too few decisions to learn from.
    """
    _check_enough(examples)
    table = Table(examples, language)
    before: list[Scored] = []
    after: list[Scored] = []
    for held_out in folds(examples):
        taught = weigh(table, sorted(set(range(len(examples))) - set(held_out)), weights, terms=terms)
        before += scored(table, held_out, weights)
        after += scored(table, held_out, taught)
    learnt = weigh(table, range(len(examples)), weights, terms=terms)
    return Refit(learnt, figures(before), figures(after), len(examples), sum(table.labels))


def weigh(table: Table, rows: Sequence[int], weights: Weights, *, terms: int = 0) -> Weights:
    """Weights learnt from some rows of a table: signals, then, if asked for, terms on top; threshold to match."""
    weights = weigh_signals(table, rows, weights.without_terms() if terms else weights)
    if terms:
        weights = weigh_terms(table, rows, weights, terms)
    pairs = [(logistic(table.log_odds(row, weights)), table.labels[row]) for row in rows]
    return replace(weights, threshold=round(best_threshold(pairs), _DIGITS))


def weigh_signals(table: Table, rows: Sequence[int], weights: Weights) -> Weights:
    """The intercept and the signals, held near what they are."""
    names = list(table.language.rules)
    columns = [Column(range(len(rows)), [1.0] * len(rows), prior=weights.intercept, penalty=SIGNAL_PENALTY)]
    for name in names:
        having = [(place, table.strengths[row][name]) for place, row in enumerate(rows) if name in table.strengths[row]]
        places, values = [place for place, _ in having], [value for _, value in having]
        sign = table.language.rules[name].sign
        columns.append(Column(places, values, weights.signals[name], SIGNAL_PENALTY, sign))
    offsets = [table.by_terms(row, weights) for row in rows]
    intercept, *learnt = fit(columns, [table.labels[row] for row in rows], offsets)
    signals = {name: round(weight, _DIGITS) for name, weight in zip(names, learnt, strict=True)}
    return replace(weights, intercept=round(intercept, _DIGITS), signals=signals)


def weigh_terms(table: Table, rows: Sequence[int], weights: Weights, count: int) -> Weights:
    """As many terms as asked for, those that say most beyond the signals, weighed on top of them."""
    offsets = [table.log_odds(row, weights) for row in rows]
    chosen = _telling_terms(table, rows, offsets, count)
    places: dict[str, list[int]] = {term: [] for term in chosen}
    for place, row in enumerate(rows):
        for term in table.terms[row] & places.keys():
            places[term].append(place)
    columns = [Column(places[term], [1.0] * len(places[term]), penalty=TERM_PENALTY) for term in chosen]
    learnt = fit(columns, [table.labels[row] for row in rows], offsets)
    return replace(weights, terms={term: round(weight, _DIGITS) for term, weight in zip(chosen, learnt, strict=True)})


def folds(examples: Sequence[Example]) -> Iterator[list[int]]:
    """The places of the examples in each of FOLDS parts. No document is in two of them, unless there are too few."""
    groups = {example.group for example in examples}
    parts: dict[str, int] = {}
    if len(groups) >= FOLDS:
        parts = {group: place % FOLDS for place, group in enumerate(sorted(groups, key=_shuffled))}
    for part in range(FOLDS):
        yield [
            place
            for place, example in enumerate(examples)
            if parts.get(example.group, int(_shuffled(example.text), 16) % FOLDS) == part
        ]


def scored(table: Table, rows: Collection[int], weights: Weights) -> list[Scored]:
    scores = [logistic(table.log_odds(row, weights)) for row in rows]
    return [
        Scored(score, table.labels[row], score >= weights.threshold) for row, score in zip(rows, scores, strict=True)
    ]


def _telling_terms(table: Table, rows: Sequence[int], offsets: Sequence[float], count: int) -> list[str]:
    """The terms by which labels differ most from what the signals make expect, in alphabetical order.

    Without names and numbers: who was spoken of in the decisions says nothing about the next document.
    """
    frequency: Counter[str] = Counter()
    surplus: defaultdict[str, float] = defaultdict(float)
    for row, offset in zip(rows, offsets, strict=True):
        difference = table.labels[row] - logistic(offset)
        for term in table.terms[row]:
            frequency[term] += 1
            surplus[term] += difference
    telling = {
        term: abs(surplus[term]) / frequency[term] ** 0.5
        for term in frequency
        if frequency[term] >= TERM_SENTENCES and not table.has_name_or_number(term)
    }
    return sorted(sorted(telling, key=lambda term: (-telling[term], term))[:count])


def _check_enough(examples: Sequence[Example]) -> None:
    worthy = sum(example.is_worthy for example in examples)
    if min(worthy, len(examples) - worthy) < FEWEST:
        raise ValueError(
            f"Too few decisions to learn from: {worthy} sentences are claims and {len(examples) - worthy} are not; "
            f"at least {FEWEST} of each are needed."
        )


def _shuffled(text: str) -> str:
    """Stands for a text in an order that has nothing to do with it, yet is always the same."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
