"""Claims that rest on each other, changed at the same moment: see test_races."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims.actions import assessments, claims, relations
from claims.choices import Act, RelationKind, Role, Stage
from claims.models import Claim, Event, Relation, StaleVersion, User
from claims.workflow import Refused
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
    return [factories.user(f"reviewer{number}", Role.REVIEWER) for number in range(3)]


def get(claim: Claim) -> Claim:
    return Claim.objects.with_pending().get(pk=claim.pk)


def rests(claim: Claim, on: Claim, by: User) -> Relation:
    return relations.relate(get(claim), RelationKind.DEPENDS_ON, get(on), by=by)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_thirds_of_a_circle_are_no_circle(_: int, people: list[User]) -> None:
    a, b, c = (factories.claim() for _ in range(3))
    results = race([lambda: rests(a, b, people[0]), lambda: rests(b, c, people[1]), lambda: rests(c, a, people[2])])
    assert failures(results) == [ValidationError]
    assert Relation.objects.count() == 2


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_relation_that_is_removed_at_that_moment_may_free_the_way(_: int, people: list[User]) -> None:
    a, b = factories.claim(), factories.claim()
    first = rests(a, b, people[0])
    results = race(
        [
            lambda: relations.unrelate(Relation.objects.get(pk=first.pk), by=people[0]),
            lambda: rests(b, a, people[1]),
        ]
    )
    assert set(failures(results)) <= {ValidationError}
    assert Relation.objects.filter(a=a).count() == 0


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_premise_and_what_rests_on_it_are_reopened_at_once(_: int, people: list[User]) -> None:
    conclusion, premise = factories.verified_claim(), factories.verified_claim()  # the one locked second comes first
    rests(conclusion, premise, people[0])
    results = race(
        [
            lambda: claims.reopen(get(premise), by=people[0], reason="A newer table."),
            lambda: claims.reopen(get(conclusion), by=people[1], reason="A newer table."),
        ]
    )
    assert failures(results) == []
    assert {get(premise).stage, get(conclusion).stage} == {Stage.OPEN}
    assert not get(conclusion).is_due


@pytest.mark.parametrize("_", range(ROUNDS))
def test_another_verdict_reaches_a_claim_that_is_verified_at_that_moment_or_not_yet(_: int, people: list[User]) -> None:
    conclusion, premise = factories.verified_claim(), factories.verified_claim()
    rests(conclusion, premise, people[0])
    for claim, verdict in ((premise, "refuted"), (conclusion, "supported")):
        claims.reopen(claim, by=people[0], reason="A newer table.")
        factories.submitted(claim, by=people[0], verdict_key=verdict)
    seen = {claim.pk: get(claim).version for claim in (premise, conclusion)}
    results = race(
        [
            lambda claim=claim, by=by: assessments.approve(get(claim), by=by, version=seen[claim.pk])
            for claim, by in ((premise, people[1]), (conclusion, people[2]))
        ]
    )
    assert set(failures(results)) <= {Refused, StaleVersion}
    assert get(premise).stage == Stage.VERIFIED
    acts = [event.act for event in Event.objects.of(conclusion)]
    assert get(conclusion).is_due == (acts[-1] == Act.FALL_DUE)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_many_are_confirmed_in_two_orders_while_a_premise_is_reopened(_: int, people: list[User]) -> None:
    made = [factories.verified_claim() for _ in range(6)]
    for claim in made[:-1]:
        rests(claim, made[-1], people[0])

    def confirm(by: User, ticked: list[Claim]) -> int:
        browser = Client()
        browser.force_login(by)
        sent = {"do": "confirm", "confirmed": "yes", "rationale": "It still says so.", "as_of": "2026-04"}
        return browser.post(reverse("claim_bulk"), sent | {"claim": [claim.pk for claim in ticked]}).status_code

    results = race(
        [
            lambda: confirm(people[0], made),
            lambda: confirm(people[1], made[::-1]),
            lambda: claims.reopen(get(made[-1]), by=people[2], reason="A newer table."),
        ]
    )
    assert failures(results) == []
    assert all(claim.assessments.pending().count() == 1 for claim in made[:-1])
    assert all(get(claim).is_due for claim in made[:-1])
