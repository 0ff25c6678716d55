"""The words of a sentence, as detection counts them. Pure."""

import re
from typing import NamedTuple

_WORD = re.compile(
    r"""
    [0-9]+(?:[.,:][0-9]+)*          # 7, 1,200, 3.5, 20:15
    | [^\W\d_]+(?:'[^\W\d_]+)*   # Japan, don't; a hyphen parts words
    | [%$€£¥]                       # signs that are read as words
    """,
    re.VERBOSE,
)


class Word(NamedTuple):
    text: str  # as it stands, with a straight apostrophe
    key: str  # in lower case
    start: int
    end: int


def words_of(sentence: str) -> list[Word]:
    """The words in order; `start` and `end` are offsets in the sentence."""
    found = []
    for match in _WORD.finditer(sentence.replace("’", "'")):
        text = match.group()
        found.append(Word(text, text.lower(), *match.span()))
    return found
