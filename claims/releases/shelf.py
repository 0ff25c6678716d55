"""A release on the shelf: any page of its claims is found at once, however many it has.

    shelf = shelf_of(release)           # made of the release's ZIP when somebody asks first, then kept beside it
    shelf.page(start=21, size=20)       # claims as they stand in the ZIP

In a ZIP a line of claims.jsonl is found only by unpacking all lines before it. So its claims are copied once, without
their histories and comments, into an SQLite file that is named by the hash of the ZIP. It holds nothing of its own:
whoever deletes it loses nothing. Each claim that is read from it is held against the hash that the database has of it.
"""

import fcntl
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from django.core.cache import cache

from claims.exports.canonical import record_sha256
from claims.exports.records import VerdictRecord
from claims.models import IntegrityFault, Release
from claims.releases.content import Content, Header, ReleasedClaim
from claims.releases.files import check_file, folder, path_of
from claims.releases.reader import NoRelease, read_content

LAYOUT = 1
"""Of the tables below; a shelf of another layout is made anew."""
CHECKED_SECONDS = 600
"""For how long a ZIP that was read through and found whole is not read through again, unless it was touched."""
LARGE = 2_000
"""Claims; 100,000 take ten seconds."""
BESIDE = ("history", "comments")
"""What of a claim is not put on the shelf: it can be as long as everything else together, and no page shows it."""

_TABLES = """
CREATE TABLE claim (position INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, verdict TEXT NOT NULL, record BLOB);
CREATE INDEX claim_by_verdict ON claim (verdict, position);
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class BeingMade(Exception):
    """Another process copies the claims of this release just now. It takes seconds, or a minute for a large one."""


class Tally(NamedTuple):
    """How many claims have a verdict; None for those without."""

    verdict: VerdictRecord | None
    claims: int


class Packed(NamedTuple):
    """A file in the ZIP: its name and its length in bytes, unpacked."""

    name: str
    size: int


class Page(NamedTuple):
    """Claims in their order, and at which positions the pages around begin; None where there is none."""

    claims: list[ReleasedClaim]
    previous: int | None
    next: int | None


@dataclass(frozen=True)
class Shelf:
    """What can be read of a release without reading it through."""

    release: Release
    path: Path
    header: Header
    tally: list[Tally]
    files: list[Packed]

    def page(self, start: int, size: int, verdict: str | None = None) -> Page:
        """Up to `size` claims from position `start` on, of one verdict if asked for. Raises IntegrityFault."""
        only, values = ("AND verdict = ?", (verdict,)) if verdict is not None else ("", ())
        following = f"SELECT position, record FROM claim WHERE position >= ? {only} ORDER BY position LIMIT ?"  # noqa: S608
        before = f"SELECT position FROM claim WHERE position < ? {only} ORDER BY position DESC LIMIT ?"  # noqa: S608
        with _reading(self.path) as rows:
            found = rows(following, (start, *values, size + 1))
            earlier = rows(before, (start, *values, size))
        claims = self._checked([record for _, record in found[:size]])
        return Page(claims, earlier[-1][0] if earlier else None, found[size][0] if len(found) > size else None)

    def claim(self, reference: str) -> ReleasedClaim | None:
        """The claim of that reference, if it is in the release. Raises IntegrityFault."""
        with _reading(self.path) as rows:
            found = rows("SELECT record FROM claim WHERE reference = ?", (reference,))
        return next(iter(self._checked([record for (record,) in found])), None)

    def places(self, references: Sequence[str]) -> dict[str, int]:
        """The positions of those of the claims that are in the release, by reference."""
        marks = ", ".join("?" * len(references))
        with _reading(self.path) as rows:
            return dict(rows(f"SELECT reference, position FROM claim WHERE reference IN ({marks})", references))  # noqa: S608

    def references(self, *positions: int) -> dict[int, str]:
        """The references of the claims at these positions, where there are any."""
        marks = ", ".join("?" * len(positions))
        with _reading(self.path) as rows:
            return dict(rows(f"SELECT position, reference FROM claim WHERE position IN ({marks})", positions))  # noqa: S608

    def _checked(self, packed: list[bytes]) -> list[ReleasedClaim]:
        """The claims, each of which is what was frozen of it: rule 6 of the design, with one query."""
        claims = [_unpacked(one) for one in packed]
        entries = self.release.entries.filter(position__in=[claim["position"] for claim in claims])
        hashes = dict(entries.order_by().values_list("position", "record_sha256"))
        for claim in claims:
            if hashes.get(claim["position"]) != record_sha256(claim):
                raise IntegrityFault(f"{claim['reference']} is not in {self.release} as it is kept here.")
        return claims


def shelf_of(release: Release) -> Shelf:
    """The shelf of a release that is ready or withdrawn, made first if need be.

    Raises IntegrityFault when the ZIP is gone or was altered, and BeingMade.
    """
    path = _path(release)
    if not path.exists():
        _make(release, path)
    with _reading(path) as rows:
        about = {name: json.loads(value) for name, value in rows("SELECT name, value FROM about", ())}
    tally = [Tally(verdict, count) for verdict, count in about["tally"]]
    return Shelf(release, path, about["header"], tally, [Packed(*one) for one in about["files"]])


def prepare(release: Release) -> None:
    """Make the shelf of a large release beforehand: the first reader of its page would wait for seconds."""
    if release.claim_count > LARGE:
        with suppress(BeingMade, IntegrityFault, OSError):  # then whoever asks first makes it, or is told what is wrong
            shelf_of(release)


def intact(release: Release) -> Path:
    """The path of the ZIP. It is read through at most every ten minutes as long as nobody touches it.

    Raises IntegrityFault as `check_file` does.
    """
    try:
        state = path_of(release).stat()
    except OSError:
        return check_file(release)  # which says that it is gone
    key = f"intact:{release.sha256}:{state.st_ino}:{state.st_size}:{state.st_mtime_ns}:{state.st_ctime_ns}"
    if cache.get(key):
        return path_of(release)
    path = check_file(release)
    cache.set(key, True, CHECKED_SECONDS)
    return path


def _path(release: Release) -> Path:
    return folder() / ".shelf" / f"{release.sha256}-{LAYOUT}.sqlite3"


@contextmanager
def _reading(path: Path) -> Iterator[Any]:
    """What runs a query and gives its rows. The file is never changed, so readers take no locks."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        yield lambda sql, values: database.execute(sql, tuple(values)).fetchall()


