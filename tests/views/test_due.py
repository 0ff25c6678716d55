"""The queue of due claims."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from claims.actions import claims, confirmations
from claims.models import Claim, User
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(signed_in: SignIn, analyst: User) -> Client:
    return signed_in(analyst)


def changed(noticed_by: User, reason: str = "A newer table.", **fields: object) -> Claim:
    claim = factories.verified_claim(**fields)  # type: ignore[arg-type]
    claims.fall_due(claim, by=noticed_by, reason=reason)
    return claim


def test_each_due_claim_says_why_since_when_and_as_of_when_it_stands(desk: Client, analyst: User) -> None:
    changed(analyst)
    response = desk.get(reverse("due_list"))
    assertContains(response, "A newer table.")
    assertContains(response, "May 2023")
    assertContains(response, 'Something changed <span class="n">1</span>')


def test_claims_whose_date_has_come_are_a_queue_of_their_own(desk: Client, analyst: User) -> None:
    changed(analyst, assertion="Korea is ninth.")
    factories.verified_claim(recheck_on="2026-01", assertion="Japan is tenth.")
    factories.verified_claim(recheck_on="2999", assertion="France is eighth.")
    response = desk.get(reverse("due_list"), {"why": "date"})
    assertContains(response, "Japan is tenth.")
    assertNotContains(response, "Korea is ninth.")
    assertNotContains(response, "France is eighth.")
    assertNotContains(desk.get(reverse("due_list")), "Japan is tenth.")


def test_the_queue_that_has_something_is_shown_first(desk: Client) -> None:
    factories.verified_claim(recheck_on="2026-01", assertion="Japan is tenth.")
    assertContains(desk.get(reverse("due_list")), "Japan is tenth.")


def test_it_is_narrowed_by_verdict_and_to_ones_own(desk: Client, analyst: User) -> None:
    changed(analyst, assertion="Korea is ninth.", by=analyst)
    changed(analyst, assertion="Japan is tenth.", verdict_key="refuted")
    only_refuted = desk.get(reverse("due_list"), {"verdict": "refuted"})
    assertContains(only_refuted, "Japan is tenth.")
    assertNotContains(only_refuted, "Korea is ninth.")
    mine = desk.get(reverse("due_list"), {"mine": "on"})
    assertContains(mine, "Korea is ninth.")
    assertNotContains(mine, "Japan is tenth.")


def test_a_waiting_confirmation_is_told(desk: Client, analyst: User) -> None:
    claim = changed(analyst)
    confirmations.confirm(claim, by=analyst, rationale="It still says so.", as_of="2026-11")
    assertContains(desk.get(reverse("due_list")), "a confirmation waits for review")


@pytest.mark.parametrize("query", [{"why": "odd"}, {"verdict": "odd"}])
def test_filters_that_make_no_sense_are_refused(desk: Client, query: dict[str, str]) -> None:
    assertContains(desk.get(reverse("due_list"), query), "make no sense", status_code=400)


def test_nothing_due_says_so(desk: Client) -> None:
    assertContains(desk.get(reverse("due_list")), "Nothing is due.")


def test_the_page_costs_the_same_for_many_claims(
    desk: Client, analyst: User, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(12):
        changed(analyst)
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        desk.get(reverse("due_list"))


def test_readers_see_the_queue_and_tick_nothing(signed_in: SignIn, reader: User, analyst: User) -> None:
    changed(analyst)
    response = signed_in(reader).get(reverse("due_list"))
    assertContains(response, "A newer table.")
    assertNotContains(response, 'type="checkbox" name="claim"')
