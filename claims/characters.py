"""Characters as readers see them: where one ends, and which spellings print varies freely.

Pure. Every offset counts Unicode code points, as Python strings do.
"""

import re
import unicodedata
from array import array
from dataclasses import dataclass

ZERO_WIDTH_JOINER = "\u200d"

_ONE_SPELLING = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        # Nothing to see: soft hyphen, zero-width spaces, direction marks and the byte order mark.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e"),
        **dict.fromkeys("\u2066\u2067\u2068\u2069"),
        # Ligatures of typesetting. Not NFKC as a whole: it would make "10²" equal "102".
        **{"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st"},
        **{"\ufb06": "st", "\u2026": "..."},
    }
)


_PLAIN = re.compile(r"[!-_a-~]+(?: [!-_a-~]+)*(?![^\x00-\u02ff])")
"""Words that fold to themselves; not with a last letter that a combining mark may follow."""


@dataclass(frozen=True)
class Folded:
    """`text` in one spelling; its character `i` stands for `[starts[i], ends[i])` of the original."""

    text: str
    starts: "array[int]"
    ends: "array[int]"

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that a non-empty range of the folded text stands for."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """`text` with one kind of quote, dash and space, without invisible characters, composed (NFC).

    Case, figures and letters stay as they are: those carry meaning.
    """
    parts: list[str] = []
    starts, ends = array("I"), array("I")
    start = 0
    while start < len(text):
        if plain := _PLAIN.match(text, start):  # nearly all of most texts, ten times as fast
            end = plain.end()
            parts.append(plain[0])
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            end = _border_after(text, start)
            part = _fold_cluster(text[start:end])
            if part == " " and parts and parts[-1] == " ":
                ends[-1] = end
            elif part:
                parts.append(part)
                starts.extend([start] * len(part))
                ends.extend([end] * len(part))
        start = end
    return Folded("".join(parts), starts, ends)


def _fold_cluster(cluster: str) -> str:
    if cluster.isspace():
        return " "
    if cluster.isascii() and cluster != "`":
        return cluster
    return unicodedata.normalize("NFC", cluster).translate(_ONE_SPELLING)


def is_border(text: str, offset: int) -> bool:
    """Whether `text` can be cut at `offset` without splitting what a reader takes for one character.

    Covers combining marks, variation selectors, joined and toned emoji, flags, conjoining Hangul and CR LF: the
    rules of UAX 29 that matter for selections, without a table of every script.
    """
    if not 0 < offset < len(text):
        return True
    before, after = text[offset - 1], text[offset]
    if before < "\u0300" and after < "\u0300":
        return not (before == "\r" and after == "\n")
    if _extends(after) or (before == ZERO_WIDTH_JOINER and unicodedata.category(after) == "So"):
        return False
    return not (_is_flag_half(after) and _flag_halves_before(text, offset) % 2)


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char).startswith("M")
        or char == ZERO_WIDTH_JOINER
        or "\u1160" <= char <= "\u11ff"  # vowels and finals of Hangul written as single letters
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= "\U000e007f"  # tags, as in the flag of Scotland
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, offset: int) -> int:
    start = offset
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return offset - start


def _border_after(text: str, offset: int) -> int:
    """Where the character ends, as a reader sees it, that begins at `offset`."""
    end = offset + 1
    while not is_border(text, end):
        end += 1
    return end
