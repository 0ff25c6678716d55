"""The paragraphs and sentences of a text, as spans of it. Pure.

Sentences are found by nupunkt, a model of which full stops end a sentence. It was made from court papers; what it gets
wrong in articles, by our own samples, is put right here: see `_MISSED`, `_FOOTNOTE` and `_continues`.
Offsets count Unicode code points of a text whose newlines are LF.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import nupunkt


class Paragraph(NamedTuple):
    start: int
    end: int
    is_heading: bool


class Span(NamedTuple):
    start: int
    end: int


_HEADING = r"[ ]{0,3}\#{1,6}[ \t]+\S.*"
_PARAGRAPH = re.compile(
    rf"""
    ^(?P<heading>{_HEADING})$               # a Markdown heading is a paragraph, whatever comes around it
    | (?:^(?!{_HEADING})[^\S\n]*\S.*$\n?)+  # otherwise lines that are not blank
    """,
    re.MULTILINE | re.VERBOSE,
)

_ABBREVIATION = re.compile(
    r"al|approx|art|asst|assn|assoc|atty|brig|bros|ca|capt|cf|ch|cit|cmdr|col|corp|dept|ed|eds|eg|eq|esp|est|et|etc"
    r"|figs?|ft|govt|ibid|ie|incl|max|messrs|min|misc|nos?|op|para?|pp|pres|prof|pt|resp|sec|sect|sept|sq|supt|tab"
    r"|trans|univ|var|viz|vols?|vs",
    re.IGNORECASE,
)
"""Words whose stop may stand before a capital. The model also lists "cent", "bold", "century" and "Hokkaido"."""

_MISSED = re.compile(
    r"""
    (?:
        (?<![\w.])(?P<word>[a-z]{2,}|[A-Z][a-z]{3,})
        | (?:\bI|(?<=[a-z]\s)[A-Z])(?=\.\s+(?:It|He|She|They|We|You|The|This|That|Then|But|And|In)\b)
    )
    [.!?] [”’"')\]]* (?:\[[0-9]{1,3}\])* [⁰¹²³⁴-⁹]* \s+
    (?=[“‘"'(\[]?[A-Z])
    | [。！？][」』”）]*                      # Chinese and Japanese put no space after a stop
    | \n(?=[ \t]*(?:[-*•]|[0-9]{1,3}[.)])[ \t])  # the next item of a list
    """,
    re.VERBOSE,
)
_FOOTNOTE = re.compile(r"(?<=\S)[”’\"')]*(?:\[[0-9]{1,3}\])+\s*")
_EMOJI = re.compile(r"(?<=[^\S\n]|[.!?…”’\"')\]])(?:[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]+[^\S\n]*)+")

_BEFORE_NAME = re.compile(
    r"\b(?:Adm|Amb|Brig|Capt|Cmdr|Cpl|Gen|Gov|Lt|Maj|Prof|Rep|Sen|Sgt|[Vv]s)\.$|\b(?:U\.[NKS]|E\.U)\.$"
)
_NAME = re.compile(r"(?!(?:A|An|And|But|He|In|It|Its|On|She|That|The|Their|They|This|We)\b)[A-Z]")
_INITIALS = re.compile(r"\b(?:[A-Z]|[IVXLC]+)\.$")
_DAY = re.compile(r"(?:^|\s)[0-9]{1,2}\.$")
_MONTH = re.compile(r"(?:Jan|Febr|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]*\b")
_MARK_OF_ITEM = re.compile(r"[0-9]{1,3}[.)]|[-*•]")
_EXCLAIMED = re.compile(r"[!?][”’\"]?$")
_QUOTED_TITLE = re.compile(r"[!?][”’\"]$")
_NEAR = 200  # as far as the rules below need to see
_ASIDE = re.compile(r"\([^()]*[^().!?…]\)")  # brackets that hold no sentence of their own


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs in order, without the blanks around them. Blank lines and headings part them."""
    found = []
    for match in _PARAGRAPH.finditer(text):
        span = _trimmed(text, *match.span())
        found.append(Paragraph(*span, is_heading=match["heading"] is not None))
    return found


def sentences(text: str) -> list[Span]:
    """The sentences in order, without the blanks around them. None crosses a paragraph; a heading is one sentence."""
    return [span for paragraph in paragraphs(text) for span in sentences_in(text, paragraph)]


def sentences_in(text: str, paragraph: Paragraph) -> list[Span]:
    """The sentences of one of the text's paragraphs, in order."""
    start, end, is_heading = paragraph
    if is_heading:
        return [Span(start, end)]
    return [Span(start + a, start + b) for a, b in _split(text[start:end])]


def _split(paragraph: str) -> Iterator[Span]:
    start = 0
    for cut in _cuts(paragraph):
        before, after = paragraph[max(start, cut - _NEAR) : cut], paragraph[cut : cut + _NEAR]
        if _continues(before.strip(), after.lstrip()):
            continue
        sentence = _trimmed(paragraph, start, cut)
        if sentence.start < sentence.end:
            yield sentence
        start = cut
    yield _trimmed(paragraph, start, len(paragraph))


def _cuts(paragraph: str) -> list[int]:
    """Where a sentence may start, besides at 0."""
    cuts = {start for start, _ in nupunkt.sent_spans(paragraph)}
    cuts |= {match.end() for match in _MISSED.finditer(paragraph) if not _ABBREVIATION.fullmatch(match["word"] or "")}
    cuts -= {0}
    # The number of a footnote belongs to the sentence before it, and so does an emoji.
    for mark in (_FOOTNOTE, _EMOJI):
        cuts = {match.end() if (match := mark.match(paragraph, cut)) else cut for cut in cuts}
    return sorted(cuts - {len(paragraph)})


def _continues(sentence: str, rest: str) -> bool:
    """Whether `rest` goes on with `sentence` although there is a stop between them; both may be cut off far from it."""
    return bool(
        (_EXCLAIMED.search(sentence) and rest[:1].islower())  # the show Jeopardy! is old
        or (_QUOTED_TITLE.search(sentence) and _ASIDE.match(rest))  # the article “Who?” (2023) is long
        or (_BEFORE_NAME.search(sentence) and _NAME.match(rest))  # the U.N. General Assembly; Lt. Smith
        or (_INITIALS.search(sentence) and rest[:1].islower())  # the Japan-U.S. alliance; Louis XIV. ruled
        or (_DAY.search(sentence) and _MONTH.match(rest))  # 3. March
        or _MARK_OF_ITEM.fullmatch(sentence)  # 2. Second item
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))