def _make(release: Release, path: Path) -> None:
    """Copy the claims of the release. The shelf gets its name once it is whole."""
    path.parent.mkdir(exist_ok=True)
    with _alone(path), tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        if path.exists():  # somebody made it before we were alone
            os.unlink(file.name)
            return
        try:
            _fill(Path(file.name), intact(release))
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
            raise


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Raises BeingMade when another process is at it. A process that is killed leaves no lock behind."""
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BeingMade from None
        yield


def _fill(path: Path, source: Path) -> None:
    try:
        content = read_content(source)
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
            database.execute("BEGIN")
            tally = _copy(database, content)
            about = {"header": content.header, "tally": tally, "files": _files(source)}
            values = [(name, json.dumps(value)) for name, value in about.items()]
            database.executemany("INSERT INTO about VALUES (?, ?)", values)
            database.execute("COMMIT")
    except (NoRelease, KeyError, sqlite3.IntegrityError) as problem:
        raise IntegrityFault(f"{source.name} does not hold what a release holds: {problem}") from problem


def _copy(database: sqlite3.Connection, content: Content) -> list[tuple[VerdictRecord | None, int]]:
    """Put the claims on the shelf; how many have which verdict, in the order in which verdicts come."""
    counts: dict[str, tuple[VerdictRecord | None, int]] = {}

    def rows() -> Iterator[tuple[int, str, str, bytes]]:
        for claim in content.claims():
            verdict = claim["verdict"]
            key = verdict["key"] if verdict else ""
            counts[key] = (verdict, counts.get(key, (verdict, 0))[1] + 1)
            yield claim["position"], claim["reference"], key, _packed(claim)

    database.executemany("INSERT INTO claim VALUES (?, ?, ?, ?)", rows())
    return list(counts.values())


def _files(source: Path) -> list[tuple[str, int]]:
    """The files of the ZIP outside of folders: those that people open one by one."""
    with zipfile.ZipFile(source) as archive:
        return [(one.filename, one.file_size) for one in archive.infolist() if "/" not in one.filename]


def _packed(claim: ReleasedClaim) -> bytes:
    kept = {name: value for name, value in claim.items() if name not in BESIDE}
    return zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _unpacked(record: bytes) -> ReleasedClaim:
    try:
        found = json.loads(zlib.decompress(record))
    except (ValueError, zlib.error):
        raise IntegrityFault("A claim of this release cannot be read as it is kept here.") from None
    return cast(ReleasedClaim, {**found, **dict.fromkeys(BESIDE, [])})
