"""A captured text as a reader sees it, with the places of one quote marked. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString

from claims.passages import segments
from claims.reading.marks import Block, blocks, isolated

PART = 40_000
"""Code points of text on one page, about; a longer text is read in parts."""


@dataclass(frozen=True)
class QuotedPiece:
    """A stretch of text; `place` counts the marked places from 1, 0 outside of them."""

    html: SafeString
    place: int = 0
    begins: bool = False


@dataclass(frozen=True)
class QuotedBlock:
    block: Block
    pieces: list[QuotedPiece]


def quoted_parts(text: str, places: Sequence[tuple[int, int]]) -> list[list[QuotedBlock]]:
    """The text in stretches short enough for a page, at least one; `places` do not overlap."""
    found = [QuotedBlock(block, _pieces(block, places)) for block in blocks(text, [])]
    grouped = groupby(found, key=lambda one: one.block.start // PART)
    return [list(group) for _, group in grouped] or [[]]


def part_at(parts: Sequence[Sequence[QuotedBlock]], offset: int) -> int:
    """The part, from 1, in which this place of the text is read."""
    ends = [part[-1].block.end for part in parts if part]
    return min(bisect_right(ends, offset), len(parts) - 1) + 1


def _pieces(block: Block, places: Sequence[tuple[int, int]]) -> list[QuotedPiece]:
    near = [(n, a, b) for n, (a, b) in enumerate(places, 1) if a < block.end and block.start < b]
    if not near:
        return [QuotedPiece(isolated(block.text))]
    spans = [(n, max(a - block.start, 0), b - block.start) for n, a, b in near]
    starts = {a - block.start for _, a, _ in near}
    return [
        QuotedPiece(
            isolated(block.text[piece.start : piece.end]), next(iter(piece.keys), 0), begins=piece.start in starts
        )
        for piece in segments(len(block.text), spans)
    ]
