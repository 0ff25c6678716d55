"""Adding a document: a short paste is stored at once; links, files and long pastes become jobs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from claims import limits
from claims.choices import JobKind, JobState, Origin
from claims.models import Document, Event, Job, Source, Upload, User
from tests import factories

SignIn = Callable[[User], Client]
TEXT = "One sentence. Another one."


@pytest.fixture(autouse=True)
def paper(db: None) -> Source:
    return factories.source("The Paper", homepage="https://paper.example.com/")


def post(client: Client, **fields: Any) -> HttpResponse:
    """A paste, unless `fields` say otherwise; as multipart, which the form sends."""
    given = {"how": "pasted", "title": "A text", "source": "The Paper", "text": TEXT, **fields}
    return client.post("/documents/add/", {name: value for name, value in given.items() if value is not None})


def file(content: bytes = TEXT.encode(), name: str = "report.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/plain")


def body(response: Any) -> str:
    return str(response.content.decode())


def errors(response: Any, field: str) -> str:
    assert response.status_code == 422
    return " ".join(response.context["form"].errors.get(field, []))


class TestPaste:
    def test_a_short_text_is_stored_at_once_and_leads_to_its_triage(self, signed_in: SignIn, analyst: User) -> None:
        response = post(signed_in(analyst), published_on="24 May 2023", language="en", authors="A. Writer")
        document = Document.objects.get()
        assert response.headers["Location"] == f"/documents/{document.pk}/triage/"
        assert (document.under_check, document.published_on, document.language) == (True, "2023-05-24", "en")
        snapshot = document.snapshots.get()
        assert (snapshot.origin, snapshot.raw_sha256) == (Origin.PASTED, snapshot.text_sha256)
        assert [sentence.score is not None for sentence in snapshot.sentences.all()] == [True, True]
        assert [event.act for event in Event.objects.of(document)] == ["add", "add_snapshot"]
        assert not Job.objects.exists()

    def test_a_long_text_is_read_in_the_background(self, signed_in: SignIn, analyst: User) -> None:
        response = post(signed_in(analyst), text=f"# A heading\n\n{'One sentence of many. ' * 5_000}")
        job = Job.objects.get()
        assert response.headers["Location"] == job.get_absolute_url()
        assert (job.kind, job.title, job.state) == (JobKind.DOCUMENT, "A text", JobState.WAITING)
        factories.run_jobs()
        snapshot = Document.objects.get().snapshots.get()
        assert (snapshot.origin, snapshot.raw_sha256) == (Origin.PASTED, snapshot.text_sha256)
        assert snapshot.sentences.count() == 5_001
        assert not Upload.objects.exists()

    def test_without_a_source_the_address_says_whose_it_is(
        self, signed_in: SignIn, analyst: User, paper: Source
    ) -> None:
        post(signed_in(analyst), source="", url="https://www.paper.example.com/story")
        assert Document.objects.get().source == paper

    def test_an_unknown_host_becomes_an_ungraded_source(self, signed_in: SignIn, analyst: User) -> None:
        post(signed_in(analyst), source="", url="https://new.example.org/story")
        source = Document.objects.get().source
        assert (source.name, source.reliability) == ("new.example.org", "F")

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("text", " \n ", "blank"),
            ("text", "a\x00b", "NUL"),
            ("title", "", "Give the text a title"),
            ("title", "x" * 301, "At most 300 characters are allowed; this has 301"),
            ("source", "Nobody knows it", "No source has this name"),
            ("source", "", "Name the source"),
            ("url", "javascript:alert(1)", "http"),
            ("published_on", "2023-13", "month"),
            ("language", "<script>", "language tag"),
        ],
    )
    def test_what_cannot_be_stored_is_refused_at_its_field(
        self, signed_in: SignIn, analyst: User, field: str, value: str, message: str
    ) -> None:
        assert message in errors(post(signed_in(analyst), **{field: value}), field)
        assert not Document.objects.exists()

    def test_a_text_that_is_too_long_is_refused_with_both_numbers(self, signed_in: SignIn, analyst: User) -> None:
        response = post(signed_in(analyst), text="x" * (limits.DOCUMENT + 1))
        assert errors(response, "text") == "At most 2,000,000 characters are allowed; this text has 2,000,001."

    def test_the_longest_text_in_the_widest_script_goes_through(self, signed_in: SignIn, analyst: User) -> None:
        response = post(signed_in(analyst), text="🗾" * limits.DOCUMENT)
        assert response.status_code == 302

    def test_a_form_beyond_all_measure_is_refused_in_words(self, signed_in: SignIn, analyst: User) -> None:
        response = post(signed_in(analyst), text="x" * 11_000_000)
        assert response.status_code == 413
        assert "larger than this desk takes" in body(response)


class TestWays:
    def test_the_page_offers_all_three(self, signed_in: SignIn, analyst: User) -> None:
        page = body(signed_in(analyst).get("/documents/add/"))
        assert page.count('type="radio" name="how"') == 3
        for name in ("url", "text", "file"):
            assert f'name="{name}"' in page
        assert 'enctype="multipart/form-data"' in page
        assert "up to 20 MB" in page

    def test_without_a_choice_the_way_is_what_was_given(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        post(client, how=None, url="https://www.paper.example.com/1")
        post(client, how=None, text="", url="https://www.paper.example.com/2")
        post(client, how=None, text="", url="https://www.paper.example.com/3", file=file())
        assert Document.objects.get().snapshots.get().origin == Origin.PASTED
        origins = [job.params["origin"] for job in Job.objects.order_by("pk")]
        assert origins == [Origin.FETCHED, Origin.UPLOADED]

    @pytest.mark.parametrize(
        ("fields", "field", "message"),
        [
            ({"how": None, "text": ""}, "how", "Give a link, a text or a file"),
            ({"how": "by post"}, "how", "not one of the available choices"),
            ({"how": "fetched", "text": ""}, "url", "Give the address"),
            ({"how": "fetched", "url": "https://example.org/"}, "text", "Link is chosen, and here is a text too"),
            ({"how": "pasted", "file": True}, "file", "Paste is chosen, and a file was sent too"),
            ({"how": "pasted", "text": ""}, "text", "blank"),
            ({"how": "uploaded", "text": ""}, "file", "Choose a file"),
            ({"how": "uploaded", "file": True}, "text", "File is chosen, and here is a text too"),
            ({"how": "uploaded", "text": "", "source": "", "file": True}, "source", "Name the source"),
        ],
    )
    def test_one_text_is_given_in_one_way(
        self, signed_in: SignIn, analyst: User, fields: dict[str, Any], field: str, message: str
    ) -> None:
        if fields.get("file"):
            fields = {**fields, "file": file()}
        response = post(signed_in(analyst), **fields)
        assert message in errors(response, field)
        assert "A text" in body(response)
        assert not Job.objects.exists()
        assert not Document.objects.exists()

    def test_readers_may_not(self, signed_in: SignIn, reader: User) -> None:
        assert post(signed_in(reader)).status_code == 403


class TestFile:
    def test_it_becomes_a_document_with_what_it_says_of_itself(
        self, signed_in: SignIn, analyst: User, paper: Source
    ) -> None:
        content = b"# Budgets of 2023\r\n\r\nJapan has the ninth-largest."
        client = signed_in(analyst)
        response = post(client, how="uploaded", text="", title="", file=file(content, "budget.md"))
        assert response.headers["Location"] == Job.objects.get().get_absolute_url()
        [job] = factories.run_jobs()
        document = Document.objects.get()
        assert (job.state, job.document, job.report["url"]) == ("done", document, f"/documents/{document.pk}/triage/")
        assert (document.title, document.source, document.under_check) == ("Budgets of 2023", paper, True)
        snapshot = document.snapshots.get()
        assert (snapshot.origin, snapshot.text) == (Origin.UPLOADED, content.decode().replace("\r\n", "\n"))
        assert snapshot.raw_sha256 != snapshot.text_sha256
        assert not Upload.objects.exists()

    def test_what_the_person_says_counts_before_what_the_file_says(self, signed_in: SignIn, analyst: User) -> None:
        post(
            signed_in(analyst),
            how="uploaded",
            text="",
            title="My title",
            language="ja",
            file=file(b"# Its title\n\nA."),
        )
        factories.run_jobs()
        assert (Document.objects.get().title, Document.objects.get().language) == ("My title", "ja")

    def test_without_title_and_heading_it_is_called_by_the_files_name(self, signed_in: SignIn, analyst: User) -> None:
        name = "the \u202ereport\u202c.final.txt"
        post(signed_in(analyst), how="uploaded", text="", title="", file=file(name=name))
        assert Job.objects.get().title == "the report.final.txt"
        factories.run_jobs()
        assert Document.objects.get().title == "the report.final"

    def test_one_that_is_too_large_is_refused_at_the_field_and_what_was_typed_is_kept(
        self, signed_in: SignIn, analyst: User, settings: Settings
    ) -> None:
        settings.READ_MAX_BYTES = 1_000_000
        client = signed_in(analyst)
        response = post(client, how="uploaded", text="", title="Typed", file=file(bytes(1_000_001)), authors="After it")
        assert errors(response, "file") == "This file is larger than 1 MB, and was not kept."
        assert 'value="Typed"' in body(response)
        assert 'value="After it"' in body(response)
        assert post(client, how="uploaded", text="", file=file(b"x" * 1_000_000)).status_code == 302

    def test_one_beyond_all_measure_is_not_read_to_its_end(
        self, signed_in: SignIn, analyst: User, settings: Settings
    ) -> None:
        settings.READ_MAX_BYTES = 1_000_000
        response = post(signed_in(analyst), how="uploaded", text="", file=file(bytes(20_000_000)))
        assert response.status_code == 413
        assert "larger than this desk takes" in body(response)

    def test_an_empty_one_is_refused_at_the_field(self, signed_in: SignIn, analyst: User) -> None:
        assert "empty" in errors(post(signed_in(analyst), how="uploaded", text="", file=file(b"")), "file")


class TestTwice:
    def test_a_known_address_points_at_the_stored_document(self, signed_in: SignIn, analyst: User) -> None:
        known = factories.document(title="Known <b>", url="https://paper.example.com/story")
        for how, text in (("pasted", TEXT), ("fetched", "")):
            response = post(signed_in(analyst), how=how, text=text, url="https://PAPER.example.com/story?utm_source=x")
            assert f'<a href="{known.get_absolute_url()}">Known &lt;b&gt;</a>' in errors(response, "url")
        assert Document.objects.count() == 1
        assert not Job.objects.exists()

    def test_a_known_text_points_at_the_stored_document(self, signed_in: SignIn, analyst: User) -> None:
        known = factories.snapshot(text=TEXT).document
        response = post(signed_in(analyst), text=TEXT.replace(" ", " "))
        assert f'<a href="{known.get_absolute_url()}">' in errors(response, "text")
        assert 'name="even_so"' in body(response)
        assert Document.objects.count() == 1

    def test_a_known_text_is_stored_again_when_it_is_another_document(self, signed_in: SignIn, analyst: User) -> None:
        factories.snapshot(text=TEXT)
        assert post(signed_in(analyst), even_so="on").status_code == 302
        assert Document.objects.count() == 2

    def test_an_older_text_of_a_document_does_not_count(self, signed_in: SignIn, analyst: User) -> None:
        from claims.actions.drafts import add_draft

        known = factories.snapshot(text=TEXT).document
        add_draft(known, "Something else by now.", by=analyst)
        assert post(signed_in(analyst)).status_code == 302

    def test_a_second_press_stores_nothing_twice(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        token = "0b9f5d5e-3a44-4c8e-9d62-1f1f7f3c0001"
        first, second = (post(client, token=token, url="https://paper.example.com/story") for _ in range(2))
        assert Document.objects.count() == 1
        assert first.headers["Location"] == second.headers["Location"]

    def test_a_second_press_starts_no_second_job(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        token = "0b9f5d5e-3a44-4c8e-9d62-1f1f7f3c0002"
        first, second = (post(client, token=token, how="uploaded", text="", file=file()) for _ in range(2))
        assert (Job.objects.count(), Upload.objects.count()) == (1, 1)
        assert first.headers["Location"] == second.headers["Location"]


class TestAgain:
    def failed(self, client: Client, **fields: Any) -> Job:
        post(client, **{"how": "uploaded", "text": "", "authors": "A. Writer", **fields})
        [job] = factories.run_jobs()
        assert job.state == JobState.FAILED
        return job

    def test_everything_typed_is_there_and_the_file_too(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        known = factories.snapshot(text=TEXT).document
        job = self.failed(client, file=file())
        assert f"stored already, as “{known}”" in job.problem
        page = body(client.get(f"/documents/add/?again={job.pk}"))
        for shown in ('value="A. Writer"', 'value="The Paper"', "<b>report.txt</b>", 'name="even_so"', "data-typed"):
            assert shown in page
        response = post(client, how="uploaded", text="", again=job.pk, even_so="on")
        assert response.status_code == 302
        [second] = factories.run_jobs()
        assert (second.state, Document.objects.count()) == (JobState.DONE, 2)
        assert not Upload.objects.exists()

    def test_a_long_paste_is_there_again(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        text = "One sentence of many. " * 5_000
        factories.snapshot(text=text)
        job = self.failed(client, how="pasted", text=text)
        assert client.get(f"/documents/add/?again={job.pk}").context["form"]["text"].value() == text

    def test_nobody_gets_at_anothers_file(self, signed_in: SignIn, analyst: User, reviewer: User) -> None:
        factories.snapshot(text=TEXT)
        job = self.failed(signed_in(analyst), file=file())
        client = signed_in(reviewer)
        assert "A. Writer" not in body(client.get(f"/documents/add/?again={job.pk}"))
        assert "Choose a file" in errors(post(client, how="uploaded", text="", again=job.pk), "file")

    def test_the_jobs_of_the_person_stand_beside_the_form(self, signed_in: SignIn, analyst: User) -> None:
        client = signed_in(analyst)
        post(client, how="uploaded", text="", title="A long report", file=file())
        assert "A long report" in body(client.get("/documents/add/"))
