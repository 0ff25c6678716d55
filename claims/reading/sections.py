"""A text in sections and stretches, with how far each sentence of it is: what the map of a text draws. Pure.

Whatever the length of the text, there are at most MOST_SECTIONS sections, and about MOST_STRETCHES stretches and
MOST_CELLS cells. Offsets count code points of the snapshot.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from claims.reading.marks import Block
from claims.reading.states import HEIGHTS, ClaimSpot, Spot, State, in_words

MOST_SECTIONS = 60
MOST_STRETCHES = 300
MOST_CELLS = 2400
_RUN = 10
"""Paragraphs of a text without headings that make a section; more, when it is long."""
_NARROWEST, _WIDEST, _PER_CODE_POINT, _WHOLE = 24, 480, 0.8, 12_000
"""Widths of a stretch in px: its limits, what a code point takes, and what all stretches together may take."""
_ORDER = {state: place for place, state in enumerate(State)}


class Cell(NamedTuple):
    """A rectangle of the map, in px from the left and the top of its stretch."""

    state: State
    x: float
    y: int
    width: float
    height: int


@dataclass(frozen=True)
class Stretch:
    """A paragraph or heading, or several in a row when the text is long, and the sentences in it."""

    blocks: Sequence[Block]
    part: int  # of the document's page, from 1, on which it is read
    states: Sequence[State]
    spots: Sequence[Spot]
    most_cells: int
    scale: float

    @property
    def anchor(self) -> str:
        return self.blocks[0].id

    @property
    def is_heading(self) -> bool:
        return len(self.blocks) == 1 and self.blocks[0].is_heading

    @property
    def label(self) -> str:
        """¶12, ¶12–15, or Heading."""
        numbers = [block.number for block in self.blocks if not block.is_heading]
        if not numbers:
            return "Heading"
        return f"¶{numbers[0]}" + (f"–{numbers[-1]}" if len(numbers) > 1 else "")

    @property
    def name(self) -> str:
        """The label in words, and what state its sentences are in."""
        label = self.label.replace("¶", "Paragraphs " if "–" in self.label else "Paragraph ").replace("–", " to ")
        return f"{label}: {in_words(Counter(self.states)) or 'no sentence'}"

    @property
    def width(self) -> int:
        length = self.blocks[-1].end - self.blocks[0].start
        return max(_NARROWEST, min(_WIDEST, round(length * self.scale)))

    @cached_property
    def cells(self) -> list[Cell]:
        """The sentences side by side, as wide as they are long; several in one where there are too many."""
        if not self.spots:
            return []
        size = -(-len(self.spots) // self.most_cells)
        first, last = self.spots[0].start, self.spots[-1].end
        unit = self.width / max(last - first, 1)
        return [
            self._cell(
                unit,
                self.spots[at].start - first,
                self.spots[min(at + size, len(self.spots)) - 1].end - first,
                at,
                size,
            )
            for at in range(0, len(self.spots), size)
        ]

    def _cell(self, unit: float, start: int, end: int, at: int, size: int) -> Cell:
        state = min(self.states[at : at + size], key=_ORDER.__getitem__)
        height = HEIGHTS[state]
        # A px is left blank between two, and none is too narrow to be seen.
        return Cell(state, round(start * unit, 1), 20 - height, max(round((end - start) * unit - 1, 1), 1), height)


@dataclass(frozen=True)
class Section:
    """The text under a heading, before the first (level 0), or a run of paragraphs of a text without any."""

    title: str
    level: int
    stretches: Sequence[Stretch]
    claims: Mapping[int, str]  # the stages of the claims that start in it
    pending: int = 0

    @cached_property
    def states(self) -> Counter[State]:
        return Counter(state for stretch in self.stretches for state in stretch.states)

    @cached_property
    def spots(self) -> list[Spot]:
        return [spot for stretch in self.stretches for spot in stretch.spots]


@dataclass(frozen=True)
class Layout:
    """Everything that the sections of one text are cut from. `starts` are places of pending passages."""

    text: str
    blocks: Sequence[Block]
    parts: Sequence[int]
    spots: Sequence[Spot]
    states: Sequence[State]
    claims: Sequence[ClaimSpot]
    pending: Sequence[int]

    def sections(self) -> list[Section]:
        cuts = section_cuts(self.text, self.blocks)
        return [self._section(first, end) for first, end in pairwise([*cuts, len(self.blocks)])]

    @cached_property
    def _ends(self) -> list[int]:
        return [block.end for block in self.blocks]

    @cached_property
    def _homes(self) -> list[int]:
        """For each sentence the place of its block; a heading's sentence begins before its block, at its signs."""
        last = len(self.blocks) - 1
        return [min(bisect_left(self._ends, spot.end), last) for spot in self.spots]

    @cached_property
    def _scale(self) -> float:
        return min(_PER_CODE_POINT, _WHOLE / max(len(self.text), 1))

    def _section(self, first: int, end: int) -> Section:
        size = -(-len(self.blocks) // MOST_STRETCHES)
        stretches = [self._stretch(at, min(at + size, end)) for at in range(first, end, size)]
        title, level = _title(self.text, self.blocks, first, end)
        claims = {claim.pk: claim.stage for home, claim in self._claims if first <= home < end}
        pending = sum(first <= home < end for home in self._pending)
        return Section(title, level, stretches, claims, pending)

    @cached_property
    def _claims(self) -> list[tuple[int, ClaimSpot]]:
        """Each with the place of the block that it starts in."""
        return [(self._home(claim.start), claim) for claim in self.claims]

    @cached_property
    def _pending(self) -> list[int]:
        return [self._home(start) for start in self.pending]

    def _home(self, start: int) -> int:
        return min(bisect_right(self._ends, start), len(self.blocks) - 1)

    def _stretch(self, first: int, end: int) -> Stretch:
        low, high = bisect_left(self._homes, first), bisect_left(self._homes, end)
        most = max(1, MOST_CELLS // min(len(self.blocks), MOST_STRETCHES))
        part = self.parts[first]
        return Stretch(self.blocks[first:end], part, self.states[low:high], self.spots[low:high], most, self._scale)


def section_cuts(text: str, blocks: Sequence[Block]) -> list[int]:
    """The places of the blocks that begin a section, 0 among them; of many headings the deepest give way."""
    levels = {at: level_of(text, block) for at, block in enumerate(blocks) if block.is_heading}
    for deepest in range(6, 0, -1):
        cuts = [at for at, level in levels.items() if level <= deepest]
        if cuts and len(cuts) < MOST_SECTIONS:
            return cuts if cuts[0] == 0 else [0, *cuts]
    size = max(_RUN, -(-len(blocks) // MOST_SECTIONS))
    return list(range(0, len(blocks), size))


def level_of(text: str, heading: Block) -> int:
    """How many signs stand before a heading."""
    return text.count("#", text.rfind("\n", 0, heading.start) + 1, heading.start)


def _title(text: str, blocks: Sequence[Block], first: int, end: int) -> tuple[str, int]:
    block = blocks[first]
    if block.is_heading:
        return block.text, level_of(text, block)
    if end < len(blocks) and blocks[end].is_heading and first == 0:
        return "Beginning", 0
    if first == 0 and end == len(blocks):
        return "The whole text", 0
    last = [one.number for one in blocks[first:end] if not one.is_heading][-1]
    return f"Paragraphs {block.number} to {last}", 0
