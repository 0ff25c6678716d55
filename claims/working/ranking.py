"""The table around a rank: which place its values give to the named row."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from claims.working.numbers import Problem, ordinal

ROWS_LIMIT = 200


class Order(StrEnum):
    DESCENDING = "descending"
    ASCENDING = "ascending"


@dataclass(frozen=True)
class Row:
    """A line of the table. `place` is what the table itself says, None when it says none."""

    name: str
    value: Decimal
    place: int | None = None


@dataclass(frozen=True)
class Ranked:
    """The place of the named row by value: `first` to `last`, which differ when it shares them with `tied`."""

    name: str
    first: int
    last: int
    expected: int
    tied: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return self.first <= self.expected <= self.last

    @property
    def place(self) -> str:
        """ "9th", or "9th to 10th, tied with South Korea"."""
        if not self.tied:
            return ordinal(self.first)
        return f"{ordinal(self.first)} to {ordinal(self.last)}, tied with {' and '.join(self.tied)}"

    def __str__(self) -> str:
        verb = "agrees" if self.agrees else "does not agree"
        return f"gives {self.place}; the claim says {ordinal(self.expected)}: {verb}"


def rank(rows: Sequence[Row], name: str, *, expected: int, order: Order = Order.DESCENDING) -> Ranked:
    """The place that the table's values give to the row `name`, rows of equal value sharing theirs.

    Places that the table leaves out above that row count as taken. Raises Problem for an empty table, one with two
    rows of a name, and one without `name`.
    """
    named = _by_name(rows)
    row = named.get(_folded(name))
    if row is None:
        raise Problem(f"“{name}” is not in the table.", "subject")
    tied = [other.name for other in rows if other.value == row.value and other is not row]
    gaps = _gaps(rows)
    first = _place(row, rows, gaps, order)
    notes = [_gap_note(gap) for gap, _ in gaps]
    return Ranked(
        row.name, first, first + len(tied), expected, tuple(tied), (*notes, *_misplaced(rows, row, first, len(tied)))
    )


def places(rows: Sequence[Row], order: Order = Order.DESCENDING) -> list[int]:
    """The place that the values give to each row, the first of them where rows share theirs."""
    gaps = _gaps(rows)
    return [_place(row, rows, gaps, order) for row in rows]


def _place(row: Row, rows: Sequence[Row], gaps: "Sequence[Gap]", order: Order) -> int:
    hidden = sum(len(gap) for gap, after in gaps if not _is_better(row, after, order))
    return 1 + sum(_is_better(other, row, order) for other in rows) + hidden


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _by_name(rows: Sequence[Row]) -> dict[str, Row]:
    if len(rows) < 2:
        raise Problem("A rank takes a table of two rows at least.", "rows")
    if len(rows) > ROWS_LIMIT:
        raise Problem(f"At most {ROWS_LIMIT} rows; these are {len(rows)}. Keep those around the rank.", "rows")
    named: dict[str, Row] = {}
    for row in rows:
        if _folded(row.name) in named:
            raise Problem(f"“{row.name}” is in the table twice.", "rows")
        named[_folded(row.name)] = row
    return named


def _is_better(a: Row, b: Row, order: Order) -> bool:
    return a.value > b.value if order is Order.DESCENDING else a.value < b.value


Gap = tuple[range, Row]


def _gaps(rows: Sequence[Row]) -> list[Gap]:
    """The places that the table leaves out, each stretch with the row after it; ties (1, 2, 2, 4) leave none out."""
    gaps, free = [], 1
    placed = sorted((row.place, number) for number, row in enumerate(rows) if row.place is not None)
    if len(placed) < len(rows):
        return []  # who has no place may stand in any gap
    for place, number in placed:
        if place > free:
            gaps.append((range(free, place), rows[number]))
        free = max(free, place) + 1 if place >= free else free + 1
    return gaps


def _gap_note(gap: range) -> str:
    if len(gap) == 1:
        return f"The table leaves out place {gap[0]}."
    return f"The table leaves out places {gap[0]} to {gap[-1]}."


def _misplaced(rows: Sequence[Row], row: Row, first: int, ties: int) -> list[str]:
    if row.place is None or first <= row.place <= first + ties:
        return []
    return [f"The table itself puts {row.name} {ordinal(row.place)}; its values give another place."]
