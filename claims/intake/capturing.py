"""One attempt to capture a document: everything that comes of it, before anything of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from claims.choices import Origin, Outcome, Robots
from claims.fetching import Fetched, FetchError, Hop, fetch
from claims.fetching.courtesy import wait_after
from claims.intake.incoming import FETCHING, READING, Incoming, Report, from_fetched, from_file
from claims.intake.readers import Unreadable
from claims.intake.turns import host_of, rules_of, wait_for_turn
from claims.intake.warc import warc_of
from claims.models import Capture

WAITING = "Waiting for the site’s turn"

_KEPT_HEADERS = (
    *("etag", "last-modified", "content-type", "content-language", "content-length", "content-encoding"),
    *("date", "server", "link", "retry-after", "x-robots-tag"),
)
_LONGEST = 1_000  # code points of a header


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What came of one attempt. `incoming` is None when no text could be read; `raw` when nothing came."""

    origin: Origin
    outcome: Outcome
    asked_at: datetime
    finished_at: datetime
    url: str = ""
    chain: tuple[Hop, ...] = ()
    reason: str = ""
    content_type: str = ""
    filename: str = ""
    robots: Robots = Robots.UNKNOWN
    retry_at: datetime | None = None
    raw: bytes | None = None
    warc: bytes | None = None
    incoming: Incoming | None = None
    warnings: tuple[str, ...] = field(default=())

    @property
    def last(self) -> Hop | None:
        return self.chain[-1] if self.chain else None

    def columns(self) -> dict[str, Any]:
        """The columns of Capture that need no store and no text."""
        last = self.last
        return {
            "origin": self.origin,
            "outcome": self.outcome,
            "url": self.url,
            "final_url": last.url if last else "",
            "host": host_of(self.url),
            "hops": [{"url": hop.url, "status": hop.status, "address": hop.address} for hop in self.chain],
            "status": last.status if last else None,
            "headers": _kept_headers(last.headers) if last else {},
            "reason": self.reason,
            "warnings": list(self.warnings),
            "content_type": _plain(self.content_type)[:200],
            "filename": self.filename[:500],
            "robots": self.robots,
            "retry_at": self.retry_at,
            "asked_at": self.asked_at,
            "finished_at": self.finished_at,
        }


def fetch_page(url: str, earlier: Capture | None, report: Report, *, failures: int = 0) -> Attempt:
    """Ask for the page, politely, and read it.

    `earlier` is the newest capture of the page that saw it: the site is asked only for what changed since. `failures`
    counts the attempts that have failed since then.
    """
    rules = rules_of(url)
    wait_for_turn(host_of(url), rules.delay, lambda: report(WAITING, 0, 0))
    report(FETCHING, 0, 0)
    condition = _condition(url, earlier)
    asked_at = timezone.now()
    try:
        page = fetch(url, condition=condition)
    except FetchError as error:
        return _failed(url, error, asked_at, rules.robots, failures + 1)
    if page.status != 200:
        return Attempt(
            origin=Origin.FETCHED,
            outcome=Outcome.UNCHANGED,
            url=url,
            chain=page.chain,
            robots=rules.robots,
            asked_at=asked_at,
            finished_at=page.fetched_at,
        )
    return _read_page(page, asked_at, rules.robots, condition, report)


def _condition(url: str, earlier: Capture | None) -> dict[str, str]:
    """Headers by which the site need not send again what it sent then. Those of another address would mean nothing."""
    if earlier is None or earlier.url != url:
        return {}
    pairs = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
    return {asked: earlier.headers[given] for asked, given in pairs.items() if earlier.headers.get(given)}


def _failed(url: str, error: FetchError, asked_at: datetime, robots: Robots, failures: int) -> Attempt:
    now = timezone.now()
    return Attempt(
        origin=Origin.FETCHED,
        outcome=Outcome(error.kind.value),
        url=url,
        chain=error.chain,
        reason=str(error),
        robots=robots,
        retry_at=wait_after(error.last, failures, now),
        asked_at=asked_at,
        finished_at=now,
    )


def _read_page(
    page: Fetched, asked_at: datetime, robots: Robots, condition: Mapping[str, str], report: Report
) -> Attempt:
    report(READING, 0, 0)
    incoming, reason = None, ""
    try:
        incoming = from_fetched(page)
    except Unreadable as error:
        reason = str(error)
    return Attempt(
        origin=Origin.FETCHED,
        outcome=Outcome.CAPTURED if incoming else Outcome.NO_TEXT,
        url=page.url,
        chain=page.chain,
        reason=reason,
        content_type=page.content_type,
        robots=robots,
        raw=page.body,
        warc=warc_of(page, condition),
        incoming=incoming,
        warnings=incoming.warnings if incoming else (),
        asked_at=asked_at,
        finished_at=page.fetched_at,
    )


def read_upload(data: bytes, report: Report, *, filename: str, content_type: str = "") -> Attempt:
    """A file that a person gave; what its name and type say of it is not believed."""
    asked_at = timezone.now()
    incoming, reason = None, ""
    try:
        incoming = from_file(data, report, filename=filename, content_type=content_type)
    except Unreadable as error:
        reason = str(error)
    return Attempt(
        origin=Origin.UPLOADED,
        outcome=Outcome.CAPTURED if incoming else Outcome.NO_TEXT,
        reason=reason,
        content_type=content_type,
        filename=filename,
        raw=data,
        incoming=incoming,
        warnings=incoming.warnings if incoming else (),
        asked_at=asked_at,
        finished_at=timezone.now(),
    )


def _kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: _plain(headers[name]) for name in _KEPT_HEADERS if headers.get(name)}


def _plain(value: str) -> str:
    """A header as a column can hold it."""
    return " ".join(value.replace("\x00", "").split())[:_LONGEST]
