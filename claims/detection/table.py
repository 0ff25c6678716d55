"""Decided sentences as numbers to learn from. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.detection.language import Language
from claims.detection.score import terms_of
from claims.detection.signals import signals, strength
from claims.detection.weights import Weights
from claims.detection.words import Word, words_of


@dataclass(frozen=True)
class Example:
    """A sentence that a person decided on."""

    text: str
    is_worthy: bool
    group: str  # its document; no document is learnt from and measured on at once
    is_heading: bool = False


class Table:
    """For each example, by its place: the label, how strongly it gives each signal, and its terms."""

    def __init__(self, examples: Iterable[Example], language: Language) -> None:
        self.language = language
        self.labels: list[bool] = []
        self.strengths: list[dict[str, float]] = []
        self.terms: list[set[str]] = []
        self._written: Counter[str] = Counter()
        self._capitalised: Counter[str] = Counter()
        for example in examples:
            self._add(example)

    def log_odds(self, row: int, weights: Weights) -> float:
        """As `score.assess` finds them."""
        by_signals = math.fsum(weights.signals[name] * value for name, value in self.strengths[row].items())
        return weights.intercept + by_signals + self.by_terms(row, weights)

    def by_terms(self, row: int, weights: Weights) -> float:
        return math.fsum(weights.terms[term] for term in self.terms[row] & weights.terms.keys())

    def has_name_or_number(self, term: str) -> bool:
        """Whether one of its words has a digit or is mostly written with a capital; “I” is no name."""
        return any(
            key[0].isdigit() or (self._capitalised[key] > self._written[key] / 2 and key.split("'")[0] != "i")
            for key in term.split()
        )

    def _add(self, example: Example) -> None:
        words = words_of(example.text)
        found = signals(example.text, words, self.language, is_heading=example.is_heading)
        self.labels.append(example.is_worthy)
        self.strengths.append({name: strength(len(pieces)) for name, pieces in found.items()})
        self.terms.append(terms_of(words))
        self._count_capitals(words[1:])

    def _count_capitals(self, words: Sequence[Word]) -> None:
        for word in words:
            self._written[word.key] += 1
            self._capitalised[word.key] += word.text[0].isupper()
