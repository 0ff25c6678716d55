"""The lines of claims that are about to be frozen: read ahead, and read anew where something changed since."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from claims.actions import comments, documents, sources, verdicts
from claims.models import Claim, Event, User
from claims.releases.content import line_of, released_claims
from claims.releases.spool import MARGIN, Spool
from tests import factories

pytestmark = pytest.mark.django_db


def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything until now happened before the reading, beyond all doubt."""
    later = timezone.now() + 2 * MARGIN
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)


@pytest.fixture
def claims(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    made = [factories.sound_claim() for _ in range(3)]
    long_ago(monkeypatch)
    return made


def read(claims: list[Claim]) -> Spool:
    spool = Spool(BytesIO())
    assert list(spool.read([claim.pk for claim in claims], with_comments=True))
    return spool


def test_what_nobody_touched_is_not_read_again(claims: list[Claim]) -> None:
    assert read(claims).stale([claim.pk for claim in claims]) == []


def test_what_was_not_read_is_to_be_read(claims: list[Claim]) -> None:
    assert read(claims[:2]).stale([claim.pk for claim in claims]) == [claims[2].pk]
    assert Spool(BytesIO()).stale([claims[1].pk]) == [claims[1].pk]


def retitle(claim: Claim, by: User) -> None:
    document = claim.evidence.get().document
    documents.edit_document(document, by=by, version=document.version, url=document.url, title="Another title")


def regrade(claim: Claim, by: User) -> None:
    source = claim.evidence.get().document.source
    sources.edit_source(
        source, by=by, version=source.version, reliability="B", reliability_reason="It corrects itself."
    )


def remark(claim: Claim, by: User) -> None:
    comments.add_comment(claim, by=by, body="Says who?")


@pytest.mark.parametrize("act", [retitle, regrade, remark])
def test_what_changed_since_is_read_again(act: Callable[[Claim, User], None], claims: list[Claim], admin: User) -> None:
    spool, keys = read(claims), [claim.pk for claim in claims]

    act(claims[1], admin)

    assert spool.stale(keys) == [claims[1].pk]
    list(spool.read(spool.stale(keys), with_comments=True))
    assert list(spool.lines(keys)) == [line_of(told) for told in released_claims(keys, with_comments=True)]


def test_a_change_that_came_to_light_late_counts_as_later(claims: list[Claim], admin: User) -> None:
    spool = read(claims)
    retitle(claims[0], admin)
    assert Event.objects.latest("pk").at < spool._since + MARGIN + timedelta(minutes=1)
    assert spool.stale([claim.pk for claim in claims]) == [claims[0].pk]


def test_a_change_of_the_scale_touches_every_line(claims: list[Claim], admin: User) -> None:
    spool = read(claims)
    verdict = factories.verdict("supported")
    verdicts.edit_verdict(verdict, by=admin, version=verdict.version, name="Holds")
    assert len(spool.stale([claim.pk for claim in claims])) == len(claims)


def test_a_line_has_its_place_in_the_order_that_was_frozen(claims: list[Claim]) -> None:
    keys = [claim.pk for claim in reversed(claims)]
    told = [json.loads(line) for line in read(claims).lines(keys)]
    assert [(one["head"]["claim"], one["position"]) for one in told] == list(zip(keys, (1, 2, 3), strict=True))
