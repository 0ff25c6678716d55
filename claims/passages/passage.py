"""A passage and a match, and how a selection becomes a passage. Pure."""

from dataclasses import dataclass

from claims.characters import is_border
from claims.choices import Found

CONTEXT = 32
"""How many code points of text before and after its quote a passage carries."""


class PassageError(ValueError):
    """The range cannot be a passage of the text; the message says why."""


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

    `certain` is False when the words differ, another place fits about as well, or too little of the surroundings
    agrees: a person must look. What is certain is never REWORDED. `normalised` is True when quotes, dashes, spaces or
    composition differ from the passage's quote.
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
