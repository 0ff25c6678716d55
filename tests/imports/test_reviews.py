"""ClaimReview of other organisations: everything that it says is held by the claim, its evidence or a note, or told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from claims.choices import Stance
from claims.imports.besides import MOST_NOTES
from claims.models import Appearance, Claim, Comment, Document, Evidence, User
from claims.releases.content import Content
from claims.releases.formats import claimreview
from tests import factories
from tests.imports.files import as_json, imported, reasons, review
from tests.releases import contents

pytestmark = pytest.mark.django_db

PERSON = {
    "@type": "Person",
    "name": "A baker",
    "jobTitle": "Baker of the town",
    "image": "https://bakers.example.org/baker.jpg",
    "sameAs": ["https://www.wikidata.org/entity/Q1", "https://social.example.org/@baker"],
}
FULL = review(
    **{
        "@id": "https://checkers.example.org/2023/moon#review",
        "headline": "No, the moon is not made of cheese",
        "dateModified": "2023-06-01T09:00:00+02:00",
        "reviewBody": "We asked three astronomers. All of them laughed.",
        "inLanguage": "en-GB",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "sdLicense": "https://creativecommons.org/licenses/by/4.0/",
        "sdPublisher": {"@type": "Organization", "name": "A collector"},
        "image": {"@type": "ImageObject", "url": "https://checkers.example.org/moon.png", "width": 1200},
        "correction": {"@type": "CorrectionComment", "text": "An earlier version said two astronomers."},
        "associatedMediaReview": {"@type": "MediaReview", "mediaAuthenticityCategory": "TransformedContent"},
        "author": {
            "@type": "Organization",
            "name": "The Checkers",
            "url": "https://checkers.example.org/",
            "sameAs": "https://www.wikidata.org/entity/Q2",
            "logo": "https://checkers.example.org/logo.svg",
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "Mostly false",
            "name": "MF",
            "ratingValue": "2",
            "bestRating": 5,
            "worstRating": 1,
            "ratingExplanation": "There is no cheese. There is dust.",
            "image": "https://checkers.example.org/mostly-false.png",
        },
        "itemReviewed": {
            "@type": "Claim",
            "@id": "https://checkers.example.org/2023/moon#claim",
            "name": "Cheese moon",
            "author": PERSON,
            "claimInterpreter": {"@type": "Organization", "name": "The Interpreters"},
            "datePublished": "2023-04-30T08:15:00Z",
            "contentLocation": {"@type": "Place", "name": "A market"},
            "keywords": ["moon", "cheese"],
            "sameAs": "https://other.example.org/claims/moon",
            "firstAppearance": {"@type": "NewsArticle", "url": "https://bakers.example.org/first", "headline": "Moon!"},
            "appearance": [
                "https://bakers.example.org/second",
                {"@type": "CreativeWork", "url": "https://bakers.example.org/third"},
                {
                    "@type": "VideoObject",
                    "url": "https://video.example.org/fourth",
                    "author": {"@type": "Person", "name": "A streamer"},
                    "datePublished": "2023-05-01",
                },
            ],
        },
        "citation": [
            "https://astronomy.example.org/dust",
            {
                "@type": "Report",
                "name": "Dust of the moon",
                "url": "https://survey.example.org/dust",
                "publisher": {"@type": "Organization", "name": "The Survey"},
                "datePublished": "2021-07",
                "description": "It found dust.",
                "pagination": "12-14",
            },
            {"@type": "Book", "name": "A book without an address", "isbn": "9780000000000"},
            "http://127.0.0.1/inside",
        ],
    }
)


def leaves(value: Any) -> Iterator[str]:
    """Every value that is no object and no list, but for types and contexts."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in ("@type", "@context"):
                yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield str(value)


def stored() -> str:
    """All words of the desk that an import can have brought."""
    found: list[Any] = [
        Comment.objects.values_list("body"),
        Document.objects.values_list("url", "title", "published_on"),
    ]
    found.append(Claim.objects.values_list("assertion", "speaker", "as_of", "how_to_check", "tags__name"))
    found.append(Evidence.objects.values_list("finding", "quote", "locator"))
    return "\n".join(str(value) for rows in found for row in rows for value in row)


