"""Documents: list, new text, the text with its claims, a claim made of its words, deciding on sentences."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from claims import guards
from claims.actions import claims as claim_actions
from claims.actions.assessments import approve
from claims.actions.sentences import dispose
from claims.choices import Disposition, Stage
from claims.models import Claim, Document, Event, Sentence, Snapshot, User
from tests import factories

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture
def text(db: None) -> Snapshot:
    return factories.snapshot()


def address(snapshot: Snapshot) -> str:
    return snapshot.document.get_absolute_url()


def body(response: Any) -> str:
    return str(response.content.decode())


class TestList:
    def test_it_shows_documents_under_check_with_coverage_and_claims(
        self, signed_in: SignIn, reader: User, text: Snapshot
    ) -> None:
        factories.claim_in_text(snapshot=text)
        factories.document(title="A page of evidence")
        page = body(signed_in(reader).get("/documents/"))
        assert text.document.title in page
        assert "25 % of 4" in page
        assert "A page of evidence" not in page

    def test_documents_used_as_evidence_have_their_own_tab(self, signed_in: SignIn, reader: User) -> None:
        factories.document(title="A page of evidence")
        assert "A page of evidence" in body(signed_in(reader).get("/documents/?role=evidence"))

    def test_it_searches_titles(self, signed_in: SignIn, reader: User) -> None:
        for title in ("Japan and NATO", "Elsewhere"):
            factories.document(title=title, under_check=True)
        page = body(signed_in(reader).get("/documents/?q=nato"))
        assert "Japan and NATO" in page
        assert "Elsewhere" not in page
        assert "No title contains" in body(signed_in(reader).get("/documents/?q=%00zzz%3Cb%3E"))

    def test_htmx_gets_the_results_alone(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        page = body(signed_in(reader).get("/documents/", headers={"HX-Request": "true", "HX-Target": "results"}))
        assert text.document.title in page
        assert "<html" not in page

    def test_older_documents_are_on_the_next_page(self, signed_in: SignIn, reader: User) -> None:
        for number in range(26):
            factories.document(title=f"Text number {number}.", under_check=True)
        client = signed_in(reader)
        first = client.get("/documents/")
        assert "Text number 0." not in body(first)
        after = first.context["page"].next_cursor
        assert "Text number 0." in body(client.get("/documents/", {"after": after}))

    def test_a_tampered_page_marker_is_refused_in_words(self, signed_in: SignIn, reader: User) -> None:
        response = signed_in(reader).get("/documents/?after=forged")
        assert response.status_code == 400
        assert "page marker" in body(response)

    def test_the_number_of_queries_does_not_grow(
        self, signed_in: SignIn, reader: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(reader)
        for number in (1, 4):
            while Document.objects.count() < number:
                factories.claim_in_text()
            client.get("/documents/")
            with django_assert_num_queries(8):
                client.get("/documents/")


class TestDetail:
    def test_the_text_carries_its_claims_as_marks_numbers_and_margin_links(
        self, signed_in: SignIn, reader: User, text: Snapshot
    ) -> None:
        claim = factories.claim_in_text(snapshot=text)
        page = body(signed_in(reader).get(address(text)))
        mark = f'<mark class="hl" data-claim="{claim.pk}" data-stage="open" data-level="0">'
        assert f"{mark}ninth-largest military budget</mark>" in page
        assert '<span class="vh">Claim </span>1<span class="vh">, Open</span></a>' in page
        assert f'data-claim="{claim.pk}" data-claim-link' in page
        assert "<b>0 of 1</b> checked" in page

    def test_the_text_nodes_of_a_paragraph_are_the_characters_of_the_snapshot(
        self, signed_in: SignIn, reader: User, db: None
    ) -> None:
        snapshot = factories.snapshot(text="A <b>bold</b> claim & an\nodd\u202e one 🇯🇵 é.")
        factories.claim_in_text(snapshot=snapshot, quote="bold</b> claim")
        page = body(signed_in(reader).get(address(snapshot)))
        [(start, inner)] = re.findall(r'<p dir="auto" data-start="(\d+)">(.*?)</p>', page, re.DOTALL)
        without = re.sub(r'<a class="ref".*?</a>|<span data-skip.*?</span>|<[^>]+>', "", inner)
        plain = without.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert (int(start), plain) == (0, snapshot.text)
        assert "⟦RLO⟧" in page

    def test_analysts_start_at_the_first_unchecked_claim(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        factories.claim_in_text(snapshot=text, quote="Kishida", assertion="The second in the text.")
        factories.claim_in_text(snapshot=text, quote="Japan", assertion="The first in the text.")
        page = body(signed_in(analyst).get(address(text)))
        assert 'id="p-text">The first in the text.' in page
        assert "1 of 3" in page, "the sentence that is little worth checking is left to triage"

    def test_the_margin_holds_what_is_worth_checking_and_all_of_it_when_asked_for(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        text.sentences.update(score=0.1)
        text.sentences.filter(number=3).update(score=0.9)
        client = signed_in(analyst)
        margin = "Make a claim of sentence"
        assert body(client.get(address(text))).count(margin) == 1
        assert body(client.get(address(text), {"stage": "undecided"})).count(margin) == 4
        dispose(text.sentences.get(number=3), Disposition.OPINION, by=analyst)
        page = body(client.get(address(text)))
        assert "3 sentences of little worth checking are undecided" in page
        assert f"{address(text)}triage/?from=0" in page

    def test_readers_start_with_a_guide(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        page = body(signed_in(reader).get(address(text)))
        assert "Nothing selected" in page
        assert "Your role reads." in page
        assert "<form" not in page.split('id="text"')[1].split("</aside>")[0]
        assert 'id="new-claim"' not in page

    def test_the_address_selects_a_claim(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        claim = factories.claim_in_text(snapshot=text, assertion="The one wanted.")
        page = body(signed_in(reader).get(address(text), {"claim": claim.pk}))
        assert f'data-selected="{claim.pk}"' in page
        assert "The one wanted." in page
        assert 'data-level="0" aria-current="true"' in page

    def test_htmx_gets_the_panel_alone_and_the_address_follows(
        self, signed_in: SignIn, reader: User, text: Snapshot
    ) -> None:
        claim = factories.claim_in_text(snapshot=text, assertion="The one wanted.")
        response = signed_in(reader).get(address(text), {"claim": claim.pk}, headers=PANEL)
        assert "The one wanted." in body(response)
        assert 'id="text"' not in body(response)
        assert 'id="p1"' not in body(response)
        assert response.headers["HX-Push-Url"] == f"{address(text)}?claim={claim.pk}"

    def test_after_an_act_htmx_also_gets_the_paragraph_and_the_coverage(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        claim = factories.claim_in_text(snapshot=text)
        client = signed_in(analyst)
        place = f"{address(text)}?claim={claim.pk}"
        client.post(f"/claims/{claim.pk}/take/", {"next": place}, headers=PANEL)
        page = body(client.get(place, headers=PANEL))
        assert re.search(r'id="p1"[^>]* hx-swap-oob="true"', page)
        assert re.search(r'id="coverage"[^>]* hx-swap-oob="true"', page)
        assert 'hx-swap-oob="beforeend:#toasts"' in page

    def test_a_submitted_assessment_leads_to_the_next_unchecked_claim(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        first = factories.claim_in_text(snapshot=text, quote="Japan")
        second = factories.claim_in_text(snapshot=text, quote="Kishida")
        context = signed_in(analyst).get(address(text)).context
        assert context["selected"].key == str(first.pk)
        assert context["submit_next_url"] == f"{address(text)}?claim={second.pk}&touched={first.pk}"

    def test_a_stage_filters_the_marks_and_stays_in_the_links(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        taken = factories.claim_in_text(snapshot=text)
        claim_actions.take(taken, by=analyst)
        factories.claim_in_text(snapshot=text, quote="Kishida")
        page = body(signed_in(analyst).get(address(text), {"stage": "in_progress"}))
        assert page.count('class="hl"') == 1
        assert f'href="?claim={taken.pk}&amp;stage=in_progress#panel"' in page

    def test_a_tab_opens_the_history(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        claim = factories.claim_in_text(snapshot=text)
        page = body(signed_in(reader).get(address(text), {"claim": claim.pk, "tab": "history"}))
        assert "created the claim" in page

    def test_an_older_snapshot_can_be_read(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        claim = factories.claim_in_text(snapshot=text)
        factories.snapshot(document=text.document, text="A newer draft.")
        client = signed_in(reader)
        assert "A newer draft." in body(client.get(address(text)))
        assert "A newer draft." not in body(client.get(address(text), {"snapshot": 1}))
        assert client.get(address(text), {"claim": claim.pk}).context["snapshot"] == text

    def test_what_else_a_sentence_is_is_not_decided_in_an_older_snapshot(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client, where = signed_in(analyst), {"sentence": text.sentences.get(number=1).pk}
        assert "It is something else" in body(client.get(address(text), where))
        factories.snapshot(document=text.document, text="A newer draft.")
        page = body(client.get(address(text), where))
        assert "It is something else" not in page
        assert "It makes a claim" in page

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("claim=0", 400),
            ("claim=x", 400),
            ("claim=-1", 400),
            ("claim=99999999999999999999999", 404),
            ("claim=987654", 404),
            ("sentence=987654", 404),
            ("snapshot=7", 404),
            ("stage=nonsense", 400),
            ("part=999", 200),
            ("tab=nonsense", 200),
            ("touched=nonsense", 200),
        ],
    )
    def test_an_address_that_makes_no_sense_is_answered_in_words(
        self, signed_in: SignIn, reader: User, text: Snapshot, query: str, status: int
    ) -> None:
        assert signed_in(reader).get(f"{address(text)}?{query}").status_code == status

    def test_a_claim_of_another_document_is_not_found_here(
        self, signed_in: SignIn, reader: User, text: Snapshot
    ) -> None:
        other = factories.claim_in_text()
        assert signed_in(reader).get(address(text), {"claim": other.pk}).status_code == 404

    def test_a_document_without_a_text_says_what_it_is_evidence_for(self, signed_in: SignIn, reader: User) -> None:
        page = factories.document()
        factories.evidence_for(factories.claim(assertion="Rests on it."), document=page)
        answer = body(signed_in(reader).get(page.get_absolute_url()))
        assert "No text of this document is stored" in answer
        assert "Rests on it." in answer

    def test_an_altered_text_is_not_shown(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        guard = next(guard for guard in guards.GUARDS if guard.name == "snapshot_no_update")
        with connection.cursor() as cursor:
            for statement in guards.drop_sql(connection, guard):
                cursor.execute(statement)
        Snapshot.objects.filter(pk=text.pk).update(text="Forged words.")
        response = signed_in(reader).get(address(text))
        assert response.status_code == 409
        assert "was altered after capture" in body(response)
        assert "Forged words." not in body(response)

    def test_a_link_into_another_part_of_a_long_text_loads_that_part(
        self, signed_in: SignIn, reader: User, text: Snapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("claims.reading.PART", 90)
        claim = factories.claim_in_text(snapshot=text, quote="Kishida")
        client = signed_in(reader)
        page = body(client.get(address(text), {"part": 1}))
        assert 'id="p2"' not in page
        assert "Part 2" in page
        response = client.get(address(text), {"claim": claim.pk, "part": 1}, headers=PANEL)
        assert response.headers["HX-Redirect"] == f"{address(text)}?claim={claim.pk}&part=2"

    def test_the_number_of_queries_does_not_grow(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        first = factories.claim_in_text(snapshot=text, quote="Japan")
        client.get(address(text), {"claim": first.pk})
        few = queries(client, f"{address(text)}?claim={first.pk}")
        for quote in ("ninth-largest", "military budget", "members of NATO", "Kishida", "summit", "author"):
            factories.evidence_for(factories.claim_in_text(snapshot=text, quote=quote))
        assert few == queries(client, f"{address(text)}?claim={first.pk}") <= 26


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


class TestClaimAdd:
    def post(self, client: Client, into: Snapshot, quote: str = "Only four members", **fields: str | int) -> Any:
        start = into.text.index(quote)
        data: dict[str, str | int] = {
            "snapshot": into.number,
            "start": start,
            "end": start + len(quote),
            "assertion": "Four members spend more.",
            "kind": "quantity",
            "as_of": "May 2023",
        }
        headers = fields.pop("headers", {})
        return client.post(f"{address(into)}claims/add/", data | fields, headers=headers)

    def test_selected_words_become_a_claim_that_selects_itself(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        response = self.post(signed_in(analyst), text)
        claim = Claim.objects.get()
        assert response.headers["Location"] == f"{address(text)}?claim={claim.pk}&touched={claim.pk}"
        assert (claim.stage, claim.kind, claim.as_of) == (Stage.OPEN, "quantity", "2023-05")
        assert claim.appearances.get().exact == "Only four members"
        assert Sentence.objects.get(number=2).disposition == Disposition.CLAIM

    def test_create_and_take_assigns_it(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        self.post(signed_in(analyst), text, take="1")
        claim = Claim.objects.get()
        assert (claim.stage, claim.assignee) == (Stage.IN_PROGRESS, analyst)

    def test_a_new_claim_closes_the_popover_and_empties_its_form(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client = signed_in(analyst)
        place = self.post(client, text, headers=PANEL).headers["Location"]
        answer = client.get(place, headers=PANEL)
        assert "claim-created" in answer.headers["HX-Trigger"]
        assert answer.headers["HX-Push-Url"] == place.split("&touched")[0]
        assert re.search(r'id="new-claim-form"[^>]* hx-swap-oob="true"', body(answer))

    def test_white_space_at_the_ends_is_left_out(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        self.post(signed_in(analyst), text, quote=" Only four ")
        assert Claim.objects.get().appearances.get().exact == "Only four"

    def test_a_sentence_is_offered_as_a_page_without_script(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        sentence = text.sentences.first()
        assert sentence is not None
        page = body(signed_in(analyst).get(f"{address(text)}claims/add/", {"sentence": sentence.pk}))
        assert "Japan has the ninth-largest military budget in the world.</textarea>" in page

    def test_accepting_a_sentence_takes_its_own_words(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        sentence = text.sentences.first()
        assert sentence is not None
        signed_in(analyst).post(f"{address(text)}claims/add/?sentence={sentence.pk}")
        claim = Claim.objects.get()
        assert claim.assertion == "Japan has the ninth-largest military budget in the world."
        assert claim.appearances.get().exact == claim.assertion

    def test_a_second_press_makes_no_second_claim(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        token = "0b9f5d5e-3a44-4c8e-9d62-1f1f7f3c0002"
        first, second = (self.post(client, text, token=token) for _ in range(2))
        assert Claim.objects.count() == 1
        assert first.headers["Location"] == second.headers["Location"]

    @pytest.mark.parametrize(
        ("field", "value", "where"),
        [
            ("assertion", "", "assertion"),
            ("assertion", "x" * 10_000, "assertion"),
            ("assertion", "a\x00b", "assertion"),
            ("kind", "nonsense", "kind"),
            ("as_of", "someday", "as_of"),
            ("snapshot", 9, "__all__"),
            ("start", -5, "start"),
            ("end", 0, "end"),
            ("end", "x", "end"),
            ("start", 10**9, "__all__"),
            ("start", 99, "__all__"),
        ],
    )
    def test_what_is_no_claim_is_refused_at_its_field(
        self, signed_in: SignIn, analyst: User, text: Snapshot, field: str, value: str | int, where: str
    ) -> None:
        response = self.post(signed_in(analyst), text, **{field: value})
        assert response.status_code == 422
        assert where in response.context["form"].errors
        assert not Claim.objects.exists()
        assert text.sentences.decided().count() == 0

    def test_htmx_gets_the_form_again_where_it_was_sent_from(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        response = self.post(signed_in(analyst), text, assertion="", headers=PANEL)
        assert response.status_code == 422
        assert response.headers["HX-Retarget"] == "#new-claim-form"
        assert 'id="new-claim-form"' in body(response)
        assert "<html" not in body(response)

    def test_odd_characters_are_words_like_others(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        self.post(signed_in(analyst), text, assertion="<script>alert(1)</script> 🇯🇵 e\u0301 \u202e=cmd|")
        assert Claim.objects.get().assertion == "<script>alert(1)</script> 🇯🇵 é =cmd|"

    def test_readers_may_not(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        assert self.post(signed_in(reader), text).status_code == 403
        assert not Claim.objects.exists()


class TestSentenceDispose:
    @pytest.fixture
    def sentence(self, text: Snapshot) -> Sentence:
        return text.sentences.get(number=1)

    def post(self, client: Client, sentence: Sentence, disposition: str, query: str = "") -> Any:
        return client.post(f"/sentences/{sentence.pk}/dispose/{query}", {"disposition": disposition})

    @pytest.mark.parametrize("disposition", ["opinion", "prediction", "common_knowledge", "no_fact"])
    def test_the_decision_is_written_and_the_next_undecided_sentence_follows(
        self, signed_in: SignIn, analyst: User, sentence: Sentence, disposition: str
    ) -> None:
        following = sentence.snapshot.sentences.get(number=2)
        response = self.post(signed_in(analyst), sentence, disposition, "?stage=undecided")
        sentence.refresh_from_db()
        assert (sentence.disposition, sentence.decided_by) == (disposition, analyst)
        query = f"sentence={following.pk}&touched=s{sentence.pk}&stage=undecided"
        assert (response.status_code, response.headers["Location"]) == (303, f"{address(sentence.snapshot)}?{query}")

    def test_htmx_gets_the_paragraph_of_the_sentence_anew(
        self, signed_in: SignIn, analyst: User, sentence: Sentence
    ) -> None:
        client = signed_in(analyst)
        page = body(client.get(self.post(client, sentence, "opinion").headers["Location"], headers=PANEL))
        assert re.search(r'id="p1"[^>]* hx-swap-oob="true"', page)
        assert 'name="disposition" value=""' in page, "the toast takes it back"

    def test_it_can_be_made_undecided_again(self, signed_in: SignIn, analyst: User, sentence: Sentence) -> None:
        dispose(sentence, Disposition.OPINION, by=analyst)
        self.post(signed_in(analyst), sentence, "")
        sentence.refresh_from_db()
        assert (sentence.disposition, sentence.decided_by) == ("", None)

    def test_the_same_decision_twice_is_one_event(self, signed_in: SignIn, analyst: User, sentence: Sentence) -> None:
        for _ in range(2):
            self.post(signed_in(analyst), sentence, "opinion")
        assert Event.objects.filter(act="dispose").count() == 1

    def test_a_sentence_is_a_claim_only_when_one_is_made_of_it(
        self, signed_in: SignIn, analyst: User, sentence: Sentence
    ) -> None:
        assert self.post(signed_in(analyst), sentence, "claim").status_code == 409
        factories.claim_in_text(snapshot=sentence.snapshot)
        dispose(sentence, None, by=analyst)
        assert self.post(signed_in(analyst), sentence, "claim").status_code == 303

    def test_a_decision_over_a_newer_one_is_answered_with_both(
        self, signed_in: SignIn, analyst: User, reviewer: User, sentence: Sentence
    ) -> None:
        dispose(sentence, Disposition.PREDICTION, by=reviewer)
        data = {"disposition": "opinion", "version": 1}
        response = signed_in(analyst).post(f"/sentences/{sentence.pk}/dispose/", data, headers=PANEL)
        assert (response.status_code, response.headers["HX-Retarget"]) == (409, "#panel")
        assert "Put mine in its place" in body(response)
        sentence.refresh_from_db()
        assert sentence.disposition == "prediction"

    def test_the_next_is_one_worth_checking_as_long_as_there_is_one(
        self, signed_in: SignIn, analyst: User, sentence: Sentence
    ) -> None:
        text = sentence.snapshot
        text.sentences.filter(number=2).update(score=0.1)
        text.sentences.filter(number=3).update(score=0.9)
        assert f"sentence={text.sentences.get(number=3).pk}&" in self.post(signed_in(analyst), sentence, "opinion").url

    def test_forged_input_changes_nothing(self, signed_in: SignIn, analyst: User, sentence: Sentence) -> None:
        client = signed_in(analyst)
        assert self.post(client, sentence, "nonsense").status_code == 400
        assert self.post(client, sentence, "opinion", "?stage=nonsense").status_code == 400
        assert client.get(f"/sentences/{sentence.pk}/dispose/").status_code == 405
        assert client.post("/sentences/987654/dispose/", {"disposition": "opinion"}).status_code == 404
        sentence.refresh_from_db()
        assert sentence.disposition == ""

    def test_readers_may_not(self, signed_in: SignIn, reader: User, sentence: Sentence) -> None:
        assert self.post(signed_in(reader), sentence, "opinion").status_code == 403

    def test_the_panel_shows_a_decided_sentence_with_who_and_when(
        self, signed_in: SignIn, reader: User, analyst: User, sentence: Sentence
    ) -> None:
        dispose(sentence, Disposition.OPINION, by=analyst, note="The author’s taste.")
        page = body(signed_in(reader).get(address(sentence.snapshot), {"sentence": sentence.pk}))
        assert "Opinion, decided by analyst" in page
        assert "It places something among others" in page, "and the reasons for its score"
        assert "The author’s taste." in page


def test_the_margin_says_as_of_when_a_verdict_stands(signed_in, analyst, reviewer, text):
    client, claim = signed_in(analyst), factories.claim_in_text(snapshot=text, by=analyst)
    said = '<span class="vh">as of </span>May 2023'
    assert said not in body(client.get(address(text)))
    factories.submitted(claim, by=analyst)
    approve(claim, by=reviewer, version=claim.version)
    assert said in body(client.get(address(text)))
