"""What a claim's page shows of its working, and of what each piece of evidence would mean on its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.choices import Act
from claims.models import Claim, Evidence, RankRow, Source, User, Working, WorkingInput
from claims.views.evidence_context import Group
from claims.workflow import Refusal, refusal
from claims.working import Problem, Ranked, Recomputed

UNNAMED = "Method not named"


@dataclass(frozen=True)
class Shown:
    """A working with what its figures give; `problem` is set when they give nothing."""

    working: Working
    result: Recomputed | Ranked | None
    problem: str
    parts: list[WorkingInput] | list[RankRow]

    @property
    def agrees(self) -> bool:
        return self.result is not None and self.result.agrees

    @property
    def retracted(self) -> list[str]:
        """Names of the parts whose evidence was retracted."""
        return [part.name for part in self.parts if part.evidence and part.evidence.is_retracted]

    def is_subject(self, part: RankRow) -> bool:
        return isinstance(self.result, Ranked) and part.name == self.result.name

    @property
    def lines(self) -> list[tuple[Any, bool]]:
        """Each part, and whether it is the one whose place is asked for."""
        return [(part, isinstance(part, RankRow) and self.is_subject(part)) for part in self.parts]


@dataclass(frozen=True)
class Matrix:
    """What each source says on its own, by method. `rows` hold a source with the pieces under each of the `methods`."""

    methods: list[str]
    rows: list[tuple[Source, list[list[Evidence]]]]


def working_context(claim: Claim, user: User, groups: Iterable[Group]) -> dict[str, Any]:
    """`shown` (None without a working), `working_refusal`, `matrix` of the evidence in force (None when no piece speaks
    on its own), and `deciding`, the assessment that says which piece decides: the one that waits, else that stands."""
    pieces = sorted((piece for group in groups for piece in group.pieces), key=lambda piece: piece.pk)
    working = Working.objects.filter(claim=claim).with_parts().first()
    act = Act.EDIT_WORKING if working else Act.SET_WORKING
    denied: Refusal | None = refusal(act, claim.facts_for(user))
    return {
        "shown": show(working) if working else None,
        "working_refusal": denied,
        "matrix": matrix(pieces),
        "deciding": claim.pending or claim.standing,
    }


def show(working: Working) -> Shown:
    parts: Any = list(working.rows.all() if working.is_rank else working.inputs.all())
    try:
        return Shown(working, working.result(), "", parts)
    except Problem as problem:
        return Shown(working, None, str(problem), parts)


def matrix(pieces: Iterable[Evidence]) -> Matrix | None:
    """The pieces that speak on their own, source by method; both in the order in which they were added."""
    speaking = [piece for piece in pieces if piece.speaks_alone]
    if not speaking:
        return None
    methods = list(dict.fromkeys(piece.method or UNNAMED for piece in speaking))
    sources = dict.fromkeys(piece.document.source for piece in speaking)
    return Matrix(methods, [(source, _cells(source, methods, speaking)) for source in sources])


def _cells(source: Source, methods: list[str], pieces: list[Evidence]) -> list[list[Evidence]]:
    own = [piece for piece in pieces if piece.document.source_id == source.pk]
    return [[piece for piece in own if (piece.method or UNNAMED) == method] for method in methods]
