"""What a claim's page shows of its working, and of what each piece of evidence would mean on its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.choices import Act
from claims.models import Claim, Evidence, RankRow, Source, User, Working, WorkingInput
from claims.views.evidence_context import Group
from claims.workflow import Refusal, refusal
from claims.working import Order, Problem, Ranked, Recomputed, places

UNNAMED = "Method not named"
NEAR = 2
NEAR_MOST = 9


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

    @property
    def lines(self) -> list["Line"]:
        """Each part; of a rank table with the place that its values give, and who stands where."""
        rows = [part for part in self.parts if isinstance(part, RankRow)]
        if not rows or not isinstance(self.result, Ranked):
            return [Line(part) for part in self.parts]
        found = places([row.figure() for row in rows], Order(self.working.order))
        return [self._line(row, place, self.result) for row, place in zip(rows, found, strict=True)]

    def _line(self, row: RankRow, place: int, result: Ranked) -> "Line":
        is_subject = row.name == result.name
        return Line(row, place, is_subject, not is_subject and not result.agrees and place == result.expected)

    @property
    def near(self) -> list["Line"]:
        """The lines between the place that the figures give and the one that the claim says, and NEAR on either side;
        empty when that leaves hardly any out."""
        lines = self.lines
        marked = [at for at, line in enumerate(lines) if line.is_subject or line.is_claimed]
        if not marked:
            return []
        near = lines[max(0, min(marked) - NEAR) : max(marked) + NEAR + 1]
        return near if len(near) <= min(NEAR_MOST, len(lines) - 2 * NEAR) else []


@dataclass(frozen=True)
class Line:
    """An input or a row; `is_claimed` is the row that holds the place which the claim says is another's."""

    part: WorkingInput | RankRow
    place: int | None = None
    is_subject: bool = False
    is_claimed: bool = False


@dataclass(frozen=True)
class Matrix:
    """What each source says on its own, by method. `rows` hold a source with each of the `methods` and its pieces."""

    methods: list[str]
    rows: list[tuple[Source, list[tuple[str, list[Evidence]]]]]


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


def _cells(source: Source, methods: list[str], pieces: list[Evidence]) -> list[tuple[str, list[Evidence]]]:
    own = [piece for piece in pieces if piece.document.source_id == source.pk]
    return [(method, [piece for piece in own if (piece.method or UNNAMED) == method]) for method in methods]
