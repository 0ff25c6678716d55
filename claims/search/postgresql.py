"""PostgreSQL: a side table with a tsvector under a GIN index.

The planner takes the index for rare words, and walks the claims from the newest for common ones.
"""

from collections.abc import Sequence

from django.db import connection

from claims.search.query import Query, Term


def expression(query: Query) -> str:
    wanted = " & ".join(map(_term, query.wanted))
    unwanted = "".join(f" & !{_term(term)}" for term in query.unwanted)
    return wanted + unwanted


def _term(term: Term) -> str:
    # Words are letters and digits only, so nothing in the quotes can end them.
    words = [f"'{word}'" for word in term.words]
    return f"({' <-> '.join(words)}{':*' if term.is_prefix else ''})"


def _vector(words: Sequence[str]) -> str:
    """A tsvector written out, for our words are not those of PostgreSQL's own parser."""
    return " ".join(f"'{word}':{position}" for position, word in enumerate(words, start=1))


def write(entries: Sequence[tuple[int, list[str]]]) -> None:
    keys, vectors = [pk for pk, _ in entries], [_vector(words) for _, words in entries]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_search (rowid, words)"
            " SELECT entry.pk, entry.words::tsvector FROM unnest(%s::bigint[], %s::text[]) AS entry (pk, words)"
            " ON CONFLICT (rowid) DO UPDATE SET words = excluded.words",
            [keys, vectors],
        )


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_search")


def tidy() -> None:
    """Let the planner know how common each word is."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_search")
