"""Evidence: adding a link, changing what is said about it, retracting it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import (
    check_permission,
    check_version,
    difference,
    initial,
    lock,
    overwrite,
    permit,
    required_reason,
    touch,
)
from claims.actions.documents import page_key
from claims.actions.publishers import publisher_of, standing_now
from claims.actions.quotes import PLACE, moved, place_of, place_quote, require_in_force
from claims.actions.values import check_record, unique
from claims.choices import Act, Permission, RecordAct, Stage
from claims.models import Claim, Document, Event, Evidence, Source, User, Working

CONTENT = (
    *("stance", "finding", "quote", "locator", "credibility", "provenance", "was_read", "accessed_on"),
    *("method", "alone_verdict", "alone_says"),
)


@transaction.atomic
def document_for_url(url: str, *, by: User, title: str = "", source: Source | None = None, **fields: Any) -> Document:
    """The document with this address: the stored one when the normalised address is known, else a new one.

    A new address without a source goes to the source with that site, or else to a new source named after
    the host, with reliability F ("cannot be judged") until an admin grades it.
    Raises links.LinkError for an address that may not be stored.
    """
    check_permission(by, Permission.WORK)
    key = page_key(url)
    if known := Document.objects.filter(url_key=key).select_related("source").first():
        return known
    publisher = standing_now(source or publisher_of(url, by=by))
    document = Document(source=publisher, title=title or url[:300], url=url, url_key=key, added_by=by, **fields)
    check_record(document)
    try:
        with unique("url", "This address is stored already."):
            document.save(force_insert=True)
    except ValidationError:  # someone else stored it a moment ago
        return Document.objects.select_related("source").get(url_key=key)
    changes = initial(document, "source", "title", "url", "published_on")
    Event.objects.record(document, RecordAct.ADD, by=by, changes=changes)
    return document


@transaction.atomic
def add_evidence(claim: Claim, document: Document, *, by: User, stance: str, **content: Any) -> Evidence:
    """Put a document forward for or against a claim. `content` as in CONTENT. A verified claim falls due."""
    permit(Act.ADD_EVIDENCE, claim, by=by)
    evidence = Evidence(claim=claim, document=document, stance=stance, added_by=by, **content)
    check_record(evidence)
    _check_content(evidence.quote, evidence.finding)
    if evidence.quote:
        lock(document)  # a capture that is being stored looks for the quotes it knows of
    place_quote(evidence)
    evidence.save(force_insert=True)
    changes = {"document": [None, document.title]} | initial(evidence, *CONTENT)
    _touch_claim(claim, Act.ADD_EVIDENCE, by=by, changes=changes, subject=evidence, why="Evidence was added.")
    return evidence


@transaction.atomic
def edit_evidence(evidence: Evidence, *, by: User, version: int, **content: Any) -> None:
    """Change what is said about a piece of evidence. `content` as in CONTENT. Does nothing when nothing differs."""
    claim = evidence.claim
    permit(Act.EDIT_EVIDENCE, claim, by=by)
    lock(evidence)
    require_in_force(evidence)
    check_version(evidence, version)
    if not difference(evidence, content):
        return
    _check_content(content.get("quote", evidence.quote), content.get("finding", evidence.finding))
    changes, before = overwrite(evidence, content), place_of(evidence)
    if "quote" in changes:
        place_quote(evidence)
        evidence.save(update_fields=PLACE)
        changes |= moved(before, evidence)
    _touch_claim(claim, Act.EDIT_EVIDENCE, by=by, changes=changes, subject=evidence, why="Its evidence was edited.")


@transaction.atomic
def retract_evidence(evidence: Evidence, *, by: User, reason: str) -> None:
    """Take a piece of evidence out of the balance; it stays on record with the reason."""
    claim = evidence.claim
    permit(Act.RETRACT_EVIDENCE, claim, by=by)
    lock(evidence)
    require_in_force(evidence)
    reason = required_reason(reason)
    values = {"retracted_at": timezone.now(), "retracted_by": by, "retraction_reason": reason}
    overwrite(evidence, values)
    changes = {"document": [evidence.document.title, None]}
    has_figures = Working.objects.citing(evidence).exists()
    why = "Evidence on which its working rests was retracted." if has_figures else "Evidence was retracted."
    _touch_claim(claim, Act.RETRACT_EVIDENCE, by=by, changes=changes, subject=evidence, why=why, reason=reason)


def _check_content(quote: str, finding: str) -> None:
    if not quote and not finding:
        raise ValidationError({"quote": "Quote what it says, or say it in your words."})


def _touch_claim(
    claim: Claim, act: Act, *, by: User, changes: dict[str, Any], subject: Evidence, why: str, reason: str = ""
) -> None:
    due = {"due_at": timezone.now(), "due_reason": why} if claim.stage == Stage.VERIFIED and not claim.due_at else {}
    touch(claim, act, by=by, changes=changes, subject=subject, reason=reason, **due)
