"""The workings of the seeds: a rank table or a formula, with the evidence that each figure rests on."""

from claims.actions.workings import GivenInput, GivenRow, Parts, set_working
from claims.models import Claim, Evidence, User, Working
from claims.seeds.records import Record

_FIELDS = ("kind", "expected", "formula", "unit", "tolerance", "tolerance_in", "subject", "order", "note")


def add_working(claim: Claim, record: Record, *, by: User) -> Working:
    """The claim's working; the `document` of a figure stands for the claim's first piece of evidence from it."""
    pieces: dict[str, Evidence] = {}
    for piece in claim.evidence.in_force().with_document().order_by("-pk"):
        pieces[piece.document.key or ""] = piece
    inputs = [GivenInput(evidence=pieces.get(_document(part)), **_figures(part)) for part in record.get("inputs", [])]
    rows = [GivenRow(evidence=pieces.get(_document(part)), **_figures(part)) for part in record.get("rows", [])]
    content = {name: record[name] for name in _FIELDS if name in record}
    return set_working(claim, by=by, parts=Parts(inputs, rows), **content)


def _document(part: Record) -> str:
    return part["document"] or "none"


def _figures(part: Record) -> Record:
    return {name: value for name, value in part.items() if name != "document"}
