"""schema.org ClaimReview as values of a claim. Pure: no address in it is ever asked for.

The verdict of another desk is no verdict of ours: it comes in as evidence, with a stance where the rating is plain.
What no field of a claim holds comes along as a note: imports.besides.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from claims.choices import Stance
from claims.imports import besides
from claims.imports.json_rows import LISTS, row
from claims.imports.nodes import (
    Node,
    day_of,
    each,
    links,
    parts,
    plain,
    rated,
    tags_in,
    title_of,
    told_in,
    types,
    words,
)
from claims.imports.rows import Row, readable
from claims.links import LinkError, normalise_url
from claims.partial_dates import PartialDate

_DEEPEST = 8
MOST_CITED = 100
"""Citations of one review that become evidence; what is beyond stays in the note."""

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
    if found.values and is_media_review(found.values):
        yield Row(found.line, found.values, found.problem or _media_review(found.values))
        return
    if not found.values or is_review(found.values) or not _is_linked_data(found.values):
        yield found
        return
    for name in (*LISTS, "item") if depth < _DEEPEST else ():
        for node in each(found.values.get(name)):
            yield from opened(row(found.line, node), depth + 1)


def is_review(values: Node) -> bool:
    return "ClaimReview" in types(values)


def is_media_review(values: Node) -> bool:
    return "MediaReview" in types(values) and not is_review(values)


def _media_review(values: Node) -> str:
    told = words(values.get("headline")) or words(values.get("name")) or words(values.get("url"))
    about = f" (“{readable(told)}”)" if told else ""
    return f"This is a MediaReview{about}: it judges a picture or a recording, which this desk does not take in."


def _is_linked_data(values: Node) -> bool:
    return "@type" in values or "@context" in values or "@graph" in values


def review_values(node: Node, desk: str) -> dict[str, Any]:
    """The review by the fields of imports.fields, with `address`, `evidence` and `appearances` where it is the
    desk's own (its address begins with `desk`), and otherwise with what its verdict says as `review` and its citations
    as `cited`. `notes` hold what is said besides. Raises RecursionError for what is nested too deeply.
    """
    node = plain(node)
    claim = next((item for item in each(node.get("itemReviewed")) if isinstance(item, Mapping)), {})
    assertion = words(node.get("claimReviewed")) or words(claim.get("text")) or words(claim.get("name"))
    url = words(node.get("url"))
    values: dict[str, Any] = {
        "assertion": assertion,
        "address": words(node.get("@id")) or (f"{url} {assertion}" if url else ""),
        "speaker": ", ".join(filter(None, map(words, each(claim.get("author"))))),
        "as_of": words(claim.get("temporalCoverage")) or words(claim.get("datePublished")),
        "tags": tags_in(claim.get("keywords")),
        "appearances": [place for item in parts(claim, "appearance") if (place := _place(item))["quote"]],
    }
    if url.startswith(f"{desk}/"):
        own = {"address": url, "key": words(claim.get("identifier")), "kind": words(claim.get("genre"))}
        cited = [_citation(item) for item in parts(node, "citation")]
        left = besides.rest(node, besides.held_of_own(values | own, claim))
        return values | own | {"evidence": cited, "notes": besides.notes(left)}
    cited = _cited(node)
    left = besides.rest(node, besides.held(node, claim, values, {one["url"] for one in cited}))
    told = {"how_to_check": _said_in(claim), "review": _verdict(node, url, assertion), "cited": cited}
    return values | told | {"notes": besides.notes(left)}


def _cited(node: Node) -> list[dict[str, Any]]:
    """Works that the review cites and that have an address which can be stored, as evidence nobody here has read."""
    by = words(node.get("author")) or "the review"
    found: list[dict[str, Any]] = []
    for item in each(node.get("citation")):
        cited = {"url": item} if isinstance(item, str) else _citation(item) if isinstance(item, Mapping) else {}
        if len(found) < MOST_CITED and _is_storable(cited.get("url", "")):
            said = cited.get("finding", "")
            found.append({**cited, "finding": f"Cited by {by}: {said}" if said else f"Cited by {by}."})
    return found


def _is_storable(url: str) -> bool:
    try:
        return bool(normalise_url(url))
    except LinkError:
        return False


def _verdict(node: Node, url: str, assertion: str) -> dict[str, Any]:
    """The review as a piece of evidence, in the shape of exports.records.EvidenceRecord; {} if it has no address."""
    if not url:
        return {}
    rating = next(iter(parts(node, "reviewRating")), {})
    publisher, day = words(node.get("author")), day_of(words(node.get("datePublished")))
    return {
        "url": url,
        "title": title_of(node) or f"Check of “{assertion}”",
        "source": publisher,
        "published_on": day,
        "stance": stance_of(rated(node), rating),
        "finding": _finding(_rating(rated(node), rating), publisher, day, told_in(node)),
    }


def _rating(name: str, rating: Node) -> str:
    """Such as: Rated “Mostly false” (2 on a scale from 1 to 5)."""
    value, best, worst = (words(rating.get(end)) for end in ("ratingValue", "bestRating", "worstRating"))
    if best and worst:
        scale = f"on a scale from {worst} to {best}"
    else:
        scale = f"where {best} is best" if best else f"where {worst} is worst" if worst else ""
    if not (name or value):
        return f"Reviewed {scale}".strip()
    number = f"{value}, {scale}" if scale.startswith("where") else f"{value} {scale}"
    if not name:
        return f"Rated {number}".strip()
    return f"Rated “{name}”" + (f" ({number.strip()})" if value else f" ({scale})" if scale else "")


def _finding(rated: str, publisher: str, day: str, explained: str) -> str:
    """Such as: Rated “False” by Full Fact on 2 May 2023: No such figure was published."""
    told = rated + (f" by {publisher}" if publisher else "")
    told += f" on {PartialDate.parse(day).display()}" if day else ""
    return f"{told}: {explained}" if explained else f"{told}."


def stance_of(name: str, rating: Node) -> Stance:
    """What the rating means for the claim: by its name; without one, by a number at an end of its own scale."""
    if name:
        return _RATINGS.get(" ".join(re.findall(r"\w+", name.casefold())), Stance.CONTEXT)
    value, best, worst = (words(rating.get(end)) for end in ("ratingValue", "bestRating", "worstRating"))
    if not (value and best and worst) or best == worst:
        return Stance.CONTEXT
    return {best: Stance.SUPPORTS, worst: Stance.REFUTES}.get(value, Stance.CONTEXT)


def _said_in(claim: Node) -> str:
    """Where it was said, for the one who will check it: no text of those pages is here."""
    first = links(each(claim.get("firstAppearance")))
    others = [url for url in links(each(claim.get("appearance"))) if url not in first]
    # What one place says of itself alone need not be called the first.
    told = [f"First said in {url}" for url in first] + [f"Said in {url}" for url in others]
    return "\n".join(told)


def _place(node: Node) -> dict[str, Any]:
    """An appearance as exports.claimreview.appearance writes it, in the shape of exports.records.AppearanceRecord."""
    part = next(iter(parts(node, "hasPart")), {})
    selectors = {name: value for selector in parts(part, "oa:hasSelector") for name, value in selector.items()}
    return {
        "document": words(node.get("name")),
        "url": words(node.get("url")),
        "quote": words(part.get("text")),
        "start": selectors.get("oa:start"),
        "end": selectors.get("oa:end"),
        "snapshot_sha256": words(next(iter(parts(part, "identifier")), {}).get("value")),
    }


def _citation(node: Node) -> dict[str, Any]:
    """Evidence as exports.claimreview.citation writes it, in the shape of exports.records.EvidenceRecord."""
    said = words(node.get("description"))
    stance, _, finding = said.partition(": ")
    if stance not in Stance.values:
        stance, finding = "", said
    part = next(iter(parts(node, "hasPart")), {})
    return {
        "url": words(node.get("url")),
        "title": words(node.get("name")),
        "source": words(node.get("publisher")),
        "published_on": words(node.get("datePublished")),
        "stance": stance,
        "finding": finding,
        "quote": words(part.get("text")),
        "locator": words(part.get("position")),
    }
