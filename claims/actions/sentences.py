"""Deciding what sentences are: one by one, or many at once."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims.actions.changes import check_permission, check_version, lock
from claims.actions.completion import lapse_text
from claims.actions.values import check_values
from claims.choices import Disposition, Permission, RecordAct
from claims.models import Document, Event, Sentence, Snapshot, User
from claims.models.event import Changes
from claims.workflow import Refusal, RefusalKind, Refused

BATCH = 500
"""At most so many sentences are decided in one act."""


IN_BULK = frozenset(Disposition) - {Disposition.CLAIM}
"""A claim takes words of its own, so claims are made one by one."""


class Batch(NamedTuple):
    """What came of an act on many sentences: its key, how many it changed, and how many it had to leave as they are."""

    key: uuid.UUID
    done: int
    left: int


class Overtaken(Refused):
    """A newer text of the document has come in: what its sentences are is decided there."""

    def __init__(self) -> None:
        reason = "Not done: a newer text of this document has come in. Go on with the sentences of that one."
        super().__init__(Refusal(RefusalKind.STAGE, reason))


def check_is_latest(snapshot: Snapshot) -> None:
    """Raises Overtaken for an older text. Under the lock of the document, or a draft may come right behind it."""
    if snapshot.later().exists():
        raise Overtaken


@transaction.atomic
def decide(sentence: Sentence, disposition: Disposition | None, *, by: User, **values: Any) -> None:
    """As `dispose`, for a person at a page: raises Overtaken where the decision would not reach the newest text."""
    check_permission(by, Permission.WORK)
    lock(sentence.snapshot.document)
    check_is_latest(sentence.snapshot)
    dispose(sentence, disposition, by=by, **values)


@transaction.atomic
def dispose(
    sentence: Sentence, disposition: Disposition | None, *, by: User, note: str = "", version: int | None = None
) -> None:
    """Decide what a sentence is, or with None make it undecided again. One event on the document's chain.

    Does nothing when that is what it is already, with this note. Raises StaleVersion when someone has decided otherwise
    since the `version` that the person saw.
    """
    check_permission(by, Permission.WORK)
    wanted, note = disposition or "", note if disposition else ""
    check_values(sentence, {"disposition": wanted, "note": note})
    document = sentence.snapshot.document
    lock(document)
    lock(sentence)
    if (sentence.disposition, sentence.note) == (wanted, note):
        return
    check_version(sentence, version)
    changes = _changes(sentence, wanted, note)
    decision = _decision(wanted, note, by)
    for name, value in decision.items():
        setattr(sentence, name, value)
    sentence.version += 1
    sentence.save(update_fields=[*decision, "version"])
    Event.objects.append(document, RecordAct.DISPOSE, by=by, changes=changes, subject=sentence)
    if not disposition:
        lapse_text(sentence.snapshot, by=by, reason=f"Sentence {sentence.number} is undecided again.")


@transaction.atomic
def dispose_many(
    snapshot: Snapshot, seen: Mapping[int, int], disposition: Disposition, *, by: User, note: str = ""
) -> Batch:
    """Decide at once what many sentences of a text are; one event for each, and a constant number of queries.

    `seen` are the versions that the person saw, by sentence id. What somebody has decided since is left as it is.
    Raises ValidationError for what is not IN_BULK, and for more than BATCH sentences, and Overtaken in an older text.
    """
    check_permission(by, Permission.WORK)
    if disposition not in IN_BULK:
        raise ValidationError({"disposition": "Many sentences cannot be decided to be that. Make claims one by one."})
    if len(seen) > BATCH:
        raise ValidationError(f"At most {BATCH} sentences can be decided at once; these are {len(seen)}.")
    check_values(Sentence(), {"disposition": disposition, "note": note})
    lock(snapshot.document)
    check_is_latest(snapshot)
    undecided = snapshot.sentences.undecided().filter(pk__in=seen).order_by("number")
    found = [sentence for sentence in undecided if sentence.version == seen[sentence.pk]]
    batch = uuid.uuid4()
    dispose_all(snapshot.document, found, disposition, note, by=by, batch=batch)
    return Batch(batch, len(found), len(seen) - len(found))


@transaction.atomic
def undo_batch(document: Document, batch: uuid.UUID, *, by: User) -> int:
    """Make undecided again what an act on many sentences decided, but for those that somebody touched since.

    A draft that came since has the decisions of the sentences it kept, so they are undone in the newest text. Returns
    how many that were. A second call finds none left.
    """
    check_permission(by, Permission.WORK)
    lock(document)
    snapshot = document.latest_snapshot()
    found = list(snapshot.sentences.filter(batch=batch).order_by("number")) if snapshot else []
    dispose_all(document, found, None, "", by=by)
    if snapshot and found:
        snapshot.document = document
        lapse_text(snapshot, by=by, reason=f"{len(found)} of its sentences are undecided again.")
    return len(found)


def dispose_all(
    document: Document,
    sentences: Iterable[Sentence],
    disposition: Disposition | None,
    note: str,
    *,
    by: User,
    batch: uuid.UUID | None = None,
) -> None:
    """Write one decision on all of them, read just now under the lock of the document; checks nothing."""
    found = list(sentences)
    wanted = disposition or ""
    changes = [_changes(sentence, wanted, note) for sentence in found]
    decision = _decision(wanted, note, by, batch)
    Sentence.objects.filter(pk__in=[one.pk for one in found]).update(**decision, version=F("version") + 1)
    Event.objects.append_many(document, RecordAct.DISPOSE, by=by, changes=changes, subjects=found)


def _changes(sentence: Sentence, disposition: str, note: str) -> Changes:
    changes: Changes = {"disposition": [sentence.disposition, disposition], "sentence": [None, sentence.number]}
    return changes | ({"note": [sentence.note, note]} if sentence.note != note else {})


def _decision(disposition: str, note: str, by: User, batch: uuid.UUID | None = None) -> dict[str, Any]:
    """The columns of a sentence that a decision sets, but for its version."""
    now = timezone.now()
    return {
        "disposition": disposition,
        "note": note,
        "decided_by": by if disposition else None,
        "decided_at": now if disposition else None,
        "changed_at": now,
        "batch": batch,
    }
