"""The captured text of a document, with the words that are quoted from it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from claims.choices import QuoteStatus
from claims.models import Document, Evidence, User
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "Budgets are compared here.\n\nJapan comes tenth. Korea comes ninth, says Japan.\n\nThat is all."


@pytest.fixture
def source_text(db: None) -> Document:
    return factories.snapshot(text=TEXT).document


def quoted(document: Document, quote: str) -> Evidence:
    piece = factories.evidence_for(factories.claim(), document=document, quote=quote)
    return Evidence.objects.get(pk=piece.pk)


@pytest.fixture
def desk(signed_in: SignIn, analyst: User) -> Client:
    return signed_in(analyst)


def test_the_words_are_marked_where_they_stand(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Korea comes  ninth")
    response = desk.get(piece.quote_url)
    assertContains(response, '<mark class="quoted" id="quote">Korea comes ninth</mark>, says Japan.')
    assertContains(response, "Quote found in the capture")


def test_the_address_of_the_document_leads_there_too(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Korea comes ninth")
    response = desk.get(source_text.get_absolute_url(), {"quote": piece.pk})
    assertRedirects(response, piece.quote_url.removesuffix("#quote"))


def test_a_quote_over_two_paragraphs_is_marked_in_both(desk: Client, source_text: Document) -> None:
    response = desk.get(quoted(source_text, "says Japan. That is").quote_url)
    assertContains(response, '<mark class="quoted" id="quote">says Japan.</mark>')
    assertContains(response, '<mark class="quoted">That is</mark> all.')


def test_what_differs_is_shown_word_by_word(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Japan comes ninth.")
    for address in (piece.quote_url, piece.claim.get_absolute_url()):
        response = desk.get(address)
        assertContains(response, "Quote found with differences")
        assertContains(response, "Japan comes <del>ninth</del><ins>tenth</ins>.")


def test_of_several_places_one_is_chosen(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Japan")
    response = desk.get(piece.quote_url)
    assertContains(response, "These words stand in 2 places.")
    assertContains(response, '<mark class="quoted" id="quote-2">Japan</mark>')

    second = {"version": piece.version, "start": TEXT.rindex("Japan")}
    response = desk.post(reverse("evidence_place", args=[piece.pk]), second, follow=True)

    assertContains(response, "This place is meant.")
    assertContains(response, '<mark class="quoted" id="quote">Japan</mark>.')  # the address leads to the second now
    assertContains(response, '<mark class="quoted" id="quote-1" data-other>Japan</mark> comes tenth')
    piece.refresh_from_db()
    assert (piece.start, piece.quote_status) == (second["start"], QuoteStatus.FOUND)


@pytest.mark.parametrize(("start", "status"), [("", 400), ("no", 400), ("1", 409)])
def test_no_other_place_can_be_chosen(desk: Client, source_text: Document, start: str, status: int) -> None:
    piece = quoted(source_text, "Japan")
    answer = desk.post(reverse("evidence_place", args=[piece.pk]), {"version": piece.version, "start": start})
    assert answer.status_code == status


def test_selected_words_become_the_quote(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Nobody says any of this")
    assertContains(desk.get(piece.quote_url), "Quote not found in the capture")

    words = {"version": piece.version, "quote": "Korea comes ninth"}
    response = desk.post(reverse("evidence_quote", args=[piece.pk]), words, follow=True)

    assertContains(response, '<mark class="quoted" id="quote">Korea comes ninth</mark>')


def test_an_empty_quote_is_asked_for_again(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Korea")
    answer = desk.post(reverse("evidence_quote", args=[piece.pk]), {"version": piece.version, "quote": " "})
    assertContains(answer, "Select words in the text, or type them.", status_code=422)


def test_what_was_typed_over_a_newer_quote_is_kept(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Korea")
    desk.post(reverse("evidence_quote", args=[piece.pk]), {"version": piece.version, "quote": "Korea comes"})

    stale = {"version": piece.version, "quote": "Korea comes ninth"}
    answer = desk.post(reverse("evidence_quote", args=[piece.pk]), stale)

    assertContains(answer, "Someone else changed the quote meanwhile: “Korea comes”", status_code=409)
    assertContains(answer, "Korea comes ninth</textarea>", status_code=409)
    placing = desk.post(reverse("evidence_place", args=[piece.pk]), {"version": piece.version, "start": 1})
    assert placing.status_code == 409


def test_selected_words_begin_new_evidence_for_a_claim(desk: Client, source_text: Document) -> None:
    claim = factories.claim()
    assertContains(desk.get(reverse("document_text", args=[source_text.pk]), {"claim": claim.pk}), "Add as evidence")
    answer = desk.get(
        reverse("evidence_add", args=[claim.pk]), {"document": source_text.pk, "quote": "Korea comes ninth"}
    )
    assertContains(answer, "Korea comes ninth</textarea>")


def test_a_newer_snapshot_is_looked_through_on_request(desk: Client, source_text: Document) -> None:
    piece = quoted(source_text, "Korea comes ninth")
    factories.snapshot(text=TEXT.replace("ninth", "eighth"), document=source_text)
    assertContains(desk.get(piece.quote_url), "Snapshot 2 is newer")

    answer = desk.post(reverse("document_quotes", args=[source_text.pk]), {"next": piece.quote_url}, follow=True)

    assertContains(answer, "1 quote was looked for in the newest snapshot; 1 changed.")
    assertContains(answer, "Korea comes <del>ninth</del><ins>eighth</ins>")


def test_a_text_that_was_not_captured_says_so(desk: Client) -> None:
    piece = quoted(factories.document(), "Korea comes ninth")
    assertContains(desk.get(piece.quote_url), "Nothing of this document is captured")


def test_hostile_words_are_words(desk: Client) -> None:
    text = "He wrote <script>alert(1)</script> and \u202egnihton."
    piece = quoted(factories.snapshot(text=text).document, "<script>alert(1)</script>")
    response = desk.get(piece.quote_url)
    assertContains(response, '<mark class="quoted" id="quote">&lt;script&gt;alert(1)&lt;/script&gt;</mark>')
    assertNotContains(response, "<script>alert")


def test_a_long_text_opens_at_the_part_of_the_quote(desk: Client) -> None:
    text = "\n\n".join(f"Paragraph {number} says something of its own." for number in range(3000))
    piece = quoted(factories.snapshot(text=text).document, "Paragraph 2500 says")
    response = desk.get(piece.quote_url)
    assertContains(response, '<mark class="quoted" id="quote">Paragraph 2500 says</mark>')
    assert len(response.content) < 200_000


@pytest.mark.parametrize("query", [{"quote": "x"}, {"quote": 999}, {"snapshot": 7}, {"snapshot": "x"}])
def test_what_is_not_there_is_not_found(desk: Client, source_text: Document, query: dict[str, object]) -> None:
    assert desk.get(reverse("document_text", args=[source_text.pk]), query).status_code == 404


def test_readers_read_and_change_nothing(signed_in: SignIn, reader: User, source_text: Document) -> None:
    piece = quoted(source_text, "Japan")
    client = signed_in(reader)
    assertNotContains(client.get(piece.quote_url), "Quote other words")
    assert client.post(reverse("evidence_place", args=[piece.pk]), {"start": 1}).status_code == 403


def test_the_page_costs_the_same_for_many_quotes(
    desk: Client, source_text: Document, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    pieces = [quoted(source_text, "Korea comes ninth") for _ in range(12)]
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        desk.get(pieces[0].quote_url)


def test_each_place_is_told_from_the_others_by_what_stands_around(desk: Client, source_text: Document) -> None:
    response = desk.get(quoted(source_text, "Japan").quote_url)
    assertContains(response, "Korea comes ninth, says <mark")


def test_the_evidence_form_leads_to_the_text_of_a_stored_document(desk: Client, source_text: Document) -> None:
    claim = factories.claim()
    address = reverse("evidence_add", args=[claim.pk])
    way = f"{reverse('document_text', args=[source_text.pk])}?claim={claim.pk}"
    assertContains(desk.get(address, {"document": source_text.pk}), way)
    typed = desk.get(
        address, {"url": source_text.title}, headers={"HX-Request": "true", "HX-Target": "evidence-documents"}
    )
    assertContains(typed, way)
    uncaptured = factories.document(title="Another title")
    assertNotContains(desk.get(address, {"document": uncaptured.pk}), "Select words in its text")


def test_words_are_selected_for_evidence_that_quotes_nothing_yet(desk: Client, source_text: Document) -> None:
    piece = factories.evidence_for(factories.claim(), document=source_text, finding="It compares budgets.")
    assertContains(desk.get(reverse("evidence_edit", args=[piece.pk])), f'href="{piece.quote_url}"')
    assertContains(desk.get(piece.quote_url), "Nothing is quoted yet.")
    elsewhere = factories.evidence_for(factories.claim(), finding="It compares budgets.")
    assertNotContains(desk.get(reverse("evidence_edit", args=[elsewhere.pk])), "Select the words")


def test_words_of_a_heading_can_be_selected(desk: Client) -> None:
    page = factories.snapshot(text="# Budgets compared\n\nJapan comes tenth.").document
    assertContains(desk.get(reverse("document_text", args=[page.pk])), 'data-start="2">Budgets compared</h2>')
