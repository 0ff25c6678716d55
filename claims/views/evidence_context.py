"""What a claim's evidence looks like on a page: groups by stance, each with its best grade and newest date."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from claims.choices import Act, Credibility, Reliability, Stance
from claims.forms.evidence import EvidenceAddForm
from claims.independence import Independence
from claims.jobs.captures import being_captured
from claims.models import Claim, Evidence, User
from claims.reading.voices import own_traits, questioned, voices
from claims.workflow import refusal

SHOWN = 200
"""At most so many pieces of evidence are put on a page; the template says so when there are more."""


@dataclass(frozen=True)
class Group:
    """The evidence in force of one stance, as it was added, and how many voices it is.

    `questioned` are the keys of pieces graded as confirmed by others when there is one voice only.
    """

    stance: Stance
    pieces: Sequence[Evidence]
    voices: Independence
    questioned: frozenset[int] = frozenset()

    @property
    def strongest(self) -> Evidence | None:
        """The piece with the best Admiralty grade; letter F and digit 6 mean "unknown" and are never the best."""
        return min(filter(_is_judged, self.pieces), key=lambda piece: piece.grade, default=None)

    @property
    def newest(self) -> str:
        """The latest publication date of its documents, a partial date; empty when none has one."""
        return max((piece.document.published_on for piece in self.pieces), default="")


def _is_judged(piece: Evidence) -> bool:
    return piece.document.reliability != Reliability.F and piece.credibility != Credibility.UNKNOWN


def _group(stance: Stance, pieces: Sequence[Evidence], own: frozenset[Hashable]) -> Group:
    found = voices(pieces, own)
    return Group(stance, pieces, found, questioned(pieces, found))


def evidence_context(claim: Claim, user: User) -> dict[str, Any]:
    """`evidence_groups` (one per stance, empty ones too), `evidence_count`, `retracted_evidence`, `evidence_form`,
    and why this person may not add or change evidence: `evidence_refusal`, None when they may."""
    own = own_traits(claim)
    rows = list(claim.evidence.with_document().annotate(is_being_captured=being_captured())[: SHOWN + 1])
    in_force = [row for row in rows[:SHOWN] if not row.is_retracted]
    return {
        "evidence_groups": [
            _group(stance, [row for row in in_force if row.stance == stance], own) for stance in Stance
        ],
        "evidence_count": len(in_force),
        "evidence_cut_at": SHOWN if len(rows) > SHOWN else None,
        "retracted_evidence": [row for row in rows[:SHOWN] if row.is_retracted],
        "evidence_form": EvidenceAddForm(),
        "evidence_refusal": refusal(Act.ADD_EVIDENCE, claim.facts_for(user)),
    }
