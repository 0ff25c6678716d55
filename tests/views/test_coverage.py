"""The coverage of a document: how far its check has come, what is missing, and declaring it complete."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import guards
from claims.actions import assessments, claims, completion, sentences
from claims.choices import Disposition, Found
from claims.models import Claim, Document, Event, Reanchoring, Snapshot, User
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "Before all.\n\n# One\n\nJapan has the ninth-largest military budget. Nobody doubts it.\n\n# Two\n\nIt joined."


@pytest.fixture
def text(analyst: User) -> Snapshot:
    return factories.snapshot(text=TEXT, by=analyst)


@pytest.fixture
def checked(text: Snapshot, analyst: User, reviewer: User) -> Snapshot:
    """A text of which nothing is missing, with a verified claim."""
    claim = factories.claim_in_text(snapshot=text, by=analyst)
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    for sentence in text.sentences.undecided():
        sentences.dispose(sentence, Disposition.NO_FACT, by=analyst)
    return text


def address(snapshot: Snapshot, name: str = "document_coverage") -> str:
    return reverse(name, args=[snapshot.document_id])


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def document(snapshot: Snapshot) -> Document:
    return Document.objects.get(pk=snapshot.document_id)


# --- what the page shows


def test_it_says_what_share_is_decided_and_checked(signed_in: SignIn, reader: User, checked: Snapshot) -> None:
    page = body(signed_in(reader).get(address(checked)))
    assert "6 of 6 sentences decided (100 %) · 1 of 1 claim checked" in page


def test_it_shows_each_section_with_its_figures_and_what_is_missing(
    signed_in: SignIn, reader: User, text: Snapshot
) -> None:
    claim = factories.claim_in_text(snapshot=text)
    response = signed_in(reader).get(address(text))
    lines = response.context["survey"].lines
    assert [line.section.title for line in lines] == ["Beginning", "One", "Two"]
    assert [(line.coverage.decided, line.coverage.sentences) for line in lines] == [(0, 1), (1, 3), (0, 2)]
    page = body(response)
    assert f'?sentence={lines[1].undecided}#panel">2 undecided</a>' in page
    assert f'?claim={claim.pk}#panel">1 unresolved</a>' in page


def test_the_map_links_every_paragraph_and_says_in_words_what_it_shows(
    signed_in: SignIn, reader: User, checked: Snapshot
) -> None:
    page = body(signed_in(reader).get(address(checked)))
    assert f'href="{checked.document.get_absolute_url()}?part=1#p2"' in page
    assert 'aria-label="Paragraph 2: 1 sentence decided, 1 with all its claims verified"' in page
    assert '<rect data-stage="verified"' in page


def test_links_of_the_map_lead_to_the_paragraphs_of_the_text(signed_in: SignIn, reader: User, text: Snapshot) -> None:
    client = signed_in(reader)
    survey = client.get(address(text)).context["survey"]
    page = body(client.get(f"{text.document.get_absolute_url()}?part=1"))
    for section in survey.sections:
        for stretch in section.stretches:
            assert f'id="{stretch.anchor}"' in page


def test_it_lists_what_is_missing_with_links(signed_in: SignIn, reader: User, text: Snapshot) -> None:
    claim = factories.claim_in_text(snapshot=text)
    passage = factories.claim_in_text(snapshot=factories.snapshot()).appearances.get()
    Reanchoring.objects.create(snapshot=text, appearance=passage, status=Found.GONE)
    page = body(signed_in(reader).get(address(text)))
    assert (
        "5 sentences are undecided, 1 claim is neither verified nor dismissed, 1 passage waits for a decision" in page
    )
    for sentence in text.sentences.undecided():
        assert f"?sentence={sentence.pk}#panel" in page
    assert f'<span class="id">{claim.reference}</span>' in page
    assert reverse("draft_detail", args=[text.document_id, 1]) in page


def test_a_sentence_that_a_passage_of_the_draft_touches_is_marked(
    signed_in: SignIn, reader: User, checked: Snapshot
) -> None:
    passage = factories.claim_in_text(snapshot=factories.snapshot()).appearances.get()
    start = TEXT.index("Nobody")
    Reanchoring.objects.create(snapshot=checked, appearance=passage, status=Found.REWORDED, start=start, end=start + 6)
    page = body(signed_in(reader).get(address(checked)))
    assert "1 sentence waiting for a decision about the draft" in page
    assert '<rect data-stage="pending"' in page


def test_an_older_text_shows_its_own_coverage_and_nothing_to_declare(
    signed_in: SignIn, analyst: User, checked: Snapshot
) -> None:
    Snapshot.objects.create(
        document=checked.document,
        number=2,
        text="Another.",
        origin="pasted",
        taken_by=analyst,
        text_sha256="",
        raw_sha256="",
    )
    page = body(signed_in(analyst).get(f"{address(checked)}?snapshot=1"))
    assert "A newer text of this document has come in." in page
    assert address(checked, "document_complete") not in page
    assert "?part=1&amp;snapshot=1#p2" in page


def test_a_text_that_is_not_there_is_not_found(signed_in: SignIn, reader: User, text: Snapshot) -> None:
    client = signed_in(reader)
    assert client.get(f"{address(text)}?snapshot=2").status_code == 404
    assert client.get(f"{address(text)}?snapshot=x").status_code == 400
    assert client.get(reverse("document_coverage", args=[0])).status_code == 404


def test_a_document_without_a_text_says_so(signed_in: SignIn, reader: User) -> None:
    page = factories.document()
    assert "No text of this document is stored" in body(
        signed_in(reader).get(reverse("document_coverage", args=[page.pk]))
    )


def test_a_text_that_was_altered_is_not_shown(signed_in: SignIn, reader: User, text: Snapshot) -> None:
    guard = next(guard for guard in guards.GUARDS if guard.name == "snapshot_no_update")
    with connection.cursor() as cursor:
        for statement in guards.drop_sql(connection, guard):
            cursor.execute(statement)
    Snapshot.objects.filter(pk=text.pk).update(text=TEXT.replace("ninth", "tenth"))
    response = signed_in(reader).get(address(text))
    assert response.status_code == 409
    assert "The text is not shown." in body(response)


def test_it_takes_as_many_queries_for_many_sentences_and_claims_as_for_few(
    signed_in: SignIn, analyst: User, text: Snapshot
) -> None:
    def queries(snapshot: Snapshot) -> int:
        client = signed_in(analyst)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(snapshot)).status_code == 200
        return len(captured)

    factories.claim_in_text(snapshot=text, by=analyst)
    few = queries(text)
    long = factories.snapshot(by=analyst, text="\n\n".join(f"# Part {at}\n\nIt has {at} ships." for at in range(30)))
    for at in range(20):
        factories.claim_in_text(snapshot=long, quote=f"{at} ships", by=analyst)
    assert queries(long) == few


# --- declaring it complete


def test_an_analyst_declares_it_complete_when_nothing_is_missing(
    signed_in: SignIn, analyst: User, checked: Snapshot
) -> None:
    client = signed_in(analyst)
    assert "Declare the check complete" in body(client.get(address(checked)))
    response = client.post(address(checked, "document_complete"), follow=True)
    assert response.redirect_chain == [(address(checked), 303)]
    assert document(checked).is_complete
    assert f'Complete<span class="by">, by {analyst}, ' in body(response)
    assert address(checked, "document_reopen") in body(response)  # the undo of the toast


def test_nobody_is_offered_to_declare_what_is_not_complete(signed_in: SignIn, analyst: User, text: Snapshot) -> None:
    page = body(signed_in(analyst).get(address(text)))
    assert "Declare the check complete" not in page
    assert "Not complete:" in page


def test_declaring_it_is_refused_with_what_is_missing(signed_in: SignIn, analyst: User, text: Snapshot) -> None:
    response = signed_in(analyst).post(address(text, "document_complete"))
    assert response.status_code == 409
    page = body(response)
    assert "Not declared complete." in page
    assert "6 sentences are undecided" in page
    assert f"?sentence={text.sentences.first().pk}#panel" in page
    assert not document(text).is_complete


def test_declaring_a_document_without_a_text_is_refused(signed_in: SignIn, analyst: User) -> None:
    page = factories.document()
    response = signed_in(analyst).post(reverse("document_complete", args=[page.pk]))
    assert response.status_code == 409
    assert "No text of this document is stored" in body(response)


def test_a_reader_is_offered_nothing_and_refused(signed_in: SignIn, reader: User, checked: Snapshot) -> None:
    client = signed_in(reader)
    page = body(client.get(address(checked)))
    assert "An analyst can declare the check complete." in page
    assert client.post(address(checked, "document_complete")).status_code == 403
    assert client.post(address(checked, "document_reopen")).status_code == 403


def test_it_is_opened_again_with_a_reason(signed_in: SignIn, analyst: User, checked: Snapshot) -> None:
    completion.declare_complete(checked.document, by=analyst)
    response = signed_in(analyst).post(address(checked, "document_reopen"), {"reason": "Too early."}, follow=True)
    assert not document(checked).is_complete
    assert Event.objects.of(checked.document).last().reason == "Too early."
    assert "is open again" in body(response)
    assert address(checked, "document_complete") in body(response)


@pytest.mark.parametrize("reason", ["a\0b", "x" * 6_000])
def test_it_is_not_opened_again_for_what_is_no_reason(
    signed_in: SignIn, analyst: User, checked: Snapshot, reason: str
) -> None:
    completion.declare_complete(checked.document, by=analyst)
    response = signed_in(analyst).post(address(checked, "document_reopen"), {"reason": reason})
    assert response.status_code == 422
    assert 'id="reason-error"' in body(response)
    assert f'value="{reason}"' in body(response)
    assert document(checked).is_complete


@pytest.mark.parametrize("name", ["document_complete", "document_reopen"])
def test_acts_are_posted(signed_in: SignIn, analyst: User, checked: Snapshot, name: str) -> None:
    assert signed_in(analyst).get(address(checked, name)).status_code == 405


# --- where else it is said


@pytest.fixture
def complete(checked: Snapshot, analyst: User) -> Snapshot:
    completion.declare_complete(checked.document, by=analyst)
    return checked


def test_the_text_says_that_it_is_complete_and_by_whom(signed_in: SignIn, reader: User, complete: Snapshot) -> None:
    page = body(signed_in(reader).get(complete.document.get_absolute_url()))
    assert 'Complete<span class="by">, by analyst, ' in page
    assert address(complete) in page


def test_the_panel_takes_the_completeness_away_with_the_act_that_ended_it(
    signed_in: SignIn, analyst: User, complete: Snapshot
) -> None:
    sentence = complete.sentences.get(number=1)
    panel = {"HX-Request": "true", "HX-Target": "panel"}
    url = reverse("sentence_dispose", args=[sentence.pk])
    response = signed_in(analyst).post(url, {"disposition": ""}, headers=panel, follow=True)
    assert 'id="coverage"' in body(response)
    assert "Complete, by" not in body(response)


def test_the_list_of_documents_says_it(signed_in: SignIn, reader: User, complete: Snapshot) -> None:
    assert 'Complete<span class="by">, by analyst, ' in body(signed_in(reader).get("/documents/"))


def test_the_desk_asks_to_declare_what_is_done_and_shows_what_is_complete(
    signed_in: SignIn, analyst: User, checked: Snapshot
) -> None:
    client = signed_in(analyst)
    page = body(client.get("/"))
    assert "Nothing is missing" in page
    assert address(checked) in page
    completion.declare_complete(checked.document, by=analyst)
    page = body(client.get("/"))
    assert 'Complete<span class="by">, by analyst, ' in page
    assert "Nothing is missing" not in page


def test_the_feed_tells_of_it(signed_in: SignIn, reader: User, analyst: User, complete: Snapshot) -> None:
    claims.reopen(Claim.objects.get(), by=analyst, reason="A new table.")
    page = body(signed_in(reader).get("/activity/"))
    assert "declared complete the check of the document" in page
    assert "ended the completeness of the check of the document" in page
