"""What an import stores, what it refuses, and what a second one finds."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.claim_batches import create_claims
from claims.actions.claims import edit_claim
from claims.actions.drafts import add_draft
from claims.actions.new_claims import NewClaim
from claims.actions.source_merges import merge_sources
from claims.actions.sources import add_source
from claims.choices import Act, Disposition, Stage, Stance
from claims.imports.pieces import new_evidence
from claims.models import Claim, Document, Event, Evidence, Search, Tag, User, Working
from claims.passages import describe
from claims.search import matching, parse
from claims.verification import Tally, breaks
from claims.workflow import Refused
from tests import factories
from tests.imports.files import as_json, imported, reasons, review


def test_a_row_becomes_an_open_claim_with_all_its_columns(analyst: User) -> None:
    report = imported(
        "key,assertion,kind,speaker,as of,period,how to check,priority,re-check,tags\n"
        "JN-1,Japan has the ninth-largest budget.,Ranking,The PM,May 2023,2021,Ask SIPRI.,high,2027,Japan; NATO\n",
        analyst,
    )
    claim = Claim.objects.get()
    assert report.lines == ["1 claim came in."]
    assert (claim.key, claim.stage, claim.kind, claim.as_of) == ("JN-1", Stage.OPEN, "ranking", "2023-05")
    assert (claim.speaker, claim.reference_period, claim.how_to_check) == ("The PM", "2021", "Ask SIPRI.")
    assert (claim.priority, claim.recheck_on, str(claim.recheck_from)) == (3, "2027", "2027-01-01")
    assert [tag.name for tag in claim.tags.all()] == ["Japan", "NATO"]
    assert claim.added_by == analyst
    assert matching(Claim.objects.all(), parse("ninth")).get() == claim


def test_each_claim_has_one_event_that_says_where_it_comes_from(analyst: User) -> None:
    imported("claim,tags\nA first.,x\nA second.,\n", analyst)
    first, second = Event.objects.filter(object_type="claim").order_by("pk")
    assert (first.act, first.number, first.reason) == (Act.CREATE, 1, "Imported from claims.csv, line 2.")
    assert first.changes["tags"] == [None, ["x"]]
    assert second.object_id == Claim.objects.get(assertion="A second.").pk
    assert not list(breaks(Tally()))


def test_importing_twice_changes_nothing(analyst: User) -> None:
    data = "key,claim,link\nA-1,One.,https://www.example.org/a\n,Two.,\n"
    imported(data, analyst)
    before = Event.objects.count(), Claim.objects.count(), Document.objects.count()
    report = imported(data, analyst)
    assert (report.new, report.here, report.refused) == (0, 2, 0)
    assert (Event.objects.count(), Claim.objects.count(), Document.objects.count()) == before


def test_a_stored_claim_that_says_something_else_is_left_as_it_is(analyst: User) -> None:
    data = "key,claim,speaker\nA-1,One.,The PM\n"
    imported(data, analyst)
    claim = Claim.objects.get()
    edit_claim(claim, by=analyst, version=claim.version, speaker="The king")
    report = imported(data, analyst)
    assert reasons(report) == [(2, "A-1 is stored with another speaker; it is left as it is.")]
    claim.refresh_from_db()
    assert claim.speaker == "The king"


def test_keys_that_differ_in_case_are_one(analyst: User) -> None:
    report = imported("key,claim\na-1,One.\nA-1,One.\n", analyst)
    assert reasons(report) == [(3, "The same claim is on line 2 already.")]
    assert imported("key,claim\nA-1,One.\n", analyst).here == 1


def test_the_same_words_typed_otherwise_are_one_claim(analyst: User) -> None:
    report = imported('claim\nHe said “no” – twice.\nhe said "no" - twice.\n', analyst)
    assert (report.new, report.refused) == (1, 1)


def test_a_number_as_the_desk_gives_them_is_its_claim_only_if_the_words_are(analyst: User) -> None:
    stored = factories.claim(by=analyst, assertion="One.")
    report = imported(f"key,claim\nC-{stored.pk},One.\nC-{stored.pk + 1},Two.\n", analyst)
    assert (report.here, report.new) == (1, 1)
    assert imported(f"key,claim\nC-{stored.pk + 1},Two.\n", analyst).here == 1


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("assertion=", "Assertion: it is empty."),
        ("assertion=" + "x" * 1001, "Assertion: at most 1,000 characters are allowed; this has 1,001."),
        ("kind=rumour", "Kind: “rumour” is none of: ranking, quantity,"),
        ("as_of=2023-02-30", "As of: there is no day 30 in February 2023."),
        ("as_of=someday", "As of: “someday” is not a date."),
        ("recheck_on=0000", "Re-check: there is no year 0000."),
        ("priority=9", "Priority: “9” is none of: 1, 2, 3, 4."),
        ("speaker=" + "x" * 201, "Speaker: at most 200 characters"),
        ("tags=" + "x" * 61, "Tags: at most 60 characters"),
        ("tags=" + ";".join(map(str, range(21))), "Tags: at most 20 tags are allowed; these are 21."),
        ("link=ftp://example.org/", "Evidence: Only web addresses are accepted"),
        (
            "link=https://www.example.org/\nstance=against",
            "Evidence: “against” is none of: supports, refutes, context.",
        ),
        ("quote=some words", "Quote: it quotes, and names no document."),
        ("document=x", "Document: it names a document, and no words of it"),
        ("document=x\nquote=some words", "Document: none here has the key, address or title “x”."),
    ],
)
def test_a_row_is_refused_with_the_reason(analyst: User, cells: str, reason: str) -> None:
    pairs = [pair.split("=", 1) for pair in cells.split("\n")]
    values = {"assertion": "One."} | dict(pairs)
    ((line, said),) = reasons(imported(as_json([values]), analyst, "claims.json"))
    assert line == 1
    assert said.startswith(reason)
    assert not Claim.objects.exists()


def test_a_refused_row_names_everything_that_is_wrong_with_it(analyst: User) -> None:
    ((_, said),) = reasons(imported("claim,kind,as of\n,rumour,someday\n", analyst))
    assert all(label in said for label in ("Assertion:", "Kind:", "As of:"))


def test_good_rows_come_in_beside_refused_ones(analyst: User) -> None:
    report = imported("claim,kind\nOne.,event\nTwo.,rumour\n", analyst)
    assert report.lines == ["1 claim came in.", "1 row was refused."]
    assert Claim.objects.count() == 1


def test_nothing_comes_in_when_everything_was_to(analyst: User) -> None:
    report = imported("claim,kind\nOne.,event\nTwo.,rumour\n", analyst, all_or_nothing=True)
    assert report.lines[-1] == "Nothing was stored, since some rows were refused."
    assert not Claim.objects.exists()
    assert not Event.objects.filter(object_type="claim").exists()


def test_a_trial_stores_nothing_and_counts_the_same(analyst: User) -> None:
    data = "claim,kind\nOne.,event\nTwo.,rumour\nOne.,event\n"
    trial = imported(data, analyst, dry_run=True)
    assert not Claim.objects.exists()
    assert trial.lines[0] == "1 claim would come in."
    real = imported(data, analyst)
    assert (trial.new, trial.here, reasons(trial)) == (real.new, real.here, reasons(real))


def test_a_file_that_breaks_off_leaves_nothing_behind(analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.imports.importing.BATCH", 1)
    with pytest.raises(ValueError, match="ends before it is whole"):
        imported('[{"claim": "One."}, {"claim": "Two."}', analyst, "claims.json")
    assert not Claim.objects.exists()


def test_a_claim_that_someone_stores_meanwhile_is_told(analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.claim(by=analyst, key="a-1", assertion="One.")
    monkeypatch.setattr("claims.imports.stored.Stored.claim", lambda stored, draft: None)
    with pytest.raises(ValueError, match="stored by someone else meanwhile. Import the file again"):
        imported("key,claim\na-1,One.\nb-1,Two.\n", analyst)
    assert Claim.objects.count() == 1


def test_readers_may_not_import(reader: User) -> None:
    with pytest.raises(Refused):
        imported("claim\nOne.\n", reader)


def test_a_kind_and_a_tag_for_all_rows(analyst: User) -> None:
    imported("claim,kind,tags\nOne.,,\nTwo.,date,x\n", analyst, kind="policy", tag="import of May")
    assert list(Claim.objects.order_by("pk").values_list("kind", flat=True)) == ["policy", "date"]
    assert Tag.objects.get(name="import of May").claims.count() == 2


class TestPlaces:
    @pytest.mark.parametrize("by", ["key", "url", "title", "option"])
    def test_a_quote_becomes_an_appearance(self, analyst: User, by: str) -> None:
        document = factories.document(
            by=analyst, title="Japan and NATO", key="japan-nato", url="https://www.example.org/japan"
        )
        snapshot = factories.snapshot(document=document, by=analyst)
        name = {"title": "japan and nato", "option": ""}.get(by) or str(getattr(document, by, ""))
        options: dict[str, Any] = {"document": document.key} if by == "option" else {}
        report = imported(
            f'claim,document,quote\nJapan is ninth.,{name},"the ninth-largest  military budget"\n', analyst, **options
        )
        assert reasons(report) == []
        place = Claim.objects.get().appearances.get()
        assert (place.snapshot, place.exact) == (snapshot, "the ninth-largest military budget")
        assert place.prefix
        assert [event.act for event in Event.objects.of(place.claim)] == [Act.CREATE, Act.ADD_APPEARANCE]
        assert not list(breaks(Tally()))

    def test_the_sentence_it_is_in_is_decided(self, analyst: User) -> None:
        snapshot = factories.snapshot(by=analyst)
        imported(f"claim,document,quote\nOne.,{snapshot.document.title},ninth-largest\n", analyst)
        assert [sentence.disposition for sentence in snapshot.sentences.all()][:2] == [Disposition.CLAIM, ""]

    def test_words_that_are_not_there_refuse_the_row(self, analyst: User) -> None:
        snapshot = factories.snapshot(by=analyst)
        report = imported(f"claim,document,quote\nOne.,{snapshot.document.title},tenth-largest\n", analyst)
        assert "“tenth-largest” is not in" in reasons(report)[0][1]
        assert not Claim.objects.exists()

    def test_a_title_of_two_documents_is_asked_about(self, analyst: User) -> None:
        for _ in range(2):
            factories.snapshot(document=factories.document(by=analyst, title="Twice"), by=analyst)
        report = imported("claim,document,quote\nOne.,Twice,ninth\n", analyst)
        assert "several are called “Twice”" in reasons(report)[0][1]

    def test_a_document_without_a_text_is_asked_about(self, analyst: User) -> None:
        factories.document(by=analyst, title="Blank")
        report = imported("claim,document,quote\nOne.,Blank,ninth\n", analyst)
        assert "has no text here" in reasons(report)[0][1]


def test_addresses_become_evidence(analyst: User) -> None:
    imported(
        "claim,evidence url,stance,finding\n"
        "One.,https://www.example.org/a https://www.example.org/b,refutes,It is two.\n",
        analyst,
    )
    pieces = list(Claim.objects.get().evidence.select_related("document"))
    assert [piece.document.url for piece in pieces] == ["https://www.example.org/a", "https://www.example.org/b"]
    assert {(piece.stance, piece.finding, piece.was_read) for piece in pieces} == {("refutes", "It is two.", False)}
    assert [event.number for event in Event.objects.of(Claim.objects.get())] == [1, 2, 3]
    assert not list(breaks(Tally()))


def test_the_number_of_queries_does_not_grow_with_the_rows(analyst: User) -> None:
    counts = []
    for size in (10, 40):  # beyond that, Django sends rows to SQLite in several statements
        data = "claim,tags\n" + "".join(f"Claim {size} {number}.,a;b\n" for number in range(size))
        with CaptureQueriesContext(connection) as captured:
            imported(data, analyst)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


def test_nor_with_the_findings_that_they_bring(analyst: User) -> None:
    found = {
        "evidence": [{"url": "https://www.example.org/table", "stance": "supports", "alone_verdict": "refuted"}],
        "searches": [{"place": "The archive", "searched_on": "2026-11-01", "words": "Japan"}],
        "working": {
            **{"kind": "formula", "expected": "2", "formula": "a * 2", "rows": []},
            "inputs": [{"name": "a", "value": "1", "unit": "", "year": 2022, "evidence": 0}],
        },
    }
    needed = ("reference", "assertion", "stage", "verdict", "appearances", "url")
    counts = []
    for size in (10, 40):
        rows = [dict.fromkeys(needed) | found | {"assertion": f"Claim {size} {number}."} for number in range(size)]
        with CaptureQueriesContext(connection) as captured:
            report = imported(as_json(rows), analyst, "claims.json")
        assert (report.new, report.left_out) == (size, {})
        counts.append(len(captured))
    assert counts[1] <= counts[0]
    assert Working.objects.count() == Search.objects.count() == 50
    assert not list(breaks(Tally()))


@pytest.mark.parametrize(
    ("working", "evidence"),
    [
        ({"formula": "a / 0"}, True),
        ({"formula": "__import__('os')"}, True),
        ({"formula": "10**10**10"}, True),
        ({"expected": "NaN"}, True),
        ({"kind": "guess"}, True),
        ({"inputs": "a"}, True),
        ({"inputs": [{"name": "a", "value": "1e9", "evidence": 0}]}, True),
        ({"inputs": [{"name": "a", "value": "1", "year": 9999, "evidence": 0}]}, True),
        ({"tolerance": "-1"}, True),
        ({"note": "\0"}, True),
        ({"note": [[]]}, True),
        ({}, False),
    ],
)
def test_a_working_that_gives_nothing_is_left_out_and_counted(
    analyst: User, working: dict[str, Any], evidence: bool
) -> None:
    pieces = [{"url": "https://www.example.org/table" if evidence else "", "stance": "supports"}]
    inputs = [{"name": "a", "value": "1", "evidence": 0}]
    figures = {"kind": "formula", "expected": "2", "formula": "a * 2", "inputs": inputs, "rows": [], **working}
    needed = dict.fromkeys(("reference", "stage", "verdict", "appearances", "url"))
    rows = [needed | {"assertion": "One.", "evidence": pieces, "working": figures}]
    report = imported(as_json(rows), analyst, "claims.json")
    assert report.new == 1
    assert report.left_out["workings whose figures or evidence do not come in"] == 1
    assert not Working.objects.exists()


def test_a_verdict_that_the_scale_does_not_have_is_left_out_and_counted(analyst: User) -> None:
    piece = {"url": "https://www.example.org/table", "alone_verdict": "half-true", "alone_says": "Tenth."}
    needed = dict.fromkeys(("reference", "stage", "verdict", "appearances", "url"))
    report = imported(as_json([needed | {"assertion": "One.", "evidence": [piece]}]), analyst, "claims.json")
    assert report.left_out == {"verdicts of evidence on its own that this desk's scale does not have": 1}
    assert Evidence.objects.get().alone_says == "Tenth."


def test_nor_does_it_grow_with_the_sentences_that_become_claims(analyst: User) -> None:
    counts = []
    for size in (5, 30):
        sentences = [f"Line {number} of {size} says so." for number in range(size)]
        snapshot = factories.snapshot(text="\n\n".join(sentences), by=analyst)
        data = "claim,quote\n" + "".join(f"{words},{words}\n" for words in sentences)
        with CaptureQueriesContext(connection) as captured:
            imported(data, analyst, document=snapshot.document.title)
        counts.append(len(captured))
        assert set(snapshot.sentences.values_list("disposition", "version")) == {(Disposition.CLAIM, 2)}
    assert counts[1] <= counts[0]
    assert not list(breaks(Tally()))


class TestClaimReview:
    def test_the_verdict_of_others_is_evidence_and_no_verdict(self, analyst: User) -> None:
        report = imported(as_json(review()), analyst, "review.json")
        assert reasons(report) == []
        claim = Claim.objects.get()
        piece = claim.evidence.select_related("document__source").get()
        assert (claim.stage, claim.verdict) == (Stage.OPEN, None)
        assert (claim.assertion, claim.speaker, claim.as_of) == ("The moon is made of cheese.", "A baker", "2023-04-30")
        assert claim.how_to_check == "Said in https://bakers.example.org/moon"
        assert (piece.stance, piece.document.url) == (Stance.REFUTES, "https://checkers.example.org/2023/moon")
        assert piece.finding == "Rated “False” (1, where 5 is best) by The Checkers on 2 May 2023."
        assert piece.document.source.name == "checkers.example.org"

    def test_the_publisher_is_the_source_that_is_known_by_its_name(self, analyst: User) -> None:
        source = factories.source("The Checkers")
        imported(as_json(review()), analyst, "review.json")
        assert Document.objects.get().source == source

    @pytest.mark.parametrize(
        ("rating", "stance"),
        [
            ({"alternateName": "TRUE!"}, Stance.SUPPORTS),
            ({"alternateName": "Pants on Fire"}, Stance.REFUTES),
            ({"alternateName": "Half true"}, Stance.CONTEXT),
            ({"alternateName": "Not false"}, Stance.CONTEXT),
            ({"ratingValue": 5, "bestRating": 5, "worstRating": 1}, Stance.SUPPORTS),
            ({"ratingValue": "1", "bestRating": "5", "worstRating": "1"}, Stance.REFUTES),
            ({"ratingValue": 5}, Stance.CONTEXT),
            ({}, Stance.CONTEXT),
        ],
    )
    def test_a_stance_follows_only_from_a_plain_rating(
        self, analyst: User, rating: dict[str, Any], stance: str
    ) -> None:
        imported(as_json(review(reviewRating=rating)), analyst, "review.json")
        assert Claim.objects.get().evidence.get().stance == stance

    @pytest.mark.parametrize(
        "wrapped",
        [
            lambda one: one,
            lambda one: [one],
            lambda one: {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, one]},
            lambda one: [{"@graph": [one]}],
            lambda one: {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [one]}]},
            lambda one: {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": one}]},
            lambda one: {**one, "@type": ["Review", "https://schema.org/ClaimReview"]},
        ],
    )
    def test_it_is_found_in_graphs_feeds_and_lists(self, analyst: User, wrapped: Any) -> None:
        report = imported(as_json(wrapped(review())), analyst, "review.json")
        assert (report.new, report.rows) == (1, 1)

    def test_two_claims_of_one_page_are_two(self, analyst: User) -> None:
        both = [review(), review(claimReviewed="The sun is cold.")]
        assert imported(as_json(both), analyst, "review.json").new == 2
        assert Document.objects.count() == 1
        assert imported(as_json(both), analyst, "review.json").here == 2

    def test_without_an_address_the_rating_is_left_out_and_said_so(self, analyst: User) -> None:
        report = imported(as_json(review(url=None)), analyst, "review.json")
        assert report.new == 1
        assert report.warnings_and_left_out == ["Left out: 1 ratings without an address."]


def test_a_place_in_a_text_that_a_draft_has_followed_is_looked_for_in_the_draft(analyst: User) -> None:
    snapshot = factories.snapshot(by=analyst)
    passage = describe(snapshot.text, 0, 25)
    draft = add_draft(snapshot.document, f"New. {snapshot.text}", by=analyst)  # while the file was being read
    new = NewClaim({"assertion": "Japan spends much.", "kind": "ranking"}, places=[(snapshot, passage)])
    [claim] = create_claims([new], by=analyst)
    assert [place.exact for place in claim.appearances.order_by("snapshot")] == [passage.exact, passage.exact]
    assert draft.reanchorings.get().result is not None


def test_of_a_file_on_a_single_line_the_items_are_counted(analyst: User) -> None:
    first, second = {"assertion": "Japan spends much.", "kind": "ranking"}, {"assertion": "", "kind": "ranking"}
    report = imported(as_json([first, second]), analyst, "claims.json")
    assert [line for line, _ in reasons(report)] == [2]
    assert any("single line" in warning for warning in report.warnings)


@pytest.mark.parametrize("name", ["Peace Institute", "fredsinstitutet", "The Twin"])
def test_evidence_goes_to_the_source_that_is_known_by_the_name_in_the_file(
    analyst: User, admin: User, name: str
) -> None:
    source = add_source(by=admin, name="Peace Institute", aliases=["Fredsinstitutet"])
    merge_sources(add_source(by=admin, name="The Twin"), source, by=admin, reason="The same.")
    item = {"url": "https://www.example.org/yearbook", "source": name, "stance": "supports"}
    create_claims([NewClaim({"assertion": "It spends.", "kind": "ranking"}, evidence=[new_evidence(item)])], by=analyst)
    assert Document.objects.get().source == source
