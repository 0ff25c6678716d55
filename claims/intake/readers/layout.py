"""Lines as they stand on pages, to the paragraphs that their author wrote. Pure.

Page layout keeps no paragraphs. What tells them: more space above, a new size of type, a short last line, an indented
first one. Where nothing tells, two paragraphs are taken for one, which only makes sentences with odd neighbours; taking
one for two would cut sentences.
"""

import re
from collections import Counter
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from claims.intake.readers.blocks import Block, tidy


class Line(NamedTuple):
    """A line of type, in points from the lower left corner of its page; `height` is that of its first letter's font.

    A soft hyphen in `text` stands where the line on paper ended with a hyphen.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    height: float


_Key = tuple[str, int]
"""The words of a line, with every number as 0, and its height on the page."""

_EDGE = 3  # lines of a page's head or foot
_LARGER = 1.15  # as often as large as the text: a heading
_OTHER_SIZE = 0.1
_LONGEST_HEADING = 200
_SHORTEST_HALF = 3  # "be" and "come" are words, and "become" is what was meant
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？…][”’\"'»)\]]*[⁰¹²³⁴-⁹]*$")
_BULLET = re.compile(r"[•▪◦‣●■–—*-]\s|\d{1,2}[.)]\s")
_SURE_BULLET = re.compile(r"[•▪◦‣●■]\s")
_WORD = re.compile(r"(?<![\w\u00ad])\w+(?:-\w+)*(?![\w\u00ad])")
_MENDED = re.compile(r"(?P<before>\w+)\u00ad(?P<after>\w+)")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")


def without_repeated(pages: list[list[Line]]) -> tuple[list[list[Line]], list[str]]:
    """The pages without running heads, feet and page numbers, and one example of each.

    Those are lines at the edge of at least three pages, or of both, at the same height, equal but for figures, and
    further from the text than its lines are from each other.
    """
    counts = Counter(key for page in pages for key in {_key(line) for edge in _edges(page) for line in edge})
    least = max(2, min(3, len(pages)))
    repeated = {key for key, count in counts.items() if count >= least}
    examples: dict[_Key, str] = {}
    kept = []
    for page in pages:
        gone = {line for edge in _edges(page) for line in _apart(edge, repeated, _usual_gap(page))}
        examples |= {_key(line): line.text for line in gone}
        kept.append([line for line in page if line not in gone])
    return kept, sorted(examples.values())


def _edges(page: list[Line]) -> tuple[list[Line], list[Line]]:
    """The outermost lines above and below, each from the edge inwards, with the first line beyond them."""
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height[: _EDGE + 1], by_height[: -_EDGE - 2 : -1]


def _apart(edge: list[Line], repeated: set[_Key], gap: float) -> list[Line]:
    """The lines of an edge that repeat, up to the last that stands apart from the next line inwards."""
    last = 0
    for number, (line, inner) in enumerate(zip(edge, edge[1:], strict=False), start=1):
        if _key(line) not in repeated:
            break
        if max(line.bottom - inner.top, inner.bottom - line.top) > gap + 0.3 * line.height:
            last = number
    return edge[:last]


def _key(line: Line) -> _Key:
    return re.sub(r"\d+", "0", tidy(line.text)), round(line.top)


def paragraphs(pages: list[list[Line]]) -> list[Block]:
    """The paragraphs and headings of all pages; one may go on over pages and columns."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    body = _body_height(lines)
    levels = _levels(lines, body)
    words = set(_WORD.findall(" ".join(line.text for line in lines)))
    found = []
    for group in _groups(pages):
        text = _joined([line.text for line in group], words)
        level = levels.get(_rounded(group[0].height), 0) if len(text) <= _LONGEST_HEADING else 0
        found.append(Block(text, level))
    return found


def _body_height(lines: list[Line]) -> float:
    """The height of most letters."""
    heights: Counter[float] = Counter()
    for line in lines:
        heights[_rounded(line.height)] += len(line.text)
    return heights.most_common(1)[0][0]


def _rounded(height: float) -> float:
    return round(height * 2) / 2


def _levels(lines: list[Line], body: float) -> dict[float, int]:
    """A level for each height that is larger than the text's: the largest is 1."""
    larger = {height for line in lines if (height := _rounded(line.height)) > body * _LARGER}
    return {height: min(level, 6) for level, height in enumerate(sorted(larger, reverse=True), start=1)}


def _groups(pages: list[list[Line]]) -> Iterator[list[Line]]:
    """The lines of each paragraph."""
    group: list[Line] = []
    for page in pages:
        gap = _usual_gap(page)
        for number, line in enumerate(page):
            following = page[number + 1] if number + 1 < len(page) else None
            if group and _begins(line, group[-1], following, page, gap if number else None):
                yield group
                group = []
            group.append(line)
    if group:
        yield group


def _usual_gap(page: list[Line]) -> float:
    """The space between two lines of a paragraph."""
    gaps = [above.bottom - below.top for above, below in zip(page, page[1:], strict=False) if above.top > below.top]
    return median(gaps) if gaps else 0.0


def _begins(line: Line, before: Line, following: Line | None, page: list[Line], gap: float | None) -> bool:
    """Whether `line` begins a paragraph; `gap` is None for the first line of a page."""
    if abs(line.height - before.height) > _OTHER_SIZE * before.height or _SURE_BULLET.match(line.text):
        return True
    ended = bool(_ENDS_SENTENCE.search(before.text.strip()))
    if gap is None or line.top > before.top:  # another page or column: nothing but the words can tell
        return ended
    if before.bottom - line.top > gap + 0.35 * line.height:
        return True
    return ended and (
        _is_short(before, page) or _is_indented(line, before, following) or bool(_BULLET.match(line.text))
    )


def _is_short(line: Line, page: list[Line]) -> bool:
    """Whether `line` ends well before the margin of its column."""
    column = [other.right for other in page if abs(other.left - line.left) < 3 * line.height]
    return line.right < max(column) - 0.15 * (max(column) - line.left)


def _is_indented(line: Line, before: Line, following: Line | None) -> bool:
    """Whether `line` starts further in than its neighbours, as the first line of a paragraph does."""
    margin = min(before.left, following.left) if following else before.left
    return 0.6 * line.height < line.left - margin < 5 * line.height and (
        following is None or following.left < line.left - 0.5 * line.height
    )


def _joined(lines: list[str], words: set[str]) -> str:
    text = lines[0].strip()
    for line in (line.strip() for line in lines[1:]):
        text += ("" if _needs_no_space(text, line) else " ") + line
    return tidy(_MENDED.sub(lambda match: _mended(match["before"], match["after"], words), text)).replace("\u00ad", "")


def _needs_no_space(before: str, after: str) -> bool:
    if _IDEOGRAPHS.match(before[-1:]) and _IDEOGRAPHS.match(after):
        return True
    return before.endswith("\u00ad") or bool(re.search(r"\w-$", before))


def _mended(before: str, after: str, words: set[str]) -> str:
    """What stood with a hyphen at the end of a line: one word, or two with a hyphen; the rest of the text tells."""
    if before + after in words:
        return before + after
    compound = f"{before}-{after}" in words or not after[0].islower()
    both_are_words = min(len(before), len(after)) >= _SHORTEST_HALF and {before, after} <= words
    return f"{before}-{after}" if compound or both_are_words else before + after
