"""Deciding what a sentence is."""

from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission, lock
from claims.actions.values import check_values
from claims.choices import Disposition, Permission, RecordAct
from claims.models import Event, Sentence, User
from claims.models.event import Changes


@transaction.atomic
def dispose(sentence: Sentence, disposition: Disposition | None, *, by: User, note: str = "") -> None:
    """Decide what a sentence is, or with None make it undecided again. One event on the document's chain.

    Does nothing when that is what it is already, with this note.
    """
    check_permission(by, Permission.WORK)
    check_values(sentence, {"disposition": disposition or "", "note": note})
    document = sentence.snapshot.document
    lock(document)
    lock(sentence)
    if (sentence.disposition, sentence.note) == (disposition or "", note):
        return
    changes: Changes = {"disposition": [sentence.disposition, disposition or ""], "sentence": [None, sentence.number]}
    sentence.disposition = disposition or ""
    sentence.note = note
    sentence.decided_by = by if disposition else None
    sentence.decided_at = timezone.now() if disposition else None
    sentence.save(update_fields=["disposition", "note", "decided_by", "decided_at"])
    Event.objects.append(document, RecordAct.DISPOSE, by=by, changes=changes, subject=sentence)
