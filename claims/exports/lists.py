"""The lists of the desk as tables: what each column holds of a row, by the name of the column.

The list of claims has a file of its own, exports.csv. Moments are in UTC, ISO 8601.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import models

from claims.models import Claim, ClaimSet, Document, Job, Release, Source

Columns = Mapping[str, Callable[[Any], Any]]


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else ""


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _address(row: Any) -> str:
    return f"{settings.PUBLIC_URL}{row.get_absolute_url()}"


def _person(person: models.Model | None) -> str:
    return str(person) if person else ""


def _documents() -> dict[str, Callable[[Document], Any]]:
    return {
        "title": lambda row: row.title,
        "source": lambda row: row.source.name,
        "reliability": lambda row: row.reliability.value,
        "authors": lambda row: row.authors,
        "url": lambda row: row.url,
        "published_on": lambda row: row.published_on,
        "accessed_on": lambda row: _day(row.accessed_on),
        "language": lambda row: row.language,
        "snapshots": lambda row: row.latest_number or 0,
        "complete_since": lambda row: _moment(row.completed_at),
        "added_at": lambda row: _moment(row.added_at),
        "page": _address,
    }


DOCUMENTS: Columns = _documents()


def _links() -> dict[str, Callable[[Document], Any]]:
    return {
        "title": lambda row: row.title,
        "source": lambda row: row.source.name,
        "url": lambda row: row.url,
        "state": lambda row: row.health,
        "state_in_words": lambda row: row.get_health_display(),
        "reason": lambda row: row.health_reason,
        "looked_at": lambda row: _moment(row.looked_at),
        "page": _address,
    }


LINKS: Columns = _links()


def _sources() -> dict[str, Callable[[Source], Any]]:
    return {
        "name": lambda row: row.name,
        "kind": lambda row: row.kind,
        "reliability": lambda row: row.reliability,
        "reliability_reason": lambda row: row.reliability_reason,
        "homepage": lambda row: row.homepage,
        "country": lambda row: row.country,
        "retired_at": lambda row: _moment(row.retired_at),
        "page": _address,
    }


SOURCES: Columns = _sources()


def _claim_sets() -> dict[str, Callable[[ClaimSet], Any]]:
    return {
        "title": lambda row: row.title,
        "kind": lambda row: row.kind,
        "filter": lambda row: row.filter,
        "document": lambda row: _person(row.document),
        "description": lambda row: row.description,
        "licence": lambda row: row.licence,
        "is_private": lambda row: row.is_private,
        "made_by": lambda row: _person(row.added_by),
        "made_at": lambda row: _moment(row.added_at),
        "changed_at": lambda row: _moment(row.changed_at),
        "page": _address,
    }


CLAIM_SETS: Columns = _claim_sets()


def _due() -> dict[str, Callable[[Claim], Any]]:
    return {
        "reference": lambda row: row.reference,
        "assertion": lambda row: row.assertion,
        "verdict": lambda row: row.verdict.key if row.verdict else "",
        "as_of": lambda row: row.standing.as_of if row.standing else "",
        "assessed_by": lambda row: _person(row.standing.author if row.standing else None),
        "due_since": lambda row: _moment(row.due_at) or _day(row.recheck_from),
        "due_reason": lambda row: row.due_reason,
        "recheck_on": lambda row: row.recheck_on,
        "recheck_follows": lambda row: _follows(row),
        "confirmation_waits": lambda row: row.pending is not None,
        "page": _address,
    }


def _follows(claim: Claim) -> str:
    calendar = claim.recheck_calendar
    return f"{calendar.source.name}: {calendar}" if calendar else ""


DUE: Columns = _due()


def _jobs() -> dict[str, Callable[[Job], Any]]:
    return {
        "title": lambda row: row.title,
        "kind": lambda row: row.kind,
        "state": lambda row: row.state,
        "problem": lambda row: row.problem,
        "started_by": lambda row: _person(row.started_by),
        "made_at": lambda row: _moment(row.made_at),
        "started_at": lambda row: _moment(row.started_at),
        "finished_at": lambda row: _moment(row.finished_at),
        "page": _address,
    }


JOBS: Columns = _jobs()


def _releases() -> dict[str, Callable[[Release], Any]]:
    return {
        "name": lambda row: row.name,
        "title": lambda row: row.title,
        "number": lambda row: row.number,
        "serial": lambda row: row.serial,
        "state": lambda row: row.state,
        "as_of": lambda row: _moment(row.frozen_at),
        "claims": lambda row: row.claim_count,
        "left_out": lambda row: row.left_out_count,
        "licence": lambda row: row.licence,
        "made_by": lambda row: _person(row.made_by),
        "bytes": lambda row: row.size,
        "sha256": lambda row: row.sha256,
        "problem": lambda row: row.problem,
        "withdrawal_reason": lambda row: row.withdrawal_reason,
        "page": _address,
    }


RELEASES: Columns = _releases()

# An entry of the feed (views.feed) is an event in words; what a draft says in it is its author's own and is not here.
ACTIVITY: Columns = {
    "at": lambda entry: _moment(entry.line.event.at),
    "by": lambda entry: _person(entry.line.event.by),
    "act": lambda entry: entry.line.event.act,
    "words": lambda entry: entry.words,
    "what": lambda entry: entry.label,
    "reason": lambda entry: entry.line.event.reason,
    "page": lambda entry: f"{settings.PUBLIC_URL}{entry.url}" if entry.url else "",
}
