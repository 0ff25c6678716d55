"""A passage is a place in a text: describe it, and find it again in another text.

The shape is the W3C Web Annotation model's TextQuoteSelector together with its TextPositionSelector. Pure: offsets
count Unicode code points, `start` is inclusive and `end` exclusive.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from os.path import commonprefix
from typing import Generic, NamedTuple, TypeVar

from claims.characters import Folded, fold, is_border

CONTEXT = 32
"""How many code points of text before and after its quote a passage carries."""

SINGULAR = 16
"""Quote and agreeing context of this many code points together are taken to single out one place."""

LEAD = 8
"""By how many code points of agreeing context one place must beat the next to be taken for the passage."""

Key = TypeVar("Key", bound=Hashable)


class PassageError(ValueError):
    """The range cannot be a passage of the text; the message says why."""


class Found(StrEnum):
    """How a passage came out of a search. A passage that is gone has no match at all.

    REWORDED is for a search by similarity; the search of this module reports only what reads the same.
    """

    UNCHANGED = "unchanged"
    MOVED = "moved"
    REWORDED = "reworded"


@dataclass(frozen=True)
class Passage:
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True)
class Match:
    """Where a passage was found.

    `certain` is False when another place fits about as well, or too little of the surroundings agrees: a person
    must look. `normalised` is True when quotes, dashes, spaces or composition differ from the passage's quote.
    """

    start: int
    end: int
    status: Found
    certain: bool = True
    normalised: bool = False


def describe(text: str, start: int, end: int) -> Passage:
    """The passage `text[start:end]`. Raises PassageError when the range is outside the text, empty or blank."""
    if not 0 <= start <= end <= len(text):
        raise PassageError(f"characters {start} to {end} lie outside the text, which has {len(text)}")
    exact = text[start:end]
    if not exact.strip():
        raise PassageError("no words are selected" if exact else "the selection is empty")
    return Passage(exact, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start, end)


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends, widened so that no visible character is split.

    What lies outside `text` is cut off; a blank range comes out empty.
    """
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return start, end
    while not is_border(text, start):
        start -= 1
    while not is_border(text, end):
        end += 1
    return start, end


def locate(passage: Passage, text: str) -> Match | None:
    """Where `passage` is in `text`, or None when its words are not there.

    At its own offsets with its own surroundings it is unchanged. Otherwise every place that reads the same is weighed
    by how much of the surroundings agrees, then by nearness; see `Match.certain` for when that does not decide.
    """
    if _stands_unchanged(passage, text):
        return Match(passage.start, passage.end, Found.UNCHANGED)
    places = sorted(_places(passage, text), reverse=True)
    if not places:
        return None
    best = places[0]
    lead = best.agreement - places[1].agreement if len(places) > 1 else LEAD
    certain = lead >= LEAD and len(passage.exact) + best.agreement >= SINGULAR
    here = (best.start, best.end) == (passage.start, passage.end)
    return Match(
        best.start,
        best.end,
        Found.UNCHANGED if here else Found.MOVED,
        certain=certain,
        normalised=text[best.start : best.end] != passage.exact,
    )


def _stands_unchanged(passage: Passage, text: str) -> bool:
    start, end = passage.start, passage.end
    return (
        text[start:end] == passage.exact
        and text.endswith(passage.prefix, 0, start)
        and text.startswith(passage.suffix, end)
    )


@dataclass(frozen=True, order=True)
class _Place:
    """A place that reads like the passage; places compare by how well they fit."""

    agreement: int  # code points of context that agree
    nearness: int  # minus the distance from where the passage was
    start: int
    end: int


def _places(passage: Passage, text: str) -> Iterator[_Place]:
    folded, prefix, suffix = fold(text), fold(passage.prefix).text, fold(passage.suffix).text
    for start, end in _occurrences(fold(passage.exact).text, folded):
        before = folded.text[max(0, start - CONTEXT) : start]
        agreement = _agreement(before[::-1], prefix[::-1]) + _agreement(folded.text[end : end + CONTEXT], suffix)
        place = folded.original(start, end)
        yield _Place(agreement, -abs(place[0] - passage.start), *place)


def _occurrences(needle: str, folded: Folded) -> Iterator[tuple[int, int]]:
    """Every range of the folded text that reads `needle`, overlapping ones too."""
    start = folded.text.find(needle) if needle else -1
    while start >= 0:
        yield start, start + len(needle)
        start = folded.text.find(needle, start + 1)


def _agreement(one: str, other: str) -> int:
    return len(commonprefix((one.lstrip(), other.lstrip())))


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """The first range of `text` that reads like `quote`, whatever its quotes, dashes and spaces; None if none does."""
    folded = fold(text)
    for start, end in _occurrences(fold(quote).text.strip(), folded):
        return folded.original(start, end)
    return None


def utf16_to_code_points(text: str, offset: int) -> int:
    """The code point offset of a browser's `offset`, which counts UTF-16 code units.

    Raises PassageError when the offset lies outside `text` or between the two units of one code point.
    """
    units = text.encode("utf-16-le")
    if not 0 <= 2 * offset <= len(units):
        raise PassageError(f"offset {offset} lies outside the text, which has {len(units) // 2} UTF-16 units")
    try:
        return len(units[: 2 * offset].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise PassageError(f"offset {offset} splits a character") from None


def code_points_to_utf16(text: str, offset: int) -> int:
    """The offset in UTF-16 code units, as browsers count, of a code point offset. PassageError outside `text`."""
    if not 0 <= offset <= len(text):
        raise PassageError(f"offset {offset} lies outside the text, which has {len(text)} characters")
    return len(text[:offset].encode("utf-16-le")) // 2


class Piece(NamedTuple, Generic[Key]):
    """A stretch of text, and the keys of the spans that cover all of it."""

    start: int
    end: int
    keys: tuple[Key, ...]


def segments(length: int, spans: Iterable[tuple[Key, int, int]]) -> list[Piece[Key]]:
    """A text of `length` cut wherever a span `(key, start, end)` starts or ends; in order, without a gap.

    Keys come in the order of `spans`, each once. What a span claims beyond the text is ignored.
    """
    spans = list(spans)
    cuts = {0, length, *(min(max(offset, 0), length) for _, *ends in spans for offset in ends)}
    return [
        Piece(start, end, tuple(dict.fromkeys(key for key, *span in spans if span[0] <= start and end <= span[1])))
        for start, end in pairwise(sorted(cuts))
    ]


def levels(spans: Iterable[tuple[Key, int, int]]) -> dict[Key, int]:
    """A level from 0 up for each key, the lowest on which none of its spans overlaps another key's.

    The highlight of a claim keeps one level throughout, so overlapping lines never touch or change places.
    """
    by_key: dict[Key, list[tuple[int, int]]] = {}
    for key, start, end in sorted(spans, key=lambda span: (span[1], -span[2])):
        by_key.setdefault(key, []).append((start, end))
    placed: list[list[tuple[int, int]]] = []
    result: dict[Key, int] = {}
    for key, own in by_key.items():
        level = next((level for level, taken in enumerate(placed) if not _overlap(own, taken)), len(placed))
        if level == len(placed):
            placed.append([])
        placed[level] += own
        result[key] = level
    return result


def _overlap(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    return any(a < d and c < b for a, b in some for c, d in others)
