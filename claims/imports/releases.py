"""A release of another desk, or of this one, comes in: checked, its claims, and a claim set of them in its order.

    release = open_release(path)                    # BadFile says what is wrong with it
    report = import_release(release, by=user)       # NotTrusted unless the key is known here, or `trusts_key`

All of its claims come in, or none. Verdicts come as proposals: a second person decides on them, see actions.carried.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import transaction

from claims import limits
from claims.actions.changes import check_permission
from claims.actions.claim_sets import add_claim_set, add_to_claim_set
from claims.choices import Permission
from claims.imports import values as cells
from claims.imports.calendars import Calendars
from claims.imports.encoding import lines
from claims.imports.excerpts import Excerpts
from claims.imports.fields import Plan
from claims.imports.importing import Reading, run, scale
from claims.imports.json_rows import json_lines
from claims.imports.released import BESIDE, Carrying
from claims.imports.report import Refusal, Report
from claims.imports.rows import BadFile, Row, RowError, Shape, Table, readable
from claims.models import Claim, ClaimSet, User
from claims.releases.content import CLAIMS, Header, ReleasedClaim
from claims.releases.desk_keys import known_keys
from claims.releases.reader import LINE_BYTES, NoRelease, read_content
from claims.releases.script.verify import Limits
from claims.releases.verification import KnownKey, Outcome, verify
from claims.releases.verification import Report as Verified

BATCH = 500
"""Claims read at once, each with what belongs to it."""

COLLECTED = 2_000
"""Claims put into the set at once."""

READ = 1 << 20

_DROPPED = frozenset({"history", "position"})
"""The events of another desk: this one has a history of its own, which names the head of theirs. And what the order of
the lines says already.
"""

_TEXTS = ("name", "title", "description", "licence", "as_of")
_COLUMNS = tuple(name for name in ReleasedClaim.__annotations__ if name not in _DROPPED)


class NotTrusted(BadFile):
    """The release is whole, but signed with a key that is not known here; nobody has said yes to it."""


@dataclass(frozen=True)
class Imported:
    """What came of an import that was stored."""

    report: Report
    claim_set: ClaimSet | None


@dataclass(frozen=True)
class ReleaseFile:
    """A release that was checked. Every text is fit to be stored in its column."""

    path: Path
    sha256: str
    verified: Verified
    name: str
    title: str
    description: str
    licence: str
    desk: str
    as_of: str
    claims: int

    @property
    def is_known(self) -> bool:
        """Whether its key is one that this desk knows."""
        return self.verified.outcome is Outcome.VALID

    @property
    def key_id(self) -> str:
        return self.verified.key.id if self.verified.key else ""

    @property
    def origin(self) -> str:
        return f"{self.name} of {self.desk}"

    @property
    def signed(self) -> str:
        """For the history: which file it was, and how far its signature goes."""
        known = "known here" if self.is_known else "not known here; who imported it said yes to it"
        return f"ZIP with SHA-256 {self.sha256}, signed with the key {self.key_id}, which is {known}."


def open_release(path: Path, *, keys: list[KnownKey] | None = None, within: Limits | None = None) -> ReleaseFile:
    """Check a release, against this desk's keys if no others are given. Raises BadFile and OSError."""
    verified = verify(path, known_keys() if keys is None else keys, limits=within)
    if verified.outcome is Outcome.NOT_VALID:
        raise BadFile(f"This release is not valid, and nothing of it was read. {_first(verified.findings)}")
    try:
        return _described(path, verified, read_content(path).header)
    except (NoRelease, RowError, KeyError, TypeError) as problem:
        told = str(problem) if isinstance(problem, NoRelease) else "It does not say what it is."
        raise BadFile(told) from problem


def _first(findings: tuple[str, ...], most: int = 5) -> str:
    told = "; ".join(readable(finding, 300) for finding in findings[:most])
    return f"{told}{f'; and {len(findings) - most} more' if len(findings) > most else ''}."


