"""Find a passage again in another text, and say when a person must look. Pure."""

from claims.choices import Found
from claims.passages.body import Body, body
from claims.passages.exact import Place, context_length, in_its_paragraph, places
from claims.passages.passage import Match, Passage
from claims.passages.similar import REGIONS, Likeness, likenesses

SINGULAR = 16
"""Quote and agreeing context of this many code points together, all context agreeing, are taken for one place."""

DISTINCT = 48
"""The same where only some of the context agrees, and the length from which an unchanged paragraph counts."""

LEAD = 8
"""By how many code points of agreeing context, on either side, one place must beat every other that reads the same."""


def locate(passage: Passage, text: str, *, old: str | None = None) -> Match | None:
    """Where `passage` is in `text`, or None when neither its words nor anything like them are there.

    `old` is the text that the passage was described in; without it no match is certain. For only the old text shows
    whether what looks like the passage in the new one may have been another place all along, and it itself is gone.

    A match is certain only when it reads the same, its surroundings bear it out, and nothing else in either text could
    be meant. Everything else is for a person to decide: see Match.
    """
    if text == old:
        return Match(passage.start, passage.end, Found.UNCHANGED)
    new = body(text)
    exact = places(passage, new)
    if old is not None and (settled := _settle(passage, exact, new, body(old))):
        return _same(passage, *settled, text, certain=True)
    if _stands(passage, text):
        return Match(passage.start, passage.end, Found.UNCHANGED, certain=False)
    alike = likenesses(passage, new, also=_ranges(exact))
    if place := next((place for place in exact if not alike or _fits(passage, place) or _meet(place, alike[0])), None):
        return _same(passage, place.start, place.end, text, certain=False)
    return Match(alike[0].start, alike[0].end, Found.REWORDED, certain=False) if alike else None


def _settle(passage: Passage, exact: list[Place], new: Body, old: Body) -> tuple[int, int] | None:
    """Where the passage is beyond doubt, given every place of the new text that reads the same; None if in doubt."""
    if kept := in_its_paragraph(passage, old, new, DISTINCT):
        return kept
    if not exact:
        return None
    place, *others = exact
    others += [place for place in places(passage, old) if place.start != passage.start]
    if _leads(passage, place, others) or (not others and _is_distinct(passage, place, new, old)):
        return place.start, place.end
    return None


def _stands(passage: Passage, text: str) -> bool:
    """Whether the passage and its surroundings are, letter by letter, where they were."""
    around = passage.prefix + passage.exact + passage.suffix
    return text.startswith(around, max(0, passage.start - len(passage.prefix)))


def _fits(passage: Passage, place: Place) -> bool:
    """Whether all the surroundings that the passage carries are at the place; then nothing alike is a better guess."""
    return place.agreement >= context_length(passage)


def _same(passage: Passage, start: int, end: int, text: str, *, certain: bool) -> Match:
    if passage.start <= start and end <= passage.end and text[passage.start : passage.end] == passage.exact:
        start, end = passage.start, passage.end  # with the invisible characters at its ends
    status = Found.UNCHANGED if (start, end) == (passage.start, passage.end) else Found.MOVED
    return Match(start, end, status, certain=certain, normalised=text[start:end] != passage.exact)


def _leads(passage: Passage, place: Place, others: list[Place]) -> bool:
    """Whether a place has all the surroundings of the passage, and every other lacks some on both sides.

    One side is not enough: of two equal sentences, either may come to stand where the other stood.
    """
    if not _fits(passage, place) or len(passage.exact) + place.agreement < SINGULAR:
        return False
    return all(place.before - other.before >= LEAD and place.behind - other.behind >= LEAD for other in others)


def _is_distinct(passage: Passage, place: Place, new: Body, old: Body) -> bool:
    """Whether, though some surroundings differ, nothing else in either text resembles the passage."""
    return (
        len(passage.exact) + place.agreement >= DISTINCT
        and all(_meet(place, likeness) for likeness in likenesses(passage, new, also=_ranges([place])))
        and all(_meet(passage, likeness) for likeness in likenesses(passage, old))
    )


def _ranges(exact: list[Place]) -> list[tuple[int, int]]:
    return [(place.start, place.end) for place in exact[:REGIONS]]


def _meet(one: Place | Passage, other: Likeness) -> bool:
    return one.start < other.end and other.start < one.end
