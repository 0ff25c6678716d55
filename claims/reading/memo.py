"""What the author of a document is told: passage by passage, as in the text, what to change, and what holds."""

from dataclasses import dataclass, field

from django.db.models import Prefetch, Q

from claims.choices import Mark, Stage
from claims.models import Appearance, Evidence, Snapshot, Suggestion
from claims.models.appearance import AppearanceQuerySet
from claims.text import show_bidi

MOST = 200
"""Passages on one page of a memo."""

AROUND = 240
"""Code points of the text shown on either side of a passage, at most."""

EVIDENCE = 6
"""Pieces of evidence shown for a passage."""


@dataclass(frozen=True)
class Line:
    """One passage: `before` and `after` are the text around it, to the ends of its paragraph or nearly so."""

    number: int
    appearance: Appearance
    before: str
    after: str
    suggestion: Suggestion | None
    earlier: tuple[Suggestion, ...] = ()

    @property
    def evidence(self) -> list[Evidence]:
        """What bears on it most: against before for, before context."""
        return sorted(self.appearance.claim.evidence.all(), key=_weight)[:EVIDENCE]


@dataclass
class Memo:
    """`after` is where the next page goes on, empty at the end."""

    changes: list[Line] = field(default_factory=list)
    holds: list[Appearance] = field(default_factory=list)
    unchecked: list[Appearance] = field(default_factory=list)
    after: str = ""

    @property
    def accepted(self) -> int:
        return sum(1 for line in self.changes if line.suggestion and line.suggestion.answer == "accept")

    @property
    def unanswered(self) -> int:
        return sum(1 for line in self.changes if not (line.suggestion and line.suggestion.answer))


def memo_of(snapshot: Snapshot, after: str = "") -> Memo:
    """The memo on a text, from the place `after` on; ValueError when that is no place. Raises IntegrityFault.

    A constant number of queries.
    """
    text = snapshot.read()
    places = list(_places(snapshot, after)[: MOST + 1])
    suggestions = _suggestions(snapshot, places)
    memo = Memo(after=_place(places[MOST - 1]) if len(places) > MOST else "")
    for place in places[:MOST]:
        claim = place.claim
        if claim.stage != Stage.VERIFIED or claim.verdict is None:
            memo.unchecked.append(place)
        elif claim.verdict.mark == Mark.SUPPORTED:
            memo.holds.append(place)
        else:
            told = suggestions.get((claim.pk, place.exact), [])
            memo.changes.append(
                Line(len(memo.changes) + 1, place, *_around(text, place), told[-1] if told else None, tuple(told[:-1]))
            )
    return memo


def _places(snapshot: Snapshot, after: str) -> AppearanceQuerySet:
    evidence = Evidence.objects.in_force().with_document()
    found = Appearance.objects.filter(snapshot=snapshot).exclude(claim__stage=Stage.DISMISSED)
    if after:
        start, _, key = after.partition("-")
        found = found.filter(Q(start__gt=int(start)) | Q(start=int(start), pk__gt=int(key)))
    found = found.select_related("claim__verdict", "claim__standing__author", "claim__standing__decided_by")
    return found.prefetch_related(Prefetch("claim__evidence", queryset=evidence)).order_by("start", "pk")


def _place(appearance: Appearance) -> str:
    return f"{appearance.start}-{appearance.pk}"


def _suggestions(snapshot: Snapshot, places: list[Appearance]) -> dict[tuple[int, str], list[Suggestion]]:
    """Those for a claim and the same words in any text of the document: a new draft keeps them, a new wording not."""
    rows = Suggestion.objects.for_document(snapshot.document).select_related("appearance", "by", "answered_by")
    found: dict[tuple[int, str], list[Suggestion]] = {}
    for row in rows.filter(appearance__claim__in={place.claim_id for place in places}):
        found.setdefault((row.appearance.claim_id, row.appearance.exact), []).append(row)
    return found


def _around(text: str, place: Appearance) -> tuple[str, str]:
    before = text[max(place.start - AROUND, 0) : place.start].rpartition("\n")[2]
    after = text[place.end : place.end + AROUND].partition("\n")[0]
    if len(before) == AROUND:
        before = "…" + before.partition(" ")[2]
    if len(after) == AROUND:
        after = after.rpartition(" ")[0] + "…"
    return show_bidi(before), show_bidi(after)


def _weight(piece: Evidence) -> tuple[int, int]:
    return ({"refutes": 0, "supports": 1}.get(piece.stance, 2), piece.pk)
