"""Sites are asked one request at a time, for what changed only, and left alone when they are busy."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from claims.actions.documents import edit_document
from claims.choices import JobState, Outcome, Robots
from claims.intake import capturing
from claims.intake.turns import wait_for_turn
from claims.jobs.captures import start_capture
from tests import factories
from tests.jobs.test_captures import capture

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(site, living):
    return factories.document(url=f"{site}/living")


@pytest.fixture
def pause(settings):
    """The pause between two requests to one host, in seconds."""
    cache.clear()
    settings.CAPTURE_HOST_DELAY = 0.5
    return 0.5


def waited(host, delay=0.0):
    """For how many seconds one waits for the host's turn, and whether it was said meanwhile."""
    naps: list[int] = []
    started = time.monotonic()
    wait_for_turn(host, delay, lambda: naps.append(1))
    return time.monotonic() - started, bool(naps)


def test_a_host_is_given_a_pause_and_another_one_need_not_wait_for_it(pause):
    assert waited("example.org")[1] is False
    assert waited("example.com")[1] is False
    seconds, said = waited("example.org")
    assert (said, seconds > pause / 2) == (True, True)


def test_the_pause_is_the_longer_one_of_the_desk_and_of_the_site(pause):
    waited("example.org", 1.0)
    seconds, _ = waited("example.org")
    assert seconds > pause


def test_the_pause_that_robots_txt_asks_for_is_made(document, living, monkeypatch):
    living.robots = b"User-agent: *\nCrawl-delay: 7"
    delays = []
    monkeypatch.setattr(capturing, "wait_for_turn", lambda host, delay, waiting: delays.append((host, delay)))
    capture(document)
    assert delays == [("localhost", 7.0)]


def test_what_robots_txt_says_is_noted_and_shown(document, living, signed_in, reader):
    living.robots = b"User-agent: *\nDisallow: /living"
    made = capture(document)
    assert (made.robots, made.outcome) == (Robots.DISALLOWED, Outcome.CAPTURED)
    page = signed_in(reader).get(reverse("document_captures", args=[document.pk])).content.decode()
    assert "robots.txt: the site asks programs to stay away" in page


def test_robots_txt_is_asked_for_once_an_hour(document, living):
    for _ in range(3):
        capture(document)
    assert (living.robots_asked, len(living.asked)) == (1, 3)


def test_a_page_is_asked_for_under_the_condition_that_it_changed(document, living):
    living.headers = {"ETag": '"one"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}
    capture(document)
    assert "If-None-Match" not in living.asked[0]
    assert capture(document).outcome == Outcome.UNCHANGED
    asked = living.asked[1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"one"', "Sun, 22 Nov 2026 12:00:00 GMT")
    living.headers["ETag"] = '"two"'
    assert capture(document).outcome == Outcome.CAPTURED


def test_a_failure_between_does_not_make_the_page_be_sent_again(document, living):
    living.headers = {"ETag": '"one"'}
    capture(document)
    living.headers, living.status = {}, 403
    capture(document)
    living.headers, living.status = {"ETag": '"one"'}, 200
    assert capture(document).outcome == Outcome.UNCHANGED


def test_what_another_address_answered_is_no_condition(document, living, analyst, site):
    living.headers = {"ETag": '"one"'}
    capture(document)
    edit_document(document, by=analyst, version=document.version, url=f"{site}/living?page=2")
    assert capture(document).outcome == Outcome.CAPTURED


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_a_date", [False, True])
def test_a_busy_site_is_left_alone_with_all_its_pages(document, living, site, status, as_a_date):
    until = datetime.now(UTC) + timedelta(hours=1)
    living.status = status
    living.headers = {"Retry-After": format_datetime(until, usegmt=True) if as_a_date else "3600"}
    made = capture(document)
    assert timedelta(minutes=30) < made.retry_at - timezone.now() <= timedelta(hours=1)
    for one in (document, factories.document(url=f"{site}/page")):
        start_capture(one, by=factories.user("maker"))
        job = factories.run_jobs()[-1]
        assert (job.state, "was busy. It is left alone until" in job.problem) == (JobState.FAILED, True)
    assert len(living.asked) == 1


def test_a_busy_site_that_names_no_time_is_left_alone_ever_longer_until_it_answers(document, living):
    def minutes_left():
        made = capture(document)
        return round((made.retry_at - timezone.now()).total_seconds() / 60) if made.retry_at else 0

    living.status = 503
    for _ in range(2):  # it may be asked again at once
        living.headers = {"Retry-After": "0"}
        assert minutes_left() == 0
    living.headers = {}
    assert minutes_left() == 4
