"""schema.org ClaimReview as one JSON-LD graph, with the places in the text as W3C Web Annotation selectors.

Only a claim with a verdict can be a ClaimReview; others are passed over.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from claims.exports.records import AppearanceRecord, ClaimRecord, EvidenceRecord

CONTEXT: list[Any] = ["https://schema.org", {"oa": "http://www.w3.org/ns/oa#"}]
BEST, WORST = 5, 1

Node = dict[str, Any]


def write(records: Iterable[ClaimRecord]) -> Iterator[str]:
    """The graph, a review at a time."""
    yield f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": ['
    separator = "\n"
    for record in records:
        if record["verdict"] is not None:
            yield separator + json.dumps(review(record), ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def review(record: ClaimRecord) -> Node:
    """The claim as a ClaimReview. Raises ValueError when it has no verdict."""
    assessment = record["assessment"]
    if assessment is None:
        raise ValueError(f"{record['reference']} has no verdict")
    return _whole(
        {
            "@type": "ClaimReview",
            "@id": f"{record['url']}#review",
            "url": record["url"],
            "claimReviewed": record["assertion"],
            "datePublished": assessment["approved_at"],
            "temporalCoverage": assessment["as_of"],
            "author": {"@type": "Organization", "name": settings.DESK_NAME, "url": settings.PUBLIC_URL},
            "creator": {"@type": "Person", "name": assessment["assessed_by"]},
            "editor": {"@type": "Person", "name": assessment["approved_by"]},
            "dateCreated": assessment["assessed_at"],
            "reviewRating": rating(record),
            "itemReviewed": claim(record),
            "citation": [citation(item) for item in record["evidence"]],
        }
    )


def rating(record: ClaimRecord) -> Node:
    """The verdict; a number goes with it only where the scale applies."""
    verdict, assessment = record["verdict"], record["assessment"]
    if verdict is None or assessment is None:
        raise ValueError(f"{record['reference']} has no verdict")
    numbers = {"ratingValue": verdict["rating"], "bestRating": BEST, "worstRating": WORST} if verdict["rating"] else {}
    return {
        "@type": "Rating",
        "alternateName": verdict["name"],
        "ratingExplanation": assessment["rationale"],
        **numbers,
    }


def claim(record: ClaimRecord) -> Node:
    places = record["appearances"]
    dated = sorted((place for place in places if place["published_on"]), key=lambda place: place["published_on"])
    first = (dated or places)[:1]
    return _whole(
        {
            "@type": "Claim",
            "@id": f"{record['url']}#claim",
            "identifier": record["reference"],
            "text": record["assertion"],
            # Whether a person or an organisation speaks is not recorded, so no type is claimed.
            "author": {"name": record["speaker"]} if record["speaker"] else None,
            "datePublished": dated[0]["published_on"] if dated else None,
            "temporalCoverage": record["as_of"],
            "genre": record["kind"],
            "keywords": record["tags"],
            "appearance": [appearance(place) for place in places],
            "firstAppearance": appearance(first[0]) if first else None,
        }
    )


def appearance(place: AppearanceRecord) -> Node:
    """The document, with the quoted passage as a part of it."""
    selectors = [
        {
            "@type": "oa:TextQuoteSelector",
            "oa:exact": place["quote"],
            "oa:prefix": place["prefix"],
            "oa:suffix": place["suffix"],
        },
        {"@type": "oa:TextPositionSelector", "oa:start": place["start"], "oa:end": place["end"]},
    ]
    text_hash = {"@type": "PropertyValue", "propertyID": "sha256", "value": place["snapshot_sha256"]}
    passage = {"@type": "Quotation", "text": place["quote"], "oa:hasSelector": selectors, "identifier": text_hash}
    return _work(place["document"], place["url"], place["source"], place["published_on"], hasPart=passage)


def citation(item: EvidenceRecord) -> Node:
    """A piece of evidence; schema.org has no word for its stance, so the description begins with it."""
    quote = {"@type": "Quotation", "text": item["quote"]} if item["quote"] else None
    said = ": ".join(part for part in (item["stance"], item["finding"]) if part)
    origin = item["derived_from"]
    based_on = _work(origin["title"], origin["url"], origin["source"], "") if origin else None
    work = _work(item["title"], item["url"], item["source"], item["published_on"], hasPart=quote, isBasedOn=based_on)
    return work | {"description": said}


def _work(name: str, url: str, publisher: str, published_on: str, **more: Any) -> Node:
    return _whole(
        {
            "@type": "CreativeWork",
            "name": name,
            "url": url,
            "publisher": {"@type": "Organization", "name": publisher},
            "datePublished": published_on,
            **more,
        }
    )


def _whole(node: Node) -> Node:
    """The node without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