def lost(node: Any) -> list[str]:
    """What of a review is nowhere; the addresses of JSON are escaped as in JSON."""
    words = stored()
    return [leaf for leaf in leaves(node) if leaf not in words and json.dumps(leaf)[1:-1] not in words]


def test_nothing_of_a_review_with_every_property_is_lost(analyst: User) -> None:
    report = imported(as_json(FULL), analyst, "review.json")
    assert reasons(report) == []
    assert report.warnings_and_left_out == []
    assert lost(FULL) == []


def test_what_has_a_place_comes_to_its_place(analyst: User) -> None:
    imported(as_json(FULL), analyst, "review.json")
    claim = Claim.objects.get()
    assert (claim.assertion, claim.speaker, claim.as_of) == ("The moon is made of cheese.", "A baker", "2023-04-30")
    assert sorted(claim.tags.values_list("name", flat=True)) == ["cheese", "moon"]
    assert claim.how_to_check.splitlines() == [
        "First said in https://bakers.example.org/first",
        "Said in https://bakers.example.org/second",
        "Said in https://bakers.example.org/third",
        "Said in https://video.example.org/fourth",
    ]
    rated, bare, cited = claim.evidence.select_related("document").order_by("pk")
    assert rated.finding == (
        "Rated “Mostly false” (2 on a scale from 1 to 5) by The Checkers on 2 May 2023: "
        "There is no cheese. There is dust.\n\nWe asked three astronomers. All of them laughed."
    )
    assert rated.document.title == "No, the moon is not made of cheese"
    assert (bare.document.url, bare.finding) == ("https://astronomy.example.org/dust", "Cited by The Checkers.")
    assert (cited.document.title, cited.document.published_on) == ("Dust of the moon", "2021-07")
    assert (cited.finding, cited.stance, cited.was_read) == (
        "Cited by The Checkers: It found dust.",
        Stance.CONTEXT,
        False,
    )


def test_the_note_holds_only_what_is_nowhere_else(analyst: User) -> None:
    imported(as_json(FULL), analyst, "review.json")
    body = Comment.objects.get().body
    assert body.startswith("The imported review says besides:\n\n```json\n{")
    note = json.loads(body.partition("```json\n")[2].removesuffix("\n```"))
    assert note["author"] == {
        "name": "The Checkers",
        "url": "https://checkers.example.org/",
        "sameAs": "https://www.wikidata.org/entity/Q2",
        "logo": "https://checkers.example.org/logo.svg",
    }
    assert note["reviewRating"] == {"name": "MF", "image": "https://checkers.example.org/mostly-false.png"}
    assert note["datePublished"] == "2023-05-02T10:00:00Z"
    assert not {"claimReviewed", "url", "headline", "reviewBody"} & note.keys()
    assert len(note["citation"]) == 3


def test_a_plain_review_leaves_no_note(analyst: User) -> None:
    plain = review(author="The Checkers", datePublished="2023-05-02")
    imported(as_json(plain), analyst, "review.json")
    assert not Comment.objects.exists()
    assert lost(plain) == []


@pytest.mark.parametrize(
    ("rating", "told"),
    [
        ({"alternateName": "Vrai", "ratingValue": "4"}, "Rated “Vrai” (4) by"),
        ({"alternateName": "Cap", "ratingValue": 0, "bestRating": 10, "worstRating": 0}, "(0 on a scale from 0 to 10)"),
        ({"name": "3 Pinocchios", "worstRating": "4"}, "Rated “3 Pinocchios” (where 4 is worst)"),
        ({"ratingValue": 1.5, "bestRating": 5}, "Rated 1.5, where 5 is best by"),
        ({"alternateName": "假的"}, "Rated “假的” by"),
        ({}, "Reviewed by"),
    ],
)
def test_a_rating_by_a_foreign_scale_is_told_with_its_scale(analyst: User, rating: Any, told: str) -> None:
    imported(as_json(review(reviewRating=rating)), analyst, "review.json")
    assert told in Evidence.objects.get().finding


