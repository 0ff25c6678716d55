"""annotations.jsonld: verdicts, evidence and comments as W3C Web Annotations on the texts and on the claims.

An AnnotationCollection with all annotations on its one, embedded page, a line for each; their number comes last, so
that none has to be held back. Of each claim, in this order:

- for every place where a document makes it, the assertion (`identifying`) with verdict and rationale (`assessing`);
  where no document does, the same about the claim itself;
- for every piece of evidence what was found there, with a link to the claim (`linking`);
- the comments on it (`commenting`) and the answers to them (`replying`), if the release has any.

The target of the first two is the document by its address, or by the hash of its text (RFC 6920) where it has none.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

from claims.choices import QuoteStatus
from claims.exports.records import AppearanceRecord, EvidenceRecord
from claims.exports.schema_org import claim_id, review_id, whole
from claims.releases.archive import Member
from claims.releases.content import CaptureRecord, CommentRecord, Content, Header, ReleasedClaim
from claims.releases.licences import licence_url

NAME = "annotations.jsonld"
CONTEXT = "http://www.w3.org/ns/anno.jsonld"

Node = dict[str, Any]

_SEEN = (QuoteStatus.FOUND, QuoteStatus.DIFFERS, QuoteStatus.SEVERAL)


def members(content: Content) -> Iterator[Member]:
    yield Member(NAME, lambda: _collection(content))


def annotations(claim: ReleasedClaim, header: Header) -> Iterator[Node]:
    """Of one claim, without context. All have `rights` where the licence has an address."""
    rights = {"rights": licence_url(header["licence"])}
    for node in (*_places(claim), *_evidence(claim), *_comments(claim)):
        yield whole({"type": "Annotation", **node, **rights, "generated": header["as_of"]})


def _collection(content: Content) -> Iterator[bytes]:
    header, count = content.header, 0
    address = f"{header['desk']['url']}/releases/{header['name']}/{NAME}"
    page = {"id": f"{address}#page", "type": "AnnotationPage", "partOf": address, "startIndex": 0}
    yield f'{_json(_about(header, address))[:-1]},\n"first": {_json(page)[:-1]},\n"items": ['.encode()
    separator = "\n"
    for claim in content.claims():
        for node in annotations(claim, header):
            yield (separator + _json(node)).encode()
            separator = ",\n"
            count += 1
    yield f'\n]}},\n"total": {count}}}\n'.encode()


def _about(header: Header, address: str) -> Node:
    return whole(
        {
            "@context": CONTEXT,
            "id": address,
            "type": "AnnotationCollection",
            "label": header["title"],
            "creator": {"type": "Organization", "name": header["desk"]["name"], "homepage": header["desk"]["url"]},
            "created": header["as_of"],
            "rights": licence_url(header["licence"]),
        }
    )


def _places(claim: ReleasedClaim) -> Iterator[Node]:
    assessment = claim["assessment"]
    said = {"motivation": "assessing" if assessment else "identifying", **_assessed(claim), "body": _verdict(claim)}
    for number, place in enumerate(claim["appearances"], start=1):
        yield {"id": f"{claim['url']}#appearance-{number}", **said, "target": _appearance(claim, number, place)}
    if not claim["appearances"]:
        yield {"id": f"{claim['url']}#verdict", **said, "target": claim_id(claim)}


def _assessed(claim: ReleasedClaim) -> Node:
    """By whom and when, if the claim has a verdict."""
    if (assessment := claim["assessment"]) is None:
        return {}
    return {
        "creator": {"type": "Person", "name": assessment["assessed_by"]},
        "created": assessment["assessed_at"],
        "modified": assessment["approved_at"],
    }


def _verdict(claim: ReleasedClaim) -> list[Node | str]:
    bodies: list[Node | str] = [_text(claim["assertion"], "identifying")]
    if claim["verdict"] and claim["assessment"]:
        bodies.append(_text(claim["verdict"]["name"], "classifying"))
        bodies.append(_text(claim["assessment"]["rationale"], "assessing", "text/markdown"))
        bodies.append({"type": "SpecificResource", "source": review_id(claim), "purpose": "linking"})
    return [*bodies, *(_text(tag, "tagging") for tag in claim["tags"])]


def _appearance(claim: ReleasedClaim, number: int, place: AppearanceRecord) -> Node:
    quote = {"type": "TextQuoteSelector", "exact": place["quote"], "prefix": place["prefix"], "suffix": place["suffix"]}
    position = {"type": "TextPositionSelector", "start": place["start"], "end": place["end"]}
    source = place["url"] or hashed(place["snapshot_sha256"])
    return {
        "type": "SpecificResource",
        "id": f"{claim['url']}#appearance-{number}-target",
        "source": source,
        "selector": [whole(quote), position],
        # The positions are those in the text with this hash.
        "state": hashed(place["snapshot_sha256"]),
    }


def _evidence(claim: ReleasedClaim) -> Iterator[Node]:
    for number, (piece, capture) in enumerate(zip(claim["evidence"], claim["captures"], strict=True), start=1):
        address = f"{claim['url']}#evidence-{number}"
        yield {
            "id": address,
            "motivation": "linking",
            "body": [
                {"type": "SpecificResource", "source": claim_id(claim), "purpose": "linking"},
                _text(piece["stance"], "classifying"),
                *([_text(piece["finding"], "describing")] if piece["finding"] else ()),
            ],
            "target": _found(piece, capture, address),
        }


def _found(piece: EvidenceRecord, capture: CaptureRecord | None, address: str) -> Node:
    """The document, in it the quote if it was seen there, when it was captured, and as which text."""
    sha256 = piece["snapshot_sha256"]
    source = piece["url"] or (hashed(sha256) if sha256 else f"{address}-document")
    return whole(
        {
            "type": "SpecificResource",
            "id": f"{address}-target",
            "source": source,
            "selector": _quoted(piece),
            "state": [*_captured(capture), *([hashed(sha256)] if sha256 else ())],
        }
    )


def _quoted(piece: EvidenceRecord) -> list[Node]:
    if not piece["quote"] or piece["quote_status"] not in _SEEN:
        return []
    selectors: list[Node] = []
    # Words that differ from those in the text are found in it by their place only.
    if piece["quote_status"] != QuoteStatus.DIFFERS or piece["quote_start"] is None:
        selectors.append({"type": "TextQuoteSelector", "exact": piece["quote"]})
    if piece["quote_start"] is not None:
        position = {"start": piece["quote_start"], "end": piece["quote_end"]}
        selectors.append({"type": "TextPositionSelector", **position})
    return selectors


def _captured(capture: CaptureRecord | None) -> list[Node]:
    """The document as it was at that moment; `cached` names what came by its hash."""
    if capture is None or not capture["captured_at"]:
        return []
    return [{"type": "TimeState", "sourceDate": capture["captured_at"], "cached": hashed(capture["sha256"])}]


def _comments(claim: ReleasedClaim) -> Iterator[Node]:
    for comment in claim["comments"]:
        answered = comment["reply_to"]
        yield {
            "id": _comment_id(claim, comment["number"]),
            "motivation": "replying" if answered else "commenting",
            **_written(comment),
            "body": _text(comment["body"], "replying" if answered else "commenting", "text/markdown"),
            "target": _comment_id(claim, answered) if answered else claim_id(claim),
        }


def _written(comment: CommentRecord) -> Node:
    return {
        "creator": {"type": "Person", "name": comment["author"]},
        "created": comment["written_at"],
        "modified": comment["edited_at"],
    }


def _comment_id(claim: ReleasedClaim, number: int) -> str:
    return f"{claim['url']}#comment-{number}"


def _text(value: str, purpose: str, format: str = "text/plain") -> Node:
    return {"type": "TextualBody", "value": value, "format": format, "purpose": purpose}


def hashed(sha256: str) -> str:
    """A name for what has this SHA-256, in hexadecimal: `ni:///sha-256;…` (RFC 6920)."""
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}"


def _json(node: Node) -> str:
    return json.dumps(node, ensure_ascii=False)
