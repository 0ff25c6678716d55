"""The one way in which a versioned record changes: guarded by its version, with one event of what changed."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from claims.choices import Act, Permission, RecordAct
from claims.models import Event, StaleVersion, User, Verdict, Versioned
from claims.workflow import Refused, permission_refusal


def plain(value: Any) -> Any:
    """A value as history keeps it: JSON, and readable years later without our tables."""
    if isinstance(value, User):
        return value.username
    if isinstance(value, Verdict):
        return value.key
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def difference(record: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Field to [old, new] for every value that differs from the record's."""
    pairs = {name: [plain(getattr(record, name)), plain(value)] for name, value in values.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def initial(record: models.Model, *names: str) -> dict[str, list[Any]]:
    """The first values of a new record, for the event that says it was made; empty ones left out."""
    values = {name: plain(getattr(record, name)) for name in names}
    return {name: [None, value] for name, value in values.items() if value not in (None, "", [])}


@transaction.atomic
def change(
    record: Versioned,
    act: Act | RecordAct,
    *,
    by: User,
    values: dict[str, Any],
    version: int | None = None,
    reason: str = "",
    subject: models.Model | None = None,
    also: dict[str, list[Any]] | None = None,
) -> Event:
    """Set `values` on the record, raise its version, write one event.

    `version` is the one the person saw (the loaded one when None); StaleVersion is raised, with the
    record as it is now, when another save came first. `also` adds differences kept in other tables.
    """
    changes = overwrite(record, values, version=version) | (also or {})
    return Event.objects.record(record, act, by=by, changes=changes, reason=reason, subject=subject)


def overwrite(record: Versioned, values: dict[str, Any], *, version: int | None = None) -> dict[str, list[Any]]:
    """Set `values` if the record still has that version, and say what changed; StaleVersion if it has not.

    Writes no event: for `change`, and for parts of a record whose event goes to the whole's chain.
    """
    changes = difference(record, values)
    expected = record.version if version is None else version
    fresh = {**values, "changed_at": timezone.now()}
    manager = type(record)._base_manager
    if not manager.filter(pk=record.pk, version=expected).update(version=F("version") + 1, **fresh):
        raise StaleVersion(manager.get(pk=record.pk), expected)
    for name, value in fresh.items():
        setattr(record, name, value)
    record.version = expected + 1
    return changes


@transaction.atomic
def touch(
    record: Versioned,
    act: Act | RecordAct,
    *,
    by: User,
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
    subject: models.Model | None = None,
    **values: Any,
) -> Event:
    """Write one event about a part of the record (evidence, a comment): its version stays, its change time moves."""
    changes = (changes or {}) | difference(record, values)
    values["changed_at"] = timezone.now()
    type(record)._base_manager.filter(pk=record.pk).update(**values)
    for name, value in values.items():
        setattr(record, name, value)
    return Event.objects.record(record, act, by=by, changes=changes, reason=reason, subject=subject)


def lock(record: models.Model) -> None:
    """Let no other transaction touch the record's row until this one ends (SQLite locks everything anyway)."""
    list(type(record)._base_manager.select_for_update().filter(pk=record.pk).values_list("pk"))


def required_reason(reason: str, field: str = "reason") -> str:
    """The reason, trimmed. Raises ValidationError on that field when there is none."""
    if reason := reason.strip():
        return reason
    raise ValidationError({field: "Say why, in a sentence."})


def check_permission(user: User, permission: Permission) -> None:
    """Raises Refused when the person lacks the permission."""
    if denied := permission_refusal(permission, user.held_permissions):
        raise Refused(denied)
