"""Documents, their frozen texts, and what is decided about their sentences."""

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import documents, evidence
from claims.choices import Origin, RecordAct, Reliability
from claims.links import LinkError
from claims.models import Document, Event, Snapshot, Source, User, sha256
from claims.workflow import Refused
from tests import factories

ADDRESS = "https://www.example.org/table"


def test_a_document_is_added_with_one_event(analyst: User) -> None:
    source = factories.source("SIPRI")
    document = documents.add_document(by=analyst, source=source, title="Trends", url=ADDRESS, published_on="2023-04")
    event = Event.objects.of(document).get()
    assert (event.act, event.by) == (RecordAct.ADD, analyst)
    assert event.changes == {
        "source": [None, "SIPRI"],
        "title": [None, "Trends"],
        "url": [None, ADDRESS],
        "published_on": [None, "2023-04"],
        "under_check": [None, False],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 301),
        ("published_on", "24/05/2023"),
        ("authors", "x" * 301),
        ("language", "x" * 36),
    ],
)
def test_what_a_document_cannot_hold_is_told_at_its_field(field: str, value: str, analyst: User) -> None:
    with pytest.raises(ValidationError) as caught:
        factories.document(by=analyst, **{"title": "Trends", field: value})
    assert set(caught.value.message_dict) == {field}
    assert not Document.objects.exists()


def test_an_address_is_stored_once(analyst: User) -> None:
    factories.document(by=analyst, url=ADDRESS)
    with pytest.raises(ValidationError) as caught:
        factories.document(by=analyst, url=f"{ADDRESS}?utm_source=news#top")
    assert set(caught.value.message_dict) == {"url"}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://127.0.0.1/", "https://x.org/" * 400]
)
def test_a_bad_address_is_refused(url: str, analyst: User) -> None:
    with pytest.raises(LinkError):
        factories.document(by=analyst, url=url)
    with pytest.raises(LinkError):
        evidence.document_for_url(url, by=analyst)
    assert not Document.objects.exists()


def test_a_text_is_frozen_with_its_hashes_and_split(analyst: User) -> None:
    document = factories.document()
    raw = "One.\r\nTwo.".encode("utf-16")
    snapshot = documents.add_snapshot(document, "One.\r\nTwo.", by=analyst, origin=Origin.UPLOADED, raw=raw)
    assert snapshot.text == "One.\nTwo."
    assert (snapshot.text_sha256, snapshot.raw_sha256) == (sha256(b"One.\nTwo."), sha256(raw))
    assert [snapshot.text[s.start : s.end] for s in snapshot.sentences.all()] == ["One.", "Two."]
    event = Event.objects.of(document).latest("number")
    assert (event.act, event.subject_id) == (RecordAct.ADD_SNAPSHOT, snapshot.pk)
    assert event.changes == {"snapshot": [None, snapshot.text_sha256]}


def test_a_second_text_is_no_first_one(analyst: User) -> None:
    first = factories.snapshot(text="One.")
    with pytest.raises(ValidationError, match="next draft"):
        documents.add_snapshot(first.document, "Two.", by=analyst)
    assert first.document.snapshots.count() == 1


@pytest.mark.parametrize("text", ["", " \n\t", "a\x00b", "half a pair \ud800", "x" * (limits.DOCUMENT + 1)])
def test_what_is_no_text_is_refused_and_nothing_is_stored_half(text: str, analyst: User) -> None:
    with pytest.raises(ValidationError) as caught:
        documents.add_article(by=analyst, title="An article", text=text, url=ADDRESS)
    assert set(caught.value.message_dict) == {"text"}
    assert not Document.objects.exists()
    assert not Source.objects.exists()
    assert not Event.objects.exists()


def test_an_article_without_a_source_belongs_to_its_site(analyst: User) -> None:
    document = documents.add_article(by=analyst, title="An article", text="One.", url=ADDRESS)
    assert (document.source.name, document.source.reliability) == ("example.org", Reliability.F)
    assert document.under_check
    assert Event.objects.of(document.source).get().reason
    with pytest.raises(ValidationError) as caught:
        documents.add_article(by=analyst, title="Again", text="One.", url=ADDRESS)
    assert set(caught.value.message_dict) == {"url"}
    assert Snapshot.objects.count() == 1


def test_an_article_of_nobody_is_refused(analyst: User) -> None:
    with pytest.raises(ValidationError) as caught:
        documents.add_article(by=analyst, title="An article", text="One.")
    assert set(caught.value.message_dict) == {"source"}


def test_the_site_of_a_link_is_known_by_its_homepage(analyst: User) -> None:
    source = factories.source(homepage="https://example.org/about")
    assert evidence.document_for_url(ADDRESS, by=analyst).source == source
    assert evidence.document_for_url("https://notexample.org/", by=analyst).source != source


def test_a_site_with_a_very_long_name_is_a_source_too(analyst: User) -> None:
    host = ".".join(["x" * 60] * 4) + ".org"
    assert len(evidence.document_for_url(f"https://{host}/", by=analyst).source.name) == 200


def test_a_reader_adds_nothing(reader: User) -> None:
    document = factories.document()
    acts = [
        lambda: factories.document(by=reader),
        lambda: documents.add_snapshot(document, "One.", by=reader),
        lambda: documents.add_article(by=reader, title="An article", text="One.", url=ADDRESS),
        lambda: evidence.document_for_url(ADDRESS, by=reader),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert Document.objects.count() == 1
