"""annotations.jsonld: what is said of texts and claims, and where; whether it is a Web Annotation, tests/judges say."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from claims.releases.content import Content, ReleasedClaim
from claims.releases.formats import annotations
from claims.releases.formats.annotations import hashed
from tests.releases import contents


def told(*claims: ReleasedClaim, **fields: Any) -> list[Any]:
    content = contents.content(claims, **fields)
    return [node for claim in content.claims() for node in annotations.annotations(claim, content.header)]


def collection(content: Content) -> Any:
    (member,) = annotations.members(content)
    return json.loads(b"".join(member.chunks()))


def test_a_place_carries_assertion_verdict_and_rationale_where_the_quote_stands() -> None:
    place, _ = told(contents.claim())
    assert place["motivation"] == "assessing"
    assert [(body["purpose"], body.get("value")) for body in place["body"]] == [
        ("identifying", "Japan has the ninth-largest military budget in the world, said 1 times."),
        ("classifying", "Outdated"),
        ("assessing", "It was ninth in 2021 and **tenth** in 2022."),
        ("linking", None),
        ("tagging", "defence"),
        ("tagging", "ranking"),
    ]
    quote, position = place["target"]["selector"]
    assert (quote["exact"], quote["prefix"], quote["suffix"]) == (
        "Japan has the ninth-largest military budget in the world",
        "It is said that ",
        ". Only four",
    )
    assert (position["start"], position["end"]) == (16, 72)
    assert place["target"]["source"] == "https://www.example.org/nato-japan?a=1&b=2"
    assert place["target"]["state"] == hashed(contents.TEXT_SHA256)


def test_evidence_links_its_place_to_the_claim_as_it_was_captured() -> None:
    _, piece = told(contents.claim())
    assert piece["motivation"] == "linking"
    assert piece["body"][0]["source"] == "https://desk.example.org/claims/1/#claim"
    assert [body["value"] for body in piece["body"][1:]] == ["refutes", "Tenth in 2022."]
    assert piece["target"]["selector"][0] == {"type": "TextQuoteSelector", "exact": "10. Japan 46.0"}
    assert piece["target"]["state"] == [
        {"type": "TimeState", "sourceDate": "2023-05-02T09:00:00Z", "cached": hashed("6" * 64)},
        hashed(contents.TEXT_SHA256),
    ]


@pytest.mark.parametrize(
    ("status", "start", "selectors"),
    [
        ("found", 120, ["TextQuoteSelector", "TextPositionSelector"]),
        ("differs", 120, ["TextPositionSelector"]),
        ("several", None, ["TextQuoteSelector"]),
        ("not_found", None, []),
        ("not_captured", None, []),
    ],
)
def test_a_quote_selects_only_where_it_was_seen(status: str, start: int | None, selectors: list[str]) -> None:
    evidence = contents.evidence(quote_status=status, quote_start=start, quote_end=start and 134)
    _, piece = told(contents.claim(evidence=[evidence]))
    assert [selector["type"] for selector in piece["target"].get("selector", [])] == selectors


def test_without_a_verdict_a_place_is_only_identified() -> None:
    place, *_ = told(contents.claim(verdict=None, assessment=None))
    assert place["motivation"] == "identifying"
    assert "creator" not in place


def test_a_claim_that_no_text_makes_is_assessed_itself() -> None:
    verdict, *_ = told(contents.claim(appearances=[]))
    assert (verdict["motivation"], verdict["target"]) == ("assessing", "https://desk.example.org/claims/1/#claim")


def test_answers_are_to_the_comment_they_answer() -> None:
    thread = [contents.comment(1), contents.comment(2, reply_to=1)]
    *_, first, second = told(contents.claim(comments=thread))
    assert (first["motivation"], first["target"]) == ("commenting", "https://desk.example.org/claims/1/#claim")
    assert (second["motivation"], second["target"]) == ("replying", first["id"])
    assert second["body"]["format"] == "text/markdown"


def test_a_document_without_an_address_is_named_by_the_hash_of_its_text() -> None:
    place, piece = told(
        contents.claim(
            appearances=[contents.appearance(url="")],
            evidence=[contents.evidence(url="", snapshot_sha256=None)],
            captures=[None],
        )
    )
    # An example of RFC 6920: the SHA-256 of "Hello World!".
    digest = "7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069"
    assert hashed(digest) == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"
    assert place["target"]["source"] == hashed(contents.TEXT_SHA256)
    assert piece["target"]["source"] == "https://desk.example.org/claims/1/#evidence-1-document"


def test_the_collection_counts_its_annotations_and_no_two_have_one_name() -> None:
    found = collection(contents.hostile())
    items = found["first"]["items"]
    assert found["total"] == len(items) == len({item["id"] for item in items})
    assert found["total"] == 3 * len(contents.HOSTILE)
    assert [item["target"]["selector"][0]["exact"] for item in items[::3]] == list(contents.HOSTILE)


def test_without_claims_the_collection_is_empty_and_whole() -> None:
    content = Content(contents.header(claims=0), lambda: iter(()))
    found = collection(content)
    assert (found["total"], found["first"]["items"]) == (0, [])


def test_a_licence_that_is_no_address_is_not_told_as_rights() -> None:
    assert "rights" not in told(contents.claim(), licence="Ask us")[0]
    assert told(contents.claim(), licence="CC BY 4.0")[0]["rights"].startswith("https://creativecommons.org/")


def test_memory_holds_one_claim_at_a_time() -> None:
    def endless() -> Iterator[ReleasedClaim]:
        number = 0
        while True:
            number += 1
            yield contents.claim(number)

    (member,) = annotations.members(Content(contents.header(), endless))
    assert len(list(islice(member.chunks(), 50))) == 50
