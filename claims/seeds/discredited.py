"""A source that was graded, and discredited later: the claim that rested on it is open again."""

from collections import Counter
from collections.abc import Mapping, Sequence

from claims.actions import sources
from claims.actions.discredit import discredit
from claims.models import User
from claims.seeds.library import ensure_document, ensure_source
from claims.seeds.records import Record
from claims.seeds.work import add_verified_claim


def load(records: Sequence[Record], people: Mapping[str, User]) -> Counter[str]:
    """`records` as in registry.json; how many of each kind were new."""
    new: Counter[str] = Counter()
    for record in records:
        source, is_new = ensure_source(record["source"], by=people["admin"])
        if is_new:
            document, _ = ensure_document(record["document"], source, by=people["analyst"])
            sources.edit_source(source, by=people["admin"], version=source.version, **record["grade"])
            claim = add_verified_claim(record, document, people)
            fall = record["discredit"]
            discredit(source, [claim], by=people["admin"], version=source.version, **fall)
            new += Counter({"sources": 1, "documents": 1, "claims": 1, "discredited": 1})
    return new
