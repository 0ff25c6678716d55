"""Release calendars of a source, and the claims that follow them."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import calendars, claims
from claims.choices import Act, RecordAct
from claims.models import Claim, Event, ReleaseCalendar, Source, StaleVersion, User
from claims.workflow import Refused
from tests import factories


@pytest.fixture
def calendar(admin: User) -> ReleaseCalendar:
    return calendars.add_calendar(factories.source(), by=admin, name="Expenditure table", rule="every april")


def last_event(record: Claim | Source) -> Event:
    return Event.objects.of(record).latest("number")


def test_a_calendar_is_kept_in_one_spelling_on_the_chain_of_its_source(calendar: ReleaseCalendar) -> None:
    assert calendar.rule == "every April"
    event = last_event(calendar.source)
    assert (event.act, event.subject_id) == (RecordAct.CHANGE, calendar.pk)
    assert event.changes == {
        "calendar.name": [None, "Expenditure table"],
        "calendar.rule": [None, "every April"],
    }


@pytest.mark.parametrize(("field", "value"), [("rule", "sometimes"), ("name", " "), ("name", "Expenditure table")])
def test_what_is_no_calendar_is_told_at_its_field(
    calendar: ReleaseCalendar, admin: User, field: str, value: str
) -> None:
    values = {"name": "Another table", "rule": "quarterly", field: value}
    with pytest.raises(ValidationError) as caught:
        calendars.add_calendar(calendar.source, by=admin, **values)
    assert set(caught.value.message_dict) == {field}


def test_calendars_belong_to_those_who_manage_sources(calendar: ReleaseCalendar, analyst: User) -> None:
    with pytest.raises(Refused):
        calendars.add_calendar(calendar.source, by=analyst, name="Mine", rule="quarterly")
    with pytest.raises(Refused):
        calendars.edit_calendar(calendar, by=analyst, version=1, name="Mine", rule="quarterly")
    with pytest.raises(Refused):
        calendars.retire_calendar(calendar, by=analyst)


def test_a_claim_follows_a_calendar_until_it_gets_a_date_of_its_own(calendar: ReleaseCalendar, analyst: User) -> None:
    claim = factories.claim()

    calendars.follow_calendar(claim, calendar, by=analyst)
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.recheck_calendar, claim.recheck_on) == (calendar, str(calendar.next_release()))
    assert last_event(claim).changes["recheck_calendar"] == [None, "Expenditure table"]
    claims.set_recheck(claim, by=analyst, recheck_on=claim.recheck_on)
    assert Claim.objects.get(pk=claim.pk).recheck_calendar == calendar

    claims.set_recheck(claim, by=analyst, recheck_on="2031")
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.recheck_calendar, claim.recheck_on) == (None, "2031")


def test_a_claim_can_stop_following(calendar: ReleaseCalendar, analyst: User) -> None:
    claim = factories.claim()
    calendars.follow_calendar(claim, calendar, by=analyst)
    calendars.follow_calendar(claim, calendar, by=analyst)
    assert Event.objects.of(claim).filter(act=Act.ORGANISE).count() == 1

    calendars.follow_calendar(claim, None, by=analyst)

    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.recheck_calendar, claim.recheck_on) == (None, "")


def test_another_rule_moves_the_claims_that_follow_it_and_leaves_those_that_are_due(
    calendar: ReleaseCalendar, analyst: User, admin: User
) -> None:
    waiting, due = factories.claim(), factories.claim()
    for claim in (waiting, due):
        calendars.follow_calendar(claim, calendar, by=analyst)
    Claim.objects.filter(pk=due.pk).update(recheck_on="2020-04", recheck_from="2020-04-01")

    calendars.edit_calendar(calendar, by=admin, version=1, name=calendar.name, rule="yearly on 15 March")

    assert Claim.objects.get(pk=waiting.pk).recheck_on == str(calendar.next_release())
    assert calendar.next_release().day == 15
    assert Claim.objects.get(pk=due.pk).recheck_on == "2020-04"
    assert last_event(calendar.source).changes == {"calendar.rule": ["every April", "yearly on 15 March"]}


def test_an_edit_that_changes_nothing_is_none_and_a_stale_one_is_refused(
    calendar: ReleaseCalendar, admin: User
) -> None:
    before = Event.objects.of(calendar.source).count()
    calendars.edit_calendar(calendar, by=admin, version=1, name=calendar.name, rule="each year in April")
    assert Event.objects.of(calendar.source).count() == before
    with pytest.raises(StaleVersion):
        calendars.edit_calendar(calendar, by=admin, version=9, name="Other", rule="quarterly")


def test_a_retired_calendar_is_offered_no_more_but_still_followed(
    calendar: ReleaseCalendar, analyst: User, admin: User
) -> None:
    follower = factories.claim()
    calendars.follow_calendar(follower, calendar, by=analyst)

    calendars.retire_calendar(calendar, by=admin)
    calendars.retire_calendar(calendar, by=admin)

    assert not ReleaseCalendar.objects.in_use().exists()
    assert Claim.objects.get(pk=follower.pk).recheck_calendar == calendar
    with pytest.raises(ValidationError):
        calendars.follow_calendar(factories.claim(), calendar, by=analyst)
    calendars.unretire_calendar(calendar, by=admin)
    assert ReleaseCalendar.objects.in_use().exists()
