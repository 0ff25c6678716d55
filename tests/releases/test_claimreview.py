"""claimreview.jsonld and datafeed.jsonld: what they say, in the words of schema.org only, of hostile text too."""

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from claims.exports.schema_org import EXPLAINED, Desk, explained, first_of, review
from claims.releases.content import Content
from claims.releases.formats import claimreview
from tests.judges import schema_org
from tests.releases import contents

VOCABULARY = os.environ.get("SCHEMA_ORG_VOCABULARY", "")


def graph(content: Content) -> Any:
    return json.loads(b"".join(claimreview.reviews(content)))


def feed(content: Content) -> Any:
    return json.loads(b"".join(claimreview.feed(content)))


def only(content: Content) -> Any:
    (found,) = graph(content)["@graph"]
    return found


def test_a_review_says_what_was_found_who_found_it_and_where_it_was_said() -> None:
    told = only(contents.content(licence="CC-BY-4.0"))
    claim = told["itemReviewed"]
    assert told["claimReviewed"] == claim["text"]
    assert told["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Outdated",
        "ratingExplanation": "It was ninth in 2021 and tenth in 2022.",
        "ratingValue": 3,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert told["reviewBody"] == "It was ninth in 2021 and **tenth** in 2022."
    assert told["author"] == {"@type": "Organization", "name": "Claim Workbench", "url": "https://desk.example.org"}
    assert (told["datePublished"], told["dateModified"]) == ("2023-05-03T11:30:00Z", "2023-05-03T11:30:00Z")
    assert told["sdLicense"] == "https://creativecommons.org/licenses/by/4.0/"
    assert claim["firstAppearance"] == claim["appearance"][0]
    assert claim["appearance"][0]["interpretedAsClaim"] == {"@id": claim["@id"]}
    assert claim["review"] == {"@id": told["@id"]}
    (cited,) = told["citation"]
    assert (cited["url"], cited["description"]) == ("https://www.example.org/sipri", "refutes: Tenth in 2022.")
    assert (cited["hasPart"]["text"], cited["hasPart"]["position"]) == ("10. Japan 46.0", "p. 2")


def test_the_feed_holds_the_same_reviews_each_with_its_dates() -> None:
    content = contents.content([contents.claim(1), contents.claim(2)], licence="Ask us")
    told = feed(content)
    assert [item["item"] for item in told["dataFeedElement"]] == graph(content)["@graph"]
    assert {item["dateModified"] for item in told["dataFeedElement"]} == {"2023-05-03T11:30:00Z"}
    assert told["license"] == {"@type": "CreativeWork", "name": "Ask us"}
    assert told["dateModified"] == content.header["as_of"]


def test_without_a_verdict_there_is_no_review_and_without_claims_the_files_are_still_whole() -> None:
    content = contents.content([contents.claim(verdict=None, assessment=None)])
    assert graph(content)["@graph"] == []
    assert feed(content)["dataFeedElement"] == []


def test_a_number_goes_with_a_verdict_only_where_the_scale_applies() -> None:
    verdict = {"key": "unverifiable", "name": "Unverifiable", "rating": None}
    told = only(contents.content([contents.claim(verdict=verdict)]))
    assert told["reviewRating"].keys() == {"@type", "alternateName", "ratingExplanation"}


def test_a_verdict_that_was_replaced_is_told_as_a_correction() -> None:
    before = contents.assessment(
        1,
        verdict={"key": "supported", "name": "Supported", "rating": 5},
        as_of="2022",
        decided_at="2022-05-01T08:00:00Z",
        stands=False,
    )
    told = only(contents.content([contents.claim(assessments=[before, contents.assessment(2)])]))
    assert (told["datePublished"], told["dateModified"]) == ("2022-05-01T08:00:00Z", "2023-05-03T11:30:00Z")
    assert told["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "The verdict was “Supported”, as of 2022; it is “Outdated”, as of 2023-05.",
            "datePublished": "2023-05-03T11:30:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["2023-05", "2022"], 1),
        (["2023-05-02"], 0),
        ([""], 0),
        (["2023", "2023-05"], None),  # some day of 2023 may be before or after
        (["2023-05", ""], None),
        ([], None),
    ],
)
def test_the_first_appearance_is_named_only_where_it_is_known(dates: list[str], first: int | None) -> None:
    places = [contents.appearance(published_on=on, url=f"https://x.example/{n}") for n, on in enumerate(dates)]
    assert first_of(places) == (None if first is None else places[first])


