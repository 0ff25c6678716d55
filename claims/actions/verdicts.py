"""The verdict scale: admins add, change and retire its entries."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from claims.actions.changes import amend, change, check_permission, initial, lock
from claims.actions.values import check_record, unique
from claims.choices import Permission, RecordAct
from claims.models import Event, User, Verdict

FIELDS = ("key", "name", "meaning", "mark", "rating", "position")
TAKEN = "A verdict with this name or key is stored already."


@transaction.atomic
def add_verdict(*, by: User, **fields: Any) -> Verdict:
    """A new entry of the scale; `fields` as in FIELDS."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    verdict = Verdict(**fields)
    check_record(verdict)
    with unique("name", TAKEN):
        verdict.save(force_insert=True)
    Event.objects.record(verdict, RecordAct.ADD, by=by, changes=initial(verdict, *FIELDS))
    return verdict


@transaction.atomic
def edit_verdict(verdict: Verdict, *, by: User, version: int | None = None, **fields: Any) -> None:
    """Change an entry. Its key stays once it is used: exports and saved links carry it.

    Does nothing when nothing differs.
    """
    check_permission(by, Permission.MANAGE_VERDICTS)
    if fields.get("key", verdict.key) != verdict.key and verdict.assessments.exists():
        raise ValidationError({"key": "This verdict is in use; its key cannot change."})
    with unique("name", TAKEN):
        amend(verdict, RecordAct.CHANGE, by=by, version=version, values=fields)


@transaction.atomic
def retire_verdict(verdict: Verdict, *, by: User) -> None:
    """Offer the entry no longer; claims that have it keep it. Does nothing when it is retired already."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    lock(verdict)
    if verdict.retired_at is None:
        change(verdict, RecordAct.RETIRE, by=by, values={"retired_at": timezone.now()})


@transaction.atomic
def unretire_verdict(verdict: Verdict, *, by: User) -> None:
    """Offer a retired entry again. Does nothing when it is in use."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    lock(verdict)
    if verdict.retired_at is not None:
        change(verdict, RecordAct.UNRETIRE, by=by, values={"retired_at": None})


@transaction.atomic
def delete_verdict(verdict: Verdict, *, by: User) -> None:
    """Delete an entry that was never used. Raises ValidationError for one in use: retire it instead."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    Event.objects.record(verdict, RecordAct.DELETE, by=by, changes={"key": [verdict.key, None]})
    try:
        verdict.delete()
    except ProtectedError as error:
        raise ValidationError("This verdict is in use. Retire it instead.") from error