@pytest.mark.parametrize(
    "author",
    ["A baker", ["A baker", {"name": "A cook"}], {"@type": "Person", "name": "A baker"}, PERSON, {"@id": "#b"}],
)
def test_who_said_it_may_be_a_name_an_object_or_several(analyst: User, author: Any) -> None:
    node = review(itemReviewed={"@type": "Claim", "author": author}, author=author)
    assert reasons(imported(as_json(node), analyst, "review.json")) == []
    assert lost(node) == []


@pytest.mark.parametrize(
    "item",
    [
        {"@type": "CreativeWork", "author": "A baker", "datePublished": "2023-04-30", "name": "A speech"},
        {"@type": "creativeWork", "url": "https://bakers.example.org/moon"},
        [{"@type": "Claim", "author": "A baker"}, {"@type": "Claim", "author": "A cook", "text": "So it is."}],
        {"@id": "https://checkers.example.org/claims/7"},
        "https://checkers.example.org/claims/7",
    ],
)
def test_what_was_reviewed_may_be_written_in_older_and_other_ways(analyst: User, item: Any) -> None:
    node = review(itemReviewed=item)
    assert reasons(imported(as_json(node), analyst, "review.json")) == []
    assert lost(node) == []


def test_names_with_the_vocabulary_before_them_are_known(analyst: User) -> None:
    def prefixed(value: Any, prefix: str) -> Any:
        if isinstance(value, dict):
            return {n if n[0] == "@" else prefix + n: prefixed(one, prefix) for n, one in value.items()}
        return [prefixed(one, prefix) for one in value] if isinstance(value, list) else value

    for prefix in ("schema:", "https://schema.org/", "http://schema.org/"):
        node = {**prefixed(review(), prefix), "@type": f"{prefix}ClaimReview"}
        report = imported(as_json(node), analyst, "review.json")
        assert (report.new + report.here, reasons(report)) == (1, [])
    assert Claim.objects.get().speaker == "A baker"
    expanded = review(claimReviewed=[{"@value": "Cheese!", "@language": "en"}], url={"@id": "https://c.example.org/1"})
    assert imported(as_json(expanded), analyst, "review.json").new == 1


def test_more_tags_than_a_claim_may_have_stay_in_the_note(analyst: User) -> None:
    node = review(itemReviewed={"@type": "Claim", "keywords": [f"word {number}" for number in range(30)] + ["x" * 90]})
    assert reasons(imported(as_json(node), analyst, "review.json")) == []
    assert Claim.objects.get().tags.count() == 20
    assert lost(node) == []


@pytest.mark.parametrize("length", [9_500, 30_000])
def test_long_words_fill_several_notes(analyst: User, length: int) -> None:
    node = review(reviewBody="long " * (length // 5))
    report = imported(as_json(node), analyst, "review.json")
    bodies = [
        body.partition("```json\n")[2].removesuffix("\n```") for body in Comment.objects.values_list("body", flat=True)
    ]
    assert json.loads("".join(bodies))["reviewBody"] == node["reviewBody"]
    assert report.warnings_and_left_out == []


def test_what_notes_cannot_hold_is_told(analyst: User) -> None:
    report = imported(as_json(review(reviewBody="long " * 20_000)), analyst, "review.json")
    assert Comment.objects.count() == MOST_NOTES
    assert report.warnings_and_left_out == ["Left out: 1 parts of reviews that are longer than comments can hold."]


def test_words_that_cannot_be_stored_are_kept_as_they_were_written(analyst: User) -> None:
    imported('{"@type":"ClaimReview","claimReviewed":"One.","image":"\\u0000 \\ud800 \\u007f"}', analyst, "review.json")
    body = Comment.objects.get().body
    assert json.loads(body.partition("```json\n")[2].removesuffix("\n```")) == {"image": "\x00 \ud800 \x7f"}


def test_a_media_review_is_refused_by_its_name_and_the_claims_beside_it_come_in(analyst: User) -> None:
    media = {"@type": "MediaReview", "url": "https://checkers.example.org/video", "headline": "A turned video"}
    report = imported(as_json({"@graph": [media, review()]}), analyst, "review.json")
    assert (report.new, report.refused) == (1, 1)
    assert "MediaReview (“A turned video”)" in reasons(report)[0][1]
    alone = imported(as_json(media), analyst, "media.json")
    assert (alone.new, alone.refused) == (0, 1)


FEED = {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [review()]}]}


