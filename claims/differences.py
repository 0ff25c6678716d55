"""What changed between two texts, word by word; and two people's changes to one text put together. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORDS_LIMIT = 6_000
"""Texts of more words in sum are shown as replaced whole: comparing them would take seconds."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class PieceKind(StrEnum):
    """Named as the elements of HTML that show them; what is in both texts needs none."""

    SAME = "same"
    DELETED = "del"
    INSERTED = "ins"


@dataclass(frozen=True)
class Piece:
    kind: PieceKind
    text: str


@dataclass(frozen=True)
class _Hunk:
    """base[start:end] becomes `words`."""

    start: int
    end: int
    words: list[str]


def word_diff(old: str, new: str) -> list[Piece]:
    """The pieces in reading order: without the inserted ones they make `old`, without the deleted ones `new`."""
    a, b = _words(old), _words(new)
    if len(a) + len(b) > WORDS_LIMIT:
        return _pieces((PieceKind.DELETED, old), (PieceKind.INSERTED, new))
    found: list[tuple[PieceKind, str]] = []
    for tag, a_from, a_to, b_from, b_to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((PieceKind.SAME, "".join(a[a_from:a_to])))
        else:
            found += [(PieceKind.DELETED, "".join(a[a_from:a_to])), (PieceKind.INSERTED, "".join(b[b_from:b_to]))]
    return _pieces(*found)


def merge_words(base: str, mine: str, theirs: str) -> str | None:
    """`base` with both people's changes, or None when they touch the same words: then a person must choose."""
    words = _words(base)
    if len(words) + len(mine) + len(theirs) > WORDS_LIMIT * 5:
        return None
    hunks = sorted(_hunks(words, mine) + _hunks(words, theirs), key=lambda hunk: (hunk.start, hunk.end))
    merged: list[str] = []
    reached = 0
    for number, hunk in enumerate(hunks):
        if number and hunk.start <= hunks[number - 1].end:
            return None
        merged += [*words[reached : hunk.start], *hunk.words]
        reached = hunk.end
    return "".join([*merged, *words[reached:]])


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _hunks(base: Sequence[str], text: str) -> list[_Hunk]:
    words = _words(text)
    codes = SequenceMatcher(None, base, words, autojunk=False).get_opcodes()
    return [_Hunk(a_from, a_to, words[b_from:b_to]) for tag, a_from, a_to, b_from, b_to in codes if tag != "equal"]


def _pieces(*found: tuple[PieceKind, str]) -> list[Piece]:
    return [Piece(kind, text) for kind, text in found if text]
