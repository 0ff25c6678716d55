"""Find a quote that reads the same, whatever its quotes, dashes, spaces and composition. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from os.path import commonprefix

from claims.characters import fold
from claims.passages.body import Body, body
from claims.passages.passage import CONTEXT, Passage


@dataclass(frozen=True, order=True)
class Place:
    """A place that reads like the passage; places compare by how well they fit."""

    agreement: int  # code points of folded context that agree, counted outwards from the quote; both sides together
    nearness: int  # minus the distance from where the passage was
    start: int
    end: int
    before: int  # the agreement of either side
    behind: int


def places(passage: Passage, within: Body) -> list[Place]:
    """Every place of the text that reads like the quote, the one that fits best first."""
    folded = within.folded
    exact, prefix, suffix = fold(passage.exact).text, fold(passage.prefix).text, fold(passage.suffix).text
    found = []
    for a, b in _occurrences(exact, folded.text):
        before = _agreement(folded.text[max(0, a - CONTEXT) : a][::-1], prefix[::-1])
        behind = _agreement(folded.text[b : b + CONTEXT], suffix)
        start, end = folded.original(a, b)
        found.append(Place(before + behind, -abs(start - passage.start), start, end, before, behind))
    return sorted(found, reverse=True)


def in_its_paragraph(passage: Passage, old: Body, new: Body, shortest: int) -> tuple[int, int] | None:
    """Where the passage is in the new text, if its whole paragraph stands exactly once in each of the two texts.

    None otherwise, and when the paragraph (or the paragraphs, if it reaches over several) has fewer code points than
    `shortest`. A line break ends a paragraph.
    """
    last = old.text.find("\n", passage.end)
    first, after = old.text.rfind("\n", 0, passage.start) + 1, len(old.text) if last < 0 else last
    a, start, end, b = (old.folded_at(offset) for offset in (first, passage.start, passage.end, after))
    paragraph = old.folded.text[a:b]
    there = _only(paragraph, new.folded.text)
    if there is None or b - a < shortest or start == end or _only(paragraph, old.folded.text) is None:
        return None
    place = new.folded.original(there, there + b - a)
    # Folded, the end of one paragraph and the beginning of the next could read the same as this one.
    if _lines(new.text[slice(*place)]) != _lines(old.text[first:after]):
        return None
    return new.folded.original(there + start - a, there + end - a)


def _lines(text: str) -> list[str]:
    return [fold(line).text.strip() for line in text.split("\n") if line.strip()]


def _only(needle: str, text: str) -> int | None:
    """Where the only occurrence starts; None when there is none or another."""
    start = text.find(needle)
    return None if start < 0 or text.find(needle, start + 1) >= 0 else start


def context_length(passage: Passage) -> int:
    """The agreement of a place at which all surroundings that the passage carries agree."""
    return len(fold(passage.prefix).text.rstrip()) + len(fold(passage.suffix).text.lstrip())


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """The first range of `text` that reads like `quote`, whatever its quotes, dashes and spaces; None if none does."""
    return next(find_quotes(quote, text), None)


def find_quotes(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """Every range of `text` that reads like `quote`, in order, as `find_quote` has the first."""
    folded = body(text).folded
    for start, end in _occurrences(fold(quote).text.strip(), folded.text):
        yield folded.original(start, end)


def _occurrences(needle: str, text: str) -> Iterator[tuple[int, int]]:
    """Every range of `text` that reads `needle`, overlapping ones too."""
    start = text.find(needle) if needle else -1
    while start >= 0:
        yield start, start + len(needle)
        start = text.find(needle, start + 1)


def _agreement(one: str, other: str) -> int:
    return len(commonprefix((one.lstrip(), other.lstrip())))
