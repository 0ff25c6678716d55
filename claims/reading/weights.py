"""The weights of detection as people look at them: what was learnt, how good it is, what it changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from claims.detection.figures import Figures
from claims.detection.language import codes, language
from claims.detection.weights import Weights, shipped_weights
from claims.models import Weighting

MOST_CHANGED = 5
SHOWN, MOST = 20, 200
"""Weightings of one language, and of all, that are looked at: the newest, and those in force. All are kept."""


@dataclass(frozen=True)
class Change:
    """A signal that weighs otherwise than before."""

    name: str
    says: str
    before: float
    after: float

    @property
    def in_digits(self) -> tuple[str, str]:
        """Before and after: 0.44, −1.20."""
        before, after = (f"{weight:.2f}".replace("-", "\u2212") for weight in (self.before, self.after))
        return before, after


@dataclass(frozen=True)
class Figure:
    name: str
    before: float
    after: float

    @property
    def is_better(self) -> bool:
        return self.after > self.before


@dataclass(frozen=True)
class Learnt:
    """A weighting; `problem` says why it cannot be put in force any more."""

    weighting: Weighting
    figures: list[Figure]
    changes: list[Change] = field(default_factory=list)
    terms: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Spoken:
    """A language with its weightings, the newest first. The shipped weights are in force when none of them is."""

    code: str
    learnt: list[Learnt]
    shipped: Weights
    in_force: Weighting | None


def languages() -> list[Spoken]:
    """Every language there are signals for, in one query."""
    found = Weighting.objects.select_related("learnt_by", "accepted_by").order_by("-in_force", "-learnt_at")[:MOST]
    newest_first = sorted(found, key=lambda one: -one.number)
    return [_spoken(code, [one for one in newest_first if one.language == code]) for code in codes()]


def _spoken(code: str, found: list[Weighting]) -> Spoken:
    chosen = next((one for one in found if one.in_force), None)
    known = {one.number: one.data["signals"] for one in found}
    shipped = shipped_weights(code)
    shown = [one for place, one in enumerate(found) if place < SHOWN or one == chosen]
    return Spoken(code, [_learnt(one, known, shipped) for one in shown], shipped, chosen)


def _learnt(weighting: Weighting, known: Mapping[int, Mapping[str, float]], shipped: Weights) -> Learnt:
    figures = _figures(weighting.figures)
    try:
        weights = weighting.weights
    except ValueError as error:
        return Learnt(weighting, figures, problem=str(error))
    base = known.get(weighting.figures.get("base", 0), shipped.signals)
    return Learnt(weighting, figures, _changes(weighting.language, base, weights.signals), len(weights.terms))


def _figures(stored: Mapping[str, Any]) -> list[Figure]:
    return [Figure(name.replace("_", " "), stored["before"][name], stored["after"][name]) for name in Figures._fields]


def _changes(code: str, before: Mapping[str, float], after: Mapping[str, float]) -> list[Change]:
    """The signals whose weight changed most."""
    rules = language(code).rules
    found = [Change(name, rules[name].says, before.get(name, 0.0), weight) for name, weight in after.items()]
    moved: Iterable[Change] = (one for one in found if round(one.before, 2) != round(one.after, 2))
    return sorted(moved, key=lambda one: (-abs(one.after - one.before), one.name))[:MOST_CHANGED]
