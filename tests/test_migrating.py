"""Migrations run past the guards, on a database of their own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from claims import guards


@pytest.fixture
def scratch(django_db_blocker: Any) -> Iterator[str]:
    """The alias of an empty database in memory."""
    connections.databases["scratch"] = {**connection.settings_dict, "NAME": ":memory:"}
    with django_db_blocker.unblock():
        yield "scratch"
        connections["scratch"].close()
    del connections["scratch"], connections.databases["scratch"]


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks into a trigger only when it fires")
def test_guards_wait_for_their_tables_and_let_them_be_rebuilt(scratch: str) -> None:
    call_command("migrate", "contenttypes", database=scratch, verbosity=0)
    call_command("migrate", database=scratch, verbosity=0)
    assert guards.missing(scratch) == []
    guards.step_aside(scratch, plan=["a migration"])
    with connections[scratch].cursor() as cursor:  # what Django does to alter a table
        cursor.execute("CREATE TABLE rebuilt AS SELECT * FROM claims_assessment")
        cursor.execute("DROP TABLE claims_assessment")
        cursor.execute("ALTER TABLE rebuilt RENAME TO claims_assessment")
    guards.install(scratch)
    assert guards.missing(scratch) == []


def test_nothing_to_migrate_leaves_the_guards_in_place(db: None) -> None:
    call_command("migrate", verbosity=0)
    assert guards.missing() == []


def test_the_models_are_as_the_migrations_leave_them(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
