"""claimreview.jsonld and datafeed.jsonld: the verdicts of a release as schema.org ClaimReview.

The first is a graph of reviews. The second is the same as a DataFeed with an item for each, as those who gather
reviews read them. By `claims.exports.schema_org`, as in the export of claims.
"""

import json
from collections.abc import Iterator

from claims.exports.schema_org import CONTEXT, Desk, Node, review, whole
from claims.releases.archive import Member
from claims.releases.content import Content, Header, ReleasedClaim
from claims.releases.licences import licence_url

REVIEWS = "claimreview.jsonld"
FEED = "datafeed.jsonld"


def members(content: Content) -> Iterator[Member]:
    yield Member(REVIEWS, lambda: reviews(content))
    yield Member(FEED, lambda: feed(content))


def reviews(content: Content) -> Iterator[bytes]:
    """A graph with a line for each claim that has a verdict."""
    desk = desk_of(content.header)
    yield _opening({"@context": CONTEXT}, "@graph")
    yield from _lines(release_review(claim, desk) for claim in content.claims() if claim["verdict"])
    yield b"\n]}\n"


def feed(content: Content) -> Iterator[bytes]:
    """A DataFeed with a line for each claim that has a verdict."""
    desk = desk_of(content.header)
    yield _opening({"@context": CONTEXT, **_about(content.header, desk)}, "dataFeedElement")
    yield from _lines(_item(release_review(claim, desk)) for claim in content.claims() if claim["verdict"])
    yield b"\n]}\n"


def desk_of(header: Header) -> Desk:
    """Who reviewed, under which licence, by the header of a release."""
    licence, day = header["licence"], header["as_of"].partition("T")[0]
    return Desk(header["desk"]["name"], header["desk"]["url"], licence, licence_url(licence), day)


def release_review(claim: ReleasedClaim, desk: Desk) -> Node:
    """The claim as a ClaimReview, with corrections for verdicts that it had before. Raises ValueError without one."""
    return review(claim, desk, claim["assessments"])


def embedded(node: Node) -> str:
    """The node as JSON-LD with its context, fit to stand in a `script` element: nothing in it can end the element."""
    text = json.dumps({"@context": CONTEXT, **node}, ensure_ascii=False)
    return text.translate(_ESCAPES)


_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def _about(header: Header, desk: Desk) -> Node:
    return whole(
        {
            "@type": "DataFeed",
            "name": header["title"],
            "description": header["description"],
            "identifier": header["name"],
            "version": header["number"],
            "dateModified": header["as_of"],
            "publisher": desk.node,
            "license": desk.licence_node,
            "sdPublisher": desk.node,
            "sdLicense": desk.licence_node,
        }
    )


def _item(node: Node) -> Node:
    dates = {"dateCreated": node.get("datePublished"), "dateModified": node.get("dateModified")}
    return whole({"@type": "DataFeedItem", **dates, "item": node})


def _opening(node: Node, name: str) -> bytes:
    """The node, open at its end, with a list of this name that is still empty."""
    return f'{_json(node)[:-1]},\n"{name}": ['.encode()


def _lines(nodes: Iterator[Node]) -> Iterator[bytes]:
    separator = "\n"
    for node in nodes:
        yield (separator + _json(node)).encode()
        separator = ",\n"


def _json(node: Node) -> str:
    return json.dumps(node, ensure_ascii=False)
