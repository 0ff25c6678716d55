"""Relations between claims."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from claims.actions.changes import permit, short_note, touch
from claims.actions.values import check_record, unique
from claims.choices import Act, RelationKind
from claims.models import Claim, Relation, User


@transaction.atomic
def relate(claim: Claim, kind: RelationKind, other: Claim, *, by: User, note: str = "") -> Relation:
    """Say that `claim` depends on, contradicts or duplicates `other`; the event is on the chain of `claim`.

    Raises ValidationError on `other` for the claim itself, a relation that exists, or a cycle of dependence.
    """
    _one_at_a_time()
    permit(Act.RELATE, claim, by=by)
    relation = Relation(kind=kind, a=claim, b=other, note=short_note(note, "note"), added_by=by)
    check_record(relation)
    if claim.pk == other.pk:
        raise ValidationError({"other": "A claim cannot be related to itself."})
    if kind == RelationKind.DEPENDS_ON and dependency_reaches(other, claim):
        raise ValidationError(
            {"other": f"{other.reference} already depends on {claim.reference}: that would be a circle."}
        )
    with unique("other", "These two claims are already related so."):
        relation.save(force_insert=True)
    changes = {relation.kind: [None, other.reference]}
    touch(claim, Act.RELATE, by=by, changes=changes, reason=relation.note, subject=relation)
    return relation


@transaction.atomic
def unrelate(relation: Relation, *, by: User) -> None:
    """Remove a relation; the history of its first claim keeps it. Does nothing when it is gone already."""
    _one_at_a_time()
    claim = relation.a
    permit(Act.UNRELATE, claim, by=by)
    if not Relation.objects.filter(pk=relation.pk).exists():
        return
    changes: dict[str, list[Any]] = {relation.kind: [relation.b.reference, None], "other": [relation.b_id, None]}
    touch(claim, Act.UNRELATE, by=by, changes=changes, subject=relation)
    relation.delete()


def _one_at_a_time() -> None:
    """Let no other relation be made or removed until this transaction ends.

    Two who each add half of a circle at once see neither half of the other. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE claims_relation IN SHARE ROW EXCLUSIVE MODE")


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
