"""The one way in which a versioned record changes: guarded by its version, with one event of what changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from claims import limits
from claims.actions.values import check_text, check_values
from claims.choices import Act, Permission, RecordAct, Stage
from claims.models import Claim, Document, Event, ReleaseCalendar, Source, StaleVersion, User, Verdict, Versioned
from claims.models.base import lock
from claims.models.evidence import Evidence
from claims.workflow import RULES, Refused, check, permission_refusal

__all__ = [
    "amend",
    "change",
    "check_permission",
    "check_version",
    "difference",
    "initial",
    "lock",
    "overwrite",
    "permit",
    "plain",
    "required_reason",
    "short_note",
    "touch",
]


def plain(value: Any) -> Any:
    """A value as history keeps it: JSON, and readable years later without our tables."""
    if isinstance(value, User):
        return value.username
    if isinstance(value, Verdict):
        return value.key
    if isinstance(value, Source | ReleaseCalendar):
        return value.name
    if isinstance(value, Document):
        return value.title
    if isinstance(value, Evidence):
        return f"{value.document.title} (evidence {value.pk})"
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def difference(record: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field to [old, new] for every value that differs from the record's.

    What has a name that another may bear, now or later, is also told by its key, as "source_id": see releases.as_of.
    """
    pairs = {name: [plain(getattr(record, name)), plain(value)] for name, value in values.items()}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    for name, value in values.items():
        if isinstance(old := getattr(record, name), _NAMED) or isinstance(value, _NAMED):
            keys = [one.pk if one else None for one in (old, value)]
            changes |= {f"{name}_id": keys} if keys[0] != keys[1] else {}
    return changes


_NAMED = (Source, ReleaseCalendar, Document)


def initial(record: models.Model, *names: str) -> dict[str, list[Any]]:
    """The first values of a new record, for the event that says it was made; empty ones left out."""
    values = {name: plain(getattr(record, name)) for name in names}
    return {name: [None, value] for name, value in values.items() if value not in (None, "", [])}


def permit(act: Act, claim: Claim, *, by: User, version: int | None = None) -> Stage:
    """Lock the claim, read it anew, and say to which stage the act leads. An action on a claim begins with this.

    Raises Refused when the person may not, and StaleVersion when `version`, the one they saw, is not the claim's now.
    """
    check_permission(by, RULES[act].permission)
    lock(claim)
    claim.forget_pending()
    check_version(claim, version)
    return check(act, claim.facts_for(by))


def check_version(record: Versioned, version: int | None) -> None:
    """Raises StaleVersion when the record, just read, is not at the version that the person saw (None: whatever)."""
    if version is not None and version != record.version:
        raise StaleVersion(record, version)


# None of these makes a savepoint: an action is a transaction of its own, and an error in it undoes all of it.
@transaction.atomic(savepoint=False)
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
    return Event.objects.append(record, act, by=by, changes=changes, reason=reason, subject=subject)


@transaction.atomic(savepoint=False)
def amend(
    record: Versioned,
    act: Act | RecordAct,
    *,
    by: User,
    values: dict[str, Any],
    version: int | None = None,
    also: dict[str, list[Any]] | None = None,
) -> Event | None:
    """Like `change`, but nothing happens when nothing differs: saving the same again is no act."""
    lock(record)
    check_version(record, version)
    if not also and not difference(record, values):
        return None
    return change(record, act, by=by, values=values, also=also)


def overwrite(record: Versioned, values: dict[str, Any], *, version: int | None = None) -> dict[str, list[Any]]:
    """Set `values` if the record still has that version, and say what changed; StaleVersion if it has not.

    Writes no event: for `change`, and for parts of a record whose event goes to the whole's chain.
    Raises ValidationError by field for values that the columns cannot hold.
    """
    check_values(record, values)
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


@transaction.atomic(savepoint=False)
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
    return Event.objects.append(record, act, by=by, changes=changes, reason=reason, subject=subject)


def required_reason(reason: str, field: str = "reason") -> str:
    """The reason, trimmed. Raises ValidationError on that field when it says nothing, or too much."""
    reason = reason.strip()
    # A reason of dots, or of characters that nobody sees, is none.
    if not any(character.isalnum() for character in reason):
        raise ValidationError({field: "Say why, in a sentence."})
    return short_note(reason, field)


def short_note(note: str, field: str = "reason") -> str:
    """A reason that may be left out, trimmed. Raises ValidationError on that field when it says too much."""
    try:
        check_text(note, limits.REASON)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
    return note.strip()


def check_permission(user: User, permission: Permission) -> None:
    """Raises Refused when the person lacks the permission."""
    if denied := permission_refusal(permission, user.held_permissions):
        raise Refused(denied)
