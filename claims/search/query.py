"""The query language of search: words, "a phrase", begin*, -without, @person. Pure.

All words must match. Anything else is taken as harmless text: a query is never a syntax error.
"""

import re
from dataclasses import dataclass

from claims.search.words import tokens
from claims.text import clean_line

LIMIT = 200
HELP = "Words that must all occur, “a phrase”, begin*, -without, @person, or a reference such as C-12."

_CHUNK = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True)
class Term:
    """Words that follow each other; with `is_prefix` the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class Query:
    """Claims that contain every term of `wanted` and none of `unwanted`, assigned to one of `people` if any."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def is_hopeless(self) -> bool:
        """It asks for something without letters and digits, which no claim can match."""
        return any(not term.words for term in self.wanted)


def parse(text: str) -> Query:
    """Reads what was typed. Raises ValueError, with a message for the person, when it cannot be searched for.

    What holds no letter or digit asks for one term without words, which nothing matches.
    """
    text = clean_line(text)
    if len(text) > LIMIT:
        raise ValueError(f"Search for at most {LIMIT} characters; this has {len(text):,}.")
    wanted: list[Term] = []
    unwanted: list[Term] = []
    people: list[str] = []
    for match in _CHUNK.finditer(text.translate(_QUOTES)):
        word = match["word"] or ""
        if len(word) > 1 and word.startswith("@") and not match["minus"]:
            people.append(word[1:])
        elif words := tuple(tokens(match["phrase"] or word)):
            (unwanted if match["minus"] else wanted).append(Term(words, is_prefix=word.endswith("*")))
    if unwanted and not wanted:
        raise ValueError("Add a word to look for: a minus only says what to leave out.")
    if text and not wanted and not people:
        wanted = [Term(())]
    return Query(tuple(wanted), tuple(unwanted), tuple(people))
