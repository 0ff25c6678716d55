"""A claim as every export carries it: plain values, read in chunks so that memory does not grow with their number."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypedDict

from django.conf import settings
from django.db.models import Min, Prefetch

from claims.models import Appearance, Assessment, Claim, ClaimSet, Document, Evidence
from claims.models.claim import ClaimQuerySet

CHUNK = 500
"""Claims read at once, with what belongs to them: nine queries."""


class VerdictRecord(TypedDict):
    key: str
    name: str
    rating: int | None  # from 1, false, to 5, true; None when the scale does not apply


class AssessmentRecord(TypedDict):
    rationale: str
    confidence: str
    as_of: str  # the time for which the verdict holds, a date to the year, month or day
    assessed_by: str
    assessed_at: str | None  # moments in UTC, ISO 8601
    approved_by: str
    approved_at: str | None
    approval_note: str


class AppearanceRecord(TypedDict):
    document: str
    url: str
    source: str
    published_on: str
    quote: str
    prefix: str
    suffix: str
    start: int  # code points from the start of the snapshot's text, which has that SHA-256
    end: int
    snapshot: int
    snapshot_sha256: str


class EvidenceRecord(TypedDict):
    title: str
    url: str
    source: str
    published_on: str
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
    recheck_on: str
    verdict: VerdictRecord | None
    assessment: AssessmentRecord | None
    appearances: list[AppearanceRecord]
    evidence: list[EvidenceRecord]


def claim_records(keys: Iterable[int]) -> Iterator[ClaimRecord]:
    """The claims with these primary keys, in that order; a key that is gone is passed over."""
    remaining = iter(keys)
    while chunk := list(islice(remaining, CHUNK)):
        found = {claim.pk: claim for claim in _with_everything(chunk)}
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


def keys_in_set(claims: ClaimQuerySet, claim_set: ClaimSet) -> list[int]:
    """Primary keys of the claims in the set, in its order."""
    items = claim_set.items.filter(claim__in=claims).order_by("position", "pk")
    return list(items.values_list("claim", flat=True))


_IN_TEXT = ("snapshot_id", "start", "pk")


def _with_everything(keys: list[int]) -> ClaimQuerySet:
    # Texts of whole documents stay in the database: an export names their hashes.
    appearances = Appearance.objects.last_known().with_document().defer("snapshot__text").order_by(*_IN_TEXT)
    evidence = Evidence.objects.in_force().with_document().select_related("snapshot").defer("snapshot__text")
    return (
        Claim.objects.filter(pk__in=keys)
        .select_related("verdict", "standing__author", "standing__decided_by")
        .prefetch_related(
            "tags",
            Prefetch("appearances", queryset=appearances),
            Prefetch("evidence", queryset=evidence),
        )
    )


def claim_record(claim: Claim) -> ClaimRecord:
    """One claim, with retracted evidence left out; relations used are best prefetched."""
    verdict = claim.verdict
    return {
        "reference": claim.reference,
        "url": f"{settings.PUBLIC_URL}{claim.get_absolute_url()}",
        "assertion": claim.assertion,
        "kind": claim.kind,
        "speaker": claim.speaker,
        "as_of": claim.as_of,
        "reference_period": claim.reference_period,
        "tags": sorted(tag.name for tag in claim.tags.all()),
        "stage": claim.stage,
        "is_due": claim.is_due,
        "recheck_on": claim.recheck_on,
        "verdict": {"key": verdict.key, "name": verdict.name, "rating": verdict.rating} if verdict else None,
        "assessment": _assessment(claim.standing) if claim.standing else None,
        "appearances": [_appearance(appearance) for appearance in claim.appearances.all()],
        "evidence": [_evidence(evidence) for evidence in claim.evidence.all()],
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
    }


def _appearance(appearance: Appearance) -> AppearanceRecord:
    snapshot = appearance.snapshot
    document = snapshot.document
    return {
        "document": document.title,
        "url": document.url,
        "source": document.source.name,
        "published_on": document.published_on,
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
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
