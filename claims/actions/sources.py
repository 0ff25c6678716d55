"""Sources: admins add and grade them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from claims.actions.changes import amend, check_permission, initial
from claims.actions.values import check_record, unique
from claims.choices import Permission, RecordAct, Reliability
from claims.models import Event, Source, User

FIELDS = ("name", "kind", "homepage", "country", "reliability", "reliability_reason")
_NAME_TAKEN = "There is a source of this name already."


@transaction.atomic
def add_source(*, by: User, **fields: Any) -> Source:
    """A new source; `fields` as in FIELDS. Raises ValidationError on `name` when a source has it, in whatever case."""
    check_permission(by, Permission.MANAGE_SOURCES)
    source = Source(**fields)
    check_record(source)
    _check_grade(source.reliability, source.reliability_reason)
    _check_name(source)
    with unique("name", _NAME_TAKEN):
        source.save(force_insert=True)
    Event.objects.record(source, RecordAct.ADD, by=by, changes=initial(source, *FIELDS))
    return source


@transaction.atomic
def edit_source(source: Source, *, by: User, version: int, **fields: Any) -> None:
    """Change a source; a reliability letter other than F comes with its reason. Raises as add_source.

    Does nothing when nothing differs.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    letter = fields.get("reliability", source.reliability)
    _check_grade(letter, fields.get("reliability_reason", source.reliability_reason))
    _check_name(Source(pk=source.pk, name=fields.get("name", source.name)))
    with unique("name", _NAME_TAKEN):
        amend(source, RecordAct.CHANGE, by=by, version=version, values=fields)


def _check_name(source: Source) -> None:
    if namesake := Source.objects.exclude(pk=source.pk).filter(name__iexact=source.name).first():
        raise ValidationError({"name": f"There is a source of this name already: {namesake}."})


def _check_grade(letter: str, reason: str) -> None:
    if letter != Reliability.F and not reason.strip():
        raise ValidationError({"reliability_reason": "Say why: a reliability letter always carries its reason."})
