"""How many independent voices speak for and against a claim."""

from collections.abc import Hashable, Iterable

from claims.choices import Credibility
from claims.independence import Independence, independence
from claims.models import Appearance, Claim, Document, Evidence

MOST_PLACES = 200  # documents that make one claim, looked at


def traits(document: Document) -> frozenset[Hashable]:
    """Where a document comes from: it and those before it in its lineage, and who published each of them."""
    lineage = document.lineage
    works = {("document", one.pk) for one in lineage}
    return frozenset(works | {("source", one.source_id) for one in lineage})


def own_traits(claim: Claim) -> frozenset[Hashable]:
    """The documents that make the claim, and who published them: they speak with one voice, the author's. One query."""
    places = (
        Appearance.objects.filter(claim=claim)
        .order_by()
        .values_list("snapshot__document", "snapshot__document__source")
    )
    found: set[Hashable] = set()
    for document, source in places.distinct()[:MOST_PLACES]:
        found |= {("document", document), ("source", source)}
    return frozenset(found)


def voices(pieces: Iterable[Evidence], own: frozenset[Hashable]) -> Independence:
    """Load the pieces with `with_document`, else each asks for its lineage."""
    return independence([traits(piece.document) for piece in pieces], own)


def questioned(pieces: Iterable[Evidence], found: Independence) -> frozenset[int]:
    """Keys of the pieces graded 1, "confirmed by other sources", when there is no other source among them."""
    if found.sources > 1:
        return frozenset()
    return frozenset(piece.pk for piece in pieces if piece.credibility == Credibility.CONFIRMED)


def is_questioned(piece: Evidence) -> bool:
    """As `questioned`, of one piece beside those that speak for the same side. At most two queries."""
    if piece.is_retracted or piece.credibility != Credibility.CONFIRMED:
        return False
    beside = list(piece.claim.evidence.in_force().filter(stance=piece.stance).with_document())
    return piece.pk in questioned(beside, voices(beside, own_traits(piece.claim)))
