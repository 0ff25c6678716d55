"""What several nouns share: locks, a version for optimistic locking, a change time, and constraint builders."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from django.db import connection, models
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


def lock_rows(rows: "models.QuerySet[Any]") -> None:
    """As `lock`, for many rows of a table, by key: whoever locks some of them in another order waits in a circle."""
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


class Gate(IntEnum):
    """What is decided by more rows than one transaction can lock. The numbers are PostgreSQL's advisory keys."""

    LINEAGE = 4_006  # which document came out of which
    PUBLISHERS = 4_007  # which source a document goes to
    RELEASES = 4_008  # which number a release gets


def pass_gate(gate: Gate, *, beside_others: bool = False) -> None:
    """Let nobody else through until this transaction ends; `beside_others` lets those through who say so, too.

    To be taken before rows are locked. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock_shared" if beside_others else "pg_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [gate.value])


def one_of(field: str, values: Iterable[str | int], *, table: str) -> models.CheckConstraint:
    """The column holds one of the enumerated values, whoever writes it."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(values)}), name=f"{table}_{field}_is_known")
