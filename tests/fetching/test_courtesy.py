from datetime import UTC, datetime, timedelta

import pytest

from claims.choices import FAILURES, Outcome, Robots
from claims.fetching import Hop, Kind
from claims.fetching.courtesy import LONGEST, read_rules, robots_of, wait_after

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROBOTS = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n\nUser-agent: other\nDisallow: /\n"


def answer(status, **headers):
    return Hop("https://example.org/", status, "192.0.2.1", headers)


def test_every_way_in_which_a_fetch_fails_is_an_outcome_of_a_capture():
    assert {Outcome(kind.value) for kind in Kind} == FAILURES


@pytest.mark.parametrize(
    ("path", "robots"), [("/table", Robots.ALLOWED), ("/private/table", Robots.DISALLOWED), ("/", Robots.ALLOWED)]
)
def test_what_robots_txt_says_of_a_page_is_read(path, robots):
    assert read_rules(ROBOTS, f"https://example.org{path}") == (robots, 3.0)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"<html>Welcome</html>", b"Crawl-delay: soon", b":::\n" * 99])
def test_a_robots_txt_that_is_none_forbids_nothing(text):
    assert read_rules(text, "https://example.org/table").robots == Robots.ALLOWED


def test_a_site_cannot_slow_the_desk_down_for_long():
    assert read_rules(b"User-agent: *\nCrawl-delay: 86400", "https://example.org/").delay == 30


def test_a_site_without_robots_txt_allows_its_pages(site):
    assert read_rules(robots_of(f"{site}/page"), site).robots == Robots.ALLOWED


def test_a_site_that_is_not_there_has_said_nothing(site):
    assert robots_of("http://localhost:9/page") is None


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("Sun, 22 Nov 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("99999999999999999999", LONGEST),
        ("Sun, 22 Nov 2099 12:30:00 GMT", LONGEST),
    ],
)
def test_a_busy_site_is_left_alone_for_as_long_as_it_asks_within_reason(header, wait):
    assert wait_after(answer(429, **{"retry-after": header}), 5, NOW) == NOW + wait


@pytest.mark.parametrize("header", ["", "soon", "-5", "Sun, 22 Nov 1999 12:30:00 GMT", "٣", "1e9"])
def test_a_busy_site_that_does_not_say_for_how_long_is_left_alone_ever_longer(header):
    waits = [wait_after(answer(503, **{"retry-after": header}), count, NOW) for count in (1, 2, 3, 99)]
    assert [wait - NOW for wait in waits] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), LONGEST]


@pytest.mark.parametrize("status", [200, 301, 403, 404, 410, 451])
def test_a_site_that_is_not_busy_may_be_asked_again(status):
    assert wait_after(answer(status), 1, NOW) is None


def test_a_site_that_did_not_answer_may_be_asked_again():
    assert wait_after(None, 1, NOW) is None
