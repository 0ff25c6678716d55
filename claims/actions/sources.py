"""Sources: admins add and grade them."""

from typing import Any

from django.db import transaction

from claims.actions.changes import change, check_permission, initial
from claims.choices import Permission, RecordAct
from claims.models import Event, Source, User

FIELDS = ("name", "kind", "homepage", "country", "reliability", "reliability_reason")


@transaction.atomic
def add_source(*, by: User, **fields: Any) -> Source:
    """A new source; `fields` as in FIELDS."""
    check_permission(by, Permission.MANAGE_SOURCES)
    source = Source.objects.create(**fields)
    Event.objects.record(source, RecordAct.ADD, by=by, changes=initial(source, *FIELDS))
    return source


def edit_source(source: Source, *, by: User, version: int, **fields: Any) -> None:
    """Change a source; a new reliability letter comes with its reason in `reliability_reason`."""
    check_permission(by, Permission.MANAGE_SOURCES)
    change(source, RecordAct.CHANGE, by=by, version=version, values=fields)
