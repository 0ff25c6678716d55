"""JSON-LD as people write it, read with as little fuss: one thing or several, a name or an object. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from claims import limits
from claims.partial_dates import PartialDate

Node = Mapping[str, Any]

MOST_LINKS = 8
LONGEST_LINK = 250
"""What how to check has room for."""

_VOCABULARY = re.compile(r"(?:https?://schema\.org/|schema:)(?=\w+$)")


def plain(value: Any) -> Any:
    """Names without the vocabulary before them, and values without the wrapping that expanded JSON-LD puts around."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    for wrapped in ("@value", "@list", "@set"):
        if wrapped in value and value.keys() <= {wrapped, "@type", "@language"}:
            return plain(value[wrapped])
    return {_VOCABULARY.sub("", name): plain(item) for name, item in value.items()}


def types(node: Node) -> set[str]:
    """The last part of each type: "ClaimReview" of "https://schema.org/ClaimReview" and of "schema:ClaimReview"."""
    return {re.split("[/:#]", name)[-1] for name in each(node.get("@type")) if isinstance(name, str)}


def parts(node: Node, name: str) -> list[Node]:
    return [item for item in each(node.get(name)) if isinstance(item, Mapping)]


def each(value: Any) -> list[Any]:
    """JSON-LD writes one thing as itself and several as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def words(value: Any) -> str:
    """The words of a value: of a thing its name, of several the first that has any."""
    for item in each(value):
        if isinstance(item, Mapping):
            item = item.get("name") or item.get("@value") or item.get("@id") or ""
        if isinstance(item, str) and item.strip():
            return item.strip()
    return ""


def title_of(node: Node) -> str:
    return words(node.get("headline")) or words(node.get("name"))


def rated(node: Node) -> str:
    rating = next(iter(parts(node, "reviewRating")), {})
    return words(rating.get("alternateName")) or words(rating.get("name"))


def told_in(node: Node) -> str:
    """What a review explains: its rating, and at length."""
    rating = next(iter(parts(node, "reviewRating")), {})
    explained = words(rating.get("ratingExplanation")), words(node.get("reviewBody"))
    return "\n\n".join(dict.fromkeys(part for part in explained if part))


def keywords(value: Any) -> list[str]:
    """Names, from a list of names or of things, or from a text that parts them by semicolons or commas."""
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    return [name for item in each(value) if (name := words(item))]


def tags_in(value: Any) -> list[str]:
    """Those of the keywords that can be tags, as many as a claim may have."""
    return [name for name in keywords(value) if len(name) <= limits.TAG][: limits.TAGS]


def links(places: list[Any]) -> list[str]:
    """Web addresses of places, each once, as many as how to check has room for."""
    found = dict.fromkeys(words(place.get("url") if isinstance(place, Mapping) else place) for place in places)
    return [url for url in found if re.match("https?://", url) and len(url) <= LONGEST_LINK][:MOST_LINKS]


def day_of(moment: str) -> str:
    """The day, month or year of a date or of a moment in ISO 8601; "" for what is neither."""
    try:
        return str(
            PartialDate.parse(re.split("[T ]", moment)[0] if re.match(r"\d{4}-\d\d-\d\d[T ]", moment) else moment)
        )
    except ValueError:
        return ""
