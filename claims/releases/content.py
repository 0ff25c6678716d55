"""What a release says: a header and its claims, as they were frozen. Every file of the release is made of this alone.

    content = Content(header, claims)       # `claims()` yields the claims anew for each file, in their order

`claims.jsonl` and `release.json` hold it whole, so that a release can be read back, compared and imported from its ZIP.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypedDict

from django.db.models import Exists, OuterRef

from claims.choices import Act
from claims.exports.records import CHUNK, ClaimRecord, VerdictRecord, claim_record, with_everything
from claims.models import Assessment, Capture, Claim, Comment, Event, Evidence
from claims.models.capture import CaptureQuerySet

FORMAT = "claim-workbench/release"
VERSION = 1
HEADER = "release.json"
CLAIMS = "claims.jsonl"


class DeskRecord(TypedDict):
    name: str
    url: str


class LeftOutRecord(TypedDict):
    """A claim of the set that is not in the release, with what blocked it and why it was left out."""

    reference: str
    findings: list[str]  # choices.Finding
    reason: str
    by: str
    at: str


class PreviousRecord(TypedDict):
    """The release of the same set before this one."""

    name: str
    number: int
    as_of: str
    sha256: str  # of its ZIP


class Header(TypedDict):
    format: str
    version: int
    name: str  # of letters, digits and hyphens, such as "japan-and-nato-3": the ZIP is called so
    title: str
    description: str
    licence: str
    number: int  # of its set, from 1
    serial: int  # of the desk, from 1
    desk: DeskRecord
    as_of: str  # the instant at which it was frozen, UTC: "2026-11-22T16:00:00Z", with six decimals if not whole
    claims: int
    head: str  # SHA-256 over the heads of the claims' histories: a line "key number hash" for each, in order
    left_out: list[LeftOutRecord]
    with_comments: bool
    with_captures: bool
    with_pdf: bool  # false where the desk that made it cannot make PDF
    previous: PreviousRecord | None


class HeadRecord(TypedDict):
    """The newest event of a claim's history."""

    claim: int  # key of the claim at the desk, by which `head` of the release names it
    number: int
    hash: str


class DecidedRecord(TypedDict):
    """A verdict that was proposed, and what a second person decided, if anybody has."""

    number: int  # from 1
    verdict: VerdictRecord
    confidence: str
    rationale: str
    as_of: str
    assessed_by: str
    assessed_at: str
    decision: str | None  # approved, returned
    decided_by: str | None
    decided_at: str | None
    decision_reason: str
    stands: bool  # the claim's verdict is this one


class CommentRecord(TypedDict):
    number: int  # from 1
    reply_to: int | None  # number of the comment that it answers
    body: str  # Markdown
    author: str
    written_at: str
    edited_at: str | None
    resolved_by: str | None
    resolved_at: str | None


class EventRecord(TypedDict):
    """A line of the claim's history. `hash` is over the rest: Event.expected_hash, and docs/releases.md, say how.

    `changes` maps a field to its old and its new value. Both it and `reason` are None where they hold what the release
    keeps to itself: words of comments that are not in it, and drafts of verdicts.
    """

    number: int
    act: str
    by: str | None
    by_key: int | None
    at: str  # with microseconds
    subject: tuple[str, int | None]
    changes: dict[str, Any] | None
    reason: str | None
    previous_hash: str
    hash: str


class CaptureRecord(TypedDict):
    """What was kept of a document: of the text that evidence quotes, or the newest where it quotes none."""

    captured_at: str
    url: str  # the address that answered; empty for a file
    content_type: str
    text_sha256: str
    sha256: str  # of what came, byte for byte
    bytes: int
    warc_sha256: str  # of the exchange in the format of web archives; empty for a file
    warc_bytes: int | None


class ReleasedClaim(ClaimRecord):
    """A claim as every export has it, and what only a release tells of it."""

    position: int  # from 1
    head: HeadRecord
    captures: list[CaptureRecord | None]  # one for each piece of evidence, in their order
    assessments: list[DecidedRecord]
    comments: list[CommentRecord]  # empty unless the release is with comments
    history: list[EventRecord]


@dataclass(frozen=True)
class Content:
    """A release as it is to be written.

    `previous` yields the claims of the release before, if there is one; `kept` the bytes that have this SHA-256 in the
    store of what was captured, for a release with captures.
    """

    header: Header
    claims: Callable[[], Iterator[ReleasedClaim]]
    previous: Callable[[], Iterator[ReleasedClaim]] | None = None
    kept: Callable[[str], Iterable[bytes]] | None = None


