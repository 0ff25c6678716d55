"""Sources: admins add and grade them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims.actions.changes import change, check_permission, initial
from claims.choices import Permission, RecordAct
from claims.models import Event, Source, User
from claims.models.source import SourceQuerySet

FIELDS = ("name", "kind", "homepage", "country", "reliability", "reliability_reason")


@transaction.atomic
def add_source(*, by: User, **fields: Any) -> Source:
    """A new source; `fields` as in FIELDS. Raises ValidationError on `name` when a source has it."""
    check_permission(by, Permission.MANAGE_SOURCES)
    with _own_name(fields, Source.objects.all()):
        source = Source.objects.create(**fields)
    Event.objects.record(source, RecordAct.ADD, by=by, changes=initial(source, *FIELDS))
    return source


def edit_source(source: Source, *, by: User, version: int, **fields: Any) -> None:
    """Change a source; a new reliability letter comes with its reason in `reliability_reason`. Raises as add_source."""
    check_permission(by, Permission.MANAGE_SOURCES)
    with _own_name(fields, Source.objects.exclude(pk=source.pk)):
        change(source, RecordAct.CHANGE, by=by, version=version, values=fields)


@contextmanager
def _own_name(fields: dict[str, Any], others: SourceQuerySet) -> Iterator[None]:
    """Refuses a name that one of the others has, in whatever case, even if it gets it at the same moment."""
    if namesake := others.filter(name__iexact=fields["name"]).first() if "name" in fields else None:
        raise ValidationError({"name": f"There is a source of this name already: {namesake}."})
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError({"name": "There is a source of this name already."}) from error
