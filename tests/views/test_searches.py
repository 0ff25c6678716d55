"""Searches that found nothing, on the page of their claim."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from claims.actions import searches
from claims.models import Claim, Search, User
from tests import factories

SignIn = Callable[[User], Client]
TYPED = {"place": "SIPRI", "words": "Japan 2022", "searched_on": "2026-11-01", "note": ""}
WARNING = "Called unverifiable, and no search is on record."


@pytest.fixture
def desk(signed_in: SignIn, analyst: User) -> Client:
    return signed_in(analyst)


def record(claim: Claim, by: User) -> Search:
    return searches.add_search(claim, by=by, place="SIPRI", words="Japan 2022", searched_on=timezone.localdate())


def test_a_search_is_recorded_and_shown_with_its_claim(desk: Client) -> None:
    claim = factories.claim()
    response = desk.post(reverse("search_add", args=[claim.pk]), TYPED, follow=True)
    assertContains(response, "Recorded: nothing found in SIPRI.")
    assertContains(response, '<q dir="auto">Japan 2022</q>')
    assertContains(desk.get(claim.get_absolute_url()), "recorded a search that found nothing")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("place", "", "Say where."),
        ("words", " ", "Say with which words."),
        ("searched_on", "2999-01-01", "still to come"),
        ("searched_on", "soon", "Write the day as"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    desk: Client, field: str, value: str, told: str
) -> None:
    typed = {**TYPED, "note": "Kept.", field: value}
    response = desk.post(reverse("search_add", args=[factories.claim().pk]), typed)
    assertContains(response, told, status_code=422)
    assertContains(response, "Kept.", status_code=422)


def test_pressing_twice_records_once(desk: Client) -> None:
    claim = factories.claim()
    for _ in range(2):
        desk.post(reverse("search_add", args=[claim.pk]), {**TYPED, "token": "6f3c1d2e-0000-4000-8000-000000000001"})
    assert Search.objects.count() == 1


def test_a_claim_called_unverifiable_asks_for_a_search_and_is_not_held_up(desk: Client, analyst: User) -> None:
    claim = factories.verified_claim(verdict_key="unverifiable")
    assertContains(desk.get(claim.get_absolute_url()), WARNING)
    record(claim, analyst)
    assertNotContains(desk.get(claim.get_absolute_url()), WARNING)


def test_the_reviewer_sees_the_warning_before_deciding(signed_in: SignIn, analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=analyst, verdict_key="unverifiable")
    assertContains(signed_in(reviewer).get(claim.get_absolute_url()), WARNING)


def test_a_search_is_retracted_with_a_reason(desk: Client, analyst: User) -> None:
    search = record(factories.claim(), analyst)
    address = reverse("search_retract", args=[search.pk])
    assertContains(desk.post(address, {"reason": ""}), "reason", status_code=422)
    response = desk.post(address, {"reason": "The wrong archive."}, follow=True)
    assertContains(response, "1 retracted search")
    assertContains(response, "The wrong archive.")
    assert desk.post(address, {"reason": "Again."}).status_code == 409


def test_readers_see_searches_and_record_none(signed_in: SignIn, reader: User, analyst: User) -> None:
    search = record(factories.claim(), analyst)
    client = signed_in(reader)
    assertContains(client.get(search.claim.get_absolute_url()), "Japan 2022")
    assert client.get(reverse("search_add", args=[search.claim_id])).status_code == 403
