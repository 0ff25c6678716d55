"""Many people at once on SQLite, on a file as in production: nobody is told that the database is locked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from claims.actions import assessments, claims
from claims.choices import Act, Stage
from claims.models import Claim, Event, User, Verdict
from tests import factories
from tests.actions.racing import failures, race

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="needs SQLite"),
]
PEOPLE = 8


@pytest.fixture
def people() -> list[User]:
    return [factories.user(f"analyst{number}") for number in range(PEOPLE)]


@pytest.fixture
def shared() -> Claim:
    return factories.claim()


@pytest.fixture
def on_file(people: list[User], shared: Claim, tmp_path: Path) -> Iterator[None]:
    """What was made so far, on a file that new threads connect to; this thread stays in memory."""
    path = str(tmp_path / "desk.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [path])
    memory = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = path
    yield
    connection.settings_dict["NAME"] = memory


def work(user: User, shared: int) -> None:
    """What an analyst does in a minute: a claim from open to review, and a word in a thread that all write in."""
    claim = factories.claim(by=user)
    claims.take(claim, by=user)
    factories.evidence_for(claim, by=user)
    verdict = Verdict.objects.get(key="supported")
    assessments.save_draft(claim, by=user, verdict=verdict, rationale="So far.")
    factories.submitted(claim, by=user)
    factories.comment(Claim.objects.get(pk=shared), by=user, body="Mine waits for review.")


@pytest.mark.usefixtures("on_file")
def test_eight_people_write_at_once_and_nobody_is_locked_out(people: list[User], shared: Claim) -> None:
    results = race([lambda person=person: work(person, shared.pk) for person in people])
    assert failures(results) == [], results

    def count() -> tuple[int, list[str], list[bool]]:
        events = list(Event.objects.of(shared))
        in_review = Claim.objects.filter(stage=Stage.IN_REVIEW).count()
        return in_review, [event.act for event in events], [event.hash == event.expected_hash() for event in events]

    ((in_review, acts, fitting),) = race([count])
    assert in_review == PEOPLE
    assert acts == [Act.CREATE, *[Act.COMMENT] * PEOPLE]
    assert all(fitting)


@pytest.mark.usefixtures("on_file")
def test_of_eight_who_take_up_one_claim_one_has_it(people: list[User], shared: Claim) -> None:
    results = race([lambda person=person: claims.take(Claim.objects.get(pk=shared.pk), by=person) for person in people])
    assert [failure.__name__ for failure in failures(results)] == ["Refused"] * (PEOPLE - 1)
