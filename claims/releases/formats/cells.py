"""What a person sees of a value in a workbook: text, a number, a day or an instant. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from claims.releases.formats.columns import Column, Kind

LONGEST = 32_767  # characters of a cell, in UTF-16 code units
FIRST_DAY = datetime(1900, 3, 1)
"""Before it, programs disagree on the number of a day: some hold 1900 for a leap year."""

Shown = str | int | datetime | None
"""A datetime is naive: midnight of a day, or in UTC. None leaves the cell empty."""

_NAMES = {"verdict_name": "Verdict"}
_WORDS = {"url": "address", "warc": "WARC"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def heading(column: Column) -> str:
    """Such as "Assessed at (UTC)"."""
    if column.name in _NAMES:
        return _NAMES[column.name]
    words = " ".join(_WORDS.get(word, word) for word in column.name.split("_"))
    zone = " (UTC)" if column.kind == Kind.MOMENT else ""
    return f"{words[:1].upper()}{words[1:]}{zone}"


def shown(column: Column, value: Any) -> Shown:
    """What the cell is to hold."""
    if value is None or value == "":
        return None
    match column.kind:
        case Kind.BOOLEAN:
            return "yes" if value else "no"
        case Kind.INTEGER:
            return int(value)
        case Kind.DATE | Kind.PARTIAL_DATE:
            return _day(value)
        case Kind.MOMENT:
            return _instant(value)
        case Kind.LIST | Kind.OBJECT:
            return _IN_WORDS[column.name](value) or None
    return str(value)


def _day(text: str) -> datetime | str:
    """A date that is known to the day; any other as it is written."""
    return (_DAY.fullmatch(text) and _after_first(text)) or text


def _instant(text: str) -> datetime | str:
    return _after_first(text) or text


def _after_first(text: str) -> datetime | None:
    """The naive datetime in UTC; None if it is before FIRST_DAY, or none at all."""
    try:
        moment = datetime.fromisoformat(text)
        naive = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return naive if naive >= FIRST_DAY else None


def fitting(text: str, reference: str) -> str:
    """The text, or as much of it as a cell takes, with a note that says where the rest is."""
    if len(text) <= LONGEST // 2 or _length(text) <= LONGEST:
        return text
    note = f"… [Cut here: a cell holds {LONGEST:,} characters. claims.jsonl has the whole text, at {reference[:80]}.]"
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (LONGEST - _length(note))]
    return kept.decode("utf-16-le", "ignore") + note


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _tags(tags: list[str]) -> str:
    return "; ".join(tags)


def _searches(searches: list[Mapping[str, str]]) -> str:
    return "\n".join(_noted(f"{one['searched_on']}, {one['place']}: {one['words']}", one["note"]) for one in searches)


def _premises(premises: list[Mapping[str, str]]) -> str:
    return "\n".join(_noted(one["reference"], one["note"]) for one in premises)


def _noted(told: str, note: str) -> str:
    return f"{told} ({note})" if note else told


def _working(working: Mapping[str, Any]) -> str:
    result = working.get("result")
    return result["says"] if result else "The figures give no result."


def _changes(changes: Mapping[str, Any]) -> str:
    return "\n".join(f"{name}: {_change(change)}" for name, change in changes.items())


def _change(change: Any) -> str:
    """Old and new value, where they are such a pair."""
    if isinstance(change, list) and len(change) == 2:
        return f"{_plain(change[0])} → {_plain(change[1])}"
    return _plain(change)


def _plain(value: Any) -> str:
    if value in (None, "", []):
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_IN_WORDS: dict[str, Callable[[Any], str]] = {
    "tags": _tags,
    "searches": _searches,
    "rests_on": _premises,
    "working": _working,
    "changes": _changes,
}
"""By the name of the column: how a list or an object reads."""
