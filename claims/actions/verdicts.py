"""The verdict scale: admins add, change and retire its entries."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from claims.actions.changes import change, check_permission, initial
from claims.choices import Permission, RecordAct
from claims.models import Event, User, Verdict

FIELDS = ("key", "name", "meaning", "mark", "rating", "position")


@transaction.atomic
def add_verdict(*, by: User, **fields: Any) -> Verdict:
    """A new entry of the scale; `fields` as in FIELDS."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    verdict = Verdict.objects.create(**fields)
    Event.objects.record(verdict, RecordAct.ADD, by=by, changes=initial(verdict, *FIELDS))
    return verdict


def edit_verdict(verdict: Verdict, *, by: User, version: int | None = None, **fields: Any) -> None:
    """Change an entry. Its key stays once it is used: exports and saved links carry it."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    if fields.get("key", verdict.key) != verdict.key and verdict.assessments.exists():
        raise ValidationError({"key": "This verdict is in use; its key cannot change."})
    change(verdict, RecordAct.CHANGE, by=by, version=version, values=fields)


def retire_verdict(verdict: Verdict, *, by: User) -> None:
    """Offer the entry no longer; claims that have it keep it."""
    check_permission(by, Permission.MANAGE_VERDICTS)
    change(verdict, RecordAct.RETIRE, by=by, values={"retired_at": timezone.now()})


def unretire_verdict(verdict: Verdict, *, by: User) -> None:
    """Offer a retired entry again."""
    check_permission(by, Permission.MANAGE_VERDICTS)
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
