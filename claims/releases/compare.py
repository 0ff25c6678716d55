"""Two releases held against each other, claim by claim. Pure: no database but a file of its own, no clock.

    with compare(older, newer) as comparison:
        comparison.counts[Differs.VERDICT], comparison.unchanged
        for number, change in comparison.changes(Differs.VERDICT): …

Each release is read once. The older one waits on disk meanwhile, and so does what was found: memory does not grow with
the number of claims. Claims of one desk are the same when they have the same reference; those of different desks when
they have the same address, or else the same words.
"""

import json
import sqlite3
import weakref
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypedDict

from claims.releases.content import Content, Header, LeftOutRecord, ReleasedClaim
from claims.releases.differing import ChangeRecord, Differs, added, comparable, difference, gone

FORMAT = "claim-workbench/changes"
VERSION = 1
TEMPORARY = ""
"""To SQLite, a file of its own that goes when it is closed."""

_SCHEMA = """
    CREATE TABLE told (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE change (number INTEGER PRIMARY KEY, record TEXT NOT NULL);
    CREATE TABLE of_kind (kind TEXT, number INTEGER, PRIMARY KEY (kind, number)) WITHOUT ROWID;
    CREATE TEMP TABLE older (number INTEGER PRIMARY KEY, key TEXT, words TEXT, record BLOB, found INTEGER);
"""
_MOST = 1 << 62


class NameRecord(TypedDict):
    """What one of the two releases is called."""

    name: str
    number: int
    as_of: str
    desk: str  # its address


class SideRecord(NameRecord):
    claims: int


class HeadRecord(TypedDict):
    """All of a comparison but its changes."""

    format: str
    version: int
    older: SideRecord
    newer: SideRecord
    unchanged: int
    counts: dict[str, int]  # by Differs; a claim counts under everything in which it differs


def _name(header: Header) -> NameRecord:
    return {
        "name": header["name"],
        "number": header["number"],
        "as_of": header["as_of"],
        "desk": header["desk"]["url"],
    }


