"""Where in a text a sentence stands: its paragraph, as the document's page numbers it, and the heading above. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.safestring import SafeString

from claims.reading.marks import Block, isolated
from claims.text import opening, show_bidi

AROUND = 900
"""At most so many code points of a paragraph are shown on either side of a sentence."""
LONGEST = 4_000
"""And of a sentence itself."""


class Spot(NamedTuple):
    """`heading` is the one above: empty before the first one, and for a heading itself."""

    block: Block
    heading: str

    @property
    def name(self) -> str:
        """¶12, or that it is a heading."""
        return "Heading" if self.block.is_heading else f"¶{self.block.number}"


class Context(NamedTuple):
    """A sentence between the words of its paragraph, as HTML. `start` is the place of the first character shown."""

    start: int
    before: SafeString
    words: SafeString
    after: SafeString
    is_cut_before: bool
    is_cut_after: bool


@dataclass(frozen=True)
class Outline:
    """The blocks of a text, which has at least one."""

    text: str
    blocks: Sequence[Block]

    @cached_property
    def spots(self) -> list[Spot]:
        heading, found = "", []
        for block in self.blocks:
            found.append(Spot(block, "" if block.is_heading else heading))
            heading = show_bidi(block.text) if block.is_heading else heading
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def spot(self, end: int) -> Spot:
        """Where a sentence that ends here stands. (It may begin before its block: with the signs of a heading.)"""
        return self.spots[max(bisect_left(self._starts, end) - 1, 0)]

    def words(self, start: int, end: int, most: int = LONGEST) -> str:
        """The sentence at this place as one line, without the signs of a heading."""
        return opening(self.exact(start, end), most)

    def exact(self, start: int, end: int) -> str:
        """The sentence at this place as it is written, without the signs of a heading."""
        return self.text[max(start, self.spot(end).block.start) : end]

    def context(self, start: int, end: int) -> Context:
        block = self.spot(end).block
        start, end = max(start, block.start), min(end, max(start, block.start) + LONGEST)
        first, last = max(block.start, start - AROUND), min(block.end, end + AROUND)
        return Context(
            first,
            isolated(self.text[first:start]),
            isolated(self.text[start:end]),
            isolated(self.text[end:last]),
            first > block.start,
            last < block.end,
        )
