"""Saying that a document came out of another one, so that the evidence of both counts as one voice."""

from django.core.exceptions import ValidationError
from django.db import transaction

from claims.actions.changes import amend, check_permission
from claims.choices import Derivation, Permission, RecordAct
from claims.models import Document, User
from claims.models.base import Gate, pass_gate
from claims.models.document import DERIVATION_STEPS


@transaction.atomic
def set_origin(
    document: Document, origin: Document | None, derivation: Derivation | str, *, by: User, version: int | None = None
) -> None:
    """Say which document this one came out of, and how; None and "" for none. Does nothing when that is said already.

    Raises ValidationError on `derived_from` for the document itself, a circle, or a chain of more than three steps,
    and on `derivation` when it is not said how.
    """
    check_permission(by, Permission.WORK)
    # Two who each say half of a circle at once would see neither half of the other.
    pass_gate(Gate.LINEAGE)
    if origin is not None:
        if not derivation:
            raise ValidationError({"derivation": "Say how it came out of that document."})
        _check_chain(document, Document.objects.with_lineage().get(pk=origin.pk))
    values = {"derived_from": origin, "derivation": derivation if origin else ""}
    amend(document, RecordAct.CHANGE, by=by, version=version, values=values)


def _check_chain(document: Document, origin: Document) -> None:
    lineage = origin.lineage
    if document.pk == origin.pk:
        raise ValidationError({"derived_from": "A document cannot come out of itself."})
    if document in lineage:
        raise ValidationError({"derived_from": f"“{origin}” came out of this document: that would be a circle."})
    if len(lineage) + _height(document) > DERIVATION_STEPS:
        told = f"At most {DERIVATION_STEPS} steps from the first document to the last. Name the first one instead."
        raise ValidationError({"derived_from": told})


def _height(document: Document) -> int:
    """How many steps of derivation lie below the document; no more are counted than can be."""
    frontier, height = [document.pk], 0
    while height < DERIVATION_STEPS:
        frontier = list(Document.objects.filter(derived_from__in=frontier).values_list("pk", flat=True))
        if not frontier:
            break
        height += 1
    return height
