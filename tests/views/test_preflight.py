"""The preflight page: what it lists and why, leaving out and taking back."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from claims import limits
from claims.actions import claim_sets
from claims.choices import Finding
from claims.models import ClaimSet, User
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(analyst: User, signed_in: SignIn) -> Client:
    return signed_in(analyst)


@pytest.fixture
def claim_set(analyst: User) -> ClaimSet:
    """One claim that can be released, and one that cannot."""
    return factories.claim_set(by=analyst, claims=(factories.sound_claim(), factories.claim(key="blocked-1")))


def address(claim_set: ClaimSet, query: str = "") -> str:
    return reverse("claim_set_preflight", args=[claim_set.pk]) + query


def post(client: Client, name: str, claim_set: ClaimSet, **data: object) -> HttpResponse:
    return client.post(reverse(name, args=[claim_set.pk]), data, follow=True)  # type: ignore[return-value, arg-type]


def test_it_says_how_many_can_be_released_and_what_blocks(desk: Client, claim_set: ClaimSet) -> None:
    page = desk.get(address(claim_set))
    assertContains(page, "Of 2 claims, 1 can be released now; 1 blocks")
    assertContains(page, "1 claim blocks a release.")
    assertContains(page, "BLOCKED-1")
    assertContains(page, "It is open.")


def test_every_finding_has_its_list(desk: Client, claim_set: ClaimSet) -> None:
    for finding in (*Finding, "left_out"):
        assert desk.get(address(claim_set, f"?finding={finding}")).status_code == 200
    assertContains(desk.get(address(claim_set, "?finding=odd")), "nothing of that name", status_code=400)


def test_what_warns_is_told_with_why(desk: Client, claim_set: ClaimSet) -> None:
    page = desk.get(address(claim_set, "?finding=one_source"))
    assertContains(page, "Supports: 1 link, 1 independent source.")
    assertContains(desk.get(address(claim_set, "?finding=not_captured")), "is not captured.")


def test_what_blocks_is_left_out_for_a_reason_and_taken_back(desk: Client, claim_set: ClaimSet) -> None:
    page = post(desk, "claim_set_leave_out", claim_set, reason="Next month.", seen=1)
    assertContains(page, "Left out 1 claim, for as long as they block.")
    assertContains(page, "Nothing stands in the way of a release; it will say which 1 claim was left out")
    assertContains(page, "Next month.")
    key = claim_set.omissions.get().claim_id
    page = post(desk, "claim_set_take_back", claim_set, claim=key)
    assertContains(page, "Took 1 claim back in.")
    assertContains(page, "1 claim blocks a release.")


def test_without_a_reason_nothing_is_left_out(desk: Client, claim_set: ClaimSet) -> None:
    page = post(desk, "claim_set_leave_out", claim_set, reason=" ", seen=1)
    assert page.status_code == 422
    assert not claim_set.omissions.exists()


def test_what_blocks_since_is_not_left_out_unseen(desk: Client, claim_set: ClaimSet, analyst: User) -> None:
    claim_sets.add_to_claim_set(claim_set, [factories.claim()], by=analyst)
    page = post(desk, "claim_set_leave_out", claim_set, reason="Next month.", seen=1)
    assertContains(page, "Meanwhile other claims block", status_code=422)
    assertContains(page, "Next month.", status_code=422)
    assert not claim_set.omissions.exists()


def test_a_set_that_is_clear_says_so(desk: Client) -> None:
    page = desk.get(address(factories.claim_set(claims=(factories.sound_claim(),))))
    assertContains(page, "Nothing stands in the way of a release.")
    assertNotContains(page, "Leave out what blocks")


def test_an_empty_set_has_nothing_to_release(desk: Client) -> None:
    assertContains(desk.get(address(factories.claim_set())), "there is nothing to release")


def test_too_many_claims_are_told(desk: Client, claim_set: ClaimSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RELEASED", 1)
    assertContains(desk.get(address(claim_set)), "A release holds at most 1 claims")


def test_readers_read_it_and_no_more(reader: User, signed_in: SignIn, claim_set: ClaimSet) -> None:
    client = signed_in(reader)
    assertNotContains(client.get(address(claim_set)), "Leave out what blocks")
    for name in ("claim_set_leave_out", "claim_set_take_back"):
        assert post(client, name, claim_set, reason="x", seen=1).status_code == 403


def test_a_private_set_is_nobody_elses(reviewer: User, signed_in: SignIn, analyst: User) -> None:
    mine = claim_sets.add_claim_set(by=analyst, title="Mine", is_private=True)
    client = signed_in(reviewer)
    assert client.get(address(mine)).status_code == 404
    assert client.get(mine.get_absolute_url()).status_code == 404
    assertNotContains(client.get(reverse("claim_set_list")), "Mine")
    assertNotContains(client.get(reverse("activity")), "Mine")


def test_the_number_of_queries_does_not_grow(
    desk: Client, claim_set: ClaimSet, analyst: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for query in ("", "?finding=one_source", "?finding=broken_anchor", "?finding=left_out"):
        desk.get(address(claim_set, query))
        with django_assert_max_num_queries(16) as few:
            desk.get(address(claim_set, query))
        more = tuple(factories.claim_in_text() for _ in range(3)) + (factories.sound_claim(),)
        claim_sets.add_to_claim_set(claim_set, more, by=analyst)
        with django_assert_max_num_queries(len(few)):
            desk.get(address(claim_set, query))
