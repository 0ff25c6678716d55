"""A claim as every export carries it: plain values, read in chunks so that memory does not grow with their number."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypedDict

from django.conf import settings
from django.db.models import Min, Prefetch

from claims.choices import RelationKind
from claims.exports.workings import WorkingRecord, working_record
from claims.models import Appearance, Assessment, Claim, ClaimSet, Document, Evidence, Relation, ReleaseCalendar, Search
from claims.models.claim import ClaimQuerySet
from claims.reading.members import in_order

CHUNK = 500
"""Claims read at once, with what belongs to them: a query for each table, whatever their number."""


class VerdictRecord(TypedDict):
    key: str
    name: str
    rating: int | None  # from 1, false, to 5, true; None when the scale does not apply


class DecisiveRecord(TypedDict):
    """The piece of evidence that decides where pieces lead to different verdicts, and why."""

    title: str
    url: str
    reason: str


class AssessmentRecord(TypedDict):
    rationale: str
    confidence: str
    as_of: str  # the time for which the verdict holds, a date to the year, month or day
    assessed_by: str
    assessed_at: str | None  # moments in UTC, ISO 8601
    approved_by: str
    approved_at: str | None
    approval_note: str
    decisive: DecisiveRecord | None


class AppearanceRecord(TypedDict):
    document: str
    url: str
    source: str
    published_on: str
    language: str  # of the document, such as "en"; "" when nobody said
    quote: str
    prefix: str
    suffix: str
    start: int  # code points from the start of the snapshot's text, which has that SHA-256
    end: int
    snapshot: int
    snapshot_sha256: str


class OriginRecord(TypedDict):
    """The document out of which another came: the two speak with one voice."""

    title: str
    url: str
    source: str
    derivation: str


class EvidenceRecord(TypedDict):
    title: str
    url: str
    source: str
    published_on: str
    language: str
    accessed_on: str | None
    stance: str
    grade: str  # Admiralty: reliability of the document, credibility of the information
    finding: str
    quote: str
    quote_status: str
    quote_start: int | None
    quote_end: int | None
    snapshot_sha256: str | None
    locator: str
    provenance: str
    was_read: bool
    still: str  # whether the page still says so, by the newest look at it; "" when nobody looked
    derived_from: OriginRecord | None
    method: str  # what the claim would be by this piece alone, and by whose way of counting
    alone_says: str
    alone_verdict: str | None


class PremiseRecord(TypedDict):
    """A claim that the claim rests on."""

    reference: str
    url: str
    note: str


class SearchRecord(TypedDict):
    """A search that found nothing."""

    place: str
    searched_on: str
    words: str
    note: str


class ClaimRecord(TypedDict):
    reference: str
    url: str
    assertion: str
    kind: str
    speaker: str
    as_of: str
    reference_period: str
    tags: list[str]
    stage: str
    is_due: bool
    due_reason: str
    recheck_on: str
    recheck_follows: str  # what comes out then, if the claim follows a release calendar
    verdict: VerdictRecord | None
    assessment: AssessmentRecord | None
    appearances: list[AppearanceRecord]
    evidence: list[EvidenceRecord]
    searches: list[SearchRecord]
    working: WorkingRecord | None
    rests_on: list[PremiseRecord]


def claim_records(keys: Iterable[int]) -> Iterator[ClaimRecord]:
    """The claims with these primary keys, in that order; a key that is gone is passed over."""
    remaining = iter(keys)
    while chunk := list(islice(remaining, CHUNK)):
        found = {claim.pk: claim for claim in with_everything(chunk)}
        yield from (claim_record(found[key]) for key in chunk if key in found)


def keys_of(claims: ClaimQuerySet) -> Iterator[int]:
    """Primary keys in their order, a chunk at a time by position: no cursor is held open, no list is built."""
    last = 0
    while chunk := list(claims.order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        yield from chunk
        last = chunk[-1]


def keys_in_text(claims: ClaimQuerySet, document: Document) -> list[int]:
    """Primary keys of the claims that appear in the document, in the order of its text."""
    places = Appearance.objects.last_known().filter(snapshot__document=document, claim__in=claims)
    ordered = places.values("claim").annotate(first=Min("start")).order_by("first", "claim")
    return list(ordered.values_list("claim", flat=True))


def keys_in_set(claims: ClaimQuerySet, claim_set: ClaimSet) -> Iterable[int]:
    """Primary keys of those of the claims that are in the set, in its order. Raises BrokenFilter."""
    ordered, _ = in_order(claim_set)
    held = ordered.filter(pk__in=claims.order_by().values("pk"))
    return keys_of(held) if claim_set.is_filter else list(held.values_list("pk", flat=True))


_IN_TEXT = ("snapshot_id", "start", "pk")


def with_everything(keys: list[int]) -> ClaimQuerySet:
    """The claims with these keys, in no order, with all that `claim_record` reads: a query for each table."""
    # Texts of whole documents stay in the database: an export names their hashes.
    appearances = Appearance.objects.last_known().with_document().defer("snapshot__text").order_by(*_IN_TEXT)
    evidence = Evidence.objects.in_force().with_document().select_related("snapshot", "document__derived_from__source")
    premises = Relation.objects.filter(kind=RelationKind.DEPENDS_ON).select_related("b")
    return (
        Claim.objects.filter(pk__in=keys)
        .select_related("verdict", "standing__author", "standing__decided_by", "standing__decisive__document")
        .select_related("working", "recheck_calendar__source")
        .prefetch_related(
            "tags",
            Prefetch("appearances", queryset=appearances),
            Prefetch("evidence", queryset=evidence.defer("snapshot__text")),
            Prefetch("searches", queryset=Search.objects.in_force()),
            Prefetch("relations_from", queryset=premises),
            "working__inputs",
            "working__rows",
        )
    )


def claim_record(claim: Claim) -> ClaimRecord:
    """One claim, with retracted evidence left out; relations used are best prefetched."""
    verdict, evidence = claim.verdict, list(claim.evidence.all())
    working = getattr(claim, "working", None)
    numbers = {piece.pk: number for number, piece in enumerate(evidence)}
    return {
        "reference": claim.reference,
        "url": _address(claim),
        "assertion": claim.assertion,
        "kind": claim.kind,
        "speaker": claim.speaker,
        "as_of": claim.as_of,
        "reference_period": claim.reference_period,
        "tags": sorted(tag.name for tag in claim.tags.all()),
        "stage": claim.stage,
        "is_due": claim.is_due,
        "due_reason": claim.due_reason,
        "recheck_on": claim.recheck_on,
        "recheck_follows": _calendar(claim.recheck_calendar),
        "verdict": {"key": verdict.key, "name": verdict.name, "rating": verdict.rating} if verdict else None,
        "assessment": _assessment(claim.standing) if claim.standing else None,
        "appearances": [_appearance(appearance) for appearance in claim.appearances.all()],
        "evidence": [_evidence(piece) for piece in evidence],
        "searches": [_search(search) for search in claim.searches.all()],
        "working": working_record(working, numbers) if working else None,
        "rests_on": [_premise(relation) for relation in claim.relations_from.all()],
    }


def _assessment(standing: Assessment) -> AssessmentRecord:
    return {
        "rationale": standing.rationale,
        "confidence": standing.confidence,
        "as_of": standing.as_of,
        "assessed_by": str(standing.author),
        "assessed_at": _moment(standing.submitted_at),
        "approved_by": str(standing.decided_by),
        "approved_at": _moment(standing.decided_at),
        "approval_note": standing.decision_reason,
        "decisive": _decisive(standing),
    }


def _decisive(standing: Assessment) -> DecisiveRecord | None:
    if standing.decisive is None:
        return None
    document = standing.decisive.document
    return {"title": document.title, "url": document.url, "reason": standing.decisive_reason}


def _calendar(calendar: ReleaseCalendar | None) -> str:
    return f"{calendar.source.name}: {calendar}" if calendar else ""


def _address(claim: Claim) -> str:
    return f"{settings.PUBLIC_URL}{claim.get_absolute_url()}"


def _premise(relation: Relation) -> PremiseRecord:
    return {"reference": relation.b.reference, "url": _address(relation.b), "note": relation.note}


def _search(search: Search) -> SearchRecord:
    searched_on = search.searched_on.isoformat()
    return {"place": search.place, "searched_on": searched_on, "words": search.words, "note": search.note}


def _appearance(appearance: Appearance) -> AppearanceRecord:
    snapshot = appearance.snapshot
    document = snapshot.document
    return {
        "document": document.title,
        "url": document.url,
        "source": document.source.name,
        "published_on": document.published_on,
        "language": document.language,
        "quote": appearance.exact,
        "prefix": appearance.prefix,
        "suffix": appearance.suffix,
        "start": appearance.start,
        "end": appearance.end,
        "snapshot": snapshot.number,
        "snapshot_sha256": snapshot.text_sha256,
    }


def _evidence(evidence: Evidence) -> EvidenceRecord:
    document = evidence.document
    return {
        "title": document.title,
        "url": document.url,
        "source": document.source.name,
        "published_on": document.published_on,
        "language": document.language,
        "accessed_on": _day(evidence.accessed_on or document.accessed_on),
        "stance": evidence.stance,
        "grade": evidence.grade,
        "finding": evidence.finding,
        "quote": evidence.quote,
        "quote_status": evidence.quote_status,
        "quote_start": evidence.start,
        "quote_end": evidence.end,
        "snapshot_sha256": evidence.snapshot.text_sha256 if evidence.snapshot else None,
        "locator": evidence.locator,
        "provenance": evidence.provenance,
        "was_read": evidence.was_read,
        "still": evidence.still,
        "derived_from": _origin(document),
        "method": evidence.method,
        "alone_says": evidence.alone_says,
        "alone_verdict": evidence.alone_verdict.key if evidence.alone_verdict else None,
    }


def _origin(document: Document) -> OriginRecord | None:
    if (origin := document.derived_from) is None:
        return None
    return {
        "title": origin.title,
        "url": origin.url,
        "source": origin.source.name,
        "derivation": document.derivation,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
