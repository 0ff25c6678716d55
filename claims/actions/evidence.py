"""Evidence: adding a link, changing what is said about it, retracting it."""

from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims import links, passages
from claims.actions.changes import check_permission, initial, lock, overwrite, required_reason, touch
from claims.choices import Act, Permission, RecordAct, Reliability, Stage
from claims.models import Claim, Document, Event, Evidence, Source, User
from claims.workflow import Refusal, RefusalKind, Refused, check

CONTENT = ("stance", "finding", "quote", "locator", "credibility", "provenance", "was_read", "accessed_on")


def source_for_url(url: str) -> Source | None:
    """The source whose homepage shares the address's host, `www.` aside; None when none does."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    if not host:
        return None
    near = Source.objects.filter(homepage__icontains=host)
    return next((s for s in near if (urlsplit(s.homepage).hostname or "").removeprefix("www.") == host), None)


@transaction.atomic
def document_for_url(url: str, *, by: User, title: str = "", source: Source | None = None, **fields: Any) -> Document:
    """The document with this address: the stored one when the normalised address is known, else a new one.

    A new address without a source goes to the source with that homepage, or else to a new source named after
    the host, with reliability F ("cannot be judged") until an admin grades it.
    Raises links.LinkError for an address that may not be stored.
    """
    check_permission(by, Permission.WORK)
    links.validate_url(url)
    key = links.url_key(url)
    if known := Document.objects.filter(url_key=key).select_related("source").first():
        return known
    publisher = source or source_for_url(url) or _ungraded_source(url, by=by)
    document = Document(source=publisher, title=title or url[:300], url=url, url_key=key, added_by=by, **fields)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        return Document.objects.select_related("source").get(url_key=key)
    changes = initial(document, "source", "title", "url", "published_on")
    Event.objects.record(document, RecordAct.ADD, by=by, changes=changes)
    return document


def _ungraded_source(url: str, *, by: User) -> Source:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    source, is_new = Source.objects.get_or_create(
        name=host, defaults={"homepage": f"{parts.scheme}://{parts.netloc}/", "reliability": Reliability.F}
    )
    if is_new:
        reason = "Added with the first link to it; not graded yet."
        Event.objects.record(
            source, RecordAct.ADD, by=by, changes=initial(source, "name", "homepage", "reliability"), reason=reason
        )
    return source


@transaction.atomic
def add_evidence(claim: Claim, document: Document, *, by: User, stance: str, **content: Any) -> Evidence:
    """Put a document forward for or against a claim. `content` as in CONTENT. A verified claim falls due."""
    check(Act.ADD_EVIDENCE, claim.facts_for(by))
    evidence = Evidence(claim=claim, document=document, stance=stance, added_by=by, **content)
    place_quote(evidence)
    evidence.save(force_insert=True)
    changes = {"document": [None, document.title]} | initial(evidence, *CONTENT)
    _touch_claim(claim, Act.ADD_EVIDENCE, by=by, changes=changes, subject=evidence, why="Evidence was added.")
    return evidence


@transaction.atomic
def edit_evidence(evidence: Evidence, *, by: User, version: int, **content: Any) -> None:
    """Change what is said about a piece of evidence. `content` as in CONTENT. Does nothing when nothing differs."""
    claim = evidence.claim
    check(Act.EDIT_EVIDENCE, claim.facts_for(by))
    require_in_force(evidence)
    changes = overwrite(evidence, content, version=version)
    if not changes:
        return
    if "quote" in changes:
        place_quote(evidence)
        evidence.save(update_fields=["snapshot", "start", "end"])
    _touch_claim(claim, Act.EDIT_EVIDENCE, by=by, changes=changes, subject=evidence, why="Its evidence was edited.")


@transaction.atomic
def retract_evidence(evidence: Evidence, *, by: User, reason: str) -> None:
    """Take a piece of evidence out of the balance; it stays on record with the reason."""
    claim = evidence.claim
    check(Act.RETRACT_EVIDENCE, claim.facts_for(by))
    lock(evidence)
    evidence.refresh_from_db(fields=["version", "retracted_at", "retracted_by", "retraction_reason"])
    require_in_force(evidence)
    reason = required_reason(reason)
    values = {"retracted_at": timezone.now(), "retracted_by": by, "retraction_reason": reason}
    overwrite(evidence, values)
    changes = {"document": [evidence.document.title, None]}
    why = "Evidence was retracted."
    _touch_claim(claim, Act.RETRACT_EVIDENCE, by=by, changes=changes, subject=evidence, why=why, reason=reason)


def require_in_force(evidence: Evidence) -> None:
    """Raises Refused, with who and why, once the piece is retracted."""
    if evidence.is_retracted:
        told = f"{evidence.retracted_by} retracted this evidence: “{evidence.retraction_reason}” It no longer changes."
        raise Refused(Refusal(RefusalKind.STAGE, told))


def place_quote(evidence: Evidence) -> None:
    """Look for the quote in the newest capture of the document, and note where it was found, if it was."""
    snapshot = evidence.document.latest_snapshot() if evidence.quote else None
    found = passages.find_quote(evidence.quote, snapshot.read()) if snapshot else None
    evidence.snapshot = snapshot
    evidence.start, evidence.end = found or (None, None)


def _touch_claim(
    claim: Claim, act: Act, *, by: User, changes: dict[str, Any], subject: Evidence, why: str, reason: str = ""
) -> None:
    due = {"due_at": timezone.now(), "due_reason": why} if claim.stage == Stage.VERIFIED and not claim.due_at else {}
    touch(claim, act, by=by, changes=changes, subject=subject, reason=reason, **due)
