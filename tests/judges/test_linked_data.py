"""Our linked data as others read it: PyLD expands it, JSON Schema holds annotations against the recommendation.

Two more judges work where their files are at hand, which are not ours to pass on:

- WEB_ANNOTATION_TESTS: a copy of https://github.com/w3c/web-annotation-tests, with its 54 assertions and its samples;
- SCHEMA_ORG_CONTEXT: schemaorgcontext.jsonld of a release of https://github.com/schemaorg/schemaorg.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from claims.releases.content import Content, released_claims
from claims.releases.formats import annotations, claimreview
from tests import factories
from tests.judges import schema_org, web_annotation
from tests.releases import contents

pytestmark = pytest.mark.judges

SUITE = Path(os.environ.get("WEB_ANNOTATION_TESTS", "nowhere"))
CONTEXT = os.environ.get("SCHEMA_ORG_CONTEXT", "")
SCHEMA = "https://schema.org/"
Node = dict[str, Any]


def whole() -> Content:
    """Claims with all that can be said of them, and hostile ones."""
    hostile = list(contents.hostile().claims())
    thread = [contents.comment(1), contents.comment(2, reply_to=1, edited_at="2023-05-02T13:00:00Z")]
    bare = contents.claim(50, appearances=[], evidence=[contents.evidence(url="", snapshot_sha256=None)])
    untold = contents.claim(51, verdict=None, assessment=None, evidence=[], captures=[])
    nowhere = contents.claim(52, appearances=[contents.appearance(url="")])
    claims = [contents.claim(100, comments=thread), bare, untold, nowhere, *hostile]
    return contents.content(claims, licence="CC-BY-4.0", with_comments=True)


def collection(content: Content) -> Any:
    (member,) = annotations.members(content)
    return json.loads(b"".join(member.chunks()))


def each(content: Content) -> list[Node]:
    """The annotations, each with the context of its file."""
    found = collection(content)
    return [{"@context": found["@context"], **item} for item in found["first"]["items"]]


def annotation(**fields: Any) -> Node:
    return {**each(contents.content())[0], **fields}


def faults(schema: Node, node: Node) -> list[str]:
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    return [error.message for error in validator(schema).iter_errors(node)]


class TestAnnotations:
    """JSON Schema, written after the recommendation."""

    def test_every_annotation_and_the_collection_have_what_they_must(self) -> None:
        found = each(whole())
        assert len(found) > 30
        assert [faults(web_annotation.ANNOTATION, node) for node in found] == [[]] * len(found)
        assert faults(web_annotation.COLLECTION, collection(whole())) == []

    @pytest.mark.django_db
    def test_so_do_those_of_a_claim_of_the_desk(self) -> None:
        claim = factories.sound_claim()
        factories.comment(claim, body="Says **who**?")
        content = Content(contents.header(), lambda: released_claims([claim.pk], with_comments=True))
        found = each(content)
        assert {"assessing", "linking", "commenting"} == {node["motivation"] for node in found}
        assert [faults(web_annotation.ANNOTATION, node) for node in found] == [[]] * len(found)
        assert not list(schema_org.faults(json.loads(b"".join(claimreview.reviews(content)))))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"@context": "https://schema.org"},
            {"id": "not an address"},
            {"type": "Note"},
            {"target": []},
            {"target": {"type": "SpecificResource"}},
            {"target": "a page"},
            {"bodyValue": "Two bodies."},
            {"body": {"type": "TextualBody"}},
            {"body": {"type": "TextualBody", "value": "x", "source": "https://x.example/"}},
            {"body": {"type": "TextualBody", "value": "x", "textDirection": "up"}},
            {"body": {"type": "SpecificResource", "source": "https://x.example/", "value": "x"}},
            {"motivation": "guessing"},
            {"created": "2023-05-02"},
            {"created": "2023-05-02T10:00:00"},
            {"rights": "CC-BY-4.0"},
        ],
    )
    def test_the_schema_finds_what_is_wrong(self, wrong: Node) -> None:
        assert faults(web_annotation.ANNOTATION, annotation(**wrong))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"selector": {"type": "TextQuoteSelector", "prefix": "x"}},
            {"selector": {"type": "TextQuoteSelector", "exact": ["x", "y"]}},
            {"selector": {"type": "TextPositionSelector", "start": 3}},
            {"selector": {"type": "TextPositionSelector", "start": -1, "end": 4}},
            {"state": {"type": "TimeState"}},
            {"state": {"type": "TimeState", "sourceDate": "2023-05-02T10:00:00+02:00"}},
            {"state": {"type": "TimeState", "sourceDate": "2023-05-02T10:00:00Z", "sourceDateStart": "x"}},
        ],
    )
    def test_it_looks_into_selectors_and_states(self, wrong: Node) -> None:
        target = {"type": "SpecificResource", "source": "https://x.example/", **wrong}
        assert faults(web_annotation.ANNOTATION, annotation(target=target))


@pytest.mark.skipif(not SUITE.is_dir(), reason="WEB_ANNOTATION_TESTS names no copy of the suite")
class TestSuite:
    """The assertions of the W3C."""

    def test_every_annotation_meets_all_assertions(self) -> None:
        found = each(whole())
        assert [failed("annotations/annotationMusts.test", node) for node in found] == [[]] * len(found)

    def test_the_collection_and_its_page_meet_theirs(self) -> None:
        assert failed("collections/collectionMusts.test", collection(whole())) == []
        assert failed("collections/pages/pageMusts.test", collection(whole())) == []

    def test_none_of_its_incorrect_samples_does(self) -> None:
        samples = [sample for sample in map(parsed, sorted(SUITE.glob("tools/samples/incorrect/*.json"))) if sample]
        assert len(samples) > 20
        assert all(failed("annotations/annotationMusts.test", sample) for sample in samples)


def failed(test: str, node: Node) -> list[str]:
    """The assertions of a test that a document does not meet."""
    names = json.loads((SUITE / test).read_text())["assertions"]
    return [name for name in names if not validator_of(name).is_valid(node)]


@cache
def validator_of(name: str) -> Any:
    validator = pytest.importorskip("jsonschema").Draft4Validator
    schema = json.loads((SUITE / name).read_text())
    schema.pop("id", None)  # against which names of files would be resolved
    return validator(schema, registry=definitions(), format_checker=format_checker())


@cache
def definitions() -> Any:
    """What the assertions refer to by file name."""
    referencing = pytest.importorskip("referencing")
    registry = referencing.Registry()
    for path in (SUITE / "definitions").glob("*.json"):
        schema = {name: value for name, value in json.loads(path.read_text()).items() if name != "id"}
        resource = referencing.Resource.from_contents(schema)
        registry = registry.with_resource(path.name, resource)
    return registry


@cache
def format_checker() -> Any:
    """Knows an address and a moment without further packages."""
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, schema in (("uri", web_annotation.IRI), ("date-time", web_annotation.MOMENT)):
        checker.checks(name)(partial(matches, schema["pattern"]))
    return checker


def matches(pattern: str, value: Any) -> bool:
    return not isinstance(value, str) or re.search(pattern, value) is not None


def parsed(path: Path) -> Node | None:
    """Some of the incorrect samples are no JSON at all."""
    try:
        found: Node = json.loads(path.read_text())
    except ValueError:
        return None
    return found


class TestExpansion:
    """PyLD, which reads JSON-LD as triples: nothing may vanish, and nothing be taken for an address that is none."""

    def test_every_review_expands_with_its_claim_its_rating_and_its_citations(self) -> None:
        content = whole()
        reviews = expanded(json.loads(b"".join(claimreview.reviews(content))))
        judged = [claim for claim in content.claims() if claim["verdict"]]
        assert len(reviews) == len(judged)
        for review, claim in zip(reviews, judged, strict=True):
            assert review["@type"] == [f"{SCHEMA}ClaimReview"]
            assert value(review, "claimReviewed") == claim["assertion"]
            assert value(review[f"{SCHEMA}reviewRating"][0], "alternateName") == "Outdated"
            assert len(review[f"{SCHEMA}citation"]) == len(claim["evidence"])
            assert not list(untyped(review))

    def test_the_feed_expands_to_the_same_reviews(self) -> None:
        content = whole()
        (feed,) = expanded(json.loads(b"".join(claimreview.feed(content))))
        items = [item[f"{SCHEMA}item"][0] for item in feed[f"{SCHEMA}dataFeedElement"]]
        assert items == expanded(json.loads(b"".join(claimreview.reviews(content))))

    def test_what_has_no_word_in_the_context_is_noticed(self) -> None:
        node = {"@context": "https://schema.org", "@type": "Claim", "verdict": "x", "name": "y"}
        assert list(untyped(expanded(node)[0])) == ["verdict"]

    @pytest.mark.skipif(not CONTEXT, reason="SCHEMA_ORG_CONTEXT names no context of schema.org")
    def test_the_context_of_schema_org_itself_says_the_same(self) -> None:
        content, theirs = whole(), json.loads(Path(CONTEXT).read_text())
        found = expanded(json.loads(b"".join(claimreview.reviews(content))), theirs)
        claims = [claim["assertion"] for claim in content.claims() if claim["verdict"]]
        # It spells its terms with http.
        assert [value(review, "claimReviewed", "http://schema.org/") for review in found] == claims


def expanded(document: Node, context: Node | None = None) -> list[Node]:
    """By a loader that never asks the net: the context is what it is given, or what the table of words says."""
    jsonld = pytest.importorskip("pyld").jsonld

    def loader(url: str, options: Any) -> Node:
        assert url == "https://schema.org", url
        return {"documentUrl": url, "contextUrl": None, "document": context or {"@context": made()}}

    found: list[Node] = jsonld.expand(document, {"documentLoader": loader})
    return found


def made() -> Node:
    """A context with every property of the table; an address where a value can be nothing else."""
    terms: Node = {name: f"{SCHEMA}{name}" for name in schema_org.table()}
    for kind in schema_org.table():
        for name, kinds in schema_org.properties(kind).items():
            terms[name] = {"@id": f"{SCHEMA}{name}", **({"@type": "@id"} if kinds == ["URL"] else {})}
    return {"@vocab": f"{SCHEMA}unknown/", **terms}


def untyped(node: Any) -> Iterator[str]:
    """Properties and types that the context has no word for, however deep."""
    if isinstance(node, list):
        for item in node:
            yield from untyped(item)
    elif isinstance(node, dict):
        for name, values in node.items():
            for term in (name, *(values if name == "@type" and isinstance(values, list) else ())):
                if term.startswith(f"{SCHEMA}unknown/"):
                    yield term.removeprefix(f"{SCHEMA}unknown/")
            yield from untyped(values)


def value(node: Node, name: str, vocabulary: str = SCHEMA) -> Any:
    return node[f"{vocabulary}{name}"][0]["@value"]
