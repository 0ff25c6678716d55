"""Deciding what a sentence is."""

from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission
from claims.choices import Disposition, Permission, RecordAct
from claims.models import Event, Sentence, User
from claims.models.event import Changes


@transaction.atomic
def dispose(sentence: Sentence, disposition: Disposition | None, *, by: User, note: str = "") -> None:
    """Decide what a sentence is, or with None make it undecided again. One event on the document's chain."""
    check_permission(by, Permission.WORK)
    changes: Changes = {"disposition": [sentence.disposition, disposition or ""], "sentence": [None, sentence.number]}
    sentence.disposition = disposition or ""
    sentence.note = note
    sentence.decided_by = by if disposition else None
    sentence.decided_at = timezone.now() if disposition else None
    sentence.save(update_fields=["disposition", "note", "decided_by", "decided_at"])
    document = sentence.snapshot.document
    Event.objects.record(document, RecordAct.DISPOSE, by=by, changes=changes, subject=sentence)
