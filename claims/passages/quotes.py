"""Look for a quote in a captured text, with nothing known of its surroundings, and say how it was found. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from claims.characters import fold
from claims.passages.body import Body, body
from claims.passages.exact import find_quotes
from claims.passages.passage import Passage
from claims.passages.similar import likenesses

MOST = 50
"""So many places that read the same are told apart; a quote with more of them says too little to be a quote."""

ALIKE = 0.6
"""How like the quote, from 0 to 1, the words of a place must be to be shown beside it."""

_NUMBER_GOES_ON = re.compile(r"(?:[.,]\d+)+")
_NUMBER_BEFORE = re.compile(r"(?:\d+[.,])+\Z")
_NUMBER = 40  # characters that are looked at for the rest of a number


@dataclass(frozen=True)
class QuotePlaces:
    """Where a quote was seen: `places` that read the same, at most MOST, or else the one place most `alike`.

    Ranges are in code points of the text. Both are empty when nothing in the text resembles the quote.
    """

    places: tuple[tuple[int, int], ...] = ()
    alike: tuple[int, int] | None = None

    @property
    def place(self) -> tuple[int, int] | None:
        """The one place beyond doubt, else the most alike; None when there is none, or which one it is, is open."""
        return self.alike if len(self.places) != 1 else self.places[0]


def sight(quote: str, text: str) -> QuotePlaces:
    """Look for `quote` in `text`, whatever its quotation marks, dashes, spaces, line breaks and direction marks.

    A place counts only if it neither begins nor ends within a word or a number: “ten” is not in “often”, and “$13” is
    not in “$13.5 billion”. Without such a place, the words most like the quote are taken, if any are alike enough.
    """
    places = tuple(islice(_whole(quote, text), MOST))
    return QuotePlaces(places) if places else QuotePlaces(alike=_most_alike(quote, text))


def reads_like(quote: str, words: str) -> bool:
    """Whether the words of a text say what the quote says, but for quotation marks, dashes, spaces and the like."""
    return fold(quote).text.strip() == fold(words).text.strip()


def _whole(quote: str, text: str) -> Iterator[tuple[int, int]]:
    within = body(text)
    starts, ends = _borders(within)
    reached = -1
    for start, end in find_quotes(quote, text):
        first, after = within.folded_at(start), within.folded_at(end - 1) + 1
        whole = first in starts and after in ends and not _cuts_a_number(within.folded.text, first, after)
        if whole and start >= reached:  # of places that overlap the first
            reached = end
            yield start, end


def _borders(within: Body) -> tuple[set[int], set[int]]:
    return {start for start, _ in within.spans}, {end for _, end in within.spans}


def _cuts_a_number(text: str, first: int, after: int) -> bool:
    """Whether figures go on outside a range of the folded text, behind a decimal point or a comma of thousands."""
    return _with_numbers_whole(text, first, after) != (first, after)


def _with_numbers_whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The range, widened to all of a number that it cuts."""
    before = _NUMBER_BEFORE.search(text[max(0, start - _NUMBER) : start]) if text[start].isdigit() else None
    behind = _NUMBER_GOES_ON.match(text, end, end + _NUMBER) if text[end - 1].isdigit() else None
    return (start - len(before[0]) if before else start), (behind.end() if behind else end)


def _most_alike(quote: str, text: str) -> tuple[int, int] | None:
    alone = Passage(quote, "", "", 0, len(quote))
    best = next(iter(likenesses(alone, body(text))), None)
    return _with_numbers_whole(text, best.start, best.end) if best and best.score >= ALIKE else None
