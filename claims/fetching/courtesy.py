"""What is owed to sites that are asked again and again: their robots.txt, and how long they want to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from claims.choices import Robots
from claims.fetching.fetch import fetch
from claims.fetching.problems import FetchError, Hop
from claims.fetching.settings import Limits

AGENT = "ClaimWorkbench"
LONGEST = timedelta(days=1)
"""No site puts us off for longer: a header may say anything."""

FIRST = timedelta(minutes=1)
"""After one failure of the site; twice as long after each further one."""

_BUSY = {429, 500, 502, 503, 504}
_MOST_DELAY = 30.0
_ROBOTS = Limits(bytes=500_000, seconds=5.0)


class Rules(NamedTuple):
    """What robots.txt says to us of a page, and the seconds that it wants between two requests."""

    robots: Robots = Robots.UNKNOWN
    delay: float = 0.0


def robots_of(url: str) -> bytes | None:
    """The robots.txt of the site of this page: empty when the site has none, None when it did not say."""
    address = urlsplit(url)._replace(path="/robots.txt", query="", fragment="").geturl()
    try:
        return fetch(address, limits=_ROBOTS).body
    except FetchError as error:
        return b"" if error.last is not None and error.last.status in (404, 410) else None


def read_rules(robots: bytes, url: str) -> Rules:
    """What the text of a robots.txt says of the page at `url`."""
    parser = RobotFileParser()
    parser.parse(robots.decode("utf-8-sig", errors="replace").splitlines())
    allowed = parser.can_fetch(AGENT, url)
    delay = parser.crawl_delay(AGENT)
    return Rules(Robots.ALLOWED if allowed else Robots.DISALLOWED, min(float(delay or 0), _MOST_DELAY))


def wait_after(answer: Hop | None, failures: int, now: datetime) -> datetime | None:
    """Until when a site that answered like this wants to be left alone; None when it did not say that it is busy.

    `failures` counts this one and those right before it.
    """
    if answer is None or answer.status not in _BUSY:
        return None
    asked = _retry_after(answer.headers.get("retry-after", ""), now)
    wait = asked if asked is not None else FIRST * 2 ** min(max(failures, 1) - 1, 12)
    return now + min(wait, LONGEST)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """Written as seconds or as a date; None for anything else, and for what is past."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:10]), LONGEST.total_seconds()))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return until - now if until > now else None
