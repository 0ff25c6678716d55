"""Hostile files and addresses through the web: a clear message, no connection where none may go, nothing stored."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings

from claims.choices import JobState
from claims.models import Document, Event, Job, Sentence, Snapshot, Source, User
from tests import factories
from tests.fetching.test_hostile_addresses import LED_TO, TYPED
from tests.intake.hostile import REFUSED, Refused
from tests.intake.samples import PROSE

SignIn = Callable[[User], Client]
Resolve = Callable[..., list[str]]


@pytest.fixture
def client(signed_in: SignIn, analyst: User, settings: Settings) -> Client:
    """An analyst at a desk whose machine may be slow."""
    settings.READ_MAX_SECONDS, settings.READ_MAX_MEMORY = 120, 600_000_000
    factories.source("The Paper")
    return signed_in(analyst)


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Document, Snapshot, Sentence, Source, Event))


def told(client: Client, **fields: Any) -> str:
    """What the person reads in the end: on the form, or on the page of the job."""
    response = client.post("/documents/add/", fields)
    if response.status_code == 302:
        [job] = factories.run_jobs()
        assert job.state == JobState.FAILED
        response = client.get(response.headers["Location"])
        assert response.status_code == 200
        return job.problem if escape(job.problem) in response.content.decode() else ""
    assert response.status_code == 422
    return " ".join(message for messages in response.context["form"].errors.values() for message in messages)


@pytest.mark.parametrize("hostile", [pytest.param(file, id=file.name) for file in REFUSED])
def test_a_hostile_file_is_refused_with_its_reason(hostile: Refused, client: Client) -> None:
    before = stored()
    content_type = hostile.content_type or "text/plain"
    file = SimpleUploadedFile(hostile.name, hostile.make(), content_type=content_type)
    message = told(client, how="uploaded", source="The Paper", file=file)
    # Two files do not even become a job.
    assert hostile.message in message or "larger than 20 MB" in message or "is empty" in message
    assert 15 < len(message) < 200
    assert stored() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Windows\\win.txt", "win.txt"),
        ("report\u202efdp.txt", "reportfdp.txt"),
        ("<script>alert(1)<.txt", "<script>alert(1)<.txt"),
        ("a" * 300 + ".txt", "a" * 251 + ".txt"),
        ("'; DROP TABLE claims_job; --.txt", "'; DROP TABLE claims_job; --.txt"),
    ],
)
def test_no_name_does_harm(name: str, kept: str, client: Client) -> None:
    file = SimpleUploadedFile("x", PROSE.encode())
    file._name = name  # as a program would send it, past what the test client tidies
    response = client.post("/documents/add/", {"how": "uploaded", "source": "The Paper", "file": file})
    assert escape(kept) in client.get(response.headers["Location"]).content.decode()
    factories.run_jobs()
    assert Document.objects.get().title == kept.removesuffix(".txt")


@pytest.mark.parametrize("url", TYPED)
def test_an_address_that_may_not_be_asked_is_refused_at_its_field(
    url: str, client: Client, resolve: Resolve, connected: list[object]
) -> None:
    before = stored()
    looked_up = resolve(["127.0.0.1"])
    assert len(told(client, how="fetched", url=url)) > 20
    assert (looked_up, connected, stored(), Job.objects.count()) == ([], [], before, 0)


@pytest.mark.parametrize("address", LED_TO[::4])
def test_a_name_that_leads_into_a_private_network_is_refused_unconnected(
    address: str, client: Client, resolve: Resolve, connected: list[object]
) -> None:
    before = stored()
    resolve([address])
    assert "example.org leads into a private network" in told(client, how="fetched", url="http://example.org/")
    assert (connected, stored()) == ([], before)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("redirect?to=http://127.0.0.1:9/", "names a machine by number"),
        ("redirect?to=http://localhost/", "private network"),
        ("redirect?to=file:///etc/passwd", "Only web addresses"),
        ("redirect?to=gopher://localhost/", "Only web addresses"),
        ("redirect?to=http://ann:secret@localhost/", "user name or password"),
        ("round", "leads on more than 3 times"),
        ("endless", "larger than 1 MB"),
        ("endless-chunks", "larger than 1 MB"),
        ("bomb", "larger than 1 MB"),
        ("drip", "took too long"),
        ("drip-of-headers", "took too long"),
        ("silence", "took too long"),
        ("cut", "broke off"),
        ("no-http", "broke off"),
        ("not-gzip", "broke off"),
        ("status?code=404", "no such page"),
        ("status?code=500", "answered 500"),
    ],
)
def test_a_page_that_does_harm_is_given_up_with_its_reason(
    path: str, message: str, client: Client, site: str, settings: Settings
) -> None:
    settings.FETCH_MAX_BYTES, settings.FETCH_MAX_SECONDS = 1_000_000, 0.5 if "too long" in message else 20
    before = stored()
    said = told(client, how="fetched", url=f"{site}/{path}")
    assert message in said
    assert stored() == before
