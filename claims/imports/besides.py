"""What a review of others says that no field of a claim holds: kept word for word, so that nothing is lost. Pure."""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from claims import limits
from claims.imports.nodes import Node, day_of, each, keywords, links, rated, tags_in, title_of, told_in, words
from claims.links import LinkError, normalise_url

Held = Callable[[Any], Any]
"""Of a property's value, what is held nowhere else; None when all of it is."""

MOST_NOTES = 5
"""Comments that what a review says besides may fill."""

TITLE = 300
TOLD = limits.TEXT - 1_000
"""Words of a review that a finding has room for, beside who rated and when."""

_PART = limits.TEXT - 200
_NO_TEXT = re.compile("[\ud800-\udfff]")


def rest(node: Mapping[str, Any], held: Mapping[str, Held]) -> dict[str, Any]:
    """The node without what is held elsewhere."""
    left = {name: held[name](value) if name in held else value for name, value in node.items()}
    return {name: value for name, value in left.items() if value not in (None, "", [], {})}


def all_of_it(value: Any) -> None:
    """Held whole."""


def as_it_is(value: Any) -> Any:
    """Held nowhere."""
    return value


def if_other_than(*known: str) -> Held:
    """Held when it says one of these."""
    return lambda value: None if isinstance(value, str) and value.strip() in known else value


def address(value: Any) -> Any:
    """Held when it is stored as it stands."""
    try:
        return None if isinstance(value, str) and normalise_url(value) == value else value
    except LinkError:
        return value


def named(*held: str) -> Held:
    """Of a person, an organisation or a work that is one alone, held are its type, its name and these."""
    return partial(_named, ("@type", "name", *held))


def _named(held: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, str):
        return None
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        left = {name: one for name, one in value.items() if name not in held}
        # Who it is about stands with what is left.
        return {"name": value["name"], **left} if left else None
    return value


def within_first(held: Mapping[str, Held]) -> Held:
    """Held are these of a node, or of the first of several."""

    def left(value: Any) -> Any:
        nodes = value if isinstance(value, list) else [value]
        number = next((number for number, node in enumerate(nodes) if isinstance(node, Mapping)), None)
        found = [rest(node, held) if at == number else node for at, node in enumerate(nodes)]
        found = [node for node in found if node not in (None, "", {}, [])]
        return found if len(found) > 1 else found[0] if found else None

    return left


def held(node: Node, claim: Node, values: Mapping[str, Any], cited: set[str]) -> dict[str, Held]:
    """What of a review of others the claim and its evidence hold."""
    if not (url := words(node.get("url"))):  # then there is no document to be evidence
        return _held_of_claim(values, claim)
    title, is_plain = title_of(node)[:TITLE], if_other_than
    is_short = len(told_in(node)) <= TOLD
    return {
        **_held_of_claim(values, claim),
        "url": address,
        "headline": is_plain(title),
        "name": is_plain(title),
        "author": named(),
        "datePublished": is_plain(day_of(words(node.get("datePublished")))),
        "reviewBody": is_plain(words(node.get("reviewBody"))) if is_short else as_it_is,
        "reviewRating": within_first(
            {
                "@type": is_plain("Rating"),
                "alternateName": is_plain(rated(node)),
                "name": is_plain(rated(node)),
                **dict.fromkeys(("ratingValue", "bestRating", "worstRating"), _one_text),
                "ratingExplanation": _one_text if is_short else as_it_is,
            }
        ),
        "citation": lambda value: [item for item in each(value) if not _is_held(item, cited)],
        "@id": is_plain(url),
    }


def held_of_own(values: Mapping[str, Any], claim: Node) -> dict[str, Held]:
    """As `held`, of an export of this desk; its verdict is not held, since nothing is verified by being imported."""
    return {**_held_of_claim(values, claim), "url": all_of_it, "@id": all_of_it, "citation": all_of_it}


def _held_of_claim(values: Mapping[str, Any], claim: Node) -> dict[str, Held]:
    places = each(claim.get("appearance"))
    dates = if_other_than(day_of(values["as_of"]) or values["as_of"])
    held: dict[str, Held] = {
        "@type": if_other_than("Claim"),
        "text": if_other_than(values["assertion"]),
        "author": named(),
        "datePublished": dates,
        "temporalCoverage": dates,
        "keywords": lambda value: None if keywords(value) == tags_in(value) else value,
        "appearance": _unsaid,
        # How to check says which is the first; what else is said of it stands with the others.
        "firstAppearance": lambda value: None if value in places and links([value]) else _unsaid(value),
    }
    if values.get("kind"):
        held |= dict.fromkeys(("genre", "identifier", "@id"), all_of_it)
    return {
        "@context": all_of_it,
        "@type": if_other_than("ClaimReview"),
        "claimReviewed": if_other_than(values["assertion"]),
        "itemReviewed": within_first(held),
    }


def _one_text(value: Any) -> Any:
    return None if isinstance(value, str) else value


def _unsaid(value: Any) -> Any:
    """Of places, those of which more is said than the address that goes to how to check."""
    places = each(value)
    told = links(places)
    left = [
        place
        for place in places
        if not (isinstance(place, str) and place in told)
        and not (isinstance(place, Mapping) and place.keys() <= {"@type", "url"} and place.get("url") in told)
    ]
    return left or None


_OF_CITATION = {"@type", "name", "url", "publisher", "datePublished", "description"}


def _is_held(item: Any, cited: set[str]) -> bool:
    """Whether evidence says all that a citation does."""
    if isinstance(item, str):
        return item in cited
    if not isinstance(item, Mapping) or words(item.get("url")) not in cited or not item.keys() <= _OF_CITATION:
        return False
    publisher, day = item.get("publisher"), words(item.get("datePublished"))
    return named()(publisher or "") is None and day == day_of(day)


def notes(left: Mapping[str, Any]) -> list[str]:
    """Comments in Markdown that hold all of it as JSON; more than MOST_NOTES when it is very long."""
    if not left:
        return []
    text = json.dumps(left, ensure_ascii=False, indent=1).replace("\x7f", "\\u007f")
    if _NO_TEXT.search(text):
        text = json.dumps(left, indent=1).replace("\x7f", "\\u007f")
    parts = [text[start : start + _PART] for start in range(0, len(text), _PART)]
    return [_note(part, number, len(parts)) for number, part in enumerate(parts, start=1)]


def _note(part: str, number: int, count: int) -> str:
    told = "The imported review says besides" + (f", part {number} of {count}" if count > 1 else "")
    return f"{told}:\n\n```json\n{part}\n```"
