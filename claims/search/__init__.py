"""Full text over the assertions of claims, on SQLite (FTS5) and PostgreSQL (tsvector) alike.

What a word is gets decided in Python for both (`words`), and so does the query language (`query`);
the module of a database only stores words and spells a query in its syntax.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol, cast

from django.db import connection, transaction
from django.db.models import F

from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from claims.search import postgresql, sqlite
from claims.search.query import HELP, LIMIT, Query, parse
from claims.search.words import tokens

__all__ = ["HELP", "LIMIT", "NEWEST_FIRST", "Query", "index_claims", "matching", "parse", "rebuild"]

BATCH = 5000
NEWEST_FIRST = ("-found_id",)
"""The order in which the index yields matches: no sorting, so a page of a common word costs what one of a rare does."""


class Engine(Protocol):
    def expression(self, query: Query) -> str: ...
    def write(self, entries: list[tuple[int, list[str]]]) -> None: ...
    def clear(self) -> None: ...
    def tidy(self) -> None: ...


def _engine() -> Engine:
    return cast(Engine, sqlite if connection.vendor == "sqlite" else postgresql)


def matching(claims: ClaimQuerySet, query: Query) -> ClaimQuerySet:
    """The claims whose assertion matches the query's terms, with `found_id` for NEWEST_FIRST.

    The query's people are the caller's business; a query of nothing else finds all, without `found_id`.
    """
    if not query.wanted:
        return claims
    if query.is_hopeless:
        return claims.none()
    found = claims.filter(search_entry__words__matches=_engine().expression(query))
    return found.annotate(found_id=F("search_entry__claim_id"))


def index_claims(ids: Iterable[int]) -> None:
    """Bring the index up to date for these claims. Belongs in the transaction that changed them."""
    for batch in _batches(ids):
        rows = Claim.objects.filter(pk__in=batch).order_by().values_list("pk", "assertion")
        _engine().write([(pk, tokens(assertion)) for pk, assertion in rows])


@transaction.atomic
def rebuild() -> int:
    """Index all claims anew; how many there are."""
    _engine().clear()
    index_claims(Claim.objects.order_by("pk").values_list("pk", flat=True).iterator())
    _engine().tidy()
    return Claim.objects.count()


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
