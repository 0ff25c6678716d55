"""What the document page shows of a snapshot, from three queries whatever its length.

`read` loads it; `Reading` answers where to go next, in what order, and how far the check has come.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from claims.choices import EDITABLE, Disposition, Stage
from claims.models import Claim, Sentence, Snapshot, User
from claims.passages import levels
from claims.reading.coverage import HEIGHTS, Coverage, coverage_of
from claims.reading.marks import Block, Mark, blocks, lay, selecting
from claims.reading.worth import is_worth
from claims.text import opening

__all__ = ["Block", "Coverage", "Mark", "Reading", "coverage_of", "read", "selecting"]

PART = 40_000
"""Code points of text on one page, about; a longer text is read in parts."""

WORDS = 40
"""Code points of an undecided sentence that the margin shows."""

STRIP_WIDTH = 1000


@dataclass(frozen=True)
class StripBlock:
    """A block of the coverage strip, which is 1000 wide and 20 high; `key` is empty for undecided sentences."""

    key: str
    x: int
    y: int
    width: int
    height: int
    stage: str
    verdict: str


@dataclass(frozen=True)
class Reading:
    """One snapshot with its claims and sentences. `marks` are what is shown, in the order of the text."""

    snapshot: Snapshot
    text: str
    claims: Mapping[int, Claim]
    sentences: Mapping[int, Sentence]
    marks: tuple[Mark, ...]
    every_claim: tuple[Mark, ...]

    @cached_property
    def blocks(self) -> list[Block]:
        found = blocks(self.text, [sentence.start for sentence in self.sentences.values()])
        lay(self.marks, found)
        return found

    @cached_property
    def parts(self) -> list[list[Block]]:
        """The blocks, in stretches short enough for a page; at least one stretch."""
        grouped = groupby(self.blocks, key=lambda block: block.start // PART)
        return [list(group) for _, group in grouped] or [[]]

    @cached_property
    def coverage(self) -> Coverage:
        decided = sum(1 for sentence in self.sentences.values() if sentence.disposition)
        return Coverage(len(self.sentences), decided, Counter(mark.stage for mark in self.every_claim))

    @cached_property
    def strip(self) -> list[StripBlock]:
        """The coverage strip: claims that are not dismissed, and runs of undecided sentences below them."""
        shown = [mark for mark in self.every_claim if mark.stage != Stage.DISMISSED]
        gaps = [self._strip_block("", span, "undecided") for span in undecided_runs(self.sentences.values())]
        spans = [(mark, span) for mark in shown for span in mark.spans]
        return gaps + [self._strip_block(mark.key, span, mark.stage, mark.verdict) for mark, span in spans]

    def _strip_block(self, key: str, span: tuple[int, int], stage: str, verdict: str = "") -> StripBlock:
        scale = STRIP_WIDTH / max(len(self.text), 1)
        x, height = round(span[0] * scale), HEIGHTS[stage]
        width = max(round((span[1] - span[0]) * scale), 3)
        return StripBlock(key, x, 20 - height, width, height, stage, verdict)

    def part_at(self, offset: int) -> int:
        """The part, from 1, in which this place of the text is read."""
        ends = [part[-1].end for part in self.parts if part]
        return min(bisect_right(ends, offset), len(self.parts) - 1) + 1

    def blocks_at(self, spans: Iterable[tuple[int, int]]) -> list[Block]:
        """The blocks that any of these stretches of the text touches."""
        wanted = list(spans)
        return [block for block in self.blocks if any(a < block.end and block.start < b for a, b in wanted)]

    def spans_of(self, key: str) -> list[tuple[int, int]]:
        """Where the claim or sentence of this key stands, shown or not; nowhere when the text has none such."""
        if key.startswith("s") and key[1:].isdecimal():
            sentence = self.sentences.get(int(key[1:]))
            return [(sentence.start, sentence.end)] if sentence else []
        return next((list(mark.spans) for mark in self.every_claim if mark.key == key), [])

    def mark(self, key: str) -> Mark | None:
        return next((mark for mark in self.marks if mark.key == key), None)

    def beside(self, key: str) -> tuple[Mark | None, Mark | None]:
        """The marks before and after this one in the order of the text."""
        keys = [mark.key for mark in self.marks]
        if key not in keys:
            return None, None
        at = keys.index(key)
        return (self.marks[at - 1] if at else None), (self.marks[at + 1] if at + 1 < len(keys) else None)

    def unchecked(self, user: User) -> list[Mark]:
        """What this person can work on, in the order of the text: claims nobody else has in hand, open sentences."""
        sentences = [mark for mark in self.marks if mark.stage == "undecided"]
        return sorted(sentences + self._free_claims(user), key=lambda mark: mark.place)

    def next_unchecked(self, user: User, after: Mark | None = None) -> Mark | None:
        """The first unchecked one behind `after` in the text, else the first of all but `after` itself."""
        return _next(self.unchecked(user), after)

    def next_claim(self, user: User, after: Mark | None = None) -> Mark | None:
        """Where someone who gives verdicts goes next: the next unchecked claim; without any, an undecided sentence."""
        return _next(self._free_claims(user), after) or self.next_unchecked(user, after)

    def _free_claims(self, user: User) -> list[Mark]:
        return [mark for mark in self.every_claim if self._is_free(self.claims[int(mark.key)], user)]

    @staticmethod
    def _is_free(claim: Claim, user: User) -> bool:
        return claim.stage in EDITABLE and claim.assignee_id in (None, user.pk)


def _next(marks: Sequence[Mark], after: Mark | None) -> Mark | None:
    others = [mark for mark in marks if after is None or mark.key != after.key]
    behind = (mark for mark in others if after is None or mark.place > after.place)
    return next(behind, others[0] if others else None)


def read(snapshot: Snapshot, *, stage: str = "", selected: str = "", threshold: int = 0) -> Reading:
    """Load what the page shows, with marks of one stage only if `stage` is given, `selected` always among them.

    Dismissed claims and decided sentences leave the text, and so do undecided ones whose score is below `threshold`
    per cent, unless asked for in one of these ways. Raises IntegrityFault.
    """
    text = snapshot.read()
    spans = _spans(snapshot)
    claims = Claim.objects.filter(pk__in=snapshot.appearances.values("claim")).select_related("verdict", "standing")
    by_pk = {claim.pk: claim for claim in claims.with_evidence_counts().order_by("pk")}
    fields = ("snapshot", "number", "start", "end", "disposition", "score", "version")
    sentences = {one.pk: one for one in snapshot.sentences.only(*fields).order_by("number")}
    every_claim = _claim_marks(by_pk, spans)
    wanted = {stage} if stage else {*Stage, "undecided"} - {Stage.DISMISSED}
    least = 0 if stage == "undecided" else threshold
    offered = {pk for pk, one in sentences.items() if not one.disposition and is_worth(one, least)}
    chosen = [one for pk, one in sentences.items() if pk in offered or f"s{pk}" == selected]
    marks = every_claim + [_sentence_mark(one, text) for one in chosen]
    shown = [mark for mark in marks if mark.stage in wanted or mark.key == selected]
    return Reading(
        snapshot, text, by_pk, sentences, _levelled(shown), tuple(sorted(every_claim, key=lambda mark: mark.place))
    )


def _spans(snapshot: Snapshot) -> dict[int, list[tuple[int, int]]]:
    """The places of each claim in the snapshot, in order."""
    found: dict[int, list[tuple[int, int]]] = {}
    for claim, start, end in snapshot.appearances.order_by("start", "end").values_list("claim", "start", "end"):
        found.setdefault(claim, []).append((start, end))
    return found


def _claim_marks(claims: Mapping[int, Claim], spans: Mapping[int, list[tuple[int, int]]]) -> list[Mark]:
    """A mark for each claim, numbered in the order in which they were made, so that a new one renames no other."""
    return [
        Mark(
            key=str(claim.pk),
            number=number,
            stage=claim.stage,
            label=str(claim.verdict or claim.get_stage_display()),
            spans=tuple(spans[claim.pk]),
            verdict=claim.verdict.mark if claim.verdict else "",
            as_of=claim.standing.as_of if claim.standing else "",
            supports=claim.supports_count,
            refutes=claim.refutes_count,
            is_due=claim.is_due,
        )
        for number, claim in enumerate(claims.values(), start=1)
        if claim.pk in spans
    ]


def _sentence_mark(sentence: Sentence, text: str) -> Mark:
    words = opening(text[sentence.start : sentence.end], WORDS)
    span = (sentence.start, sentence.end)
    stage = "decided" if sentence.disposition else "undecided"
    label = Disposition(sentence.disposition).label if sentence.disposition else "Undecided"
    version = sentence.version
    return Mark(f"s{sentence.pk}", sentence.number, stage, label, (span,), words=words, version=version)


def _levelled(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks in the order of the text, each claim on its level; sentences never overlap and stay on the lowest."""
    ordered = sorted(marks, key=lambda mark: mark.place)
    level = levels((mark.key, *span) for mark in ordered if mark.is_claim for span in mark.spans)
    return tuple(replace(mark, level=level[mark.key]) if level.get(mark.key) else mark for mark in ordered)


def undecided_runs(sentences: Iterable[Sentence]) -> list[tuple[int, int]]:
    """Stretches of neighbouring undecided sentences, of sentences in the order of their text."""
    runs = groupby(sentences, key=lambda sentence: bool(sentence.disposition))
    stretches = [list(run) for decided, run in runs if not decided]
    return [(run[0].start, run[-1].end) for run in stretches]
