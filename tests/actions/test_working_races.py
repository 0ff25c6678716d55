"""Two people at the working of one claim at the same moment, each with a connection of their own: see test_races."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from claims.actions import workings
from claims.actions.evidence import retract_evidence
from claims.actions.workings import FIELDS, GivenRow, Parts
from claims.choices import Act, Role
from claims.models import Claim, Event, Evidence, StaleVersion, User, Working
from claims.verification import Tally, breaks
from tests import factories
from tests.actions.racing import failures, race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 4


@pytest.fixture
def people() -> list[User]:
    return [factories.user(f"analyst{number}", Role.ANALYST) for number in range(2)]


def acts(claim: Claim) -> list[str]:
    return [act for act in Event.objects.of(claim).values_list("act", flat=True) if act.endswith("working")]


def change(pk: int, by: User, value: str) -> None:
    working = Working.objects.select_related("claim").get(pk=pk)
    content = {name: getattr(working, name) for name in FIELDS}
    rows = [GivenRow("Japan", value), GivenRow("Ukraine", "44.0")]
    workings.change_working(working, by=by, version=1, parts=Parts(rows=rows), **content)


def remove(pk: int, by: User) -> None:
    working = Working.objects.select_related("claim").get(pk=pk)
    workings.remove_working(working, by=by, version=1, reason="Another table.")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_two_first_savings_one_stands_and_the_other_is_stale(_: int, people: list[User]) -> None:
    claim = factories.claim(by=people[0])
    results = race([lambda by=by: factories.rank_table(Claim.objects.get(pk=claim.pk), by=by) for by in people])
    assert failures(results) == [StaleVersion]
    assert Working.objects.get().rows.count() == 4
    assert acts(claim) == [Act.SET_WORKING]
    assert not list(breaks(Tally()))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_two_changes_one_stands_and_the_other_is_stale(_: int, people: list[User]) -> None:
    working = factories.rank_table(factories.claim(by=people[0]), by=people[0])
    results = race([lambda by=by, at=at: change(working.pk, by, f"{at}.5") for at, by in enumerate(people, 46)])
    assert failures(results) == [StaleVersion]
    assert Working.objects.get().rows.count() == 2
    assert acts(working.claim) == [Act.SET_WORKING, Act.EDIT_WORKING]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_change_and_a_removal_are_one_of_the_two(_: int, people: list[User]) -> None:
    working = factories.rank_table(factories.claim(by=people[0]), by=people[0])
    results = race([lambda: change(working.pk, people[0], "46.5"), lambda: remove(working.pk, people[1])])
    # Whoever loads it after it was removed finds none, as with a page that is gone.
    assert failures(results) in ([StaleVersion], [Working.DoesNotExist])
    assert len(acts(working.claim)) == 2
    assert not list(breaks(Tally()))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_figure_never_rests_on_evidence_that_is_being_retracted_unseen(_: int, people: list[User]) -> None:
    claim = factories.verified_claim(by=people[0])
    piece = factories.evidence_for(claim, by=people[0])

    def show() -> Working:
        return factories.rank_table(
            Claim.objects.get(pk=claim.pk), by=people[0], piece=Evidence.objects.get(pk=piece.pk)
        )

    def retract() -> None:
        found = Evidence.objects.select_related("claim").get(pk=piece.pk)
        retract_evidence(found, by=people[1], reason="The wrong table.")

    results = race([show, retract])
    claim.refresh_from_db()
    assert claim.due_at
    assert failures(results) in ([], [ValidationError])
    if not failures(results):  # it was shown first, and the retraction is what the claim is due for
        told = list(Event.objects.of(claim).values_list("act", flat=True))
        assert told.index(Act.SET_WORKING) < told.index(Act.RETRACT_EVIDENCE)
    assert not list(breaks(Tally()))
