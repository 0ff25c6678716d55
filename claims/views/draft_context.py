"""What the walk through a new draft shows: the passages that wait, the one at hand in both texts, and the rest."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from claims.actions.reanchorings import DECISIONS
from claims.choices import Found, Permission, Reanchored, Stage
from claims.differences import Piece, PieceKind, word_diff
from claims.forms.drafts import ReanchoringForm
from claims.http import Request
from claims.models import Reanchoring, Snapshot
from claims.models.reanchoring import ReanchoringQuerySet
from claims.passages import find_quotes
from claims.text import show_bidi
from claims.views.claim_places import Numbered, Surroundings, number_at, numbered, surroundings
from claims.workflow import permission_refusal

SHOWN = 200
"""At most so many passages are in each list; the page says so when there are more."""

PLACES = 6
"""At most so many places that read the same are offered."""

WORDS = 60
"""Code points of a passage that a list shows."""


@dataclass(frozen=True)
class Side:
    """A passage in one of the two texts: the words around it, and its own as pieces of a comparison with the other."""

    snapshot: int
    around: Surroundings
    pieces: list[Piece]


@dataclass(frozen=True)
class Settled:
    """A passage that was kept: its words, and the paragraphs in which they stand; None for a heading."""

    reanchoring: Reanchoring
    url: str
    words: str
    before: int | None
    now: int | None


class Walk:
    """One draft of a document, and where its passages stand. Queries run when what they answer is asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.url = reverse("draft_detail", args=[snapshot.document_id, snapshot.number])

    @cached_property
    def text(self) -> str:
        return self.snapshot.read()

    @cached_property
    def paragraphs(self) -> list[Numbered]:
        return numbered(self.text)

    @cached_property
    def counts(self) -> Counter[str]:
        """Passages by how they were found and by decision; `pending` wait, on `decided` a person decided."""
        rows = self.snapshot.reanchorings.order_by().values_list("status", "decision").annotate(Count("pk"))
        counts = Counter[str]()
        for status, decision, count in rows:
            counts.update({status: count, decision or "pending": count})
            counts[f"{decision}_{status}"] += count
        counts["decided"] = sum(counts[decision] for decision in DECISIONS)
        return counts

    @property
    def figures(self) -> list[tuple[str, int]]:
        """How the passages of the text before came out, in words with their number."""
        return [(status.label, self.counts[status]) for status in Found]

    @property
    def kept_words(self) -> str:
        """What was kept: "12 unchanged, 3 moved"."""
        counted = [(self.counts[f"{Reanchored.KEPT}_{status}"], status.label.lower()) for status in Found]
        return ", ".join(f"{count} {label}" for count, label in counted if count)

    @cached_property
    def sentences(self) -> dict[str, int]:
        """Sentences that stand as they stood, those that are new or changed, and those that are undecided."""
        return self.snapshot.sentences.aggregate(
            kept=Count("pk", filter=Q(carried_from__isnull=False)),
            fresh=Count("pk", filter=Q(carried_from=None)),
            undecided=Count("pk", filter=Q(disposition="")),
        )

    @cached_property
    def pending(self) -> list[Reanchoring]:
        return list(self._rows().pending()[:SHOWN])

    @cached_property
    def decided(self) -> list[Reanchoring]:
        """Those that people decided on, the latest decision first."""
        return list(self._rows().filter(decision__in=DECISIONS).order_by("-decided_at", "-pk")[:SHOWN])

    @cached_property
    def kept(self) -> list[Settled]:
        """What stood beyond doubt; what moved comes first."""
        rows = list(self._rows().filter(decision=Reanchored.KEPT).order_by("status", "result__start", "pk")[:SHOWN])
        texts = Snapshot.objects.in_bulk({row.appearance.snapshot_id for row in rows})
        parts = {pk: numbered(snapshot.read()) for pk, snapshot in texts.items()}
        return [self._settled(row, parts[row.appearance.snapshot_id]) for row in rows]

    def _settled(self, row: Reanchoring, before: Sequence[Numbered]) -> Settled:
        was, now = row.appearance, row.result or row.appearance
        return Settled(
            row,
            self.place_of(row),
            shortened(was.exact),
            number_at(before, was.start),
            number_at(self.paragraphs, now.start),
        )

    @cached_property
    def newer(self) -> int | None:
        """The number of the newest text, when it is not this one."""
        return self.snapshot.later().order_by("-number").values_list("number", flat=True).first()

    def _rows(self) -> ReanchoringQuerySet:
        return Reanchoring.objects.filter(snapshot=self.snapshot).with_claims()

    def place_of(self, row: Reanchoring) -> str:
        return f"{self.url}?passage={row.pk}"

    def beside(self, row: Reanchoring) -> tuple[Reanchoring | None, Reanchoring | None]:
        """The passages that wait before and behind this one."""
        keys = [one.pk for one in self.pending]
        if row.pk not in keys:
            return None, self.pending[0] if self.pending else None
        at = keys.index(row.pk)
        return (self.pending[at - 1] if at else None), (self.pending[at + 1] if at + 1 < len(keys) else None)


