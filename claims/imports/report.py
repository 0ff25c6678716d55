"""What came of an import, or would come of it. Pure."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from claims.imports.drafts import Draft

MOST_REFUSED = 1_000
"""Refused rows that a report names; it counts them all."""


class Found(Enum):
    NEW = "new"
    HERE = "already here"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row, whose claim says `words`; `reason` says why it is refused.

    `draft` is None when the row itself is wrong, whatever the desk holds. `claim` is the key of the one that is here.
    """

    line: int
    found: Found
    words: str = ""
    reason: str = ""
    draft: Draft | None = None
    claim: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    line: int
    reason: str


@dataclass
class Report:
    """Counts of rows. `stored` is False for a trial, and when nothing was to come in unless everything did."""

    rows: int = 0
    new: int = 0
    here: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    stored: bool = False
    _is_undone: bool = False
    on_refused: Callable[[Refusal], None] | None = None

    def add(self, outcome: Outcome) -> None:
        self.rows += 1
        if outcome.found is Found.REFUSED:
            self._refuse(Refusal(outcome.line, outcome.reason))
        elif outcome.found is Found.HERE:
            self.here += 1
        else:
            self.new += 1
            if outcome.draft:
                self.left_out.update(outcome.draft.left_out)

    def _refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_REFUSED:
            self.refusals.append(refusal)
        if self.on_refused:
            self.on_refused(refusal)

    @property
    def lines(self) -> list[str]:
        """The report in sentences."""
        came = "came in" if self.stored else "would come in" if not self._is_undone else "could have come in"
        told = [f"{_claims(self.new)} {came}."]
        if self.here:
            told.append(
                f"{_rows(self.here)} {'is' if self.here == 1 else 'are'} here already, the same in every field."
            )
        if self.refused:
            was = ("was" if self.refused == 1 else "were") if self.stored or self._is_undone else "would be"
            told.append(f"{_rows(self.refused)} {was} refused.")
        if self._is_undone:
            told.append("Nothing was stored, since some rows were refused.")
        return told

    def undone(self) -> None:
        """Nothing was stored after all, since rows were refused."""
        self.stored, self._is_undone = False, True

    @property
    def warnings_and_left_out(self) -> list[str]:
        return [*self.warnings, *(f"Left out: {count:,} {what}." for what, count in sorted(self.left_out.items()))]


def _claims(count: int) -> str:
    return f"{count:,} claim{'' if count == 1 else 's'}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
