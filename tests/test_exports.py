"""What the files say: everything about a claim, safe to open, whole or visibly broken."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from claims import exports
from claims.actions import assessments, claims, evidence, relations
from claims.actions.derivations import set_origin
from claims.actions.searches import add_search
from claims.choices import Derivation, RelationKind, Stance
from claims.exports.csv import BOM, COLUMNS, escape, unescape
from claims.exports.records import ClaimRecord
from claims.models import Claim, User
from tests import factories
from tests.judges import schema_org


def written(format: str, *keys: int) -> str:
    return "".join(exports.FORMATS[format].write(exports.claim_records(keys)))


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


@pytest.fixture
def checked(analyst: User, reviewer: User) -> Claim:
    """A verified claim that appears in a text, with quoted evidence from a captured page and a retracted piece."""
    nato = factories.source("NATO", reliability="A", reliability_reason="Its own figures.")
    article = factories.document(by=analyst, title="An article", url="https://example.org/a", published_on="2023-05")
    text = factories.snapshot(document=article, by=analyst)
    page = factories.document(by=analyst, source=nato, title="Expenditure", url="https://nato.example/table")
    factories.snapshot(document=page, text="Four members spend more.", by=analyst)
    claim = factories.claim_in_text(
        snapshot=text, quote="Only four members", by=analyst, assertion="Four members spend more.", speaker="the author"
    )
    factories.evidence_for(
        claim,
        document=page,
        by=analyst,
        quote="Four members",
        locator="Table 3",
        credibility=2,
        accessed_on="2026-11-20",
    )
    wrong = factories.evidence_for(claim, by=analyst, stance=Stance.REFUTES, finding="Another country.")
    evidence.retract_evidence(wrong, by=analyst, reason="Another country.")
    claims.organise_claim(claim, by=analyst, version=claim.version, priority=2, recheck_on="", tags=["NATO", "budget"])
    factories.submitted(claim, by=analyst, rationale="The table lists four.")
    assessments.approve(claim, by=reviewer, version=claim.version, note="I counted too.")
    return claim


def test_a_record_carries_verdict_people_places_and_evidence(checked: Claim) -> None:
    record = next(exports.claim_records([checked.pk]))
    assert record["verdict"] == {"key": "supported", "name": "Supported", "rating": 5}
    assessment = record["assessment"]
    assert assessment is not None
    assert assessment["rationale"] == "The table lists four."
    assert (assessment["as_of"], assessment["confidence"]) == ("2023-05", "high")
    assert (assessment["assessed_by"], assessment["approved_by"]) == ("analyst", "reviewer")
    assert str(assessment["approved_at"]).endswith("Z")
    (place,) = record["appearances"]
    text = checked.appearances.get().snapshot.text
    assert text[place["start"] : place["end"]] == place["quote"] == "Only four members"
    assert place["snapshot_sha256"] == checked.appearances.get().snapshot.text_sha256
    (item,) = record["evidence"]
    assert (item["stance"], item["grade"], item["quote_status"]) == ("supports", "A2", "found")
    assert (item["source"], item["url"], item["accessed_on"]) == ("NATO", "https://nato.example/table", "2026-11-20")
    assert (item["quote_start"], item["quote_end"]) == (0, 12)
    assert record["tags"] == ["NATO", "budget"]
    assert record["url"].endswith(f"/claims/{checked.pk}/")


def test_a_record_carries_what_evidence_means_alone_and_what_decides(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    wire = factories.document(by=analyst, title="A wire story", url="https://wire.example/1")
    copy = factories.document(by=analyst, title="A copy", url="https://paper.example/1")
    set_origin(copy, wire, Derivation.WIRE, by=analyst)
    first = factories.evidence_for(claim, document=copy, method="SIPRI, 2021", alone_says="Ninth.")
    refuted = factories.verdict("refuted")
    factories.evidence_for(claim, document=wire, method="SIPRI, 2022", alone_says="Tenth.", alone_verdict=refuted)
    factories.submitted(claim, by=analyst, decisive=first, decisive_reason="It was out before.")
    assessments.approve(claim, by=reviewer, version=claim.version)
    record = next(exports.claim_records([claim.pk]))
    names = ("method", "alone_says", "alone_verdict")
    assert [[item[name] for name in names] for item in record["evidence"]] == [  # type: ignore[literal-required]
        ["SIPRI, 2021", "Ninth.", None],
        ["SIPRI, 2022", "Tenth.", "refuted"],
    ]
    origins = [item["derived_from"] for item in record["evidence"]]
    origin = {"title": "A wire story", "url": wire.url, "source": wire.source.name, "derivation": "wire"}
    assert origins == [origin, None]
    assert record["assessment"] is not None
    assert record["assessment"]["decisive"] == {"title": "A copy", "url": copy.url, "reason": "It was out before."}
    (row,) = rows(written("csv", claim.pk))
    assert row["decisive"] == "A copy: It was out before."
    (review,) = json.loads(written("claimreview", claim.pk))["@graph"]
    assert review["citation"][0]["isBasedOn"]["url"] == wire.url


def test_a_record_carries_the_working_what_it_rests_on_and_searches(analyst: User) -> None:
    claim, premise = factories.claim(by=analyst), factories.claim(by=analyst, key="jn-1")
    factories.evidence_for(claim)
    piece = factories.evidence_for(claim)
    factories.rank_table(claim, piece=piece)
    relations.relate(claim, RelationKind.DEPENDS_ON, premise, by=analyst, note="The same table.")
    relations.relate(claim, RelationKind.CONTRADICTS, factories.claim(by=analyst), by=analyst)
    add_search(claim, by=analyst, place="The archive", searched_on=date(2026, 11, 1), words="Japan rank")
    record = next(exports.claim_records([claim.pk]))
    working = record["working"]
    assert working is not None
    assert working["result"] == {
        "agrees": False,
        "value": "10th",
        "says": "gives 10th; the claim says 9th: does not agree",
        "notes": ["The table leaves out places 1 to 7."],
    }
    assert working["rows"][2] == {"place": 10, "name": "Japan", "value": "46.0", "evidence": 1}
    (found,) = record["rests_on"]
    assert (found["reference"], found["note"]) == ("JN-1", "The same table.")
    assert record["searches"] == [
        {"place": "The archive", "searched_on": "2026-11-01", "words": "Japan rank", "note": ""}
    ]
    (row,) = rows(written("csv", claim.pk))
    assert row["working_says"] == working["result"]["says"]
    assert (row["rests_on"], json.loads(row["working"])) == ("JN-1", working)


def test_a_formula_leaves_with_its_inputs_and_a_claim_without_figures_without(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    factories.working(claim)
    working = next(exports.claim_records([claim.pk]))["working"]
    assert working is not None
    assert working["inputs"][0] == {"name": "budget", "value": "46.0", "unit": "US$ bn", "year": 2022, "evidence": 0}
    assert working["result"]
    assert working["result"]["agrees"]
    (row,) = rows(written("csv", factories.claim(by=analyst).pk))
    assert [row[name] for name in ("working", "working_says", "searches", "rests_on", "decisive")] == [""] * 5


def test_a_claim_without_a_verdict_has_no_assessment(analyst: User) -> None:
    record = next(exports.claim_records([factories.claim(by=analyst).pk]))
    assert (record["verdict"], record["assessment"]) == (None, None)


def test_claims_come_in_the_order_asked_for_and_gone_ones_are_passed_over(analyst: User) -> None:
    first, second = factories.claim(by=analyst), factories.claim(by=analyst)
    found = exports.claim_records([second.pk, 999_999, first.pk])
    assert [record["reference"] for record in found] == [second.reference, first.reference]


def test_a_set_is_written_in_its_order_and_a_document_in_that_of_its_text(analyst: User) -> None:
    text = factories.snapshot(by=analyst)
    late = factories.claim_in_text(snapshot=text, quote="Kishida joined", by=analyst)
    early = factories.claim_in_text(snapshot=text, quote="Only four members", by=analyst)
    claim_set = factories.claim_set(by=analyst, claims=(late, early))
    assert exports.keys_in_set(Claim.objects.all(), claim_set) == [late.pk, early.pk]
    assert exports.keys_in_text(Claim.objects.all(), text.document) == [early.pk, late.pk]
    assert list(exports.keys_of(Claim.objects.order_by("-pk"))) == [late.pk, early.pk]


def test_the_number_of_queries_depends_on_chunks_not_on_claims(
    checked: Claim, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [checked.pk]
    for _ in range(7):
        claim = factories.verified_claim(by=analyst)
        claims.add_appearance(claim, checked.appearances.get().snapshot, 0, 5, by=analyst)
        factories.rank_table(claim, piece=factories.evidence_for(claim, by=analyst))
        relations.relate(claim, RelationKind.DEPENDS_ON, checked, by=analyst)
        several.append(claim.pk)
    factories.rank_table(checked, piece=factories.evidence_for(checked, by=analyst))

    def queries(keys: list[int]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(list(exports.claim_records(keys))) == len(keys)
        return len(captured)

    one_chunk = queries(several[:1])
    assert queries(several) == one_chunk
    monkeypatch.setattr("claims.exports.records.CHUNK", 2)
    assert queries(several) == 4 * one_chunk
    assert list(exports.keys_of(Claim.objects.filter(pk__in=several))) == several


def test_json_ends_with_the_number_of_claims(checked: Claim) -> None:
    document = json.loads(written("json", checked.pk))
    assert document["format"] == "claim-workbench/claims"
    assert document["count"] == 1
    assert document["claims"] == list(exports.claim_records([checked.pk]))


def test_an_export_of_nothing_is_whole_too(db: None) -> None:
    assert json.loads(written("json"))["count"] == 0
    assert json.loads(written("claimreview"))["@graph"] == []
    assert written("jsonl") == ""
    assert rows(written("csv")) == []


def test_json_lines_carry_one_claim_each(checked: Claim, analyst: User) -> None:
    other = factories.claim(by=analyst, assertion="Two\nlines, \u2028 and a “quote”.")
    lines = written("jsonl", checked.pk, other.pk).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == list(exports.claim_records([checked.pk, other.pk]))


@pytest.mark.parametrize("format", ["json", "claimreview"])
def test_a_file_that_broke_off_is_no_json(checked: Claim, format: str) -> None:
    def failing() -> Iterator[ClaimRecord]:
        yield from exports.claim_records([checked.pk])
        raise ConnectionError

    pieces: list[str] = []
    with pytest.raises(ConnectionError):
        pieces.extend(exports.FORMATS[format].write(failing()))
    with pytest.raises(json.JSONDecodeError):
        json.loads("".join(pieces))


def test_csv_has_one_row_per_claim_with_columns_for_people_and_for_programs(checked: Claim) -> None:
    (row,) = rows(written("csv", checked.pk))
    assert list(row) == list(COLUMNS)
    assert (row["verdict"], row["rationale"], row["as_of"]) == ("supported", "The table lists four.", "2023-05")
    assert row["evidence_links"] == "supports: https://nato.example/table"
    record = next(exports.claim_records([checked.pk]))
    assert json.loads(row["appearances"]) == record["appearances"]
    assert json.loads(row["evidence"]) == record["evidence"]


NASTY = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1:A2)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1",
    "''=1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
]


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_is_taken_for_a_formula_and_none_is_changed_for_good(text: str, analyst: User) -> None:
    claim = factories.claim(by=analyst, assertion=text, speaker=text)
    (row,) = rows(written("csv", claim.pk))
    for cell in (row["assertion"], row["speaker"]):
        assert cell.startswith("'")
        assert unescape(cell) == text


@pytest.mark.parametrize("text", ["Japan’s budget", "1922", "’tis", "'quoted'", "a=b", "", "مرحبا", "👩‍👩‍👧 é"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert escape(text) == unescape(text) == text


@given(st.text() | st.text(alphabet="'=+-@\t\r\n\x00 ＝a\ufeff"))
def test_unescaping_gives_back_what_was_escaped(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text(alphabet="'=+-@\t\r\n\x00 ＝a\ufeff"))
def test_an_escaped_cell_never_begins_with_a_sign_that_calculates(text: str) -> None:
    assert not escape(text).strip(" \ufeff").startswith(tuple("=+-@\t\r\n\x00＝"))


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_any_text_survives_the_way_through_a_csv_file(texts: list[str]) -> None:
    record: Any = {**_empty_record(), "assertion": texts[0], "tags": texts}
    (row,) = rows("".join(exports.FORMATS["csv"].write([record])))
    assert unescape(row["assertion"]) == texts[0]
    assert unescape(row["tags"]) == "; ".join(texts)


def _empty_record() -> dict[str, Any]:
    names = ("reference", "url", "assertion", "kind", "speaker", "as_of", "reference_period", "stage", "recheck_on")
    lists = ("tags", "appearances", "evidence", "searches", "rests_on")
    parts = {"verdict": None, "assessment": None, "working": None, "is_due": False, **{name: [] for name in lists}}
    return dict.fromkeys((*names, "due_reason", "recheck_follows"), "") | parts


def test_control_characters_and_markup_stay_text_in_every_format(analyst: User) -> None:
    text = "<script>alert(1)</script> \u202egnirts\u202c \x01 👩‍👩‍👧 é"
    claim = factories.claim(by=analyst, assertion=text)
    assert json.loads(written("json", claim.pk))["claims"][0]["assertion"] == text
    assert rows(written("csv", claim.pk))[0]["assertion"] == text


REQUIRED = {"claimReviewed", "reviewRating", "url", "author", "itemReviewed", "datePublished"}


def test_claim_review_uses_only_words_of_the_vocabulary(checked: Claim) -> None:
    (review,) = json.loads(written("claimreview", checked.pk))["@graph"]
    assert list(schema_org.faults(review)) == []
    assert review.keys() >= REQUIRED


def test_claim_review_says_what_was_found_about_what_was_said_where(checked: Claim) -> None:
    document = json.loads(written("claimreview", checked.pk))
    assert document["@context"][0] == "https://schema.org"
    (review,) = document["@graph"]
    assert review["claimReviewed"] == "Four members spend more."
    assert review["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "Supported",
        "ratingExplanation": "The table lists four.",
        "ratingValue": 5,
        "bestRating": 5,
        "worstRating": 1,
    }
    claim = review["itemReviewed"]
    assert claim["@id"] == f"{review['url']}#claim"
    assert claim["author"] == {"name": "the author"}
    assert claim["firstAppearance"] == claim["appearance"][0]
    assert claim["datePublished"] == "2023-05"
    quote, position = claim["appearance"][0]["hasPart"]["oa:hasSelector"]
    assert (quote["oa:exact"], position["oa:start"]) == ("Only four members", 58)
    assert review["citation"][0]["description"] == "supports: It says so."


def test_a_verdict_off_the_scale_has_no_number_in_claim_review(analyst: User) -> None:
    claim = factories.verified_claim(by=analyst, verdict_key="unverifiable")
    (review,) = json.loads(written("claimreview", claim.pk))["@graph"]
    assert review["reviewRating"].keys() == {"@type", "alternateName", "ratingExplanation"}


def test_a_claim_without_a_verdict_is_no_claim_review(checked: Claim, analyst: User) -> None:
    open_claim = factories.claim(by=analyst)
    assert len(json.loads(written("claimreview", open_claim.pk, checked.pk))["@graph"]) == 1


def test_a_file_is_named_after_what_is_in_it_and_the_day() -> None:
    name = exports.FORMATS["claimreview"].filename("Japan and NATO: verified /../ claims")
    assert name.startswith("japan-and-nato-verified-claims-2")
    assert name.endswith(".claimreview.jsonld")
    assert exports.FORMATS["csv"].filename("日本").startswith("claims-")
