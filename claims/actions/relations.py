"""Relations between claims."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims.actions.changes import touch
from claims.choices import Act, RelationKind
from claims.models import Claim, Relation, User
from claims.workflow import check


def relate(claim: Claim, kind: RelationKind, other: Claim, *, by: User, note: str = "") -> Relation:
    """Say that `claim` depends on, contradicts or duplicates `other`; the event is on the chain of `claim`.

    Raises ValidationError on `other` for the claim itself, a relation that exists, or a cycle of dependence.
    """
    check(Act.RELATE, claim.facts_for(by))
    if claim.pk == other.pk:
        raise ValidationError({"other": "A claim cannot be related to itself."})
    if kind == RelationKind.DEPENDS_ON and dependency_reaches(other, claim):
        raise ValidationError(
            {"other": f"{other.reference} already depends on {claim.reference}: that would be a circle."}
        )
    try:
        with transaction.atomic():
            relation = Relation.objects.create(kind=kind, a=claim, b=other, note=note, added_by=by)
            changes = {RelationKind(kind).value: [None, other.reference]}
            touch(claim, Act.RELATE, by=by, changes=changes, reason=note, subject=relation)
    except IntegrityError as error:
        raise ValidationError({"other": "These two claims are already related so."}) from error
    return relation


@transaction.atomic
def unrelate(relation: Relation, *, by: User) -> None:
    """Remove a relation; the history of its first claim keeps it."""
    claim = relation.a
    check(Act.UNRELATE, claim.facts_for(by))
    changes = {relation.kind: [relation.b.reference, None]}
    touch(claim, Act.UNRELATE, by=by, changes=changes, subject=relation)
    relation.delete()


def dependency_reaches(start: Claim, goal: Claim) -> bool:
    """Whether `start` depends on `goal`, directly or through others."""
    seen: set[int] = set()
    frontier = {start.pk}
    while frontier:
        if goal.pk in frontier:
            return True
        seen |= frontier
        edges = Relation.objects.filter(kind=RelationKind.DEPENDS_ON, a__in=frontier)
        frontier = set(edges.values_list("b", flat=True)) - seen
    return False
