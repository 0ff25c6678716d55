"""What a reader sees of a text: blocks of marked pieces, with the claims that start in each. Pure.

Offsets count Unicode code points of the snapshot unless they are said to count from the start of a block.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from claims.choices import Stage
from claims.intake.sentences import paragraphs
from claims.passages import Piece, segments
from claims.text import BIDI_CONTROLS

LONG = 10_000
"""A paragraph of more code points is shown in several blocks, so that no block gets too heavy."""

_HASHES = re.compile(r"#+[ \t]*")
_CONTROL = re.compile(f"[{''.join(BIDI_CONTROLS)}]")


def selecting(key: str) -> str:
    """The part of the address that selects the mark of this key; empty for none."""
    return f"sentence={key[1:]}" if key.startswith("s") else f"claim={key}" if key else ""


@dataclass(frozen=True)
class Mark:
    """Something marked in the text, a claim or a sentence, and where the reader goes to see it.

    `key` is unique in the text: the id of a claim, or "s" and the id of a sentence. `number` is what people call it.
    """

    key: str
    number: int
    stage: str  # a Stage; of a sentence "undecided" or "decided"
    label: str  # the verdict's name or the stage; of a sentence its disposition
    spans: tuple[tuple[int, int], ...]
    verdict: str = ""  # the mark of the verdict, when verified
    as_of: str = ""  # the date that the verdict stands for
    level: int = 0
    supports: int = 0
    refutes: int = 0
    is_due: bool = False
    words: str = ""  # how a sentence starts
    version: int = 0  # of a sentence

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def place(self) -> tuple[int, int, int]:
        """Sorts marks in the order of the text, sentences before the claims that start with them."""
        return self.start, int(self.is_claim), self.number

    @property
    def is_claim(self) -> bool:
        return not self.key.startswith("s")

    @property
    def query(self) -> str:
        return selecting(self.key)


@dataclass(frozen=True)
class MarkedPiece:
    """A stretch of text under the same marks, outermost first; `ends` are the claims whose passage ends with it."""

    html: SafeString
    marks: tuple[Mark, ...]
    ends: tuple[Mark, ...]


@dataclass
class Block:
    """A paragraph or heading. `marks` touch it; `starting` are those whose first passage starts in it, in order."""

    id: str
    number: int
    text: str = field(repr=False)
    start: int
    is_heading: bool = False
    marks: list[Mark] = field(default_factory=list)
    starting: list[Mark] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def pieces(self) -> list[MarkedPiece]:
        """The text cut wherever a mark starts or ends."""
        by_key = {mark.key: mark for mark in sorted(self.marks, key=lambda mark: mark.level)}
        spans = [(key, a - self.start, b - self.start) for key, mark in by_key.items() for a, b in mark.spans]
        return [self._marked(piece, by_key) for piece in segments(len(self.text), spans)]

    def _marked(self, piece: Piece[str], by_key: dict[str, Mark]) -> MarkedPiece:
        marks = tuple(by_key[key] for key in piece.keys)
        end = self.start + piece.end
        ends = tuple(mark for mark in marks if mark.is_claim and any(end == last for _, last in mark.spans))
        return MarkedPiece(isolated(self.text[piece.start : piece.end]), marks, ends)

    @property
    def cover(self) -> str:
        """How far the claims that start here are checked: full, part, none; empty without claims."""
        claims = [mark for mark in self.starting if mark.is_claim]
        verified = sum(mark.stage == Stage.VERIFIED for mark in claims)
        if not claims:
            return ""
        return "none" if not verified else "full" if verified == len(claims) else "part"


def isolated(text: str) -> SafeString:
    """`text` as HTML in which a direction control turns nothing and shows as its name.

    The control itself stays, alone in a `<bdi>`, so that positions in the page count as in the snapshot.
    """
    if not _CONTROL.search(text):
        return escape(text)
    return mark_safe(_CONTROL.sub(_shown, escape(text)))  # noqa: S308 (escaped; what is put in is ours)


def _shown(match: re.Match[str]) -> str:
    name = BIDI_CONTROLS[match[0]]
    return f'<bdi>{match[0]}</bdi><span data-skip title="Direction control {name}">\u27e6{name}\u27e7</span>'


def blocks(text: str, sentence_starts: Sequence[int]) -> list[Block]:
    """The blocks of a text in order. Long paragraphs are cut where a sentence starts; headings lose their signs."""
    found: list[Block] = []
    headings = 0
    for paragraph in paragraphs(text):
        if paragraph.is_heading:
            headings += 1
            hashes = _HASHES.match(text, paragraph.start)
            start = hashes.end() if hashes else paragraph.start
            found.append(Block(f"h{headings}", headings, text[start : paragraph.end], start, is_heading=True))
            continue
        for start, end in _cut(paragraph.start, paragraph.end, sentence_starts):
            number = len(found) + 1 - headings
            found.append(Block(f"p{number}", number, text[start:end], start))
    return found


def _cut(start: int, end: int, sentence_starts: Sequence[int]) -> Iterable[tuple[int, int]]:
    if end - start > LONG:
        for cut in sentence_starts:
            if start + LONG <= cut < end:
                yield start, cut
                start = cut
    yield start, end


def lay(marks: Iterable[Mark], over: Sequence[Block]) -> None:
    """Give every block the marks that touch it. `marks` come in the order of their starts."""
    starts = [block.start for block in over]
    for mark in marks:
        touched = {block.id: block for span in mark.spans for block in _touched(span, over, starts)}
        for block in touched.values():
            block.marks.append(mark)
        for block in list(touched.values())[:1]:
            block.starting.append(mark)


def _touched(span: tuple[int, int], over: Sequence[Block], starts: Sequence[int]) -> Iterable[Block]:
    start, end = span
    first = max(bisect_right(starts, start) - 1, 0)
    for block in islice(over, first, None):
        if block.start >= end:
            return
        if start < block.end:
            yield block
