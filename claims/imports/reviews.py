"""schema.org ClaimReview as values of a claim. Pure: no address in it is ever asked for.

The verdict of another desk is no verdict of ours: it comes in as evidence, with a stance where the rating is plain.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from claims.choices import Stance
from claims.imports.json_rows import LISTS, row
from claims.imports.rows import Row
from claims.partial_dates import PartialDate

Node = Mapping[str, Any]

_DEEPEST = 8
_TRUE = ("true", "correct", "accurate", "verified", "confirmed", "supported", "right", "fact")
_FALSE = (
    *("false", "incorrect", "inaccurate", "wrong", "fake", "refuted", "debunked", "untrue", "hoax", "fabricated"),
    "pants on fire",
)
_RATINGS = dict.fromkeys(_TRUE, Stance.SUPPORTS) | dict.fromkeys(_FALSE, Stance.REFUTES)
"""What can mean nothing else; "half true" and whatever is not here is context."""


def opened(found: Row, depth: int = 0) -> Iterator[Row]:
    """The rows within a row: of a graph, a feed or a list its nodes, and of a feed's item the item.

    Nodes of JSON-LD that are no reviews, such as the page and its publisher, are passed over.
    """
    if not found.values or is_review(found.values) or not _is_linked_data(found.values):
        yield found
        return
    for name in (*LISTS, "item") if depth < _DEEPEST else ():
        for node in _all(found.values.get(name)):
            yield from opened(row(found.line, node), depth + 1)


def is_review(values: Node) -> bool:
    return "ClaimReview" in _types(values)


def _is_linked_data(values: Node) -> bool:
    return "@type" in values or "@context" in values or "@graph" in values


def _types(node: Node) -> set[str]:
    """The last part of each type: "ClaimReview" of "https://schema.org/ClaimReview" and of "schema:ClaimReview"."""
    return {re.split("[/:#]", name)[-1] for name in _all(node.get("@type")) if isinstance(name, str)}


def review_values(node: Node, desk: str) -> dict[str, Any]:
    """The review by the fields of imports.fields, with `address`, `evidence` and `appearances` where it is the
    desk's own (its address begins with `desk`), and otherwise with what its verdict says as `review`.
    """
    claim = next((item for item in _all(node.get("itemReviewed")) if isinstance(item, Mapping)), {})
    assertion = _text(node.get("claimReviewed")) or _text(claim.get("text")) or _text(claim.get("name"))
    url = _text(node.get("url"))
    values: dict[str, Any] = {
        "assertion": assertion,
        "address": _text(node.get("@id")) or (f"{url} {assertion}" if url else ""),
        "speaker": ", ".join(filter(None, map(_text, _all(claim.get("author"))))),
        "as_of": _text(claim.get("temporalCoverage")) or _text(claim.get("datePublished")),
        "tags": claim.get("keywords") or "",
    }
    if url.startswith(f"{desk}/"):
        return values | {
            "address": url,
            "key": _text(claim.get("identifier")),
            "kind": _text(claim.get("genre")),
            "appearances": [_place(item) for item in _nodes(claim, "appearance")],
            "evidence": [_citation(item) for item in _nodes(node, "citation")],
        }
    return values | {"how_to_check": _said_in(claim), "review": _verdict(node, url, assertion)}


def _verdict(node: Node, url: str, assertion: str) -> dict[str, Any]:
    """The review as a piece of evidence, in the shape of exports.records.EvidenceRecord; {} if it has no address."""
    if not url:
        return {}
    rating = next(iter(_nodes(node, "reviewRating")), {})
    name = _text(rating.get("alternateName")) or _text(rating.get("name"))
    publisher, day = _text(node.get("author")), day_of(_text(node.get("datePublished")))
    explained = _text(rating.get("ratingExplanation")) or _text(node.get("reviewBody"))
    return {
        "url": url,
        "title": _text(node.get("headline")) or _text(node.get("name")) or f"Check of “{assertion}”",
        "source": publisher,
        "published_on": day,
        "stance": stance_of(name, rating),
        "finding": _finding(name or _text(rating.get("ratingValue")), publisher, day, explained),
    }


def _finding(rating: str, publisher: str, day: str, explained: str) -> str:
    """Such as: Rated “False” by Full Fact on 2 May 2023: No such figure was published."""
    told = f"Rated “{rating}”" if rating else "Reviewed"
    told += f" by {publisher}" if publisher else ""
    told += f" on {PartialDate.parse(day).display()}" if day else ""
    return f"{told}: {explained}" if explained else f"{told}."


def stance_of(name: str, rating: Node) -> Stance:
    """What the rating means for the claim: by its name; without one, by a number at an end of its own scale."""
    if name:
        return _RATINGS.get(" ".join(re.findall(r"\w+", name.casefold())), Stance.CONTEXT)
    value, best, worst = (_text(rating.get(end)) for end in ("ratingValue", "bestRating", "worstRating"))
    if not (value and best and worst) or best == worst:
        return Stance.CONTEXT
    return {best: Stance.SUPPORTS, worst: Stance.REFUTES}.get(value, Stance.CONTEXT)


def day_of(moment: str) -> str:
    """The day, month or year of a date or of a moment in ISO 8601; "" for what is neither."""
    try:
        return str(
            PartialDate.parse(re.split("[T ]", moment)[0] if re.match(r"\d{4}-\d\d-\d\d[T ]", moment) else moment)
        )
    except ValueError:
        return ""


def _said_in(claim: Node) -> str:
    """Where it was said, for the one who will check it: no text of those pages is here."""
    nodes = [*_all(claim.get("firstAppearance")), *_all(claim.get("appearance"))]
    found = dict.fromkeys(_text(node.get("url") if isinstance(node, Mapping) else node) for node in nodes)
    links = [url for url in found if re.match("https?://", url)]
    return "\n".join(f"Said in {url}" for url in links[:20])


def _place(node: Node) -> dict[str, Any]:
    """An appearance as exports.claimreview.appearance writes it, in the shape of exports.records.AppearanceRecord."""
    part = next(iter(_nodes(node, "hasPart")), {})
    selectors = {name: value for selector in _nodes(part, "oa:hasSelector") for name, value in selector.items()}
    return {
        "document": _text(node.get("name")),
        "url": _text(node.get("url")),
        "quote": _text(part.get("text")),
        "start": selectors.get("oa:start"),
        "end": selectors.get("oa:end"),
        "snapshot_sha256": _text(next(iter(_nodes(part, "identifier")), {}).get("value")),
    }


def _citation(node: Node) -> dict[str, Any]:
    """Evidence as exports.claimreview.citation writes it, in the shape of exports.records.EvidenceRecord."""
    stance, _, finding = _text(node.get("description")).partition(": ")
    return {
        "url": _text(node.get("url")),
        "title": _text(node.get("name")),
        "source": _text(node.get("publisher")),
        "published_on": _text(node.get("datePublished")),
        "stance": stance,
        "finding": finding,
        "quote": _text(next(iter(_nodes(node, "hasPart")), {}).get("text")),
    }


def _nodes(node: Node, name: str) -> list[Node]:
    return [item for item in _all(node.get(name)) if isinstance(item, Mapping)]


def _all(value: Any) -> list[Any]:
    """JSON-LD writes one thing as itself and several as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """The words of a value: of a thing its name, of several the first that has any."""
    for item in _all(value):
        if isinstance(item, Mapping):
            item = item.get("name") or item.get("@value") or ""
        if isinstance(item, str) and item.strip():
            return item.strip()
    return ""
