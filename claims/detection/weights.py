"""What each signal and each term weighs, and where it is kept: `languages/<code>.weights.toml`. Pure.

Weights are log-odds: a sentence's score is the logistic function of the intercept and what its signals and terms add.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Self

from claims.detection.language import FOLDER, Language, language

UNLEARNT = 1.0  # what a signal weighs, for or against, as long as nothing was learnt
UNLEARNT_INTERCEPT = -2.0


@dataclass(frozen=True)
class Weights:
    intercept: float
    signals: Mapping[str, float]
    terms: Mapping[str, float] = field(default_factory=dict)  # one or two words, in lower case
    threshold: float = 0.5  # the score from which a sentence is worth checking, where F1 was best

    @classmethod
    def unlearnt(cls, language: Language) -> Self:
        return cls(UNLEARNT_INTERCEPT, {name: rule.sign * UNLEARNT for name, rule in language.rules.items()})

    @classmethod
    def parse(cls, data: Mapping[str, Any], language: Language) -> Self:
        """From plain data, as `as_data` gives it. Raises ValueError when it does not fit the language's signals."""
        signals = dict(data["signals"])
        if signals.keys() != language.rules.keys():
            differing = sorted(signals.keys() ^ language.rules.keys())
            raise ValueError(f"Signals and weights differ: {', '.join(differing)}.")
        wrong = sorted(name for name, weight in signals.items() if weight * language.rules[name].sign < 0)
        if wrong:
            raise ValueError(f"These weigh against their side: {', '.join(wrong)}.")
        return cls(data["intercept"], signals, dict(data.get("terms", {})), data["threshold"])

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON, and for `parse`."""
        return {
            "intercept": self.intercept,
            "threshold": self.threshold,
            "signals": dict(self.signals),
            "terms": dict(self.terms),
        }

    def without_terms(self) -> Self:
        return replace(self, terms={})


@cache
def shipped_weights(code: str) -> Weights:
    """The weights that come with the language; those of `unlearnt` when none do. Raises as `language` and `parse`."""
    path = FOLDER / f"{code}.weights.toml"
    if not path.exists():
        return Weights.unlearnt(language(code))
    return Weights.parse(tomllib.loads(path.read_text(encoding="utf-8")), language(code))
