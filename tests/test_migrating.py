"""Migrations run past the guards, on a database of their own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from claims import guards
from claims.choices import QuoteStatus
from claims.models import Evidence


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


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the empty database is one of SQLite")
def test_quotes_found_before_they_were_locked_keep_their_words(scratch: str) -> None:
    call_command("migrate", "claims", "0006", database=scratch, verbosity=0)
    guards.step_aside(scratch, plan=["the guards of today"])  # they look at columns that are still to come
    old = MigrationExecutor(connections[scratch]).loader.project_state([("claims", "0006_documents_in")]).apps
    make = {name: old.get_model(f"claims.{name}").objects.using(scratch).create for name in ("User", "Source", "Claim")}
    by, source = make["User"](username="someone"), make["Source"](name="A source")
    claim = make["Claim"](assertion="Japan is tenth.", kind="ranking", added_by=by)
    document = old.get_model("claims.Document").objects.using(scratch).create(source=source, title="Page", added_by=by)
    text = {"number": 1, "text": "Japan comes tenth.", "text_sha256": "", "raw_sha256": "", "origin": "pasted"}
    snapshot = old.get_model("claims.Snapshot").objects.using(scratch).create(document=document, taken_by=by, **text)
    place = {"quote": "comes tenth", "snapshot": snapshot, "start": 6, "end": 17, "stance": "supports", "added_by": by}
    old.get_model("claims.Evidence").objects.using(scratch).create(claim=claim, document=document, **place)

    call_command("migrate", "claims", database=scratch, verbosity=0)

    [piece] = Evidence.objects.using(scratch)
    assert (piece.exact, piece.places, piece.quote_status) == ("comes tenth", 1, QuoteStatus.FOUND)
