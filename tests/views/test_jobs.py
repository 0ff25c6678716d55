"""Work in the background: who sees it, how far it is, what came of it, and how it is cancelled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.choices import JobKind, JobState
from claims.jobs import Progress, cancel
from claims.jobs.documents import NOTHING_CHANGED
from claims.jobs.run import _take_up
from claims.models import Job, Source, User
from claims.views.jobs import in_words
from tests import factories

SignIn = Callable[[User], Client]
JOB = {"HX-Request": "true", "HX-Target": "job"}


def body(response: Any) -> str:
    return str(response.content.decode())


def running(by: User, step: str = "", done: int = 0, total: int = 0) -> Job:
    """A job that a worker is at, at this step."""
    job = factories.job(by=by)
    taken = _take_up(job.pk, "a worker")
    assert taken
    if step:
        Progress(taken).report(step, done, total)
    return taken


def ended(by: User, state: JobState = JobState.DONE, **fields: Any) -> Job:
    job = factories.job(by=by)
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), **fields)
    job.refresh_from_db()
    return job


class TestList:
    def test_people_see_what_they_started_and_admins_see_all(
        self, signed_in: SignIn, analyst: User, reviewer: User, admin: User
    ) -> None:
        factories.job(by=analyst, title="Mine")
        factories.job(by=reviewer, title="Theirs")
        page = body(signed_in(analyst).get("/jobs/"))
        assert "Mine" in page
        assert "Theirs" not in page
        page = body(signed_in(admin).get("/jobs/"))
        assert "Mine" in page
        assert "Theirs" in page
        assert "Started by" in page

    def test_older_ones_are_on_the_next_page(
        self, signed_in: SignIn, analyst: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(analyst)
        for number in range(26):
            factories.job(by=analyst, title=f"Report {number}.")
        client.get("/jobs/")
        with django_assert_num_queries(5):
            page = client.get("/jobs/")
        assert "Report 0." not in body(page)
        assert "Report 0." in body(client.get("/jobs/", {"after": page.context["page"].next_cursor}))

    def test_it_says_that_there_is_nothing(self, signed_in: SignIn, analyst: User) -> None:
        assert "Nothing was started yet" in body(signed_in(analyst).get("/jobs/"))

    def test_readers_start_nothing_and_see_nothing(self, signed_in: SignIn, reader: User) -> None:
        assert signed_in(reader).get("/jobs/").status_code == 403


class TestDetail:
    def test_a_running_job_shows_its_steps_and_asks_for_itself(self, signed_in: SignIn, analyst: User) -> None:
        job = running(analyst, "Looking at its sentences", 30, 120)
        page = body(signed_in(analyst).get(f"/jobs/{job.pk}/"))
        assert 'hx-trigger="every 1s"' in page
        assert '<progress value="25" max="100" aria-label="Looking at its sentences">' in page
        assert page.index("Reading it<") < page.index("Looking at its sentences</b>") < page.index("Storing it<")
        assert '<meta http-equiv="refresh" content="2">' in page
        assert f'action="/jobs/{job.pk}/cancel/"' in page

    def test_htmx_gets_the_job_alone_and_words_only_when_there_is_news(self, signed_in: SignIn, analyst: User) -> None:
        job = running(analyst, "Reading it")
        client = signed_in(analyst)
        first = client.get(f"/jobs/{job.pk}/", headers=JOB)
        assert "<html" not in body(first)
        assert 'hx-swap-oob="innerHTML:#job-status"' in body(first)
        again = client.get(first.context_data["poll_url"], headers=JOB)
        assert "Reading it" in body(again)
        assert "hx-swap-oob" not in body(again)

    def test_a_waiting_job_says_what_is_before_it_and_when_nobody_comes(self, signed_in: SignIn, analyst: User) -> None:
        first, second = factories.job(by=analyst), factories.job(by=analyst)
        client = signed_in(analyst)
        assert "1 before it" in body(client.get(f"/jobs/{second.pk}/"))
        assert "run_worker" not in body(client.get(f"/jobs/{first.pk}/"))
        Job.objects.update(made_at=timezone.now() - timedelta(minutes=1))
        assert "run_worker" in body(client.get(f"/jobs/{first.pk}/"))
        assert "run_worker" not in body(client.get(f"/jobs/{second.pk}/"))

    def test_done_without_a_warning_it_leads_on(self, signed_in: SignIn, analyst: User) -> None:
        job = ended(analyst, report={"url": "/documents/7/triage/", "warnings": []})
        client = signed_in(analyst)
        assert client.get(f"/jobs/{job.pk}/", headers=JOB).headers["HX-Redirect"] == "/documents/7/triage/"
        page = body(client.get(f"/jobs/{job.pk}/"))
        assert '<a class="btn primary" href="/documents/7/triage/">Go on</a>' in page
        assert "hx-trigger" not in page.split('id="job"')[1].split("</section>")[0]
        assert 'http-equiv="refresh"' not in page

    @pytest.mark.parametrize(
        "report", [{"warnings": ["Two dates <b>disagree</b>."]}, {"lines": ["Two dates <b>disagree</b>."]}]
    )
    def test_what_is_to_be_read_is_shown_before_going_on(
        self, signed_in: SignIn, analyst: User, report: dict[str, Any]
    ) -> None:
        job = ended(analyst, report={"url": "/documents/7/triage/", **report})
        response = signed_in(analyst).get(f"/jobs/{job.pk}/", headers=JOB)
        assert "HX-Redirect" not in response.headers
        assert "Two dates &lt;b&gt;disagree&lt;/b&gt;." in body(response)
        assert 'href="/documents/7/triage/"' in body(response)
        assert "hx-trigger" not in body(response)

    def test_a_failed_one_says_why_and_how_to_try_again(self, signed_in: SignIn, analyst: User) -> None:
        job = ended(analyst, JobState.FAILED, problem="This PDF has no text layer.")
        page = body(signed_in(analyst).get(f"/jobs/{job.pk}/"))
        assert "This PDF has no text layer." in page
        assert f'href="/documents/add/?again={job.pk}"' in page
        assert 'http-equiv="refresh"' not in page

    def test_a_failed_draft_is_tried_again_at_its_document(self, signed_in: SignIn, analyst: User) -> None:
        document = factories.snapshot().document
        job = ended(analyst, JobState.FAILED, kind=JobKind.DRAFT, document=document)
        page = body(signed_in(analyst).get(f"/jobs/{job.pk}/"))
        assert f'href="/documents/{document.pk}/drafts/add/?again={job.pk}"' in page

    def test_a_step_that_nobody_announced_is_shown_alone(self, signed_in: SignIn, analyst: User) -> None:
        job = running(analyst, "Counting sheep", 3)
        page = body(signed_in(analyst).get(f"/jobs/{job.pk}/"))
        assert "Counting sheep</b>" in page
        assert '<progress aria-label="Counting sheep">' in page
        assert "Storing it" not in page

    def test_nobody_sees_anothers_but_an_admin(
        self, signed_in: SignIn, analyst: User, reviewer: User, admin: User
    ) -> None:
        job = factories.job(by=analyst, title="Secret")
        refused = signed_in(reviewer).get(f"/jobs/{job.pk}/")
        assert refused.status_code == 403
        assert "Secret" not in body(refused)
        assert signed_in(admin).get(f"/jobs/{job.pk}/").status_code == 200

    def test_what_took_how_long_is_said_in_words(self) -> None:
        said = [in_words(timedelta(seconds=seconds)) for seconds in (-1, 0.4, 59, 125, 3_780)]
        assert said == ["0 s", "0 s", "59 s", "2 min 5 s", "1 h 3 min"]


class TestCancel:
    def test_a_waiting_one_ends_at_once(self, signed_in: SignIn, analyst: User) -> None:
        job = factories.job(by=analyst)
        client = signed_in(analyst)
        assert client.post(f"/jobs/{job.pk}/cancel/").headers["Location"] == f"/jobs/{job.pk}/"
        assert "It was cancelled." in body(client.get(f"/jobs/{job.pk}/"))
        assert factories.run_jobs() == []

    def test_a_running_one_ends_at_its_next_step(self, signed_in: SignIn, analyst: User) -> None:
        job = running(analyst, "Reading it")
        client = signed_in(analyst)
        client.post(f"/jobs/{job.pk}/cancel/")
        page = body(client.get(f"/jobs/{job.pk}/"))
        assert "It is being cancelled" in page
        assert f'action="/jobs/{job.pk}/cancel/"' not in page

    def test_nobody_cancels_anothers_but_an_admin(
        self, signed_in: SignIn, analyst: User, reviewer: User, admin: User
    ) -> None:
        job = factories.job(by=analyst)
        assert signed_in(reviewer).post(f"/jobs/{job.pk}/cancel/").status_code == 403
        assert signed_in(admin).post(f"/jobs/{job.pk}/cancel/").status_code == 302

    def test_one_whose_worker_is_gone_says_so_and_ends_at_once(self, signed_in: SignIn, analyst: User) -> None:
        job, client = running(analyst, "Reading it"), signed_in(analyst)
        assert "Its worker has stopped" not in body(client.get(f"/jobs/{job.pk}/"))
        Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
        assert "Its worker has stopped" in body(client.get(f"/jobs/{job.pk}/"))
        client.post(f"/jobs/{job.pk}/cancel/")
        job.refresh_from_db()
        assert job.state == JobState.CANCELLED

    def test_one_that_has_ended_is_refused(self, signed_in: SignIn, analyst: User) -> None:
        response = signed_in(analyst).post(f"/jobs/{ended(analyst).pk}/cancel/")
        assert response.status_code == 409
        assert "It has ended already" in body(response)


def test_a_cancelled_one_can_be_tried_again(signed_in: SignIn, analyst: User) -> None:
    job = factories.job(by=analyst, authors="A. Writer")
    cancel(job, by=analyst)
    page = body(signed_in(analyst).get(f"/documents/add/?again={job.pk}"))
    assert 'value="https://www.example.org/report"' in page
    assert 'value="A. Writer"' in page
    assert not Source.objects.exists()


def test_what_came_of_a_draft_that_changed_nothing_is_said(signed_in: SignIn, analyst: User) -> None:
    job = ended(analyst, report={"url": "/documents/7/", "lines": [NOTHING_CHANGED]})
    assert "Nothing changed" in body(signed_in(analyst).get(f"/jobs/{job.pk}/"))
