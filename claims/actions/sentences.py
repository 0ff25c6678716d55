"""Deciding what a sentence is."""

from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission, check_version, lock
from claims.actions.completion import lapse_text
from claims.actions.values import check_values
from claims.choices import Disposition, Permission, RecordAct
from claims.models import Event, Sentence, User
from claims.models.event import Changes


@transaction.atomic
def dispose(
    sentence: Sentence, disposition: Disposition | None, *, by: User, note: str = "", version: int | None = None
) -> None:
    """Decide what a sentence is, or with None make it undecided again. One event on the document's chain.

    Does nothing when that is what it is already, with this note. Raises StaleVersion when someone has decided otherwise
    since the `version` that the person saw.
    """
    check_permission(by, Permission.WORK)
    check_values(sentence, {"disposition": disposition or "", "note": note})
    document = sentence.snapshot.document
    lock(document)
    lock(sentence)
    if (sentence.disposition, sentence.note) == (disposition or "", note):
        return
    check_version(sentence, version)
    changes: Changes = {"disposition": [sentence.disposition, disposition or ""], "sentence": [None, sentence.number]}
    sentence.disposition = disposition or ""
    sentence.note = note
    sentence.decided_by = by if disposition else None
    sentence.changed_at = timezone.now()
    sentence.decided_at = sentence.changed_at if disposition else None
    sentence.version += 1
    sentence.batch = None
    sentence.save(update_fields=["disposition", "note", "decided_by", "decided_at", "changed_at", "version", "batch"])
    Event.objects.append(document, RecordAct.DISPOSE, by=by, changes=changes, subject=sentence)
    if not disposition:
        lapse_text(sentence.snapshot, by=by, reason=f"Sentence {sentence.number} is undecided again.")
