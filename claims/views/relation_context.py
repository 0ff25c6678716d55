"""A claim's relations to others, read from its own side."""

from dataclasses import dataclass
from typing import Any

from claims.choices import RelationKind
from claims.forms.relations import RelationForm
from claims.models import Claim, Relation

SHOWN = 100

_PASSIVE = {
    RelationKind.DEPENDS_ON: "is a premise of",
    RelationKind.CONTRADICTS: "is contradicted by",
    RelationKind.DUPLICATES: "is duplicated by",
}


@dataclass(frozen=True)
class RelationLine:
    """One relation as a sentence about this claim: it `words` the `other`."""

    relation: Relation
    other: Claim
    words: str


def relations_context(claim: Claim) -> dict[str, Any]:
    """`relations` (lines in both directions, oldest first, at most SHOWN) and `relation_form`."""
    touching = Relation.objects.touching(claim)[:SHOWN]
    return {"relations": [_line(claim, relation) for relation in touching], "relation_form": RelationForm()}


def _line(claim: Claim, relation: Relation) -> RelationLine:
    kind = RelationKind(relation.kind)
    if relation.a_id == claim.pk:
        return RelationLine(relation, relation.b, kind.label)
    return RelationLine(relation, relation.a, _PASSIVE[kind])
