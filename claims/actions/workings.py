"""The working of a claim: setting, changing and removing it. What cannot be computed is never stored."""

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from claims.actions.changes import check_version, difference, initial, lock, overwrite, permit, required_reason, touch
from claims.actions.values import check_record, check_values
from claims.choices import Act, Stage, WorkingKind
from claims.models import Claim, Evidence, RankRow, StaleVersion, User, Working, WorkingInput
from claims.models.working import columns_of, compute, parts_of, words_of
from claims.working import INPUTS_LIMIT, ROWS_LIMIT, Problem, Ranked, Recomputed, read_number

FIELDS = ("kind", "expected", "formula", "unit", "tolerance", "tolerance_in", "subject", "order", "note")
_ONLY_OF = {WorkingKind.RANK: ("formula",), WorkingKind.FORMULA: ("subject",)}


@dataclass(frozen=True)
class GivenInput:
    """An input as it was typed; its evidence is a piece of the same claim."""

    name: str
    value: str
    evidence: Evidence | None
    unit: str = ""
    year: int | None = None


@dataclass(frozen=True)
class GivenRow:
    """A row of a rank table as it was typed; it may rest on a piece of evidence of the same claim."""

    name: str
    value: str
    place: int | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Parts:
    """The inputs of a formula, or the rows of a rank table, in their order."""

    inputs: Sequence[GivenInput] = ()
    rows: Sequence[GivenRow] = ()


@transaction.atomic
def set_working(claim: Claim, *, by: User, parts: Parts, **content: Any) -> Working:
    """Show how the claim's number or rank follows. `content` as in FIELDS. A verified claim falls due.

    Raises StaleVersion when the claim shows one already, and ValidationError by field, with `inputs` and `rows` for the
    parts: for figures that give no result, and evidence that is retracted or another claim's.
    """
    permit(Act.SET_WORKING, claim, by=by)
    working = Working(claim=claim, added_by=by, **tidied(content))
    check_record(working)
    prepared = _prepared(working, parts)
    if (first := Working.objects.filter(claim=claim).first()) is not None:  # the claim is locked: no race here
        raise StaleVersion(first, 0)
    working.save(force_insert=True)
    _store(working, prepared)
    _touch(claim, Act.SET_WORKING, by=by, changes=_first(working, prepared), subject=working)
    return working


def as_set(working: Working, parts: Sequence[WorkingInput | RankRow]) -> dict[str, Any]:
    """The changes of the event that says that a claim came with this working."""
    return _named(_first(working, parts))


def _first(working: Working, parts: Sequence[WorkingInput | RankRow]) -> dict[str, Any]:
    told = {name: [words_of(part) for part in parts if isinstance(part, kind)] for name, kind in _KINDS.items()}
    return initial(working, *FIELDS) | {name: [[], words] for name, words in told.items() if words}


def _named(changes: dict[str, Any]) -> dict[str, Any]:
    return {f"working.{name}": pair for name, pair in changes.items()}  # a claim has a kind, too


@transaction.atomic
def change_working(working: Working, *, by: User, version: int, parts: Parts, **content: Any) -> None:
    """Change the figures or what is asked of them; does nothing when nothing differs. Raises as `set_working`."""
    claim = working.claim
    permit(Act.EDIT_WORKING, claim, by=by)
    _lock(working, version)
    values, stored = tidied(content), Working.objects.get(pk=working.pk)
    check_values(working, values)
    changes = difference(working, values)
    for name, value in values.items():
        setattr(working, name, value)
    prepared = _prepared(working, parts)
    changes |= _rearranged(stored, prepared)
    if not changes:
        return
    overwrite(working, values)
    _store(working, prepared)
    _touch(claim, Act.EDIT_WORKING, by=by, changes=changes, subject=working)


@transaction.atomic
def remove_working(working: Working, *, by: User, version: int, reason: str) -> None:
    """Take the working away, with the reason; the claim's history keeps its figures."""
    claim = working.claim
    permit(Act.REMOVE_WORKING, claim, by=by)
    _lock(working, version)
    reason = required_reason(reason)
    gone = {name: [pair[1], None] for name, pair in initial(working, *FIELDS).items()}
    gone |= {name: [words, []] for name, words in parts_of(working).items() if words}
    gone |= {"parts": [_columns(_parts_of(working)), []]}
    _touch(claim, Act.REMOVE_WORKING, by=by, changes=gone, reason=reason)
    working.delete()


def _rearranged(stored: Working, prepared: Sequence["_Part"]) -> dict[str, Any]:
    """What differs between the stored parts and these: in words, and as `parts` for whoever reads them again."""
    before = parts_of(stored)
    after = {name: [words_of(part) for part in prepared if isinstance(part, kind)] for name, kind in _KINDS.items()}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    parts = [_columns(_parts_of(stored)), _columns(prepared)]
    return changes | ({"parts": parts} if parts[0] != parts[1] else {})


def _parts_of(working: Working) -> list["_Part"]:
    return [*working.inputs.all(), *working.rows.all()]


def _columns(parts: Sequence["_Part"]) -> list[dict[str, Any]]:
    return [columns_of(part) for part in parts]


