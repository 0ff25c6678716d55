"""Correcting a document's title, source, address and dates."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Document, Event, User
from tests import factories

SignedIn = Callable[[User], Client]


@pytest.fixture
def document(db: None) -> Document:
    return factories.document(title="Militray budgets", url="https://example.org/report", published_on="2022")


def sent(document: Document, **changed: object) -> dict[str, object]:
    names = ("title", "url", "published_on", "authors", "language", "version")
    return {"source": document.source.name} | {name: getattr(document, name) for name in names} | changed


def edit(client: Client, document: Document, **changed: object):
    return client.post(reverse("document_edit", args=[document.pk]), sent(document, **changed))


def test_an_analyst_corrects_title_source_address_and_date(
    signed_in: SignedIn, analyst: User, document: Document
) -> None:
    other = factories.source("The Yearbook")
    wanted = {"title": "Military budgets", "url": "https://example.org/budgets", "published_on": "April 2022"}

    response = edit(signed_in(analyst), document, source="the yearbook", **wanted)

    assert (response.status_code, response.url) == (303, document.get_absolute_url())
    document.refresh_from_db()
    assert (document.title, document.url, document.published_on) == (*list(wanted.values())[:2], "2022-04")
    assert (document.source, document.url_key) == (other, "https://example.org/budgets")
    event = Event.objects.of(document).last()
    assert event is not None
    assert event.changes["title"] == ["Militray budgets", "Military budgets"]


def test_saving_the_same_again_is_no_act(signed_in: SignedIn, analyst: User, document: Document) -> None:
    before = Event.objects.of(document).count()
    assert edit(signed_in(analyst), document).status_code == 303
    assert Event.objects.of(document).count() == before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": ""}, "required"),
        ({"url": "javascript:alert(1)"}, "http"),
        ({"published_on": "next week"}, "is not a date"),
        ({"source": "Nobody knows"}, "No source has this name"),
        ({"source": "", "url": ""}, "Name the source"),
    ],
)
def test_bad_values_are_told_at_the_field_and_kept(
    signed_in: SignedIn, analyst: User, document: Document, changed: dict[str, str], said: str
) -> None:
    response = edit(signed_in(analyst), document, **changed)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_an_address_that_another_document_has_is_refused(
    signed_in: SignedIn, analyst: User, document: Document
) -> None:
    factories.document(url="https://example.org/other")
    response = edit(signed_in(analyst), document, url="http://EXAMPLE.org/other#part")
    assert response.status_code == 422
    assert "stored already" in response.content.decode()


def test_a_stale_save_shows_both_versions_and_can_be_merged(
    signed_in: SignedIn, analyst: User, document: Document
) -> None:
    client = signed_in(analyst)
    edit(client, document, title="Theirs")
    stale = edit(client, document, title="Mine")
    assert stale.status_code == 409
    assert "Theirs" in stale.content.decode()
    assert "Mine" in stale.content.decode()
    document.refresh_from_db()
    assert edit(client, document, title="Mine").status_code == 303


def test_a_reader_may_not_and_sees_neither_edit_nor_export(
    signed_in: SignedIn, reader: User, document: Document
) -> None:
    client = signed_in(reader)
    assert client.get(reverse("document_edit", args=[document.pk])).status_code == 403
    page = client.get(document.get_absolute_url()).content.decode()
    assert reverse("document_edit", args=[document.pk]) not in page
    assert "export.csv" not in page
