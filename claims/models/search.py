from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from claims.models.claim import Claim


class IndexedText(models.TextField):  # type: ignore[type-arg]
    """Folded words in the shape that the database searches: an FTS5 column, or a tsvector."""


@IndexedText.register_lookup
class Matches(models.Lookup):
    """`words__matches=…`, an expression in the database's own search syntax, as claims.search writes it."""

    lookup_name = "matches"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        template = "{} MATCH {}" if connection.vendor == "sqlite" else "{} @@ {}::tsquery"
        return template.format(left, right), (*left_params, *right_params)


class SearchEntry(models.Model):
    """What the full-text index holds of one claim. Made by migration 0002, written by claims.search only.

    The key is called rowid because that is what FTS5 calls it, and what it can list in order without sorting.
    """

    claim = models.OneToOneField(
        Claim, models.CASCADE, primary_key=True, db_column="rowid", db_constraint=False, related_name="search_entry"
    )
    words = IndexedText()

    class Meta:
        managed = False
        db_table = "claims_search"
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"Search entry of claim {self.pk}"
