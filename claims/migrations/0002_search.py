"""The full-text index: a table of FTS5 on SQLite, a tsvector under a GIN index on PostgreSQL."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import claims.models.search

TABLE = {
    # The prefix indexes make `j*` as cheap as a word.
    "sqlite": (
        "CREATE VIRTUAL TABLE claims_search USING fts5"
        " (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')",
    ),
    "postgresql": (
        # No foreign key: the table is a by-product that `rebuild_search` can always make anew.
        "CREATE TABLE claims_search (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX claims_search_words ON claims_search USING gin (words)",
    ),
}


def create_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TABLE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE claims_search")


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="claims.claim",
                    ),
                ),
                ("words", claims.models.search.IndexedText()),
            ],
            options={"db_table": "claims_search", "managed": False, "verbose_name_plural": "search entries"},
        ),
        migrations.RunPython(create_index, drop_index),
    ]
