"""What a table of a release is: its name, its columns, and how a claim gives its rows. CSV, XLSX and the manifest that
describes them are made of the same declarations (`schema`). Pure.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from claims.releases.content import ReleasedClaim

Row = Mapping[str, Any]
"""A value for each column by its name. None where there is none."""


class Kind(StrEnum):
    """What the values of a column are. All but numbers, BOOLEAN, LIST and OBJECT are text in `claims.jsonl` too."""

    TEXT = "text"
    PROSE = "prose"  # text that may be long
    LINK = "link"  # an address
    SHA256 = "sha256"  # in hexadecimal; may be empty
    PARTIAL_DATE = "partial_date"  # "2023", "2023-05", "2023-05-24", or empty
    DATE = "date"  # "2023-05-24"
    MOMENT = "moment"  # ISO 8601, in UTC
    INTEGER = "integer"
    KEY = "key"  # a number for programs: a key, an offset, a length
    CODE = "code"  # text for programs
    BOOLEAN = "boolean"
    LIST = "list"  # in CSV as JSON
    OBJECT = "object"  # in CSV as JSON


TEXTUAL = frozenset({Kind.TEXT, Kind.PROSE, Kind.LINK, Kind.SHA256, Kind.CODE, Kind.PARTIAL_DATE})
"""Kinds whose values are text to a program, and may be the empty text."""
TECHNICAL = frozenset({Kind.SHA256, Kind.KEY, Kind.CODE})
"""Kinds that are of no use to people."""


@dataclass(frozen=True)
class Column:
    """`nullable`: there may be no value, which leaves the cell empty; `values`: the only ones that it has."""

    name: str
    about: str
    kind: Kind = Kind.TEXT
    nullable: bool = False
    values: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTUAL

    @property
    def is_technical(self) -> bool:
        return self.kind in TECHNICAL


@dataclass(frozen=True)
class Table:
    """The first column is the claim's reference; `key` names the columns that tell the rows apart."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[ReleasedClaim], Iterator[Row]]
    key: tuple[str, ...] = ("reference", "number")

    @property
    def file(self) -> str:
        return f"{self.name}.csv"
