"""Find a passage again in another text, and say when a person must look. Pure."""

from claims.passages.body import Body, body
from claims.passages.exact import Place, context_length, in_its_paragraph, places
from claims.passages.passage import Found, Match, Passage
from claims.passages.similar import REGIONS, Likeness, likenesses

SINGULAR = 16
"""Quote and agreeing context of this many code points together, all context agreeing, are taken for one place."""

DISTINCT = 48
"""The same where only some of the context agrees, and the length from which an unchanged paragraph counts."""

LEAD = 8
"""By how many code points of agreeing context, on either side, one place must beat every other that reads the same."""


def locate(passage: Passage, text: str, *, old: str | None = None) -> Match | None:
    """Where `passage` is in `text`, or None when neither its words nor anything like them are there.

    `old` is the text that the passage was described in. With it, more matches are certain: only the old text shows
    whether what looks like the passage in the new one may have been another place all along.

    A match is certain only when it reads the same, nothing else in either text could be meant, and its surroundings
    bear it out. Everything else is for a person to decide: see Match.
    """
    if text == old:
        return Match(passage.start, passage.end, Found.UNCHANGED)
    new, before = body(text), None if old is None else body(old)
    if before and (kept := in_its_paragraph(passage, before, new, DISTINCT)):
        return _same(passage, *kept, text, certain=True)
    exact = places(passage, new)
    others = exact[1:]
    if before:
        others += [place for place in places(passage, before) if place.start != passage.start]
    if exact and _leads(passage, exact[0], others):
        return _same(passage, exact[0].start, exact[0].end, text, certain=True)
    return _most_like(passage, exact, new, before if not others else None)


def _most_like(passage: Passage, exact: list[Place], new: Body, old: Body | None) -> Match | None:
    """The best place by words and surroundings; certain only if it reads the same and `old`, where given, allows it."""
    alike = likenesses(passage, new, also=[(place.start, place.end) for place in exact[:REGIONS]])
    if not alike:
        return _same(passage, exact[0].start, exact[0].end, new.text, certain=False) if exact else None
    place = next((place for place in exact if _meet(place, alike[0])), None)
    if place is None:
        return Match(alike[0].start, alike[0].end, Found.REWORDED, certain=False)
    certain = old is not None and _is_distinct(passage, place, alike, old)
    return _same(passage, place.start, place.end, new.text, certain=certain)


def _same(passage: Passage, start: int, end: int, text: str, *, certain: bool) -> Match:
    if passage.start <= start and end <= passage.end and text[passage.start : passage.end] == passage.exact:
        start, end = passage.start, passage.end  # with the invisible characters at its ends
    status = Found.UNCHANGED if (start, end) == (passage.start, passage.end) else Found.MOVED
    return Match(start, end, status, certain=certain, normalised=text[start:end] != passage.exact)


def _leads(passage: Passage, place: Place, others: list[Place]) -> bool:
    """Whether a place has all the surroundings of the passage, and every other lacks some on both sides.

    One side is not enough: of two equal sentences, either may come to stand where the other stood.
    """
    if place.agreement < context_length(passage) or len(passage.exact) + place.agreement < SINGULAR:
        return False
    return all(place.before - other.before >= LEAD and place.behind - other.behind >= LEAD for other in others)


def _is_distinct(passage: Passage, place: Place, alike: list[Likeness], old: Body) -> bool:
    """Whether, though some surroundings differ, nothing else in either text resembles the passage."""
    if len(passage.exact) + place.agreement < DISTINCT or not all(_meet(place, likeness) for likeness in alike):
        return False
    return all(_meet(passage, likeness) for likeness in likenesses(passage, old))


def _meet(one: Place | Passage, other: Likeness) -> bool:
    return one.start < other.end and other.start < one.end
