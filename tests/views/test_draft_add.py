"""A new draft of a document: fetched again, pasted, or sent as a file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from claims.choices import JobKind, JobState, Origin
from claims.models import Document, Job, Upload, User
from tests import factories

SignIn = Callable[[User], Client]
CHANGED = factories.TEXT.replace("Only four", "Only five")


@pytest.fixture
def document(db: None) -> Document:
    document = factories.document(url="https://paper.example.com/story", under_check=True)
    factories.snapshot(document=document)
    return document


def post(client: Client, document: Document, **fields: Any) -> HttpResponse:
    return client.post(f"/documents/{document.pk}/drafts/add/", {"url": document.url, **fields})


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_documents_own_address_is_chosen(signed_in: SignIn, analyst: User, document: Document) -> None:
    client = signed_in(analyst)
    page = client.get(f"/documents/{document.pk}/drafts/add/")
    assert page.context["form"]["how"].value() == Origin.FETCHED
    assert 'value="https://paper.example.com/story"' in body(page)
    without = factories.snapshot().document
    page = client.get(f"/documents/{without.pk}/drafts/add/")
    assert page.context["form"]["how"].value() == Origin.PASTED


def test_a_short_paste_is_stored_at_once_and_leads_to_the_walk(
    signed_in: SignIn, analyst: User, document: Document
) -> None:
    response = post(signed_in(analyst), document, how="pasted", text=CHANGED)
    assert response.headers["Location"] == f"/documents/{document.pk}/drafts/2/"
    assert document.snapshots.get(number=2).text == CHANGED
    assert not Job.objects.exists()


def test_the_same_text_again_is_refused_at_its_field(signed_in: SignIn, analyst: User, document: Document) -> None:
    response = post(signed_in(analyst), document, how="pasted", text=factories.TEXT)
    assert response.status_code == 422
    assert "This is the text of snapshot 1" in body(response)
    assert document.snapshots.count() == 1


def test_a_file_is_read_in_the_background(signed_in: SignIn, analyst: User, document: Document) -> None:
    file = SimpleUploadedFile("second.txt", CHANGED.encode())
    response = post(signed_in(analyst), document, how="uploaded", file=file)
    job = Job.objects.get()
    assert response.headers["Location"] == job.get_absolute_url()
    assert (job.kind, job.document, job.title) == (JobKind.DRAFT, document, f"{document}: second.txt")
    factories.run_jobs()
    assert document.snapshots.get(number=2).origin == Origin.UPLOADED
    assert not Upload.objects.exists()


def test_the_page_is_fetched_again_in_the_background(signed_in: SignIn, analyst: User, document: Document) -> None:
    post(signed_in(analyst), document, how="fetched")
    job = Job.objects.get()
    assert (job.params["origin"], job.params["url"]) == (Origin.FETCHED, document.url)


def test_a_draft_that_failed_is_tried_again_with_its_file(signed_in: SignIn, analyst: User, document: Document) -> None:
    client = signed_in(analyst)
    post(client, document, how="uploaded", file=SimpleUploadedFile("second.txt", b"%PDF-1.7\n"))
    [failed] = factories.run_jobs()
    assert failed.state == JobState.FAILED
    page = body(client.get(f"/documents/{document.pk}/drafts/add/?again={failed.pk}"))
    assert "<b>second.txt</b>" in page
    assert post(client, document, how="uploaded", again=failed.pk).status_code == 302


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"how": "uploaded"}, "Choose a file"),
        ({"how": "pasted"}, "The text is blank"),
        ({"how": "fetched", "url": ""}, "Give the address"),
        ({"how": "fetched", "url": "http://127.0.0.1/"}, "names a machine by number"),
    ],
)
def test_without_a_text_there_is_no_draft(
    signed_in: SignIn, analyst: User, document: Document, fields: dict[str, str], message: str
) -> None:
    response = post(signed_in(analyst), document, **fields)
    assert response.status_code == 422
    assert message in body(response)
    assert not Job.objects.exists()


def test_a_second_press_stores_nothing_twice(signed_in: SignIn, analyst: User, document: Document) -> None:
    client = signed_in(analyst)
    token = "0b9f5d5e-3a44-4c8e-9d62-1f1f7f3c0003"
    first, second = (post(client, document, how="pasted", text=CHANGED, token=token) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert document.snapshots.count() == 2


def test_the_documents_head_leads_here_and_to_the_triage(
    signed_in: SignIn, analyst: User, reader: User, document: Document
) -> None:
    page = body(signed_in(analyst).get(document.get_absolute_url()))
    for place in ("drafts/add/", "triage/"):
        assert f'href="/documents/{document.pk}/{place}"' in page
    assert "drafts/add/" not in body(signed_in(reader).get(document.get_absolute_url()))


def test_readers_may_not(signed_in: SignIn, reader: User, document: Document) -> None:
    assert post(signed_in(reader), document, how="pasted", text=CHANGED).status_code == 403
