"""What every reader yields: rows with the line they begin on, under columns with a name each. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

MAX_COLUMNS = 500
MAX_LINE = 4_000_000
"""Code points of a line; a claim of our own export with hundreds of pieces of evidence stays far below it."""

_NAME = 100


class BadFile(ValueError):
    """The file as a whole cannot be read; the message says why, to the person who sent it."""


class RowError(ValueError):
    """One row is refused; the message says why."""


class Shape(Enum):
    """What the rows of a file are; the value is its name."""

    CSV = "CSV"
    JSONL = "JSON Lines"
    JSON = "JSON"
    CLAIMREVIEW = "ClaimReview"


@dataclass(frozen=True, slots=True)
class Row:
    """Values by column: text from CSV; in JSON also lists and objects, with every number as its digits.

    `line` counts from 1 and is where the row begins. With a `problem` the row is refused.
    """

    line: int
    values: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file of rows. `rows()` reads it from the beginning and may be called again; raises BadFile on the way."""

    name: str
    shape: Shape
    columns: tuple[str, ...]
    warnings: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]


def readable(text: object, limit: int = 60) -> str:
    """Part of a value for a message: whatever was sent, it can be stored, shown, and does not turn the direction."""
    start = str(text)[: limit + 1]
    seen = "".join(char if _is_visible(char) else "\ufffd" for char in start)
    return f"{seen[:limit]}…" if len(start) > limit else seen


def _is_visible(char: str) -> bool:
    return char == " " or unicodedata.category(char)[0] not in "CZ"


def column_names(names: Iterator[str] | list[str]) -> tuple[str, ...]:
    """Each name fit to be shown, and unlike those before it: a nameless third is "Column 3", a second x "x (2)"."""
    found: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        plain = " ".join(readable(re.sub(r"\s", " ", name), _NAME).replace("\ufffd", " ").split()) or f"Column {number}"
        unique, copy = plain, 1
        while unique in found:
            copy += 1
            unique = f"{plain} ({copy})"
        found[unique] = None
    return tuple(found)
