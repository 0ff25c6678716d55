"""How much a sentence is worth checking, and why. Pure, offline; the same sentence always scores the same."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.detection.language import language
from claims.detection.signals import Found, assertions, signals, strength
from claims.detection.weights import Weights, shipped_weights
from claims.detection.words import Word, words_of

TERM = "term"  # the name of what a single word or pair of words adds
_SHOWN = 8  # pieces of a sentence that are kept as the reason for one signal,
_LONGEST = 100  # and characters of each


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason for a score."""

    name: str  # of a signal in the language's file, or TERM
    weight: float  # what it adds to the log-odds; below zero it speaks against
    words: tuple[str, ...]  # the first few different pieces of the sentence that gave it


@dataclass(frozen=True, slots=True)
class Worthiness:
    score: float  # from 0 to 1
    signals: tuple[Signal, ...]  # the weightiest first
    assertions: int  # 2 or more: better made into several claims

    @property
    def has_several_assertions(self) -> bool:
        return self.assertions > 1


def assess(sentence: str, *, is_heading: bool = False, code: str = "en", weights: Weights | None = None) -> Worthiness:
    """Score a sentence by a language's signals, with its shipped weights unless others are given.

    The score is the logistic function of the intercept and all weights of `signals`. A sentence without words scores 0.
    Raises LookupError when there is no such language.
    """
    spoken = language(code)
    weights = weights or shipped_weights(code)
    words = words_of(sentence)
    if not words:
        return Worthiness(0.0, (), 0)
    found = signals(sentence, words, spoken, is_heading=is_heading)
    reasons = sorted([*_signals(found, weights), *_terms(words, weights)], key=lambda reason: -abs(reason.weight))
    log_odds = weights.intercept + math.fsum(reason.weight for reason in reasons)
    return Worthiness(logistic(log_odds), tuple(reasons), assertions(sentence, words, spoken))


def logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, log_odds))))


def terms_of(words: Sequence[Word]) -> set[str]:
    """The single words and pairs of words that may be in a term pack."""
    keys = [word.key for word in words]
    return {*keys, *(f"{one} {next_one}" for one, next_one in zip(keys, keys[1:], strict=False))}


def _signals(found: Found, weights: Weights) -> Iterator[Signal]:
    for name, pieces in found.items():
        if weight := weights.signals[name] * strength(len(pieces)):
            yield Signal(name, weight, tuple(piece[:_LONGEST] for piece in dict.fromkeys(pieces))[:_SHOWN])


def _terms(words: Sequence[Word], weights: Weights) -> Iterator[Signal]:
    if weights.terms:
        for term in sorted(terms_of(words) & weights.terms.keys()):
            yield Signal(TERM, weights.terms[term], (term,))
