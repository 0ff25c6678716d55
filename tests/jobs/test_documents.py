"""What jobs make of pages, files and drafts, and that they store it whole or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from claims.choices import JobState, Origin, Role
from claims.intake.incoming import SCORING, STORING
from claims.jobs import Progress, cancel, keep_upload, resume_lost
from claims.jobs.documents import start_document, start_draft
from claims.models import Document, Event, Job, Snapshot, Source, Upload, User, sha256
from tests import factories
from tests.fetching.site import PAGE
from tests.intake.samples import html

BODY = (
    "<article><h1>Japan and NATO</h1><p>Japan has the ninth-largest military budget in the world, it is said.</p>"
    "<p>Only four members of NATO spend more than that on their armed forces.</p></article>"
)
ARTICLE = html(BODY)


def read_file(by: User, content: bytes = ARTICLE, name: str = "article.html", **details: Any) -> Job:
    details = {"source": Source.objects.first() or factories.source(), **details}
    even_so = details.pop("even_so", False)
    upload = keep_upload(by=by, name=name, content_type="", data=content)
    start_document(Origin.UPLOADED, details, by=by, upload=upload, even_so=even_so)
    return factories.run_jobs()[-1]


def read_page(url: str, by: User, **details: Any) -> Job:
    start_document(Origin.FETCHED, {"url": url, **details}, by=by)
    return factories.run_jobs()[-1]


def read_next(document: Document, content: bytes, by: User) -> Job:
    upload = keep_upload(by=by, name="draft.txt", content_type="", data=content)
    start_draft(document, Origin.UPLOADED, by=by, upload=upload)
    return factories.run_jobs()[-1]


class TestDocument:
    def test_a_page_is_stored_with_its_bytes_hashed_and_belongs_to_its_site(self, site: str, analyst: User) -> None:
        job = read_page(f"{site}/page", analyst)
        assert (job.state, job.problem) == (JobState.DONE, "")
        document = Document.objects.get()
        assert (document.title, document.source.name, document.under_check) == ("Budget", "localhost", True)
        assert (document.url, document.accessed_on is not None) == (f"{site}/page", True)
        snapshot = document.snapshots.get()
        assert (snapshot.origin, snapshot.raw_sha256) == (Origin.FETCHED, sha256(PAGE))
        assert snapshot.sentences.get().score is not None

    def test_a_file_tells_of_itself_what_the_person_left_empty(self, analyst: User) -> None:
        said = {"author": "Ann Writer", "article:published_time": "2023-05-24"}
        head = "".join(f'<meta name="{name}" property="{name}" content="{value}">' for name, value in said.items())
        job = read_file(analyst, html(BODY, head=head), authors="B. Editor")
        document = Document.objects.get()
        assert job.document == document
        assert (document.title, document.authors) == ("Japan and NATO", "B. Editor")
        assert (document.published_on, document.language) == ("2023-05-24", "en-GB")

    def test_warnings_of_the_reading_are_reported(self, analyst: User) -> None:
        job = read_file(analyst, name="article.pdf")
        assert "By its name this is" in job.report["warnings"][0]
        assert job.report["url"].endswith("/triage/")

    def test_an_address_that_leads_to_another_site_is_reported(
        self, site: str, port: int, analyst: User, settings: Settings, resolve: Callable[..., list[str]]
    ) -> None:
        settings.FETCH_ALLOWED_HOSTS = [f"localhost:{port}", f"wiki.internal:{port}"]
        resolve(["127.0.0.1"])
        job = read_page(f"{site}/redirect?to=http://wiki.internal:{port}/page", analyst)
        told = "The address led on to another site, wiki.internal; what is there was read."
        assert job.report["warnings"][0] == told
        assert Document.objects.get().source.name == "wiki.internal"

    def test_a_page_that_is_stored_already_is_not_even_asked_for(
        self, site: str, analyst: User, connected: list[object]
    ) -> None:
        known = factories.document(url=f"{site}/page")
        job = read_page(f"{site}/page", analyst)
        assert (job.state, job.report["url"]) == (JobState.FAILED, known.get_absolute_url())
        assert f"This page is stored already, as “{known}”." in job.problem
        assert connected == []

    def test_a_page_that_leads_to_a_stored_one_is_not_stored_twice(self, site: str, analyst: User) -> None:
        known = factories.document(url=f"{site}/page")
        job = read_page(f"{site}/redirect?to=/page", analyst)
        assert (job.state, job.report["url"]) == (JobState.FAILED, known.get_absolute_url())
        assert Document.objects.count() == 1

    def test_a_text_that_is_stored_already_is_not_stored_twice_unless_it_is_wanted(self, analyst: User) -> None:
        assert read_file(analyst).state == JobState.DONE
        again = read_file(analyst, name="copy.html", title="A copy")
        assert (again.state, again.report["label"]) == (JobState.FAILED, "Open the document")
        assert (Document.objects.count(), again.file() is not None) == (1, True)
        assert read_file(analyst, name="copy.html", title="A copy", even_so=True).state == JobState.DONE

    def test_what_cannot_be_stored_leaves_nothing(self, analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*args: object, **kwargs: object) -> None:
            raise ValidationError("The last of the sentences is too much.")

        monkeypatch.setattr("claims.actions.documents.add_sentences", refuse)
        before = Event.objects.count()
        job = read_file(analyst)
        assert (job.state, job.problem) == (JobState.FAILED, "The last of the sentences is too much.")
        assert (Document.objects.count(), Snapshot.objects.count(), Event.objects.count()) == (0, 0, before)

    def test_who_lost_the_right_meanwhile_stores_nothing(self, analyst: User) -> None:
        upload = keep_upload(by=analyst, name="a.txt", content_type="", data=b"One.")
        start_document(Origin.UPLOADED, {"source": factories.source()}, by=analyst, upload=upload)
        analyst.groups.set([])
        [job] = factories.run_jobs()
        assert job.state == JobState.FAILED
        assert "role" in job.problem or "analyst" in job.problem
        assert not Document.objects.exists()

    def test_a_file_that_is_gone_is_said_to_be(self, analyst: User) -> None:
        start_document(Origin.UPLOADED, {"source": factories.source()}, by=analyst)
        assert "not there any more" in factories.run_jobs()[0].problem


class TestDraft:
    def test_it_becomes_the_next_snapshot_and_leads_to_the_walk(self, analyst: User) -> None:
        claim = factories.claim_in_text(by=analyst)
        document = claim.appearances.get().snapshot.document
        text = factories.TEXT.replace("Only four", "Only five")
        job = read_next(document, text.encode(), analyst)
        assert (job.state, job.report["url"]) == (JobState.DONE, f"/documents/{document.pk}/drafts/2/")
        second = document.snapshots.get(number=2)
        assert (second.text, second.origin) == (text, Origin.UPLOADED)
        assert claim.appearances.count() == 2

    def test_the_same_text_again_changes_nothing_and_says_so(self, analyst: User) -> None:
        document = factories.snapshot().document
        job = read_next(document, factories.TEXT.encode(), analyst)
        assert job.state == JobState.DONE
        assert "Nothing changed" in job.report["lines"][0]
        assert job.report["url"] == document.get_absolute_url()
        assert document.snapshots.count() == 1

    def test_a_page_is_fetched_again(self, site: str, analyst: User) -> None:
        read_page(f"{site}/page", analyst)
        document = Document.objects.get()
        start_draft(document, Origin.FETCHED, by=analyst, url=f"{site}/page")
        assert "Nothing changed" in factories.run_jobs()[0].report["lines"][0]

    def test_what_cannot_be_read_stores_nothing(self, analyst: User) -> None:
        document = factories.snapshot().document
        job = read_next(document, b"%PDF-1.7\n", analyst)
        assert (job.state, document.snapshots.count()) == (JobState.FAILED, 1)
        assert "damaged" in job.problem


class TestCancelling:
    @pytest.fixture
    def job(self, analyst: User) -> Job:
        text = "Japan has the ninth-largest budget. " * 50
        upload = keep_upload(by=analyst, name="a.txt", content_type="", data=text.encode())
        return start_document(Origin.UPLOADED, {"source": factories.source()}, by=analyst, upload=upload)

    @pytest.mark.parametrize("step", [SCORING, STORING])
    def test_a_job_cancelled_in_the_middle_stores_nothing(
        self, job: Job, step: str, analyst: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        report = Progress.report

        def cancelling(progress: Progress, now: str, done: int = 0, total: int = 0) -> None:
            report(progress, now, done, total)
            if now == step:
                monkeypatch.setattr(Progress, "report", report)
                cancel(Job.objects.get(pk=job.pk), by=analyst)

        monkeypatch.setattr(Progress, "report", cancelling)
        [ended] = factories.run_jobs()
        assert ended.state == JobState.CANCELLED
        assert not Document.objects.exists()
        assert ended.file() is not None

    def test_one_whose_worker_is_gone_ends_without_another_try(self, job: Job, analyst: User) -> None:
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, beat_at=job.made_at.replace(year=2020))
        cancel(job, by=analyst)
        assert resume_lost() == 0
        job.refresh_from_db()
        assert job.state == JobState.CANCELLED


class TestUploads:
    def test_one_that_nobody_needs_is_deleted_after_a_day(self, analyst: User) -> None:
        kept = [keep_upload(by=analyst, name=name, content_type="", data=b"") for name in ("old", "waiting", "failed")]
        for upload, state in zip(kept[1:], (JobState.WAITING, JobState.FAILED), strict=True):
            job = start_document(Origin.UPLOADED, {}, by=analyst, upload=upload)
            if state == JobState.FAILED:
                Job.objects.filter(pk=job.pk).update(state=state, finished_at=job.made_at)
        Upload.objects.update(made_at=kept[0].made_at.replace(year=2020))
        keep_upload(by=analyst, name="new", content_type="", data=b"")
        assert set(Upload.objects.values_list("name", flat=True)) == {"waiting", "new"}

    def test_a_reader_keeps_none(self, db: None) -> None:
        from claims.workflow import Refused

        with pytest.raises(Refused):
            keep_upload(by=factories.user("ann", Role.READER), name="", content_type="", data=b"")
