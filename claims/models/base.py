"""What several nouns share: locks, a version for optimistic locking, a change time, and constraint builders."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Versioned(models.Model):
    """A record that two people may edit at once: every change raises `version`, and a save says which it read."""

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class StaleVersion(Exception):
    """A save was based on a version that someone else has changed meanwhile. Holds the record as it is now."""

    def __init__(self, current: Versioned, expected: int) -> None:
        super().__init__(f"{current._meta.label} {current.pk} is at version {current.version}, not {expected}")
        self.current = current
        self.expected = expected


def lock(record: models.Model) -> None:
    """Let no other transaction change the record's row until this one ends, and read its columns anew.

    Related records stay loaded unless the column that leads to them changed. NO KEY lets others go on inserting rows
    that refer to this one. SQLite, which begins every transaction with the one write lock, needs no other.
    """
    rows = type(record)._base_manager.select_for_update(no_key=True).filter(pk=record.pk).values()
    for column, value in rows[0].items():
        setattr(record, column, value)


def one_of(field: str, values: Iterable[str | int], *, table: str) -> models.CheckConstraint:
    """The column holds one of the enumerated values, whoever writes it."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(values)}), name=f"{table}_{field}_is_known")
