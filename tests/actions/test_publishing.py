"""Who can read a release outside the desk: its address, its events, and what refuses."""

import pytest

from claims.actions.publishing import publish
from claims.actions.releases import withdraw
from claims.choices import RecordAct, Visibility
from claims.models import Event, Release, User
from claims.workflow import RefusalKind, Refused
from tests import factories


@pytest.fixture
def release(analyst: User) -> Release:
    return factories.release(by=analyst)


def acts(release: Release) -> list[str]:
    return list(Event.objects.of(release).values_list("act", flat=True))


def test_a_release_gets_its_address_once_and_keeps_it(release: Release, analyst: User) -> None:
    assert publish(release, Visibility.UNLISTED, by=analyst)
    address, since = release.token, release.published_at
    assert address
    assert len(address) == 32
    publish(release, Visibility.NO, by=analyst)
    publish(release, Visibility.LISTED, by=analyst)
    release.refresh_from_db()
    assert (release.token, release.published_at, release.visibility) == (address, since, Visibility.LISTED)
    assert acts(release)[-3:] == [RecordAct.PUBLISH, RecordAct.UNPUBLISH, RecordAct.PUBLISH]


def test_the_history_says_who_may_read_and_not_where(release: Release, analyst: User) -> None:
    publish(release, Visibility.UNLISTED, by=analyst)
    event = Event.objects.of(release).last()
    assert event is not None
    assert event.changes == {"visibility": ["no", "unlisted"]}


def test_publishing_the_same_again_is_no_act(release: Release, analyst: User) -> None:
    assert not publish(release, Visibility.NO, by=analyst)
    assert release.token is None
    assert acts(release)[-1] == RecordAct.FINISH


def test_someone_elses_decision_is_not_overwritten_unseen(release: Release, analyst: User) -> None:
    publish(release, Visibility.LISTED, by=analyst)
    with pytest.raises(Refused, match="meanwhile") as refused:
        publish(release, Visibility.UNLISTED, by=analyst, seen=Visibility.NO)
    assert refused.value.refusal.kind == RefusalKind.STAGE


def test_a_withdrawn_release_keeps_its_address(release: Release, analyst: User) -> None:
    publish(release, Visibility.LISTED, by=analyst)
    withdraw(release, by=analyst, reason="A table was misread.")
    with pytest.raises(Refused, match="keeps its public address"):
        publish(release, Visibility.NO, by=analyst)


def test_readers_publish_nothing(release: Release, reader: User) -> None:
    with pytest.raises(Refused, match="analyst role"):
        publish(release, Visibility.LISTED, by=reader)
