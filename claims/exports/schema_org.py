"""A claim with a verdict as schema.org ClaimReview, with the places in texts as W3C Web Annotation selectors.

One builder for the export of claims, for releases and for public pages. Pure: what it says comes of the record and of
the `Desk` that says it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.exports.records import AppearanceRecord, ClaimRecord, EvidenceRecord
from claims.intake.sentences import sentences

CONTEXT: list[Any] = ["https://schema.org", {"oa": "http://www.w3.org/ns/oa#"}]
BEST, WORST = 5, 1
EXPLAINED = 300
"""Characters of a ratingExplanation, which is one or two sentences; a longer rationale is the reviewBody."""

Node = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """Who reviewed. `licence` is the address of the licence, or its name, of the data; `published_on` the day of that.

    Both may be empty.
    """

    name: str
    url: str
    licence: str = ""
    licence_url: str = ""
    published_on: str = ""

    @property
    def node(self) -> Node:
        return whole({"@type": "Organization", "name": self.name, "url": self.url})

    @property
    def licence_node(self) -> str | Node | None:
        """An address, or a work that is called so: schema.org takes no bare name for a licence."""
        return self.licence_url or ({"@type": "CreativeWork", "name": self.licence} if self.licence else None)


def review(record: ClaimRecord, desk: Desk, decided: Sequence[Mapping[str, Any]] = ()) -> Node:
    """The claim as a ClaimReview. Raises ValueError when it has no verdict.

    `decided` are all its assessments (releases.content.DecidedRecord), the oldest first: those that were approved and
    stand no longer become corrections.
    """
    assessment = record["assessment"]
    if assessment is None:
        raise ValueError(f"{record['reference']} has no verdict")
    approved = [one for one in decided if one["decision"] == "approved"]
    explanation = explained(assessment["rationale"])
    return whole(
        {
            "@type": "ClaimReview",
            "@id": review_id(record),
            "url": record["url"],
            "claimReviewed": record["assertion"],
            "datePublished": approved[0]["decided_at"] if approved else assessment["approved_at"],
            "dateModified": assessment["approved_at"],
            "temporalCoverage": assessment["as_of"],
            "author": desk.node,
            "creator": {"@type": "Person", "name": assessment["assessed_by"]},
            "editor": {"@type": "Person", "name": assessment["approved_by"]},
            "dateCreated": assessment["assessed_at"],
            "reviewRating": rating(record),
            "reviewBody": assessment["rationale"] if explanation != assessment["rationale"] else None,
            "correction": [_correction(old, new) for old, new in zip(approved, approved[1:], strict=False)],
            "itemReviewed": claim(record, desk),
            "citation": [citation(item) for item in record["evidence"]],
            "sdPublisher": desk.node,
            "sdLicense": desk.licence_node,
            "sdDatePublished": desk.published_on,
        }
    )


def review_id(record: ClaimRecord) -> str:
    return f"{record['url']}#review"


def claim_id(record: ClaimRecord) -> str:
    return f"{record['url']}#claim"


def explained(rationale: str) -> str:
    """The first two sentences of what Markdown says, or the first alone when both are long; cut off at EXPLAINED."""
    plain = _plain(rationale[: 4 * EXPLAINED])
    ends = [span.end for span in sentences(plain)[:2]]
    if end := next((end for end in reversed(ends) if end <= EXPLAINED), 0):
        return " ".join(plain[:end].split())
    short = " ".join(plain.split())[:EXPLAINED].rstrip()
    return f"{short}…" if short else ""


def _plain(markdown: str) -> str:
    """Without the signs of Markdown that people use in a rationale; what is left is only for reading."""
    text = re.sub(r"!?\[([^\]\n]*)\]\([^)\s]*\)", r"\1", markdown)
    text = re.sub(r"^ {0,3}(?:>|[-*+]|#{1,6})\s+", "", text, flags=re.MULTILINE)
    return re.sub(r"(\*\*|__|`+)(?=\S)(.+?)(?<=\S)\1", r"\2", text)


def rating(record: ClaimRecord) -> Node:
    """The verdict; a number goes with it only where the scale applies."""
    verdict, assessment = record["verdict"], record["assessment"]
    if verdict is None or assessment is None:
        raise ValueError(f"{record['reference']} has no verdict")
    numbers = {"ratingValue": verdict["rating"], "bestRating": BEST, "worstRating": WORST} if verdict["rating"] else {}
    explanation = explained(assessment["rationale"])
    return whole({"@type": "Rating", "alternateName": verdict["name"], "ratingExplanation": explanation, **numbers})


def _correction(old: Mapping[str, Any], new: Mapping[str, Any]) -> Node:
    """That a verdict was replaced by the next that was approved, and when."""
    if old["verdict"]["key"] == new["verdict"]["key"]:
        told = f"Reviewed again: still “{new['verdict']['name']}”, as of {new['as_of']}."
    else:
        was, now = old["verdict"]["name"], new["verdict"]["name"]
        told = f"The verdict was “{was}”, as of {old['as_of']}; it is “{now}”, as of {new['as_of']}."
    return whole({"@type": "CorrectionComment", "text": told, "datePublished": new["decided_at"]})


def claim(record: ClaimRecord, desk: Desk) -> Node:
    places = record["appearances"]
    first = first_of(places)
    dates = sorted(place["published_on"] for place in places if place["published_on"])
    return whole(
        {
            "@type": "Claim",
            "@id": claim_id(record),
            "identifier": record["reference"],
            "text": record["assertion"],
            # Whether a person or an organisation speaks is not recorded, so no type is claimed.
            "author": {"name": record["speaker"]} if record["speaker"] else None,
            "claimInterpreter": desk.node,
            "datePublished": dates[0] if dates else None,
            "temporalCoverage": record["as_of"],
            "genre": record["kind"],
            "keywords": record["tags"],
            "review": {"@id": review_id(record)} if record["verdict"] else None,
            "appearance": [appearance(place, claim_id(record)) for place in places],
            "firstAppearance": appearance(first, claim_id(record)) if first else None,
        }
    )


def first_of(places: Sequence[AppearanceRecord]) -> AppearanceRecord | None:
    """The earliest place, where that is known: "2023" may be before or after "2023-05", and no date is any date."""
    dated = sorted(places, key=lambda place: place["published_on"])
    if not dated or (len(places) > 1 and not dated[0]["published_on"]):
        return None
    first = dated[0]
    others = (place for place in dated[1:] if (place["url"], place["document"]) != (first["url"], first["document"]))
    is_known = not any(place["published_on"].startswith(first["published_on"]) for place in others)
    return first if is_known or len(places) == 1 else None


def appearance(place: AppearanceRecord, of: str) -> Node:
    """The document, with the quoted passage as a part of it; `of` is the claim's @id."""
    selectors = [
        {
            "@type": "oa:TextQuoteSelector",
            "oa:exact": place["quote"],
            "oa:prefix": place["prefix"],
            "oa:suffix": place["suffix"],
        },
        {"@type": "oa:TextPositionSelector", "oa:start": place["start"], "oa:end": place["end"]},
    ]
    passage = {
        "@type": "Quotation",
        "text": place["quote"],
        "oa:hasSelector": selectors,
        "identifier": _text_hash(place["snapshot_sha256"]),
    }
    more = {"inLanguage": place.get("language"), "interpretedAsClaim": {"@id": of}, "hasPart": passage}
    return _work(place["document"], place["url"], place["source"], place["published_on"], **more)


