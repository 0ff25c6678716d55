"""Where highlights start and end, and on which line beneath the text each is drawn. Pure."""

from collections.abc import Hashable, Iterable
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


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