def line_of(claim: ReleasedClaim) -> bytes:
    """A line of claims.jsonl."""
    return json.dumps(claim, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def header_bytes(header: Header) -> bytes:
    """The content of release.json."""
    return json.dumps(header, ensure_ascii=False, indent=1).encode() + b"\n"


def released_claims(keys: Iterable[int], *, with_comments: bool) -> Iterator[ReleasedClaim]:
    """The claims with these keys as they are now, in that order. A constant number of queries for each chunk."""
    remaining, position = iter(keys), 0
    while chunk := list(islice(remaining, CHUNK)):
        claims = {claim.pk: claim for claim in with_everything(chunk)}
        assessments, history = _assessments(chunk), _history(chunk, with_comments=with_comments)
        comments = _comments(chunk) if with_comments else {}
        captures = Captures.read(
            Capture.objects.kept(), [one for claim in claims.values() for one in claim.evidence.all()]
        )
        for key in chunk:
            position += 1
            beside = Beside(history[key], assessments[key], comments.get(key, []), captures)
            yield released_claim(claims[key], position, beside)


@dataclass(frozen=True)
class Beside:
    """What a release tells of a claim beside its record, in order."""

    events: list[EventRecord]
    assessments: list[Assessment]
    comments: list[Comment]
    captures: "Captures"


@dataclass(frozen=True)
class Captures:
    """What was kept: by the snapshot that came of it, first; and of each document that is not quoted, last."""

    by_snapshot: Mapping[int, CaptureRecord]
    by_document: Mapping[int, CaptureRecord]

    @classmethod
    def read(cls, kept: CaptureQuerySet, pieces: Iterable[Evidence]) -> "Captures":
        """Two queries, whatever the number of pieces. `kept` are the captures that count."""
        quoted: set[int] = set()
        pages: set[int] = set()
        for piece in pieces:
            if piece.snapshot_id:
                quoted.add(piece.snapshot_id)
            else:
                pages.add(piece.document_id)
        newer = kept.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
        rows = kept.select_related("snapshot").defer("snapshot__text").order_by("-number")
        return cls(
            {row.snapshot_id: capture_record(row) for row in rows.filter(snapshot__in=quoted) if row.snapshot_id},
            {row.document_id: capture_record(row) for row in rows.filter(~Exists(newer), document__in=pages)},
        )

    def of(self, piece: Evidence) -> CaptureRecord | None:
        """Of the text that it quotes; else the newest of its document."""
        if piece.snapshot_id:
            return self.by_snapshot.get(piece.snapshot_id)
        return self.by_document.get(piece.document_id)


def released_claim(claim: Claim, position: int, beside: Beside) -> ReleasedClaim:
    """One claim as `with_everything` reads it, be it as it is now or as it stood (releases.as_of)."""
    head = beside.events[-1]
    return {
        **claim_record(claim),
        "position": position,
        "head": {"claim": claim.pk, "number": head["number"], "hash": head["hash"]},
        "captures": [beside.captures.of(piece) for piece in claim.evidence.all()],
        "assessments": [_decided(number, row, claim) for number, row in enumerate(beside.assessments, start=1)],
        "comments": _thread(beside.comments),
        "history": beside.events,
    }


def _assessments(keys: list[int]) -> Mapping[int, list[Assessment]]:
    """What was submitted, the oldest first. A draft is its author's own."""
    rows = Assessment.objects.filter(claim__in=keys, submitted_at__isnull=False).with_people()
    return _by_claim(rows.order_by("submitted_at", "pk"))


def _comments(keys: list[int]) -> Mapping[int, list[Comment]]:
    rows = Comment.objects.filter(claim__in=keys).select_related("author", "resolved_by")
    return _by_claim(rows.order_by("written_at", "pk"))


def _by_claim(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.claim_id].append(row)
    return found


def _history(keys: list[int], *, with_comments: bool) -> Mapping[int, list[EventRecord]]:
    rows = Event.objects.filter(object_type="claim", object_id__in=keys).select_related("by")
    found: dict[int, list[EventRecord]] = defaultdict(list)
    for event in rows.order_by("object_id", "number").iterator(CHUNK):
        found[event.object_id].append(event_record(event, with_comments=with_comments))
    return found


def event_record(event: Event, *, with_comments: bool) -> EventRecord:
    withheld = _is_withheld(event, with_comments=with_comments)
    return {
        "number": event.number,
        "act": str(event.act),
        "by": str(event.by) if event.by else None,
        "by_key": event.by_id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "subject": (event.subject_type, event.subject_id),
        "changes": None if withheld else event.changes,
        "reason": None if withheld else event.reason,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }


def _is_withheld(event: Event, *, with_comments: bool) -> bool:
    return event.act == Act.DRAFT or (event.subject_type == "comment" and not with_comments)


def capture_record(row: Capture) -> CaptureRecord:
    return {
        "captured_at": _moment(row.finished_at) or "",
        "url": row.final_url,
        "content_type": row.content_type,
        "text_sha256": row.snapshot.text_sha256 if row.snapshot else "",
        "sha256": row.raw_sha256,
        "bytes": row.raw_size or 0,
        "warc_sha256": row.warc_sha256,
        "warc_bytes": row.warc_size,
    }


def _decided(number: int, row: Assessment, claim: Claim) -> DecidedRecord:
    verdict = row.verdict
    assert verdict, "guarded by assessment_verdict_has_rationale_and_as_of"  # noqa: S101
    return {
        "number": number,
        "verdict": {"key": verdict.key, "name": verdict.name, "rating": verdict.rating},
        "confidence": row.confidence,
        "rationale": row.rationale,
        "as_of": row.as_of,
        "assessed_by": str(row.author),
        "assessed_at": _moment(row.submitted_at) or "",
        "decision": row.decision,
        "decided_by": str(row.decided_by) if row.decided_by else None,
        "decided_at": _moment(row.decided_at),
        "decision_reason": row.decision_reason,
        "stands": row.pk == claim.standing_id,
    }


def _thread(rows: list[Comment]) -> list[CommentRecord]:
    numbers = {row.pk: number for number, row in enumerate(rows, start=1)}
    return [
        {
            "number": numbers[row.pk],
            "reply_to": numbers[row.parent_id] if row.parent_id else None,
            "body": row.body,
            "author": str(row.author),
            "written_at": _moment(row.written_at) or "",
            "edited_at": _moment(row.edited_at),
            "resolved_by": str(row.resolved_by) if row.resolved_by else None,
            "resolved_at": _moment(row.resolved_at),
        }
        for row in rows
    ]


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