def _lock(working: Working, version: int) -> None:
    """Lock the working of a locked claim. Raises StaleVersion when it is not at that version, or was removed."""
    if not Working.objects.filter(pk=working.pk).exists():
        raise StaleVersion(working, version)
    lock(working)
    check_version(working, version)


def preview(claim: Claim, *, by: User, parts: Parts, **content: Any) -> Recomputed | Ranked:
    """What the figures would give, nothing stored. Raises ValidationError as `set_working`."""
    working = Working(claim=claim, added_by=by, **tidied(content))
    check_record(working)
    return _computed(working, _prepared(working, parts))


_Part = WorkingInput | RankRow
_KINDS: dict[str, type[_Part]] = {"inputs": WorkingInput, "rows": RankRow}


def tidied(content: dict[str, Any]) -> dict[str, Any]:
    """The content without what only the other kind of working has, so that each says one thing.

    Raises ValidationError by field for what a working of its kind cannot do without.
    """
    values = content | dict.fromkeys(_ONLY_OF.get(content["kind"], ()), "")
    if not values.get("tolerance"):
        values["tolerance"] = "0"
    missing = {"formula": "Write the formula."} if values["kind"] == WorkingKind.FORMULA else {}
    if values["kind"] == WorkingKind.RANK:
        missing["subject"] = "Say whose place the claim names, as the table names it."
    missing["expected"] = "Say what the claim says."
    if told := {name: message for name, message in missing.items() if not values.get(name)}:
        raise ValidationError(told)
    return values


def _prepared(working: Working, parts: Parts) -> list[_Part]:
    """The parts of the working, checked and computed once, not stored yet."""
    wanted = [RankRow(working=working, **vars(row)) for row in parts.rows] if working.is_rank else []
    prepared: list[_Part] = [*wanted]
    if not working.is_rank:
        prepared += [_new_input(working, given) for given in parts.inputs]
    _check_parts(working, prepared)
    _computed(working, prepared)
    return prepared


def _new_input(working: Working, given: GivenInput) -> WorkingInput:
    if given.evidence is None:
        raise ValidationError({"inputs": f"“{given.name}”: say which piece of evidence gives it."})
    return WorkingInput(working=working, **vars(given))


def _check_parts(working: Working, prepared: Sequence[_Part]) -> None:
    name, most = ("rows", ROWS_LIMIT) if working.is_rank else ("inputs", INPUTS_LIMIT)
    if len(prepared) > most:
        raise ValidationError({name: f"At most {most}; these are {len(prepared)}."})
    pieces = {part.evidence_id for part in prepared if part.evidence_id}
    retracted = set(Evidence.objects.filter(pk__in=pieces).exclude(retracted_at=None).values_list("pk", flat=True))
    for number, part in enumerate(prepared, 1):
        with _at(name):
            part.value = f"{read_number(part.value):f}"
        try:
            check_record(part)
        except ValidationError as error:
            raise ValidationError({name: f"Line {number}: {' '.join(error.messages)}"}) from error
        _check_evidence(working, part, name, retracted)


def _check_evidence(working: Working, part: _Part, name: str, retracted: Set[int]) -> None:
    piece = part.evidence
    if piece is None:
        return
    if piece.claim_id != working.claim_id:
        raise ValidationError({name: f"“{part.name}” rests on evidence of another claim."})
    if piece.pk in retracted:
        raise ValidationError({name: f"“{part.name}” rests on evidence that was retracted. Choose another piece."})


def _computed(working: Working, prepared: Sequence[_Part]) -> Recomputed | Ranked:
    inputs = [part.figure() for part in prepared if isinstance(part, WorkingInput)]
    rows = [part.figure() for part in prepared if isinstance(part, RankRow)]
    with _at("formula"):
        return compute(working, inputs, rows)


@contextmanager
def _at(field: str) -> Iterator[None]:
    """Figures that cannot be computed are a complaint at the field that the problem names, else at this one."""
    try:
        yield
    except Problem as problem:
        raise ValidationError({problem.field or field: str(problem)}) from problem


def _store(working: Working, prepared: Sequence[_Part]) -> None:
    """Put these parts in the place of the stored ones: they have no history but the claim's."""
    WorkingInput.objects.filter(working=working).delete()
    RankRow.objects.filter(working=working).delete()
    WorkingInput.objects.bulk_create([part for part in prepared if isinstance(part, WorkingInput)])
    RankRow.objects.bulk_create([part for part in prepared if isinstance(part, RankRow)])


def _touch(
    claim: Claim, act: Act, *, by: User, changes: dict[str, Any], subject: models.Model | None = None, reason: str = ""
) -> None:
    """One event on the claim's chain; a verified claim falls due, unless it is, with what changed as the reason."""
    due = {}
    if claim.stage == Stage.VERIFIED and not claim.due_at:
        due = {"due_at": timezone.now(), "due_reason": _why(act, changes)}
    touch(claim, act, by=by, changes=_named(changes), subject=subject, reason=reason, **due)


def _why(act: Act, changes: dict[str, Any]) -> str:
    if act == Act.SET_WORKING:
        return "Its working was shown."
    if act == Act.REMOVE_WORKING:
        return "Its working was removed."
    return "An input of its working changed." if changes.keys() & _KINDS.keys() else "Its working changed."
