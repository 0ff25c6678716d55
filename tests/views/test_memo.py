"""The memo for a document's author: what to change, suggested wording, and the author's answers."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from claims.actions import suggestions
from claims.choices import Role
from claims.models import Appearance, Claim, Document, Event, Snapshot, Suggestion, User
from claims.reading import memo as reading
from claims.workflow import Refused
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "Japan is ninth. Korea is tenth. China is second. Nobody else counts."


@pytest.fixture
def snapshot(analyst: User) -> Snapshot:
    return factories.snapshot(text=TEXT, by=analyst)


def said(snapshot: Snapshot, quote: str, verdict_key: str = "refuted") -> Appearance:
    """A verified claim where the text says `quote`."""
    claim = factories.claim_in_text(snapshot=snapshot, quote=quote)
    factories.evidence_for(claim)
    factories.submitted(claim, by=factories.user("maker"), verdict_key=verdict_key, rationale=f"Why {quote}.")
    _approve(claim)
    return claim.appearances.select_related("snapshot__document", "claim").get()


def _approve(claim: Claim) -> None:
    from claims.actions import assessments

    claim.refresh_from_db()
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)


def address(document: Document) -> str:
    return reverse("document_memo", args=[document.pk])


def test_it_tells_what_to_change_in_the_order_of_the_text_and_what_holds(
    signed_in: SignIn, reader: User, snapshot: Snapshot
) -> None:
    said(snapshot, "China is second", "outdated")
    said(snapshot, "Korea is tenth", "supported")
    first = said(snapshot, "Japan is ninth")
    factories.claim_in_text(snapshot=snapshot, quote="Nobody else counts")

    response = signed_in(reader).get(address(snapshot.document))

    memo = response.context["memo"]
    assert [line.appearance.exact for line in memo.changes] == ["Japan is ninth", "China is second"]
    assert [place.exact for place in memo.holds] == ["Korea is tenth"]
    assert [place.exact for place in memo.unchecked] == ["Nobody else counts"]
    assert memo.changes[1].before == "Japan is ninth. Korea is tenth. "
    assert memo.changes[1].after == ". Nobody else counts."
    shown = response.content.decode()
    assert "Why Japan is ninth." in shown
    assert reverse("suggestion_add", args=[first.pk]) not in shown, "readers suggest nothing"


def test_a_dismissed_claim_is_not_in_it(signed_in: SignIn, reader: User, snapshot: Snapshot) -> None:
    from claims.actions import claims as acts

    claim = factories.claim_in_text(snapshot=snapshot, quote="Japan is ninth")
    acts.dismiss(claim, by=factories.user("maker"), reason="No claim.")

    memo = signed_in(reader).get(address(snapshot.document)).context["memo"]

    assert (memo.changes, memo.holds, memo.unchecked) == ([], [], [])


def test_a_document_without_text_says_so(signed_in: SignIn, reader: User) -> None:
    response = signed_in(reader).get(address(factories.document()))

    assert response.template_name == "documents/unread.html"


def test_a_long_memo_goes_on_another_page(
    signed_in: SignIn, reader: User, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    for quote in ("Japan is ninth", "Korea is tenth", "China is second"):
        said(snapshot, quote)
    client = signed_in(reader)

    first = client.get(address(snapshot.document)).context["memo"]
    rest = client.get(address(snapshot.document), {"after": first.after}).context["memo"]

    assert [line.appearance.exact for line in first.changes] == ["Japan is ninth", "Korea is tenth"]
    assert [line.appearance.exact for line in rest.changes] == ["China is second"]
    assert rest.after == ""
    assert client.get(address(snapshot.document), {"after": "x"}).status_code == 400


def test_more_passages_take_no_more_queries(
    signed_in: SignIn, reader: User, snapshot: Snapshot, django_assert_max_num_queries: Callable
) -> None:
    client = signed_in(reader)
    counts = []
    for quote in ("Japan is ninth", "Korea is tenth", "China is second"):
        suggestions.suggest(said(snapshot, quote), "Other words.", by=factories.user("maker"))
        with django_assert_max_num_queries(40) as queries:
            client.get(address(snapshot.document))
        counts.append(len(queries))
    assert counts[1] == counts[2]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "memo"}], ids=["plain", "htmx"])
def test_words_are_suggested_and_the_answer_is_noted(
    signed_in: SignIn, analyst: User, snapshot: Snapshot, headers: dict[str, str]
) -> None:
    place, client = said(snapshot, "Japan is ninth"), signed_in(analyst)
    add = reverse("suggestion_add", args=[place.pk])

    assert client.get(add).status_code == 200
    response = client.post(add, {"text": "Japan is tenth"}, headers=headers)
    suggestion = Suggestion.objects.get()

    assert response.status_code == 303
    assert response.url == f"{address(snapshot.document)}#passage-{place.pk}"
    form = {"answer": "accept", "seen": "", "note": "Yes, thanks."}
    response = client.post(reverse("suggestion_answer", args=[suggestion.pk]), form, headers=headers, follow=True)
    assert "Yes, thanks." in response.content.decode()
    assert ("<!doctype html>" in response.content.decode()) is (not headers)
    suggestion.refresh_from_db()
    assert (suggestion.answer, suggestion.answered_by) == ("accept", analyst)
    acts = [event.act for event in Event.objects.of(snapshot.document)]
    assert acts[-2:] == ["suggest", "answer"]


@pytest.mark.parametrize("text", ["", "   ", "Japan is ninth", "x" * 10_001])
def test_what_is_no_suggestion_comes_back_with_the_form(
    signed_in: SignIn, analyst: User, snapshot: Snapshot, text: str
) -> None:
    place = said(snapshot, "Japan is ninth")

    response = signed_in(analyst).post(reverse("suggestion_add", args=[place.pk]), {"text": text})

    assert response.status_code == 422
    assert not Suggestion.objects.exists()


def test_a_second_press_suggests_nothing_twice(signed_in: SignIn, analyst: User, snapshot: Snapshot) -> None:
    place, client = said(snapshot, "Japan is ninth"), signed_in(analyst)
    form = {"text": "Japan is tenth", "token": "7b1f3c1e-65a5-4a6c-8f39-0a1d3f0a9d55"}

    for _ in range(2):
        client.post(reverse("suggestion_add", args=[place.pk]), form)

    assert Suggestion.objects.count() == 1


def test_an_answer_over_one_that_nobody_saw_is_refused(signed_in: SignIn, analyst: User, snapshot: Snapshot) -> None:
    suggestion = suggestions.suggest(said(snapshot, "Japan is ninth"), "Tenth.", by=analyst)
    answer = reverse("suggestion_answer", args=[suggestion.pk])
    client = signed_in(analyst)

    assert client.post(answer, {"answer": "stet", "seen": ""}).status_code == 303
    response = client.post(answer, {"answer": "accept", "seen": ""})

    assert response.status_code == 409
    assert "noted “stet” meanwhile" in response.content.decode()
    suggestion.refresh_from_db()
    assert suggestion.answer == "stet"


def test_an_answer_is_taken_back_with_its_note(analyst: User, snapshot: Snapshot) -> None:
    suggestion = suggestions.suggest(said(snapshot, "Japan is ninth"), "Tenth.", by=analyst)
    suggestions.answer(suggestion, "stet", by=analyst, seen="", note="A matter of method.")
    suggestions.answer(suggestion, "", by=analyst, seen="stet")

    suggestion.refresh_from_db()
    assert (suggestion.answer, suggestion.answer_note, suggestion.answered_by) == ("", "", None)


def test_the_same_answer_again_is_no_act(analyst: User, snapshot: Snapshot) -> None:
    suggestion = suggestions.suggest(said(snapshot, "Japan is ninth"), "Tenth.", by=analyst)
    for _ in range(2):
        suggestions.answer(suggestion, "stet", by=analyst, seen="")

    assert Event.objects.of(snapshot.document).filter(act="answer").count() == 1


def test_an_answer_that_is_none_is_refused(signed_in: SignIn, analyst: User, snapshot: Snapshot) -> None:
    suggestion = suggestions.suggest(said(snapshot, "Japan is ninth"), "Tenth.", by=analyst)

    for form in ({"answer": "perhaps"}, {"answer": "stet", "note": "x" * 5_001}):
        assert signed_in(analyst).post(reverse("suggestion_answer", args=[suggestion.pk]), form).status_code == 422


def test_a_reader_suggests_and_answers_nothing(reader: User, snapshot: Snapshot) -> None:
    place = said(snapshot, "Japan is ninth")
    suggestion = suggestions.suggest(place, "Tenth.", by=factories.user("maker"))

    with pytest.raises(Refused):
        suggestions.suggest(place, "Eleventh.", by=reader)
    with pytest.raises(Refused):
        suggestions.answer(suggestion, "stet", by=reader, seen="")


def test_the_newest_suggestion_stands_and_a_new_draft_with_the_same_words_keeps_it(
    signed_in: SignIn, analyst: User, snapshot: Snapshot
) -> None:
    place = said(snapshot, "Japan is ninth")
    suggestions.suggest(place, "Japan is eleventh", by=analyst)
    newest = suggestions.suggest(place, "Japan is tenth", by=analyst)
    factories.snapshot(document=snapshot.document, text=f"A new start. {TEXT}", by=analyst)

    (line,) = signed_in(analyst).get(address(snapshot.document)).context["memo"].changes

    assert line.suggestion == newest
    assert [old.text for old in line.earlier] == ["Japan is eleventh"]


def test_text_that_cannot_be_stored_is_refused(analyst: User, snapshot: Snapshot) -> None:
    with pytest.raises(ValidationError):
        suggestions.suggest(said(snapshot, "Japan is ninth"), "a\x00b", by=analyst)
