"""Saying that the check of a document is complete, and that it no longer is.

No document may be complete while a claim in it is unresolved, so whatever opens a claim locks its documents, too, and
whoever declares a document complete takes that lock before reading its claims. Locks are taken in one order everywhere:
claims, then documents, each by key, then sentences.
"""

from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission, lock, short_note, touch
from claims.choices import Permission, RecordAct
from claims.models import Appearance, Claim, Document, Snapshot, User
from claims.reading.missing import Missing, missing
from claims.workflow import Refusal, RefusalKind, Refused


@transaction.atomic
def lapse(document: Document, *, by: User, reason: str) -> bool:
    """End the completeness of the check, if it is complete, with one event that says why; whether it was.

    Locks the document either way: a completeness that is being declared at this moment is seen, or sees what was done.
    """
    lock(document)
    if not document.is_complete:
        return False
    touch(document, RecordAct.LAPSE, by=by, reason=reason, completed_by=None, completed_at=None)
    return True


def lapse_text(snapshot: Snapshot, *, by: User, reason: str) -> None:
    """As `lapse`, of the snapshot's document; older texts than its latest do not count."""
    document = snapshot.document
    lock(document)
    if document.is_complete and not snapshot.later().exists():
        lapse(document, by=by, reason=reason)


def lapse_claim(claim: Claim, *, by: User, reason: str) -> None:
    """As `lapse`, of every document whose latest text has the claim, which is locked and about to change."""
    appearances = Appearance.objects.filter(claim=claim)
    documents = Document.objects.filter(pk__in=appearances.values("snapshot__document"))
    for document in documents.order_by("pk").select_for_update(no_key=True):
        if document.is_complete and appearances.filter(snapshot=document.latest_snapshot()).exists():
            lapse(document, by=by, reason=reason)


class Incomplete(Refused):
    """A check that is not complete; `missing` says what is to be done first."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(Refusal(RefusalKind.STAGE, f"The check is not complete: {', '.join(missing.reasons)}."))
        self.missing = missing


@transaction.atomic
def declare_complete(document: Document, *, by: User) -> None:
    """Say that the check of the latest text is complete. Does nothing when it is known to be.

    Raises Incomplete while a sentence is undecided, a claim unresolved, or a passage of the draft not decided on.
    """
    check_permission(by, Permission.WORK)
    lock(document)
    if document.is_complete:
        return
    if lacking := missing(document):
        raise Incomplete(lacking)
    touch(document, RecordAct.COMPLETE, by=by, completed_by=by, completed_at=timezone.now())


@transaction.atomic
def reopen(document: Document, *, by: User, reason: str = "") -> None:
    """Take the completeness of the check back. Does nothing when it is not complete."""
    check_permission(by, Permission.WORK)
    lapse(document, by=by, reason=short_note(reason))
