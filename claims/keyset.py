"""Pages of a list by position instead of by number: page 2,000 costs what page 1 costs.

A cursor holds the sort values of the row at the page's edge, signed, so that nobody can ask for other positions.
It is bound to its order: a cursor of one sorting is refused by another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Value
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)
Order = Sequence[str]
"""Names of columns or annotations, the last one unique, all of one direction.

Only the first may be NULL: such rows come last.
"""

PARAMETERS = ("after", "before")  # of the address; template tag link_with drops both when a filter changes


class BadCursor(Exception):
    """The cursor was altered, cut off, or belongs to another list. The middleware makes it a 400 with this text."""

    def __init__(self) -> None:
        super().__init__("The page marker in the address does not fit this list. Start again from its first page.")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Up to `size` rows, and the cursors of the pages around it: empty where there is none."""

    rows: list[Row]
    next_cursor: str = ""
    previous_cursor: str = ""


@dataclass(frozen=True)
class Count:
    """A number of rows, counted no further than a cap; as text "24", or "1,000+" when there are more."""

    number: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_capped else ''}"

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class _Position:
    """Beside a row with these sort values, going forwards or backwards in the list."""

    values: list[Any]
    backwards: bool = False


def cursor_in(query: Mapping[str, str]) -> str:
    """The page cursor of an address, empty for the first page."""
    return next((query[name] for name in PARAMETERS if query.get(name)), "")


def keyset_page(queryset: models.QuerySet[Row], order: Order, cursor: str, size: int) -> Page[Row]:
    """The page at `cursor` (the first one, when empty). Raises BadCursor.

    One query; a second one at the seam before the rows whose first key is NULL, or when going back reaches the start.
    """
    if not cursor:
        return _page_after(queryset, order, None, size)
    position = _read(cursor, order, _fields(queryset, order))
    if not position.backwards:
        return _page_after(queryset, order, position, size)
    rows = _rows(queryset, order, position, size + 1)
    if len(rows) < size:  # fewer than a page before here: show the first page in full instead
        return _page_after(queryset, order, None, size)
    kept = rows[:size][::-1]
    previous = _cursor(kept[0], order, backwards=True) if len(rows) > size else ""
    return Page(kept, next_cursor=_cursor(kept[-1], order), previous_cursor=previous)


def _page_after(queryset: models.QuerySet[Row], order: Order, position: _Position | None, size: int) -> Page[Row]:
    rows = _rows(queryset, order, position, size + 1)
    kept = rows[:size]
    more = _cursor(kept[-1], order) if len(rows) > size else ""
    back = ""
    if position is not None:
        back = _cursor(kept[0], order, backwards=True) if kept else _sign(position.values, order, backwards=True)
    return Page(kept, next_cursor=more, previous_cursor=back)


def _rows(queryset: models.QuerySet[Row], order: Order, position: _Position | None, limit: int) -> list[Row]:
    """Up to `limit` rows next to the position, nearest first."""
    backwards = position is not None and position.backwards
    parts: list[bool | None] = [False, True] if _fields(queryset, order)[0].null else [None]
    if backwards:
        parts.reverse()
    if position is not None and len(parts) > 1:
        parts = parts[parts.index(position.values[0] is None) :]
    rows: list[Row] = []
    for index, part in enumerate(parts):
        if len(rows) < limit:
            beside = position if index == 0 else None
            rows += _part(queryset, order, part, beside, backwards)[: limit - len(rows)]
    return rows


def _part(
    queryset: models.QuerySet[Row], order: Order, is_null: bool | None, position: _Position | None, backwards: bool
) -> models.QuerySet[Row]:
    """The rows with a first key, those without (`is_null`), or all (None), from the position on."""
    names = [name.lstrip("-") for name in order]
    descending = order[0].startswith("-") != backwards
    if is_null is not None:
        queryset = queryset.filter(**{f"{names[0]}__isnull": is_null})
    first = 1 if is_null else 0
    if position is not None:
        fields = _fields(queryset, order[first:])
        queryset = queryset.filter(Beyond(names[first:], fields, position.values[first:], descending=descending))
    return queryset.order_by(*(f"-{name}" if descending else name for name in names[first:]))


class Beyond(Func):
    """`(a, b) > (x, y)`, which both databases seek in an index; Django's own spells it out with OR on SQLite."""

    output_field = models.BooleanField()

    def __init__(self, names: Sequence[str], fields: Sequence[Any], values: Sequence[Any], *, descending: bool) -> None:
        pairs = zip(values, fields, strict=True)
        bounds = [Value(value, output_field=field) for value, field in pairs]
        super().__init__(*map(F, names), *bounds)
        self.sign = "<" if descending else ">"

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **kwargs: Any
    ) -> tuple[str, list[Any]]:
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (compiled[:half], compiled[half:]))
        return f"({left}) {self.sign} ({right})", [param for _, params in compiled for param in params]


def _fields(queryset: models.QuerySet[Any], order: Order) -> list[Any]:
    """The model's field behind each name of the order, be it a column, an annotation, or pk."""
    meta, annotations = queryset.model._meta, queryset.query.annotations
    names = [name.lstrip("-") for name in order]
    return [
        annotations[name].output_field if name in annotations else meta.pk if name == "pk" else meta.get_field(name)
        for name in names
    ]


def _salt(order: Order) -> str:
    return "claims.keyset:" + ",".join(order)


def _sign(values: Sequence[Any], order: Order, *, backwards: bool) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return signing.dumps([backwards, *plain], salt=_salt(order))


def _cursor(row: models.Model, order: Order, *, backwards: bool = False) -> str:
    return _sign([getattr(row, name.lstrip("-")) for name in order], order, backwards=backwards)


def _read(cursor: str, order: Order, fields: Sequence[Any]) -> _Position:
    try:
        backwards, *plain = signing.loads(cursor, salt=_salt(order))
        values = [field.to_python(value) for field, value in zip(fields, plain, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError, TypeError) as error:
        raise BadCursor from error
    return _Position(values, bool(backwards))


def capped_count(queryset: models.QuerySet[Any], cap: int = 1000) -> Count:
    """How many rows there are, counting at most `cap`: a bounded cost whatever the size of the table."""
    number = queryset.order_by().values("pk")[: cap + 1].count()
    return Count(min(number, cap), is_capped=number > cap)