@pytest.mark.parametrize(
    ("rationale", "short"),
    [
        ("One. Two says the U.N. General Assembly. Three.", "One. Two says the U.N. General Assembly."),
        ("It is [so](https://example.org/a) and `so`.", "It is so and so."),
        ("> Quoted.\n\n- A list", "Quoted. A list"),
        ("x " * 400, f"{('x ' * 150).strip()}…"),
        (f"Short. {'y' * 400}.", "Short."),
        ("", ""),
    ],
)
def test_an_explanation_is_one_or_two_sentences_without_markdown(rationale: str, short: str) -> None:
    assert explained(rationale) == short
    assert len(short) <= EXPLAINED + 1


def test_what_goes_into_a_page_cannot_end_its_script_element() -> None:
    for claim in contents.hostile().claims():
        node = claimreview.release_review(claim, claimreview.desk_of(contents.header()))
        text = claimreview.embedded(node)
        assert not {"<", ">", "&", "\u2028", "\u2029"} & set(text)
        assert json.loads(text)["claimReviewed"] == claim["assertion"]


def test_memory_holds_one_claim_at_a_time() -> None:
    def endless() -> Iterator[Any]:
        number = 0
        while True:
            number += 1
            yield contents.claim(number)

    content = Content(contents.header(), endless)
    assert len(list(islice(claimreview.reviews(content), 50))) == 50
    assert len(list(islice(claimreview.feed(content), 50))) == 50


class TestVocabulary:
    """The judge of tests/judges/schema_org.py, and that it does judge."""

    @pytest.mark.parametrize("content", [contents.content(licence="Ask us"), contents.hostile()])
    def test_only_words_of_schema_org_are_used_and_each_where_it_belongs(self, content: Content) -> None:
        assert list(schema_org.faults(graph(content))) == []
        assert list(schema_org.faults(feed(content))) == []

    def test_so_they_are_where_all_that_can_be_said_is_said(self) -> None:
        origin = {"title": "A wire", "url": "https://w.example/", "source": "Wire", "derivation": "wire"}
        twice = [contents.assessment(1, stands=False), contents.assessment(2)]
        claim = contents.claim(evidence=[contents.evidence(derived_from=origin)], assessments=twice)
        told = only(contents.content([claim], licence="CC0"))
        assert list(schema_org.faults(told)) == []
        assert told["citation"][0]["isBasedOn"]["url"] == origin["url"]

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"@type": "FactCheck"}, "there is no type FactCheck"),
            ({"verdict": "False"}, "ClaimReview has no property verdict"),
            ({"appearance": []}, "ClaimReview has no property appearance"),
            ({"reviews": []}, "ClaimReview has no property reviews"),
            ({"datePublished": "3 May 2023"}, "datePublished takes Date, DateTime"),
            ({"url": "desk/1"}, "url takes URL"),
            ({"reviewRating": "False"}, "reviewRating takes Rating"),
            ({"reviewRating": {"@type": "Person", "name": "A"}}, "reviewRating takes Rating"),
            ({"itemReviewed": {"@type": "Claim", "claimReviewed": "x"}}, "Claim has no property claimReviewed"),
        ],
    )
    def test_the_judge_finds_what_is_wrong(self, change: dict[str, Any], fault: str) -> None:
        node = review(contents.claim(), Desk("Desk", "https://desk.example.org")) | change
        assert any(fault in one for one in schema_org.faults(node))

    @pytest.mark.skipif(not VOCABULARY, reason="SCHEMA_ORG_VOCABULARY names no file of the vocabulary itself")
    def test_the_table_has_the_properties_of_the_vocabulary_itself(self) -> None:
        """The file is schemaorg-current-https.jsonld of a release, from https://schema.org/docs/developers.html."""
        nodes = json.loads(Path(VOCABULARY).read_text())["@graph"]
        for kind, entry in schema_org.table().items():
            own = {node["@id"] for node in nodes if f"schema:{kind}" in _domain(node)}
            missing = {name.removeprefix("schema:") for name in own} - entry["properties"].keys()
            assert not missing, kind
            assert {f"schema:{name}" for name in entry["properties"]} - own <= NEWER, kind


NEWER = {"schema:variablesMeasured", "schema:authorizedRepresentative", "schema:valueGroup"}
"""What the table has and release 30.0 does not, or no longer."""


def _domain(node: dict[str, Any]) -> set[str]:
    if "schema:supersededBy" in node:
        return set()
    found = node.get("schema:domainIncludes", [])
    return {one["@id"] for one in (found if isinstance(found, list) else [found])}