class Comparison:
    """What differs between two releases. In the order of the newer one, then what it is without in that of the older.

    Each change has a number, from 1. Close it, or leave it to the end of its life: then it is closed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.close = weakref.finalize(self, connection.close)

    @classmethod
    def open(cls, path: Path) -> Self:
        """One that `compare` wrote. Whoever reads it gets sqlite3.Error or ValueError when it is none."""
        return cls(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def head(self) -> HeadRecord:
        (told,) = self._connection.execute("SELECT value FROM told WHERE name = 'head'")
        head: HeadRecord = json.loads(told[0])
        return head

    @property
    def unchanged(self) -> int:
        return self.head["unchanged"]

    @property
    def counts(self) -> dict[Differs, int]:
        return {kind: self.head["counts"][kind] for kind in Differs}

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())

    def changes(
        self, kind: Differs | None = None, *, after: int = 0, most: int | None = None
    ) -> Iterator[tuple[int, ChangeRecord]]:
        """Numbers and changes, of one kind or all, behind a number and in order."""
        return self._read(kind, "number > ? ORDER BY number", after, most)

    def changes_before(self, kind: Differs | None, number: int, most: int) -> list[tuple[int, ChangeRecord]]:
        """The last changes before a number, in order."""
        return list(self._read(kind, "number < ? ORDER BY number DESC", number, most))[::-1]

    def _read(self, kind: Differs | None, part: str, *numbers: int | None) -> Iterator[tuple[int, ChangeRecord]]:
        table = "of_kind JOIN change USING (number) WHERE kind = ? AND" if kind else "change WHERE"
        bounds = [_MOST if number is None else number for number in numbers]
        found = self._connection.execute(
            f"SELECT number, record FROM {table} {part} LIMIT ?",  # noqa: S608 - words of this module
            [*([kind.value] if kind else []), *bounds],
        )
        for number, record in found:
            yield number, json.loads(record)


def compare(older: Content, newer: Content, path: Path | None = None) -> Comparison:
    """What is different in the newer release. With `path`, a new file, it can be opened again from there.

    Raises NoRelease for a file that cannot be read to its end, and OSError and sqlite3.Error as for a full disk.
    """
    same_desk = older.header["desk"]["url"] == newer.header["desk"]["url"]
    return compare_claims(older.claims, _name(older.header), newer, same_desk=same_desk, path=path)


def compare_claims(
    older: Callable[[], Iterator[ReleasedClaim]],
    name: NameRecord,
    newer: Content,
    *,
    same_desk: bool = True,
    path: Path | None = None,
) -> Comparison:
    """As `compare`, where no more is known of the older release than this."""
    connection = sqlite3.connect(str(path) if path else TEMPORARY, isolation_level=None, check_same_thread=False)
    comparison = Comparison(connection)
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(_SCHEMA)
    connection.execute("BEGIN")
    writer = _Writer(connection, same_desk=same_desk)
    for claim in older():
        writer.keep(claim)
    for column in ("key", "words"):
        connection.execute(f"CREATE INDEX temp.older_{column} ON older ({column})")
    for claim in newer.claims():
        writer.hold(claim)
    writer.tell_gone({one["reference"]: one for one in newer.header["left_out"]} if same_desk else {})
    writer.finish(name, _name(newer.header))
    return comparison


class _Writer:
    """Keeps the older release, finds each claim of the newer one in it, and writes what differs."""

    def __init__(self, connection: sqlite3.Connection, *, same_desk: bool) -> None:
        self.execute = connection.execute
        self.same_desk = same_desk
        self.number = self.older = self.newer = self.unchanged = 0
        self.counts = dict.fromkeys(Differs, 0)

    def keep(self, claim: ReleasedClaim) -> None:
        self.older += 1
        row = (self._key(claim), _words(claim), self._packed(claim))
        self.execute("INSERT INTO older (key, words, record, found) VALUES (?, ?, ?, 0)", row)

    def hold(self, claim: ReleasedClaim) -> None:
        """Find what the older release says of a claim of the newer one."""
        self.newer += 1
        found = self._find("key", self._key(claim))
        if found is None and not self.same_desk:
            found = self._find("words", _words(claim))
        if found is None:
            self._write(added(claim))
            return
        number, record = found
        self.execute("UPDATE older SET found = 1 WHERE number = ?", [number])
        change = difference(_unpacked(record), claim, same_desk=self.same_desk)
        if change:
            self._write(change)
        else:
            self.unchanged += 1

    def _find(self, column: str, value: str) -> tuple[int, bytes] | None:
        query = f"SELECT number, record FROM older WHERE {column} = ? AND NOT found ORDER BY number LIMIT 1"  # noqa: S608
        found: tuple[int, bytes] | None = self.execute(query, [value]).fetchone()
        return found

    def tell_gone(self, reasons: dict[str, LeftOutRecord]) -> None:
        """Write what was in the older release and not in the newer one."""
        last = 0
        while row := self.execute(
            "SELECT number, record FROM older WHERE number > ? AND NOT found ORDER BY number LIMIT 1", [last]
        ).fetchone():
            last, old = row[0], _unpacked(row[1])
            self._write(gone(old, reasons.get(old["reference"])))

    def finish(self, older: NameRecord, newer: NameRecord) -> None:
        head: HeadRecord = {
            "format": FORMAT,
            "version": VERSION,
            "older": {**older, "claims": self.older},
            "newer": {**newer, "claims": self.newer},
            "unchanged": self.unchanged,
            "counts": {kind.value: count for kind, count in self.counts.items()},
        }
        self.execute("INSERT INTO told VALUES ('head', ?)", [json.dumps(head, ensure_ascii=False)])
        self.execute("COMMIT")
        self.execute("DROP TABLE older")

    def _write(self, change: ChangeRecord) -> None:
        self.number += 1
        record = json.dumps(change, ensure_ascii=False, separators=(",", ":"))
        self.execute("INSERT INTO change VALUES (?, ?)", [self.number, record])
        for kind in change["differs"]:
            self.counts[Differs(kind)] += 1
            self.execute("INSERT INTO of_kind VALUES (?, ?)", [kind, self.number])

    def _key(self, claim: ReleasedClaim) -> str:
        return claim["reference"] if self.same_desk else claim["url"]

    def _packed(self, claim: ReleasedClaim) -> bytes:
        part = comparable(claim, same_desk=self.same_desk)
        return zlib.compress(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _unpacked(record: bytes) -> dict[str, Any]:
    part: dict[str, Any] = json.loads(zlib.decompress(record))
    return part


def _words(claim: ReleasedClaim) -> str:
    return " ".join(claim["assertion"].split())