def citation(item: EvidenceRecord) -> Node:
    """A piece of evidence; schema.org has no word for its stance, so the description begins with it."""
    said = ": ".join(part for part in (item["stance"], item["finding"]) if part)
    origin = item["derived_from"]
    based_on = _work(origin["title"], origin["url"], origin["source"], "") if origin else None
    more = {"inLanguage": item.get("language"), "hasPart": _quotation(item), "isBasedOn": based_on}
    work = _work(item["title"], item["url"], item["source"], item["published_on"], **more)
    return work | {"description": said}


def _quotation(item: EvidenceRecord) -> Node | None:
    """The words that were quoted, or at least the place in the document: "p. 2"."""
    if not (item["quote"] or item["locator"]):
        return None
    start, end = item["quote_start"], item["quote_end"]
    is_placed = start is not None and item["snapshot_sha256"]
    selector = {"@type": "oa:TextPositionSelector", "oa:start": start, "oa:end": end} if is_placed else None
    return whole(
        {
            "@type": "Quotation",
            "text": item["quote"],
            "position": item["locator"],
            "oa:hasSelector": selector,
            "identifier": _text_hash(item["snapshot_sha256"]) if is_placed else None,
        }
    )


def _text_hash(sha256: str | None) -> Node:
    return {"@type": "PropertyValue", "propertyID": "sha256", "value": sha256}


def _work(name: str, url: str, publisher: str, published_on: str, **more: Any) -> Node:
    return whole(
        {
            "@type": "CreativeWork",
            "name": name,
            "url": url,
            "publisher": {"@type": "Organization", "name": publisher},
            "datePublished": published_on,
            **more,
        }
    )


def whole(node: Node) -> Node:
    """The node without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
