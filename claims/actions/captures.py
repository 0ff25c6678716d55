"""Captures: what was seen of a document is kept, its text becomes a snapshot, and its quotes are looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from claims.actions import drafts
from claims.actions.changes import amend, check_permission, lock
from claims.actions.documents import frozen
from claims.actions.publishers import source_for_url, standing_now
from claims.actions.sightings import Sight, health_of, look, place_quotes_never_found, store_sightings
from claims.choices import FAILURES, Health, Outcome, Permission, RecordAct, StillThere
from claims.intake import files
from claims.intake.capturing import Attempt
from claims.models import Capture, Claim, Document, Event, Evidence, Snapshot, User

SUGGESTED = ("title", "authors", "published_on", "language")
"""The columns of a document for which the text of a capture may suggest a value."""

GONE_AFTER = timedelta(hours=20)
"""A page that is not found (404) counts as gone when that was so for this long: two nights running, that is, for
servers answer so while they are being repaired. “Gone” (410) is believed at once."""

_NOT_FOUND, _GONE = 404, 410

_LEFT_TO_DRAFT = (
    "The text is not that of the newest draft. This document is under check, so it was not stored: "
    "add it as the next draft if it is one."
)


@dataclass(frozen=True)
class Prepared:
    """An attempt with all that can be worked out before the transaction. `text` is None when none can be had.

    `compared` has the place of each piece of evidence with which `sights` compare, by its key.
    """

    attempt: Attempt
    raw_sha256: str = ""
    warc_sha256: str = ""
    text: str | None = None
    reason: str = ""
    draft: drafts.Prepared | None = None
    sights: Mapping[int, Sight] = field(default_factory=dict)
    compared: Mapping[int, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """That of the attempt, unless its text turned out to be none."""
        outcome = self.attempt.outcome
        return Outcome.NO_TEXT if outcome == Outcome.CAPTURED and self.text is None else outcome


def prepare(document: Document, attempt: Attempt) -> Prepared:
    """The heavy part, and the files; nothing of it is in the database yet. Raises IntegrityFault."""
    text, reason = _text(document, attempt)
    draft, pieces = None, _pieces(document)
    if text is not None and attempt.outcome == Outcome.CAPTURED and _is_new(document, text):
        draft = drafts.prepare(document, text)
    return Prepared(
        attempt,
        raw_sha256="" if attempt.raw is None else files.keep(attempt.raw),
        warc_sha256="" if attempt.warc is None else files.keep(attempt.warc),
        text=text,
        reason=reason,
        draft=draft,
        sights={} if text is None else look(pieces, text),
        compared={piece.pk: (piece.snapshot_id, piece.start, piece.end) for piece in pieces},
    )


def _text(document: Document, attempt: Attempt) -> tuple[str | None, str]:
    """The text that was seen, and if there is none why not, as far as the attempt did not say."""
    if attempt.outcome == Outcome.UNCHANGED:
        earlier = last_seen(document)
        return (earlier.snapshot.read() if earlier and earlier.snapshot else None), ""
    if attempt.incoming is None:
        return None, ""
    try:
        return frozen(attempt.incoming.reading.text), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


def last_seen(document: Document) -> Capture | None:
    """The newest capture that saw the page."""
    return document.captures.seen().newest_first().select_related("snapshot").first()


def failures_since(document: Document, seen: Capture | None) -> int:
    """How many attempts have failed one after another."""
    return document.captures.filter(outcome__in=sorted(FAILURES), number__gt=seen.number if seen else 0).count()


def _is_new(document: Document, text: str) -> bool:
    """Whether the text is to become a snapshot. A new text of an article under check is for a person to add."""
    latest = document.latest_snapshot()
    return latest is None or (not document.under_check and latest.text.strip() != text.strip())


def _pieces(document: Document) -> Sequence[Evidence]:
    return list(document.evidence.in_force().filter(start__isnull=False).select_related("snapshot"))


@transaction.atomic
def store_capture(document: Document, prepared: Prepared, *, by: User) -> Capture:
    """Store an attempt: the capture, its text as a snapshot when it is a new one, and what became of the quotes.

    Verified claims that rest on words that changed or are gone fall due. Writes one event on the document.
    """
    check_permission(by, Permission.WORK)
    resting = document.evidence.in_force().values("claim")
    claims = Claim.objects.filter(pk__in=resting).order_by("pk").select_for_update(no_key=True)
    locked = set(claims.values_list("pk", flat=True))
    lock(document)
    before = last_seen(document)
    is_first = before is None and not document.snapshots.exists()
    snapshot = _snapshot(document, prepared, by=by)
    capture = _record(document, prepared, snapshot, by=by)
    if snapshot:
        place_quotes_never_found(document, by=by)
    is_gone = _is_gone(capture, before)
    sights = {} if is_first else _sights(document, prepared, locked, is_gone=is_gone)
    store_sightings(capture, sights, by=by)
    _note(document, capture, _health(capture, sights, is_first=is_first, is_gone=is_gone), by=by)
    return capture


def _is_gone(capture: Capture, before: Capture | None) -> bool:
    """Whether the site says that there is no such page any more: in so many words, or for long enough."""
    if capture.outcome != Outcome.STATUS or capture.status != _NOT_FOUND:
        return capture.outcome == Outcome.STATUS and capture.status == _GONE
    since = capture.document.captures.filter(
        outcome=Outcome.STATUS, status__in=[_NOT_FOUND, _GONE], number__gt=before.number if before else 0
    )
    return since.filter(Q(status=_GONE) | Q(finished_at__lte=capture.finished_at - GONE_AFTER)).exists()


def _snapshot(document: Document, prepared: Prepared, *, by: User) -> Snapshot | None:
    """The snapshot with the text that was seen: a new one, or the one that has it already."""
    if prepared.outcome == Outcome.UNCHANGED:
        earlier = last_seen(document)
        return earlier.snapshot if earlier else None
    if prepared.outcome != Outcome.CAPTURED or prepared.text is None:
        return None
    latest = document.latest_snapshot()
    if latest and latest.text.strip() == prepared.text.strip():
        return latest
    if not _is_new(document, prepared.text):
        return None
    attempt = prepared.attempt
    draft = prepared.draft or drafts.prepare(document, prepared.text)
    return drafts.store_draft(document, draft, by=by, origin=attempt.origin, raw=attempt.raw)


def _record(document: Document, prepared: Prepared, snapshot: Snapshot | None, *, by: User) -> Capture:
    attempt = prepared.attempt
    last = document.captures.newest_first().values_list("number", flat=True).first()
    values: dict[str, Any] = attempt.columns() | {"outcome": prepared.outcome}
    if prepared.reason:
        values["reason"] = prepared.reason
    if prepared.outcome == Outcome.CAPTURED and snapshot is None:
        values["warnings"] = [*values["warnings"], _LEFT_TO_DRAFT]
    return Capture.objects.create(
        document=document,
        number=(last or 0) + 1,
        raw_sha256=prepared.raw_sha256,
        raw_size=None if attempt.raw is None else len(attempt.raw),
        warc_sha256=prepared.warc_sha256,
        warc_size=None if attempt.warc is None else len(attempt.warc),
        snapshot=snapshot,
        found=_found(attempt),
        asked_by=by,
        **values,
    )


def _found(attempt: Attempt) -> dict[str, str]:
    """What the text says of itself; that it is called like its file or its site says nothing."""
    if attempt.incoming is None:
        return {}
    found = {name: str(value) for name, value in attempt.incoming.found().items()}
    return found | ({"title": ""} if found["title"] == attempt.incoming.name else {})


def _sights(document: Document, prepared: Prepared, locked: set[int], *, is_gone: bool) -> dict[int, Sight]:
    """What the attempt says of each piece whose claim is locked; of those without a quote, only that it failed."""
    pieces = document.evidence.in_force().filter(claim__in=locked)
    if prepared.text is not None:
        # Of what was given other words meanwhile, nothing is known yet.
        now = {pk: tuple(place) for pk, *place in pieces.values_list("pk", "snapshot", "start", "end")}
        return {pk: sight for pk, sight in prepared.sights.items() if now.get(pk) == prepared.compared[pk]}
    if prepared.outcome == Outcome.UNCHANGED:
        return {}
    failed = Sight(StillThere.GONE if is_gone else StillThere.UNREACHABLE)
    concerned = pieces if prepared.outcome in FAILURES else pieces.filter(start__isnull=False)
    return dict.fromkeys(concerned.values_list("pk", flat=True), failed)


def _health(capture: Capture, sights: Mapping[int, Sight], *, is_first: bool, is_gone: bool) -> Health:
    if capture.is_seen:
        return health_of(sight.state for sight in sights.values())
    if is_first:
        return Health.NOT_CAPTURED
    return Health.GONE if is_gone else Health.UNREACHABLE


def _note(document: Document, capture: Capture, health: Health, *, by: User) -> None:
    """Say on the document how it is now, and in its history what was done."""
    values = {"health": health, "health_reason": capture.reason, "looked_at": capture.finished_at}
    changes: dict[str, list[Any]] = {"outcome": [None, str(capture.outcome)]}
    if document.health != health:
        changes["health"] = [str(document.health), str(health)]
    if capture.raw_sha256:
        changes["raw_sha256"] = [None, capture.raw_sha256]
    Document.objects.filter(pk=document.pk).update(**values)
    for name, value in values.items():
        setattr(document, name, value)
    if capture.is_seen:  # of pieces without a quote, no sighting says that the page is back
        gone = Q(still__in=[StillThere.GONE, StillThere.UNREACHABLE], start=None)
        document.evidence.in_force().filter(gone).update(still="")
    Event.objects.append(document, RecordAct.CAPTURE, by=by, changes=changes, subject=capture)


@transaction.atomic
def accept_suggestion(document: Document, capture: Capture, name: str, *, by: User, version: int | None) -> None:
    """Take over what a capture says of a document into that column. Raises ValidationError and StaleVersion."""
    check_permission(by, Permission.WORK)
    values = suggestions(capture)
    if name not in values or capture.document_id != document.pk:
        raise ValidationError("The capture suggests nothing for this.")
    value = standing_now(values[name]) if name == "source" else values[name]
    amend(document, RecordAct.CHANGE, by=by, version=version, values={name: value})


def suggestions(capture: Capture) -> dict[str, Any]:
    """What a capture says of its document, by column: what its text says, and whose the site is that answered."""
    found = {name: capture.found[name] for name in SUGGESTED if capture.found.get(name)}
    publisher = source_for_url(capture.final_url) if capture.final_url else None
    return found | ({"source": publisher} if publisher else {})
