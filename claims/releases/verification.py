"""Is a release whole, and by whose key is it signed? The answer of `script/verify.py`, held against the keys one knows.

    report = verify(path, [KnownKey(public_key(line), "Our desk")])
    report.is_valid, report.lines()

Everything read here may come from someone who wants to deceive the reader: see docs/releases.md for what is refused.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from claims.releases.script.verify import Key, Limits, Result, Statement, check_archive, check_folder

__all__ = ["UPLOAD_LIMITS", "KnownKey", "Outcome", "Report", "verify"]

UPLOAD_LIMITS = Limits(total=4 << 30, members=20_000, directory=8 << 20, text=4 << 20)
"""For files that anyone may drop on a page: what is checked while they wait."""


class Outcome(Enum):
    """What a check comes to."""

    VALID = "valid"
    UNKNOWN_KEY = "unknown key"
    """Whole, and as it was signed; but the key is none that was named as known."""
    NOT_VALID = "not valid"


@dataclass(frozen=True)
class KnownKey:
    """A public key and whose it is. One that was retired remains good for what is as of then or before."""

    key: Key
    owner: str = ""
    retired_at: datetime | None = None


@dataclass(frozen=True)
class Report:
    """What was found. `findings` say what is wrong; the statement and the key are there if the signature holds.

    `known` is the known key that signed; `files` counts the files that are signed for; `checked_by` names the library.
    """

    outcome: Outcome
    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    files: int = 0
    statement: Statement | None = None
    key: Key | None = None
    known: KnownKey | None = None
    checked_by: str = ""

    @property
    def is_valid(self) -> bool:
        return self.outcome == Outcome.VALID

    @property
    def as_of(self) -> datetime | None:
        return datetime.fromisoformat(self.statement.as_of) if self.statement else None

    @property
    def headline(self) -> str:
        if self.outcome == Outcome.VALID:
            return f"Valid: all {self.files} files are as they were signed."
        if self.outcome == Outcome.UNKNOWN_KEY:
            return f"Whole: all {self.files} files are as they were signed; but the key is not known here."
        return "Not valid."

    def lines(self) -> Iterator[str]:
        """The report for people, a sentence to a line."""
        yield self.headline
        yield from (f"- {finding}" for finding in self.findings)
        if self.statement and self.key:
            yield f"Release {self.statement.release}, {self.statement.claims} claims, as of {self.statement.as_of}."
            owner = f" of {self.known.owner}" if self.known and self.known.owner else ""
            yield f"Signed with the key {self.key.id}{owner}: {self.key.text}"
            yield f"Head of the claims' histories: {self.statement.head}"
        yield from (f"Note: {note}" for note in self.notes)


def verify(source: str | Path | BinaryIO, keys: Iterable[KnownKey] = (), *, limits: Limits | None = None) -> Report:
    """Check a release: the path of a ZIP or of an unpacked folder, or an open binary file that can be wound back.

    Raises OSError when it cannot be read.
    """
    limits = limits or Limits()
    if not isinstance(source, str | Path):
        return _judged(check_archive(source, limits=limits), keys)
    if Path(source).is_dir():
        return _judged(check_folder(str(source)), keys)
    with open(source, "rb") as file:
        return _judged(check_archive(file, limits=limits), keys)


def _judged(result: Result, keys: Iterable[KnownKey]) -> Report:
    report = Report(
        Outcome.NOT_VALID if result.wrong else Outcome.UNKNOWN_KEY,
        tuple(result.wrong),
        tuple(result.notes),
        result.files,
        result.statement,
        result.key,
        checked_by=result.checked_by,
    )
    known = next((known for known in keys if known.key == result.key), None)
    if known is None:
        return report
    if known.retired_at and report.as_of and report.as_of > known.retired_at:
        late = f"the key {known.key.id} was retired on {known.retired_at:%Y-%m-%d}, before the instant of this release"
        return replace(report, outcome=Outcome.NOT_VALID, findings=(*report.findings, late), known=known)
    return replace(report, outcome=Outcome.NOT_VALID if result.wrong else Outcome.VALID, known=known)
