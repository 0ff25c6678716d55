"""Release calendars on the page of their source."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from claims.actions import calendars
from claims.models import ReleaseCalendar, User
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(signed_in: SignIn, admin: User) -> Client:
    return signed_in(admin)


@pytest.fixture
def calendar(admin: User) -> ReleaseCalendar:
    return calendars.add_calendar(factories.source(), by=admin, name="Table", rule="every April")


def test_a_calendar_is_added_to_its_source(desk: Client) -> None:
    address = reverse("calendar_add", args=[factories.source().pk])
    assertContains(desk.post(address, {"name": "Table", "rule": "sometimes"}), "is not a rule", status_code=422)
    response = desk.post(address, {"name": "Table", "rule": "each year in April"}, follow=True)
    assertContains(response, "Added: Table, every April.")
    assertContains(response, "Next: April")


def test_a_calendar_is_changed_and_a_stale_change_shows_both(desk: Client, calendar: ReleaseCalendar) -> None:
    address = reverse("calendar_edit", args=[calendar.pk])
    changed = {"name": "Table", "rule": "quarterly", "version": calendar.version}
    assertContains(desk.post(address, changed, follow=True), "Saved: Table, quarterly.")
    stale = desk.post(address, {**changed, "rule": "monthly"})
    assertContains(stale, "quarterly", status_code=409)
    assertContains(stale, "monthly", status_code=409)


def test_a_calendar_is_retired_and_put_back(desk: Client, calendar: ReleaseCalendar) -> None:
    assertContains(desk.post(reverse("calendar_retire", args=[calendar.pk]), follow=True), "Retired: Table")
    assertContains(desk.post(reverse("calendar_unretire", args=[calendar.pk]), follow=True), "In use again")


def test_a_name_is_taken_once(desk: Client, calendar: ReleaseCalendar) -> None:
    address = reverse("calendar_add", args=[calendar.source_id])
    assertContains(desk.post(address, {"name": "Table", "rule": "monthly"}), "of this name", status_code=422)


def test_analysts_see_calendars_and_change_none(signed_in: SignIn, analyst: User, calendar: ReleaseCalendar) -> None:
    client = signed_in(analyst)
    assertContains(client.get(calendar.source.get_absolute_url()), "every April")
    assert client.post(reverse("calendar_retire", args=[calendar.pk])).status_code == 403
