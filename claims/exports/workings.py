"""The working of a claim as every export carries it: the figures as they were typed, and what they give."""

from collections.abc import Mapping
from typing import TypedDict

from claims.models import RankRow, Working, WorkingInput
from claims.working import Problem, Ranked


class ResultRecord(TypedDict):
    """What the figures give when the export is made; `value` is a number, or a place such as "10th"."""

    agrees: bool
    value: str
    says: str
    notes: list[str]


class InputRecord(TypedDict):
    name: str
    value: str
    unit: str
    year: int | None
    evidence: int | None  # the piece in the claim's `evidence`, counted from 0; None when it was retracted


class RowRecord(TypedDict):
    place: int | None  # as the table itself says
    name: str
    value: str
    evidence: int | None  # as above; None also when none is given


class WorkingRecord(TypedDict):
    kind: str
    expected: str
    formula: str
    unit: str
    tolerance: str
    tolerance_in: str
    subject: str
    order: str
    note: str
    inputs: list[InputRecord]
    rows: list[RowRecord]
    result: ResultRecord | None  # None when the figures give nothing


def working_record(working: Working, numbers: Mapping[int, int]) -> WorkingRecord:
    """`numbers` lead from the key of a piece of evidence to its number among the claim's."""
    return {
        "kind": working.kind,
        "expected": working.expected,
        "formula": working.formula,
        "unit": working.unit,
        "tolerance": working.tolerance,
        "tolerance_in": working.tolerance_in,
        "subject": working.subject,
        "order": working.order,
        "note": working.note,
        "inputs": [_input(part, numbers) for part in working.inputs.all()],
        "rows": [_row(part, numbers) for part in working.rows.all()],
        "result": _result(working),
    }


def _input(part: WorkingInput, numbers: Mapping[int, int]) -> InputRecord:
    evidence = numbers.get(part.evidence_id)
    return {"name": part.name, "value": part.value, "unit": part.unit, "year": part.year, "evidence": evidence}


def _row(part: RankRow, numbers: Mapping[int, int]) -> RowRecord:
    evidence = numbers.get(part.evidence_id) if part.evidence_id else None
    return {"place": part.place, "name": part.name, "value": part.value, "evidence": evidence}


def _result(working: Working) -> ResultRecord | None:
    try:
        result = working.result()
    except Problem:
        return None
    value = result.place if isinstance(result, Ranked) else f"{result.value:f}"
    return {"agrees": result.agrees, "value": value, "says": str(result), "notes": list(result.notes)}
