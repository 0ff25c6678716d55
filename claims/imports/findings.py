"""What our own exports say of a claim besides its wording: what evidence means alone, the working, searches. Pure.

Nothing of it is taken as it stands: figures are computed anew, and what does not compute stays behind.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from claims import limits
from claims.actions.new_claims import NewSearch, NewWorking
from claims.actions.values import check_record
from claims.actions.workings import FIELDS, tidied
from claims.imports import values as cells
from claims.imports.rows import RowError
from claims.models import RankRow, Working, WorkingInput
from claims.models.working import compute
from claims.working import INPUTS_LIMIT, NUMBER_LIMIT, ROWS_LIMIT, Problem, read_number

Part = type[WorkingInput] | type[RankRow]
_COLUMNS: dict[Part, tuple[str, ...]] = {
    WorkingInput: ("name", "value", "unit", "year"),
    RankRow: ("name", "value", "place"),
}
_WHOLE = frozenset({"year", "place"})
_LONG = frozenset({"note", "formula"})


def new_search(item: Mapping[str, Any]) -> NewSearch:
    """Raises RowError for one without a place, words, or a day that has come."""
    on = cells.day(item.get("searched_on"))
    place, words = cells.one_line(item.get("place"), 500), cells.long_text(item.get("words"), limits.REASON)
    if not place or not words or on is None or on > timezone.localdate():
        raise RowError("a search says where, when and with which words.")
    return NewSearch(place, on, words, cells.long_text(item.get("note"), limits.REASON))


def new_working(item: Mapping[str, Any], numbers: Mapping[int, int]) -> NewWorking:
    """`numbers` lead from the number of a piece in the export to that among the pieces that come in.

    Raises RowError for figures that give nothing, and for an input whose evidence does not come in.
    """
    columns = {name: _text(item.get(name), name) for name in FIELDS}
    try:
        working = Working(**tidied({name: value for name, value in columns.items() if value or name not in _CHOSEN}))
        check_record(working)
        inputs = _parts(WorkingInput, item.get("inputs"), numbers, INPUTS_LIMIT)
        rows = _parts(RankRow, item.get("rows"), numbers, ROWS_LIMIT)
        if any(part["evidence"] is None for part in inputs):
            raise RowError("an input rests on evidence that does not come in.")
        inputs, rows = ([], rows) if working.is_rank else (inputs, [])
        figures = [_unsaved(WorkingInput, part).figure() for part in inputs]
        compute(working, figures, [_unsaved(RankRow, part).figure() for part in rows])
    except (Problem, ValidationError) as error:
        raise RowError("its figures cannot be computed.") from error
    return NewWorking({name: getattr(working, name) for name in FIELDS}, inputs, rows)


_CHOSEN = frozenset({"tolerance_in", "order"})


def _text(value: Any, name: str) -> str:
    return cells.long_text(value, limits.REASON) if name in _LONG else cells.one_line(value)


def _parts(kind: Part, value: Any, numbers: Mapping[int, int], most: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value) or len(value) > most:
        raise RowError("its figures are no list.")
    parts = []
    for item in value:
        part: dict[str, Any] = {
            name: cells.whole(item.get(name)) if name in _WHOLE else cells.one_line(item.get(name))
            for name in _COLUMNS[kind]
        }
        part["value"] = f"{read_number(part['value'][: NUMBER_LIMIT + 1]):f}"
        check_record(_unsaved(kind, part))
        piece = cells.whole(item.get("evidence"))
        parts.append(part | {"evidence": None if piece is None else numbers.get(piece)})
    return parts


def _unsaved(kind: Part, part: Mapping[str, Any]) -> Any:
    return kind(**{name: part[name] for name in _COLUMNS[kind]})