def shortened(words: str) -> str:
    words = " ".join(words.split())
    return show_bidi(words if len(words) <= WORDS else f"{words[:WORDS]}…")


def sides(walk: Walk, row: Reanchoring) -> list[Side]:
    """The passage in the old text and, unless it is gone, in the new one."""
    was, place = row.appearance, span(row)
    old = was.snapshot.read()
    pieces = word_diff(was.exact, walk.text[slice(*place)] if place else "")
    both = [
        Side(
            was.snapshot.number,
            surroundings(old, numbered(old), was.start, was.end),
            _shown(pieces, without=PieceKind.INSERTED),
        )
    ]
    if place:
        around = surroundings(walk.text, walk.paragraphs, *place)
        both.append(Side(walk.snapshot.number, around, _shown(pieces, without=PieceKind.DELETED)))
    return both


def _shown(pieces: Iterable[Piece], *, without: PieceKind) -> list[Piece]:
    """One side's pieces; blanks between two changed ones count as changed, so that what is read at once is one."""
    mine = [piece for piece in pieces if piece.kind != without]
    kinds = [piece.kind for piece in mine]
    for at in range(1, len(mine) - 1):
        if mine[at].text.isspace() and kinds[at - 1] == kinds[at + 1]:
            kinds[at] = kinds[at - 1]
    runs = groupby(zip(kinds, mine, strict=True), key=itemgetter(0))
    return [Piece(kind, show_bidi("".join(piece.text for _, piece in run))) for kind, run in runs]


def span(row: Reanchoring) -> tuple[int, int] | None:
    """Where it is in the new text, by decision or by proposal."""
    if row.result:
        return row.result.start, row.result.end
    return None if row.start is None or row.end is None else (row.start, row.end)


def places(walk: Walk, row: Reanchoring) -> list[tuple[str, str]]:
    """Where the passage may be, with the words around, when that is more than one place: the proposed one first."""
    alike = islice(find_quotes(row.appearance.exact, walk.text), PLACES)
    proposed = span(row)
    found = dict.fromkeys([*([proposed] if proposed else []), *alike])
    return [(f"{start}-{end}", _place_label(walk, start, end)) for start, end in found] if len(found) > 1 else []


def _place_label(walk: Walk, start: int, end: int) -> str:
    around = surroundings(walk.text, walk.paragraphs, start, end)
    where = f"¶{around.paragraph}" if around.paragraph else "Heading"
    before, after = around.before[-WORDS // 2 :], around.after[: WORDS // 2]
    words = " ".join(f"{before}[{show_bidi(walk.text[start:end])}]{after}".split())
    return f"{where}: …{words}…"


def decision_form(walk: Walk, row: Reanchoring, data: Any = None) -> ReanchoringForm:
    offered = places(walk, row)
    initial = {"assertion": row.appearance.claim.assertion, "place": offered[0][0] if offered else ""}
    return ReanchoringForm(data, text=walk.text, places=offered, initial=initial)


def draft_context(
    request: Request, walk: Walk, row: Reanchoring | None, *, form: ReanchoringForm | None = None, refusal: str = ""
) -> dict[str, Any]:
    """The context of `drafts/detail.html`: `row` is the passage at hand, if there is one."""
    context: dict[str, Any] = {
        "walk": walk,
        "document": walk.snapshot.document,
        "snapshot": walk.snapshot,
        "row": row,
        "refusal": refusal,
        "work_refusal": permission_refusal(Permission.WORK, request.user.held_permissions),
        "pending_lines": _lines(walk, walk.pending),
        "decided_lines": _lines(walk, walk.decided),
    }
    return context | (_passage_context(walk, row, form) if row else {})


def _lines(walk: Walk, rows: Sequence[Reanchoring]) -> list[tuple[Reanchoring, str, str]]:
    """Each with its address and the first of its words."""
    return [(row, walk.place_of(row), shortened(row.appearance.exact)) for row in rows]


def _passage_context(walk: Walk, row: Reanchoring, form: ReanchoringForm | None) -> dict[str, Any]:
    before, behind = walk.beside(row)
    claim = row.appearance.claim
    waits = not row.decision and not walk.newer
    return {
        "claim": claim,
        "is_verified": claim.stage == Stage.VERIFIED,
        "sides": sides(walk, row),
        "position": [one.pk for one in walk.pending].index(row.pk) + 1 if row in walk.pending else 0,
        "previous_url": walk.place_of(before) if before else "",
        "next_url": walk.place_of(behind) if behind else "",
        "form": (form or decision_form(walk, row)) if waits else None,
        "typed": form if form and not waits else None,
    }