@pytest.mark.parametrize(
    "lines",
    [
        [review(), review(claimReviewed="The sun is cold.")],
        [FEED, review(claimReviewed="The sun is cold.")],
        [[review(), review(claimReviewed="The sun is cold.")], []],
    ],
)
@pytest.mark.parametrize("wrapped", ["{}", '<script type="application/ld+json">{}</script>'])
def test_reviews_come_a_line_each_also_as_pages_embed_them(analyst: User, lines: list[Any], wrapped: str) -> None:
    data = "\n".join(wrapped.format(as_json(line)) for line in lines)
    report = imported(data, analyst, "feed.jsonl")
    assert (report.new, reasons(report)) == (2, [])


class TestOurOwn:
    """A release of ours, taken in where nothing is stored yet, at a desk of another address."""

    @pytest.fixture
    def content(self) -> Content:
        rationale = "It was ninth in 2021. It was tenth in 2022. By other counts it was eighth."
        verdict = contents.claim(1)["assessment"]
        assert verdict
        places = [contents.appearance(), contents.appearance(url="https://other.example.org/", published_on="2022")]
        first = contents.claim(1, assessment={**verdict, "rationale": rationale}, appearances=places)
        return contents.content([first, contents.claim(2)], licence="CC-BY-4.0")

    @pytest.mark.parametrize("write", [claimreview.reviews, claimreview.feed])
    def test_it_comes_in_with_claim_rating_places_author_and_dates(
        self, analyst: User, content: Content, write: Any
    ) -> None:
        data = b"".join(write(content))
        with override_settings(PUBLIC_URL="https://another.example.org"):
            report = imported(data, analyst, "claimreview.jsonld")
            assert imported(data, analyst, "claimreview.jsonld").here == 2
        assert reasons(report) == []
        claim = Claim.objects.order_by("pk")[0]
        released = next(content.claims())
        assert (claim.assertion, claim.speaker, claim.as_of) == tuple(
            released[name] for name in ("assertion", "speaker", "as_of")
        )
        assert claim.how_to_check.splitlines() == [
            "First said in https://other.example.org/",
            "Said in https://www.example.org/nato-japan?a=1&b=2",
        ]
        rated, cited = claim.evidence.select_related("document").order_by("pk")
        assert rated.finding.startswith(
            "Rated “Outdated” (3 on a scale from 1 to 5) by Claim Workbench on 3 May 2023: "
        )
        assert rated.document.published_on == "2023-05-03"
        assert (cited.stance, cited.finding) == (Stance.REFUTES, "Cited by Claim Workbench: Tenth in 2022.")
        assert (cited.quote, cited.locator) == ("10. Japan 46.0", "p. 2")
        nodes = json.loads(b"".join(claimreview.reviews(content)))["@graph"]
        assert lost(nodes) == []

    def test_its_places_come_back_where_the_text_is(self, analyst: User, content: Content) -> None:
        place = next(content.claims())["appearances"][0]
        snapshot = factories.snapshot(text=f"{place['prefix']}{place['quote']}{place['suffix']}.", by=analyst)
        moved = {**place, "snapshot_sha256": snapshot.text_sha256}
        one = contents.content([contents.claim(appearances=[moved])])
        with override_settings(PUBLIC_URL="https://another.example.org"):
            imported(b"".join(claimreview.reviews(one)), analyst, "claimreview.jsonld")
        found = Appearance.objects.get()
        assert (found.exact, found.start, found.end) == (place["quote"], place["start"], place["end"])

    def test_at_the_desk_itself_the_verdict_comes_back_as_a_note(self, analyst: User, content: Content) -> None:
        with override_settings(PUBLIC_URL="https://desk.example.org"):
            report = imported(b"".join(claimreview.reviews(content)), analyst, "claimreview.jsonld")
        assert reasons(report) == []
        notes = "".join(Comment.objects.values_list("body", flat=True))
        assert notes.count('"alternateName": "Outdated"') == 2
        assert not Evidence.objects.filter(finding__contains="Outdated").exists()