def _described(path: Path, verified: Verified, header: Header) -> ReleaseFile:
    told: list[object] = [*(header[name] for name in _TEXTS), header["desk"]["name"]]  # type: ignore[literal-required]
    if not all(isinstance(text, str) for text in told):
        raise RowError("its texts are none.")
    title, licence = cells.one_line(header["title"], 200), cells.one_line(header["licence"], 100)
    if not title or not isinstance(header["claims"], int):
        raise RowError("a release has a title, and says how many claims it has.")
    return ReleaseFile(
        path=path,
        sha256=_sha256(path),
        verified=verified,
        name=cells.one_line(header["name"], 120),
        title=title,
        description=cells.long_text(header["description"], limits.TEXT),
        licence=licence,
        desk=cells.one_line(header["desk"]["name"], 200) or "a desk without a name",
        as_of=cells.one_line(header["as_of"], 40),
        claims=header["claims"],
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(READ):
            digest.update(data)
    return digest.hexdigest()


def table_of(release: ReleaseFile) -> Table:
    """The claims as rows, read from the ZIP each time. Raises BadFile on the way."""
    return Table(release.name, Shape.JSONL, _COLUMNS, (), lambda: _rows(release))


def _rows(release: ReleaseFile) -> Iterator[Row]:
    count, last = 0, 0
    try:
        with zipfile.ZipFile(release.path) as archive, archive.open(CLAIMS) as stream:
            for row in json_lines(lambda: lines(cast(BinaryIO, stream), "utf-8", LINE_BYTES)):
                count, last = count + (row.line != last), row.line  # a line may have several things in it, wrongly
                yield Row(row.line, _kept(row.values), row.problem)
    except (KeyError, OSError, zipfile.BadZipFile) as problem:
        raise BadFile(f"{CLAIMS} cannot be read.") from problem
    if count != release.claims:
        raise BadFile(f"The release says that it has {release.claims:,} claims, and has {count:,}.")


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _DROPPED}


def plan_of(table: Table) -> Plan:
    plan = Plan.guess(table)
    return Plan({**plan.columns, **{name: name for name in BESIDE}}, is_own=True)


def import_release(
    release: ReleaseFile,
    *,
    by: User,
    proposes: bool = True,
    trusts_key: bool = False,
    partial: bool = False,
    dry_run: bool = False,
    on_refused: Callable[[Refusal], None] | None = None,
    on_batch: Callable[[Report], None] | None = None,
    storing: Callable[[], Any] = transaction.atomic,
    on_stored: Callable[["Imported"], None] | None = None,
) -> Report:
    """Import a release in one transaction, which `storing` opens and in which `on_stored` is told at last.

    What is here already stays as it is. With `proposes`, the verdicts are proposed for review in the name of the
    person. With `partial`, claims that cannot come in are refused and the others do. Raises NotTrusted, BadFile for
    what cannot be read to its end, and Refused.
    """
    check_permission(by, Permission.WORK)
    if not release.is_known and not trusts_key:
        raise NotTrusted(f"The release is whole, but signed with the key {release.key_id}, which is not known here.")
    table, whole = table_of(release), not partial
    plan = plan_of(table)
    with Excerpts() as texts:
        reading = _reading(release, plan, texts, by, proposes=proposes)
        trial = run(
            table, plan, by=by, dry_run=True, all_or_nothing=whole, on_batch=on_batch, reading=reading,
            on_refused=on_refused,
        )  # fmt: skip
        if dry_run or (trial.refused and whole):
            return trial
        with storing():
            texts.store(by=by)
            keys: list[int] = []
            reading = _reading(release, plan, texts, by, proposes=proposes)
            report = run(table, plan, by=by, all_or_nothing=whole, reading=reading, on_claim=keys.append)
            if not report.stored:  # the desk has changed since the trial
                raise BadFile("Meanwhile claims were stored that say something else. Import the release again.")
            claim_set = _collect(release, keys, by=by)
            if on_stored:
                on_stored(Imported(report, claim_set))
    return report


def _reading(release: ReleaseFile, plan: Plan, texts: Excerpts, by: User, *, proposes: bool) -> Reading:
    about = (plan, settings.PUBLIC_URL, scale())
    drafting = Carrying(*about, origin=release.origin, signed=release.signed, proposes=proposes)
    reading = Reading(drafting, texts, Calendars(by))
    reading.batch = BATCH
    return reading


def _collect(release: ReleaseFile, keys: list[int], *, by: User) -> ClaimSet | None:
    """A set of the claims in the order of the release: the one that is here, or a new one."""
    if not keys:
        return None
    for title in _titles(release):
        known = ClaimSet.objects.filter(title=title).first()
        if known is None:
            return _new_set(release, title, keys, by=by)
        if known.is_picked and list(known.items.order_by("position", "pk").values_list("claim", flat=True)) == keys:
            return known
    raise BadFile(f"There are several claim sets called “{readable(release.title)}” already. Give one another title.")


def _titles(release: ReleaseFile) -> Iterator[str]:
    yield release.title
    for more in (release.name, release.origin, release.sha256[:12]):
        yield f"{release.title[: 196 - len(more[:100])]} ({more[:100]})"


def _new_set(release: ReleaseFile, title: str, keys: list[int], *, by: User) -> ClaimSet:
    reason = f"From release {release.origin}, as of {release.as_of}. {release.signed}"
    about, licence = release.description, release.licence
    claim_set = add_claim_set(by=by, title=title, description=about, licence=licence, reason=reason)
    remaining = iter(keys)
    while chunk := list(islice(remaining, COLLECTED)):
        found = Claim.objects.only("pk", "key").in_bulk(chunk)
        add_to_claim_set(claim_set, [found[key] for key in chunk], by=by)
    return claim_set
