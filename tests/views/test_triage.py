"""Triage: the queue, the panel, decisions that never overwrite another's, claims, many at once, undo, and the pulse."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims import guards
from claims.actions import claims as claim_actions
from claims.actions.sentences import Overtaken, dispose, dispose_many
from claims.choices import Disposition, Stage
from claims.models import Claim, Event, Sentence, Snapshot, User
from claims.views import triage as triage_views
from claims.views import triage_context
from tests import factories

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}
PULSE = {"HX-Request": "true", "HX-Target": "pulse"}
SCORES = {1: 0.9, 2: 0.5, 3: 0.7, 4: 0.1}
OPINION, PREDICTION, NO_FACT = Disposition.OPINION, Disposition.PREDICTION, Disposition.NO_FACT


@pytest.fixture
def text(db: None) -> Snapshot:
    """Four sentences in two paragraphs, with the scores above."""
    snapshot = factories.snapshot()
    for number, score in SCORES.items():
        snapshot.sentences.filter(number=number).update(score=score)
    return snapshot


def address(text: Snapshot) -> str:
    return f"{text.document.get_absolute_url()}triage/"


def number(text: Snapshot, at: int) -> Sentence:
    return text.sentences.get(number=at)


def body(response: Any) -> str:
    return str(response.content.decode())


def listed(page: str) -> list[str]:
    """The words with which the rows of the list begin."""
    rows = page.partition('id="rows"')[2].partition("</ol>\n")[0]
    return [words.split()[0] for words in re.findall(r"<bdi>(.*?)</bdi></a>", rows)]


def shown(page: str) -> str:
    found = re.search(r'data-selected="s?(\d*)"', page)
    assert found
    return found[1]


class TestPage:
    def test_sentences_are_ranked_from_the_threshold_of_the_weights_in_force(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        page = body(signed_in(analyst).get(address(text)))
        assert listed(page) == ["Japan", "Kishida", "Only"]
        assert "<b>3</b> at 30 or more, <b>1</b> below" in page
        assert shown(page) == str(number(text, 1).pk)
        assert 'aria-current="true"><bdi>Japan has' in page

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("from=0", ["Japan", "Kishida", "Only", "The"]),
            ("from=0&order=text", ["Japan", "Only", "Kishida", "The"]),
            ("from=60", ["Japan", "Kishida"]),
            ("order=text", ["Japan", "Only", "Kishida"]),
            ("from=100", []),
        ],
    )
    def test_the_address_chooses_order_and_threshold(
        self, signed_in: SignIn, analyst: User, text: Snapshot, query: str, expected: list[str]
    ) -> None:
        assert listed(body(signed_in(analyst).get(f"{address(text)}?{query}"))) == expected

    def test_a_row_says_where_the_sentence_stands_and_why_it_ranks_so(self, signed_in: SignIn, analyst: User) -> None:
        text = factories.snapshot(text="# Ships & <b>\n\nIn 1911 the port lost 40 ships, and it closed in 1912.")
        text.sentences.filter(number=2).update(
            signals=[
                {"name": "quantity", "weight": 0.9, "words": ["40 ships"]},
                {"name": "opinion", "weight": -0.5, "words": ["lost"]},
                {"name": "term", "weight": 0.41, "words": ["billion"]},
            ],
            assertions=2,
        )
        page = body(signed_in(analyst).get(f"{address(text)}?from=0&sentence={number(text, 2).pk}"))
        row = page.partition(f'id="row-{number(text, 2).pk}"')[2].partition("</li>\n")[0]
        assert "<span>¶1</span><bdi>Ships &amp; &lt;b&gt;</bdi>" in row
        assert "<b>+</b> It counts or measures something: <q>40 ships</q>" in row
        assert "data-against" in row
        assert "<b>−</b> It gives an opinion" in row
        assert "word: “billion” +0.4" in page
        assert "states several facts" in row
        assert "<b>\u22120.5</b> <span>It gives an opinion: <q>lost</q></span>" in page, "the panel gives the weights"

    def test_the_panel_shows_the_sentence_in_its_paragraph(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        page = body(signed_in(analyst).get(f"{address(text)}?sentence={number(text, 4).pk}"))
        assert 'data-start="97">Kishida joined the summit of June 2022. <mark' in page
        assert "The author finds the partnership inevitable.</mark></p>" in page
        assert "The author finds the partnership inevitable.</textarea>" in page

    def test_its_claims_are_listed(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        claim = factories.claim_in_text(snapshot=text, assertion="The ninth.")
        dismissed = factories.claim_in_text(snapshot=text, quote="Japan", assertion="Not this.")
        claim_actions.dismiss(dismissed, by=analyst, reason="No.")
        page = body(signed_in(analyst).get(f"{address(text)}?sentence={number(text, 1).pk}"))
        assert "The ninth." in page
        assert "Not this." not in page
        assert f"?claim={claim.pk}#panel" in page

    def test_htmx_gets_the_panel_and_the_address_follows(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        third = number(text, 3)
        response = signed_in(analyst).get(f"{address(text)}?from=0&sentence={third.pk}", headers=PANEL)
        assert response.headers["HX-Replace-Url"] == f"{address(text)}?from=0&sentence={third.pk}"
        assert shown(body(response)) == str(third.pk)
        assert 'id="rows"' not in body(response)
        assert 'id="counts" aria-label="Left to decide" hx-swap-oob="true"' in body(response)

    def test_further_rows_are_on_the_next_page(
        self, signed_in: SignIn, analyst: User, text: Snapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(triage_context, "SIZE", 2)
        client = signed_in(analyst)
        page = body(client.get(f"{address(text)}?from=0"))
        assert listed(page) == ["Japan", "Kishida"]
        more = re.search(r'id="more".*?href="(.*?)"', page)
        assert more
        url = more[1].replace("&amp;", "&")
        second = body(client.get(url))
        assert listed(second) == ["Only", "The"]
        assert shown(second) == str(number(text, 2).pk), "without script the page begins with its first row"
        assert "Sentences before these" in second
        fragment = body(client.get(url, headers={"HX-Request": "true", "HX-Target": "more"}))
        assert re.findall(r'id="row-(\d+)"', fragment) == [str(number(text, at).pk) for at in (2, 4)]
        assert "<html" not in fragment

    def test_readers_see_the_list_and_the_reasons_but_no_acts(
        self, signed_in: SignIn, reader: User, text: Snapshot
    ) -> None:
        page = body(signed_in(reader).get(address(text)))
        assert listed(page) == ["Japan", "Kishida", "Only"]
        assert "Your role reads." in page
        assert "It places something among others" in page
        main = page.partition("<main")[2].partition("</main>")[0]
        assert 'type="checkbox"' not in main
        assert "data-act" not in main
        assert "claim-form" not in main

    def test_an_older_text_is_read_only(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        factories.snapshot(document=text.document, text="A newer draft.")
        client = signed_in(analyst)
        assert listed(body(client.get(f"{address(text)}?from=0"))) == ["A"]
        old = body(client.get(f"{address(text)}?snapshot=1&from=0"))
        assert "Japan" in listed(old)
        assert "This is an older text" in old
        assert 'type="checkbox" name="sentence"' not in old
        assert f"{address(text)}?from=0&snapshot=1&sentence=" in old.replace("&amp;", "&")

    def test_the_newest_text_may_be_asked_for_by_its_number(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        assert "older text" not in body(signed_in(analyst).get(f"{address(text)}?snapshot=1"))

    def test_a_language_without_signals_has_text_order_and_says_why(self, signed_in: SignIn, analyst: User) -> None:
        document = factories.document(language="ja", under_check=True)
        text = factories.snapshot(document=document, text="日本は参加した。韓国も参加した。")
        page = body(signed_in(analyst).get(address(text)))
        assert "No signals are known for the language “ja” yet" in page
        assert "<b>2</b> undecided" in page
        assert 'class="worth"' not in page
        assert 'data-order="text"' in page

    def test_unscored_sentences_of_a_known_language_say_so(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        text.sentences.update(score=None, signals=[])
        page = body(signed_in(analyst).get(address(text)))
        assert "stored without scores" in page
        assert listed(page) == ["Japan", "Only", "Kishida", "The"]

    def test_nothing_above_the_threshold_leads_to_what_is_below(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        page = body(signed_in(analyst).get(f"{address(text)}?from=95"))
        assert "Nothing at 95 or more is left." in page
        assert "4 more below it." in page
        assert f'href="{address(text)}?from=0" data-act="onward"' in page

    def test_when_all_is_decided_the_coverage_follows(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        for one in text.sentences.all():
            dispose(one, OPINION, by=analyst)
        page = body(signed_in(analyst).get(address(text)))
        assert "All 4 sentences are decided." in page
        assert f"{text.document.get_absolute_url()}coverage/" in page

    def test_a_document_without_a_text_has_no_triage(self, signed_in: SignIn, analyst: User) -> None:
        response = signed_in(analyst).get(f"{factories.document().get_absolute_url()}triage/")
        assert response.status_code == 404
        assert "nothing to decide on" in body(response)

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("order=loud", 400),
            ("from=101", 400),
            ("from=-1", 400),
            ("from=x", 400),
            ("sentence=x", 400),
            ("behind=-2", 400),
            ("touched=1,x", 400),
            ("after=forged", 400),
            ("snapshot=7", 404),
            ("sentence=987654", 404),
            ("behind=987654", 404),
            ("sentence=99999999999999999999999", 404),
            ("touched=987654,1", 200),
            ("from=&order=&sentence=", 200),
        ],
    )
    def test_an_address_that_makes_no_sense_is_answered_in_words(
        self, signed_in: SignIn, analyst: User, text: Snapshot, query: str, status: int
    ) -> None:
        assert signed_in(analyst).get(f"{address(text)}?{query}").status_code == status

    def test_a_sentence_of_another_text_is_not_found_here(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        other = number(factories.snapshot(), 1)
        assert signed_in(analyst).get(f"{address(text)}?sentence={other.pk}").status_code == 404

    def test_an_altered_text_is_not_shown(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        guard = next(guard for guard in guards.GUARDS if guard.name == "snapshot_no_update")
        with connection.cursor() as cursor:
            for statement in guards.drop_sql(connection, guard):
                cursor.execute(statement)
        Snapshot.objects.filter(pk=text.pk).update(text=text.text.replace("Japan", "Forged"))
        response = signed_in(analyst).get(address(text))
        assert response.status_code == 409
        assert "Forged" not in body(response)

    def test_what_turns_the_reading_order_is_named(self, signed_in: SignIn, analyst: User) -> None:
        text = factories.snapshot(text="One \u202egnp\u202c ship sank in 1911.")
        page = body(signed_in(analyst).get(f"{address(text)}?from=0"))
        assert "One ⟦RLO⟧gnp⟦PDF⟧ ship" in page

    @pytest.mark.parametrize("headers", [{}, PANEL, {"HX-Request": "true", "HX-Target": "more"}])
    def test_the_number_of_queries_does_not_grow(
        self, signed_in: SignIn, analyst: User, headers: dict[str, str]
    ) -> None:
        client = signed_in(analyst)
        counts = []
        for length in (2, 60):
            text = factories.snapshot(
                text="\n\n".join(f"In 19{at:02} port {at} lost 40 ships." for at in range(length))
            )
            claim = factories.claim_in_text(snapshot=text, quote="lost 40 ships")
            sentence = number(text, 1)
            for _ in range(length // 10):
                claim_actions.create_claim_in_text(text, 0, sentence.end - _, by=analyst, assertion="A.", kind="event")
            url = f"{address(text)}?from=0&sentence={sentence.pk}&touched={number(text, 2).pk}"
            assert claim.pk
            client.get(url, headers=headers)
            with CaptureQueriesContext(connection) as captured:
                client.get(url, headers=headers)
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 18


class TestDecision:
    def post(self, client: Client, sentence: Sentence, disposition: str, **fields: Any) -> Any:
        headers = fields.pop("headers", {})
        data = {"disposition": disposition, "version": sentence.version, **self.ways(sentence), **fields}
        return client.post(f"/sentences/{sentence.pk}/dispose/", data, headers=headers)

    def ways(self, sentence: Sentence) -> dict[str, str]:
        url = address(sentence.snapshot)
        return {
            "next": f"{url}?from=0&behind={sentence.pk}",
            "stay_url": f"{url}?from=0&sentence={sentence.pk}&touched={sentence.pk}",
        }

    def test_a_form_without_a_decision_decides_nothing(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        first = number(text, 1)
        dispose(first, OPINION, by=analyst)
        assert signed_in(analyst).post(f"/sentences/{first.pk}/dispose/", {}).status_code == 400
        assert number(text, 1).disposition == "opinion"

    def test_it_leads_to_the_next_in_the_same_order(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        response = self.post(client, number(text, 1), "opinion", note="Taste.")
        assert response.status_code == 303
        page = body(client.get(response.url, headers=PANEL))
        assert shown(page) == str(number(text, 3).pk)
        assert f'data-of="row-{number(text, 1).pk}" data-change="gone"' in page
        assert "<b>3</b> undecided" in page
        assert "Sentence 1: opinion." in page
        first = number(text, 1)
        assert (first.disposition, first.note, first.decided_by, first.version) == ("opinion", "Taste.", analyst, 2)

    def test_after_the_last_come_those_that_were_left(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        response = self.post(client, number(text, 4), "opinion")
        assert shown(body(client.get(response.url, headers=PANEL))) == str(number(text, 1).pk)

    def test_undo_puts_back_what_was_decided_and_noted_before(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client, first = signed_in(analyst), number(text, 1)
        dispose(first, PREDICTION, by=analyst, note="By whom?")
        response = self.post(client, first, "opinion", headers=PANEL)
        page = body(client.get(response.url, headers=PANEL))
        undo = fields_of(page.partition("data-toast")[2])
        assert 'hx-target="#panel"' in page.partition("data-toast")[2]
        response = client.post(f"/sentences/{first.pk}/dispose/", undo, headers=PANEL)
        first.refresh_from_db()
        assert (first.disposition, first.note) == ("prediction", "By whom?")
        assert response.url == self.ways(first)["stay_url"]
        assert "data-undo" not in body(client.get(response.url, headers=PANEL)), "an undo is not undone"

    def test_undone_the_row_is_back(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client, first = signed_in(analyst), number(text, 1)
        page = body(client.get(self.post(client, first, "opinion", headers=PANEL).url, headers=PANEL))
        undo = fields_of(page.partition("data-toast")[2])
        page = body(client.get(client.post(f"/sentences/{first.pk}/dispose/", undo).url, headers=PANEL))
        assert f'data-of="row-{first.pk}" data-change="back"' in page
        assert shown(page) == str(first.pk)

    def test_undo_is_refused_in_words_when_somebody_decided_since(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        client, first = signed_in(analyst), number(text, 1)
        page = body(client.get(self.post(client, first, "opinion", headers=PANEL).url, headers=PANEL))
        undo = fields_of(page.partition("data-toast")[2])
        dispose(first, PREDICTION, by=reviewer)
        for headers in ({}, PANEL):
            response = client.post(f"/sentences/{first.pk}/dispose/", undo, headers=headers)
            assert response.status_code == 409
            assert "Not undone: reviewer has decided on sentence 1 since: prediction." in body(response)
        first.refresh_from_db()
        assert first.disposition == "prediction"

    @pytest.mark.parametrize("headers", [{}, PANEL])
    def test_a_decision_over_anothers_shows_both_and_lets_one_choose(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot, headers: dict[str, str]
    ) -> None:
        client, mine = signed_in(analyst), number(text, 1)
        dispose(number(text, 1), PREDICTION, by=reviewer, note="They said so.")
        response = self.post(client, mine, "opinion", note="I think.", headers=headers)
        page = body(response)
        assert response.status_code == 409
        assert ("<html" in page) is not bool(headers)
        assert "reviewer has decided on this sentence" in page
        assert "<b>Prediction</b>: They said so." in page
        assert "<b>Opinion</b>: I think." in page
        assert f'href="{self.ways(mine)["next"]}"'.replace("&", "&amp;") in page, "keep theirs"
        assert number(text, 1).disposition == "prediction"
        form = page.partition('id="decide"')[2]
        client.post(f"/sentences/{mine.pk}/dispose/", fields_of(form) | {"disposition": "opinion"})
        assert (number(text, 1).disposition, number(text, 1).note) == ("opinion", "I think.")

    def test_a_decision_that_was_taken_back_meanwhile_is_told_so(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        first = number(text, 1)
        dispose(first, PREDICTION, by=analyst)
        mine = number(text, 1)
        dispose(first, None, by=reviewer)
        page = body(self.post(signed_in(analyst), mine, "opinion", headers=PANEL))
        assert "reviewer made this sentence undecided again" in page

    def test_a_note_that_is_too_long_comes_back(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        response = self.post(client, number(text, 1), "opinion", note="x" * 2001, headers=PANEL)
        assert (response.status_code, response.headers["HX-Retarget"]) == (422, "#note")
        assert "At most 2000 characters" in body(response)
        response = self.post(client, number(text, 1), "opinion", note="x" * 2001)
        assert response.status_code == 422
        assert 'value="opinion">Decide</button>' in body(response)
        assert not number(text, 1).disposition

    def test_it_goes_nowhere_but_to_our_own_pages(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        response = self.post(signed_in(analyst), number(text, 1), "opinion", next="https://evil.example/")
        assert response.url.startswith(text.document.get_absolute_url())


def fields_of(markup: str) -> dict[str, str]:
    """The hidden fields of the first form in the markup."""
    form = markup.partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value.replace("&amp;", "&") for name, value in found if name != "csrfmiddlewaretoken"}


class TestClaim:
    def post(self, client: Client, sentence: Sentence, **fields: Any) -> Any:
        headers = fields.pop("headers", {})
        data = {
            "assertion": "Japan's military budget is the ninth-largest.",
            "kind": "ranking",
            "as_of": "2023-05",
            "version": sentence.version,
            "next": f"{address(sentence.snapshot)}?from=0&behind={sentence.pk}",
            "stay_url": f"{address(sentence.snapshot)}?from=0&sentence={sentence.pk}&touched={sentence.pk}",
            **fields,
        }
        return client.post(f"/sentences/{sentence.pk}/claims/add/", data, headers=headers)

    def exact(self) -> str:
        return Claim.objects.latest("pk").appearances.get().exact

    def test_it_is_made_of_the_whole_sentence_and_the_next_follows(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client = signed_in(analyst)
        response = self.post(client, number(text, 1))
        assert response.status_code == 303
        assert self.exact() == "Japan has the ninth-largest military budget in the world."
        assert (number(text, 1).disposition, Claim.objects.get().as_of) == ("claim", "2023-05")
        page = body(client.get(response.url, headers=PANEL))
        assert shown(page) == str(number(text, 3).pk)
        assert f"C-{Claim.objects.get().pk} is made of sentence 1." in page

    def test_several_are_made_by_staying(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        response = self.post(client, number(text, 1), stay="1")
        page = body(client.get(response.url, headers=PANEL))
        assert shown(page) == str(number(text, 1).pk)
        assert "It makes another claim" in page
        assert f'data-of="row-{number(text, 1).pk}" data-change="decided"' in page, "its row stays while it is shown"
        assert "decided by analyst: claim" in page
        self.post(client, number(text, 1), quote="military budget", assertion="Japan has a military budget.")
        assert Claim.objects.count() == 2
        assert self.exact() == "military budget"

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"quote": "ninth-largest"}, "ninth-largest"),
            ({"quote": "the  ninth‑largest"}, "the ninth-largest"),
            ({"quote": " "}, "Japan has the ninth-largest military budget in the world."),
            ({"quote": "the", "start": 46, "end": 51}, "the"),
            ({"quote": "the world", "start": 47, "end": 56}, "the world"),
            ({"quote": "world. Only four", "start": 51, "end": 67}, "world. Only four"),
            ({"quote": "the world", "start": 0, "end": 3}, "the world"),
            ({"quote": "the world", "start": 4, "end": 10**7}, "the world"),
        ],
    )
    def test_a_quote_narrows_the_passage(
        self, signed_in: SignIn, analyst: User, text: Snapshot, fields: dict[str, Any], expected: str
    ) -> None:
        assert self.post(signed_in(analyst), number(text, 1), **fields).status_code == 303
        assert self.exact() == expected

    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"quote": "Kishida joined"}, "quote"),
            ({"quote": "not there"}, "quote"),
            ({"quote": "Kishida", "start": 95, "end": 102}, "quote"),
            ({"quote": "a\x00b"}, "quote"),
            ({"assertion": ""}, "assertion"),
            ({"assertion": "x" * 1001}, "assertion"),
            ({"kind": "joke"}, "kind"),
            ({"as_of": "someday"}, "as_of"),
            ({"start": "x"}, "start"),
            ({"version": "x"}, "version"),
        ],
    )
    @pytest.mark.parametrize("headers", [{}, PANEL])
    def test_what_is_no_claim_of_the_sentence_comes_back_at_its_field(
        self,
        signed_in: SignIn,
        analyst: User,
        text: Snapshot,
        fields: dict[str, Any],
        where: str,
        headers: dict[str, str],
    ) -> None:
        response = self.post(signed_in(analyst), number(text, 1), headers=headers, **fields)
        assert response.status_code == 422
        assert where in response.context["claim_form"].errors
        assert not Claim.objects.exists()
        if headers:
            assert response.headers["HX-Retarget"] == "#claim-form"
            assert "<html" not in body(response)

    def test_a_second_press_makes_no_second_claim(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client, token = signed_in(analyst), "0b9f5d5e-3a44-4c8e-9d62-1f1f7f3c0009"
        mine = number(text, 1)
        first, second = (self.post(client, mine, token=token) for _ in range(2))
        assert Claim.objects.count() == 1
        assert first.url == second.url

    def test_a_claim_over_anothers_decision_shows_both_and_keeps_what_was_typed(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        client, mine = signed_in(analyst), number(text, 1)
        dispose(number(text, 1), OPINION, by=reviewer)
        for headers in ({}, PANEL):
            response = self.post(client, mine, headers=headers)
            page = body(response)
            assert response.status_code == 409
            assert "<b>Opinion</b>" in page
            assert "Put mine in its place" in page
            assert "Japan&#x27;s military budget is the ninth-largest.</textarea>" in page
        assert not Claim.objects.exists()
        self.post(client, mine, **fields_of(page.partition('id="claim-form"')[2]))
        assert number(text, 1).disposition == "claim"

    def test_two_who_make_a_claim_of_one_sentence_see_each_other(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        mine = number(text, 1)
        factories.claim_in_text(snapshot=text, by=reviewer)
        assert "Make mine as well" in body(self.post(signed_in(analyst), mine))

    def test_undo_dismisses_the_claim_and_opens_the_sentence(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client, mine = signed_in(analyst), number(text, 1)
        page = body(client.get(self.post(client, mine, headers=PANEL).url, headers=PANEL))
        undo = fields_of(page.partition("data-toast")[2])
        response = client.post(f"{address(text)}undo/", undo, headers=PANEL)
        assert response.status_code == 303
        assert (Claim.objects.get().stage, number(text, 1).disposition) == (Stage.DISMISSED, "")
        page = body(client.get(response.url, headers=PANEL))
        assert f'data-of="row-{mine.pk}" data-change="back"' in page
        assert "is dismissed" in page

    def test_undo_is_refused_in_words_when_somebody_went_on_with_it(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        client, mine = signed_in(analyst), number(text, 1)
        page = body(client.get(self.post(client, mine).url))
        undo = fields_of(page.partition("data-toast")[2])
        claim = Claim.objects.with_pending().get()
        claim_actions.take(claim, by=reviewer)
        answer = client.post(f"{address(text)}undo/", undo)
        assert (answer.status_code, f"gone on with {claim.reference}" in body(answer)) == (409, True)
        claim_actions.release(claim, by=reviewer)
        undo["version"] = str(claim.version)
        dispose(number(text, 1), OPINION, by=reviewer)
        answer = client.post(f"{address(text)}undo/", undo)
        assert "reviewer has decided on sentence 1 since: opinion" in body(answer)
        claim.refresh_from_db()
        assert claim.stage == Stage.OPEN

    def test_forged_undoes_change_nothing(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        claim = factories.claim_in_text(snapshot=text)
        first = number(text, 1)
        sent = {
            "claim": claim.pk,
            "sentence": first.pk,
            "version": claim.version,
            "seen": f"{first.pk}:{first.version}",
        }
        wrong = [({"seen": "x"}, 400), ({"disposition": "joke"}, 400), ({"claim": factories.claim().pk}, 404)]
        wrong += [({"sentence": "x"}, 404), ({"version": "x"}, 409)]
        for fields, status in wrong:
            answer = client.post(f"{address(text)}undo/", sent | fields)
            assert answer.status_code == status, fields
        mine = {"version": claim.version, "disposition": "opinion", "note": "a\0b"}
        assert "NUL" in body(client.post(f"{address(text)}undo/", sent | mine))
        for data in ({}, {"batch": "x"}):
            assert client.post(f"{address(text)}undo/", data).status_code == 400
        claim.refresh_from_db()
        assert claim.stage == Stage.OPEN

    def test_an_undo_reaches_no_sentence_without_words_of_the_claim(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client, mine, other = signed_in(analyst), number(text, 1), factories.snapshot().sentences.get(number=1)
        dispose(other, OPINION, by=analyst)
        page = body(client.get(self.post(client, mine).url))
        undo = fields_of(page.partition("data-toast")[2])
        many = ",".join(f"{pk}:1" for pk in range(10**6, 10**6 + 260_000))  # more than SQLite takes in one statement
        undo["seen"] += f",{other.pk}:{other.version},{many}"
        assert client.post(f"{address(text)}undo/", undo).status_code == 303
        other.refresh_from_db()
        assert (other.disposition, number(text, 1).disposition) == ("opinion", "")

    def test_readers_may_not(self, signed_in: SignIn, reader: User, text: Snapshot) -> None:
        client = signed_in(reader)
        assert self.post(client, number(text, 1)).status_code == 403
        assert client.post(f"{address(text)}bulk/", {}).status_code == 403
        assert client.post(f"{address(text)}undo/", {}).status_code == 403


class TestDraftMeanwhile:
    """A draft came while the page of the text before was open."""

    @pytest.fixture
    def newer(self, text: Snapshot) -> Snapshot:
        return factories.snapshot(document=text.document, text=f"{factories.TEXT} A last one.")

    def test_a_decision_is_refused_in_words(
        self, signed_in: SignIn, analyst: User, text: Snapshot, newer: Snapshot
    ) -> None:
        client, mine = signed_in(analyst), number(text, 1)
        for headers in ({}, PANEL):
            sent = {"disposition": "opinion", "version": mine.version}
            answer = client.post(f"/sentences/{mine.pk}/dispose/", sent, headers=headers)
            assert (answer.status_code, "a newer text of this document" in body(answer)) == (409, True)
        assert not text.sentences.decided().exists()
        assert newer.sentences.undecided().count() == newer.sentences.count()

    def test_so_are_decisions_on_many_that_lost_the_race(self, analyst: User, text: Snapshot, newer: Snapshot) -> None:
        first = number(text, 1)
        with pytest.raises(Overtaken):
            dispose_many(text, {first.pk: first.version}, OPINION, by=analyst)

    def test_the_undo_of_a_claim_is_refused_in_words(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client, mine = signed_in(analyst), number(text, 1)
        sent = {"assertion": "It is the ninth-largest.", "kind": "ranking", "version": mine.version}
        page = body(client.get(client.post(f"/sentences/{mine.pk}/claims/add/", sent).url))
        factories.snapshot(document=text.document, text=f"{factories.TEXT} A last one.")
        answer = client.post(f"{address(text)}undo/", fields_of(page.partition("data-toast")[2]))
        assert (answer.status_code, "a newer text of this document" in body(answer)) == (409, True)
        assert Claim.objects.get().stage == Stage.OPEN

    @pytest.mark.parametrize("parameter", ["sentence", "behind"])
    def test_the_page_goes_on_at_the_same_sentence_of_the_newest(
        self, signed_in: SignIn, analyst: User, text: Snapshot, newer: Snapshot, parameter: str
    ) -> None:
        client, was, now = signed_in(analyst), number(text, 1), number(newer, 1)
        asked = f"{address(text)}?from=0&{parameter}={was.pk}"
        assert client.get(asked, headers=PANEL).headers["HX-Redirect"] == f"{address(text)}?from=0&{parameter}={now.pk}"
        page = body(client.get(asked, follow=True))
        assert "These are its sentences" in page
        assert shown(page) == str(now.pk if parameter == "sentence" else number(newer, 2).pk)

    def test_a_sentence_that_is_no_more_leads_to_the_first_of_the_list(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        newer = factories.snapshot(document=text.document, text="All is new in 2024.")
        asked = f"{address(text)}?from=0&sentence={number(text, 1).pk}"
        assert shown(body(signed_in(analyst).get(asked, follow=True))) == str(number(newer, 1).pk)

    def test_the_older_text_itself_can_still_be_read(
        self, signed_in: SignIn, analyst: User, text: Snapshot, newer: Snapshot
    ) -> None:
        client = signed_in(analyst)
        older = f"{address(text)}?snapshot=1&sentence="
        assert client.get(f"{older}{number(text, 1).pk}").status_code == 200
        assert client.get(f"{older}{number(newer, 1).pk}").status_code == 404


class TestBulk:
    def pks(self, text: Snapshot, *numbers: int) -> list[int]:
        return [number(text, at).pk for at in numbers]

    def preview(self, client: Client, text: Snapshot, query: str = "", **fields: Any) -> str:
        response = client.post(f"{address(text)}bulk/{query}", fields)
        assert response.status_code == 200, body(response)
        return body(response)

    def confirm(self, client: Client, text: Snapshot, seen: dict[int, int], **fields: Any) -> Any:
        pairs = [f"{pk}:{version}" for pk, version in seen.items()]
        data = {"confirmed": "yes", "seen": pairs, "offered": list(seen), "disposition": "no_fact", **fields}
        return client.post(f"{address(text)}bulk/", data)

    def seen(self, text: Snapshot, *numbers: int) -> dict[int, int]:
        return dict(text.sentences.filter(number__in=numbers).values_list("pk", "version"))

    def test_ticked_sentences_are_shown_each_with_a_tick(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        page = self.preview(signed_in(analyst), text, sentence=self.pks(text, 2, 4))
        assert "Decide on 2 sentences together" in page
        values = re.findall(r'name="seen" value="(\d+:\d+)" checked', page)
        assert values == [f"{pk}:1" for pk in self.pks(text, 2, 4)]
        assert 'value="claim"' not in page
        assert not text.sentences.decided().exists()

    @pytest.mark.parametrize(
        ("scope", "query", "numbers"),
        [("below", "", [4]), ("below", "?from=60", [2, 4]), ("below", "?from=60&order=text", [2, 4])],
    )
    def test_all_below_the_threshold(
        self, signed_in: SignIn, analyst: User, text: Snapshot, scope: str, query: str, numbers: list[int]
    ) -> None:
        page = self.preview(signed_in(analyst), text, query, scope=scope)
        assert re.findall(r'name="offered" value="(\d+)"', page) == [str(pk) for pk in self.pks(text, *numbers)]

    def test_all_shown_leaves_out_what_was_decided_meanwhile(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        dispose(number(text, 1), OPINION, by=reviewer)
        page = self.preview(signed_in(analyst), text, scope="shown", shown=self.pks(text, 1, 2), sentence=[])
        assert "Decide on 1 sentence together" in page
        assert "1 of those chosen is decided already" in page

    def test_no_more_than_a_batch_is_offered(
        self, signed_in: SignIn, analyst: User, text: Snapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("claims.views.triage_bulk.BATCH", 2)
        page = self.preview(signed_in(analyst), text, "?from=100", scope="below")
        assert "These are the first 2 of 4" in page

    def test_confirmed_they_are_decided_and_the_undo_takes_it_back(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client = signed_in(analyst)
        response = self.confirm(client, text, self.seen(text, 2, 4), note="Asides.", next=f"{address(text)}?from=0")
        assert (response.status_code, response.url) == (303, f"{address(text)}?from=0")
        assert [one.disposition for one in text.sentences.all()] == ["", "no_fact", "", "no_fact"]
        page = body(client.get(response.url))
        assert "2 sentences: no fact." in page
        client.post(f"{address(text)}undo/", fields_of(page.partition("data-toast")[2]))
        assert not text.sentences.decided().exists()
        assert "2 sentences undecided again." in body(client.get(address(text)))

    def test_what_somebody_decided_meanwhile_is_left_out_and_told(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        client, seen = signed_in(analyst), self.seen(text, 1, 2)
        dispose(number(text, 1), OPINION, by=reviewer)
        page = body(client.get(self.confirm(client, text, seen).url))
        assert "1 sentence left out, for someone decided meanwhile. 1 sentence: no fact." in page
        undo = fields_of(page.partition("data-toast")[2])
        dispose(number(text, 2), PREDICTION, by=reviewer)
        page = body(client.get(client.post(f"{address(text)}undo/", undo).url))
        assert "1 sentence not undone: decided anew or changed since. 0 sentences undecided again." in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"disposition": ""}, "Choose what they are."),
            ({"disposition": "claim"}, "Select a valid choice"),
            ({"note": "x" * 2001}, "At most 2000"),
        ],
    )
    def test_what_cannot_be_decided_comes_back_with_the_ticks(
        self, signed_in: SignIn, analyst: User, text: Snapshot, fields: dict[str, str], words: str
    ) -> None:
        seen = self.seen(text, 2)
        response = self.confirm(signed_in(analyst), text, seen, offered=self.pks(text, 1, 2), **fields)
        assert response.status_code == 422
        assert words in body(response)
        assert len(re.findall(r'name="seen" value="\d+:\d+" checked', body(response))) == 1
        assert len(re.findall(r'name="seen" value="\d+:\d+"', body(response))) == 2
        assert not text.sentences.decided().exists()

    def test_nothing_ticked_is_nothing_done(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        client = signed_in(analyst)
        assert client.post(f"{address(text)}bulk/").status_code == 303
        assert "Tick undecided sentences first." in body(client.get(address(text)))
        response = self.confirm(client, text, {}, offered=self.pks(text, 1))
        assert (response.status_code, "Tick at least one sentence." in body(response)) == (422, True)

    @pytest.mark.parametrize(
        ("query", "data", "status"),
        [
            ("", {"sentence": ["x"]}, 400),
            ("", {"scope": "everything"}, 400),
            ("", {"seen": ["1:x"]}, 400),
            ("?order=loud", {}, 400),
            ("?snapshot=9", {}, 404),
        ],
    )
    def test_forged_input_changes_nothing(
        self, signed_in: SignIn, analyst: User, text: Snapshot, query: str, data: dict[str, Any], status: int
    ) -> None:
        assert signed_in(analyst).post(f"{address(text)}bulk/{query}", data).status_code == status

    def test_older_texts_are_left_as_they_are(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        factories.snapshot(document=text.document, text="A newer draft.")
        response = signed_in(analyst).post(f"{address(text)}bulk/?snapshot=1", {"scope": "below"})
        assert (response.status_code, "older text" in body(response)) == (409, True)

    def test_after_a_draft_its_undo_reaches_the_newest_text(
        self, signed_in: SignIn, analyst: User, text: Snapshot
    ) -> None:
        client = signed_in(analyst)
        page = body(client.get(self.confirm(client, text, self.seen(text, 1, 4)).url))
        newer = factories.snapshot(document=text.document, text=f"{factories.TEXT} A last one.")
        kept = newer.sentences.filter(carried_from__in=self.pks(text, 1))
        assert [one.disposition for one in kept] == ["no_fact"]
        client.post(f"{address(text)}undo/", fields_of(page.partition("data-toast")[2]))
        assert [one.disposition for one in kept.all()] == [""]
        assert number(text, 1).disposition == "no_fact", "older texts stay as they were"

    def test_the_number_of_queries_does_not_grow(self, signed_in: SignIn, analyst: User) -> None:
        client, counts = signed_in(analyst), []
        for length in (3, 60):
            text = factories.snapshot(text=" ".join(f"Port {at} is old." for at in range(length)))
            seen = dict(text.sentences.values_list("pk", "version"))
            client.get(address(text))
            with CaptureQueriesContext(connection) as previewed:
                self.preview(client, text, sentence=list(seen))
            with CaptureQueriesContext(connection) as confirmed:
                self.confirm(client, text, seen)
            counts.append((len(previewed), len(confirmed)))
        assert counts[0] == counts[1]


class TestPulse:
    def ask(self, client: Client, text: Snapshot, **fields: Any) -> Any:
        return client.get(f"{address(text)}?from=0", {"from": 0, "seen": self.last(text), **fields}, headers=PULSE)

    def last(self, text: Snapshot) -> int:
        return Event.objects.of(text.document).latest("number").number

    def test_without_news_there_is_nothing_to_swap(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        assert self.ask(signed_in(analyst), text).status_code == 204

    def test_others_decisions_are_told_by_name_and_counted(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        before = self.last(text)
        dispose(number(text, 2), OPINION, by=reviewer)
        page = body(self.ask(signed_in(analyst), text, seen=before))
        assert f'data-of="row-{number(text, 2).pk}" data-change="decided"' in page
        assert "decided by reviewer: opinion" in page
        assert "<b>3</b> undecided" in page
        assert f'"seen": "{self.last(text)}"' in page
        assert 'id="meanwhile"' not in page

    def test_what_is_undecided_again_comes_back_and_ones_own_goes_away(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        dispose(number(text, 2), OPINION, by=reviewer)
        before = self.last(text)
        dispose(number(text, 2), None, by=reviewer)
        dispose(number(text, 3), OPINION, by=analyst)
        page = body(self.ask(signed_in(analyst), text, seen=before))
        assert f'data-of="row-{number(text, 2).pk}" data-change="back"' in page
        assert f'data-of="row-{number(text, 3).pk}" data-change="gone"' in page

    def test_the_panel_is_told_when_its_sentence_was_decided_by_somebody_else(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        client, before, mine = signed_in(analyst), self.last(text), number(text, 1)
        dispose(number(text, 1), OPINION, by=reviewer)
        current = {"seen": before, "current": mine.pk}
        page = body(self.ask(client, text, **current, current_version=mine.version))
        assert "<b>reviewer</b> decided just now: <b>opinion</b>." in page
        assert 'id="meanwhile"' not in body(self.ask(client, text, **current, current_version=2))

    def test_ones_own_decision_is_no_news_for_the_panel(self, signed_in: SignIn, analyst: User, text: Snapshot) -> None:
        before = self.last(text)
        dispose(number(text, 1), OPINION, by=analyst)
        page = body(self.ask(signed_in(analyst), text, seen=before, current=number(text, 1).pk, current_version=1))
        assert 'id="meanwhile"' not in page

    def test_too_much_news_asks_for_the_list_anew(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(triage_views, "NEWS", 2)
        before, seen = self.last(text), dict(text.sentences.values_list("pk", "version"))
        dispose_many(text, seen, NO_FACT, by=reviewer)
        page = body(self.ask(signed_in(analyst), text, seen=before))
        assert "Show the list as it is" in page
        assert "data-change" not in page
        assert f'"seen": "{self.last(text)}"' in page

    def test_the_number_of_queries_does_not_grow(
        self, signed_in: SignIn, analyst: User, reviewer: User, text: Snapshot
    ) -> None:
        client, counts = signed_in(analyst), []
        for numbers in ((1,), (2, 3, 4)):
            before = self.last(text)
            for at in numbers:
                dispose(number(text, at), OPINION, by=reviewer)
            with CaptureQueriesContext(connection) as captured:
                self.ask(client, text, seen=before)
            counts.append(len(captured))
        assert counts[0] == counts[1]
