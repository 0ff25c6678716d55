"""SQLite: a table of FTS5, which lists matches by rowid, newest first, without reading them all."""

from collections.abc import Sequence

from django.db import connection

from claims.search.query import Query, Term


def expression(query: Query) -> str:
    wanted = " AND ".join(map(_term, query.wanted))
    if not query.unwanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(map(_term, query.unwanted))})"


def _term(term: Term) -> str:
    # Words are letters and digits only, so nothing in the quotes can end them.
    return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'


def write(entries: Sequence[tuple[int, list[str]]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO claims_search (rowid, words) VALUES (%s, %s)",
            [(pk, " ".join(words)) for pk, words in entries],
        )


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_search")


def tidy() -> None:
    """Merge what many small writes left behind."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO claims_search (claims_search) VALUES ('optimize')")
