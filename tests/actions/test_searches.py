"""Searches that found nothing: recorded, retracted with a reason, never changed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.actions import claims, searches
from claims.choices import Act
from claims.models import Claim, Event, Search, User
from claims.workflow import Refused
from tests import factories

WHERE = {"place": "SIPRI Military Expenditure Database", "words": "Japan 2022", "searched_on": date(2026, 11, 1)}


def test_a_search_says_where_when_and_with_what(analyst: User) -> None:
    claim = factories.claim()

    search = searches.add_search(claim, by=analyst, note="Nothing before 1988.", **WHERE)

    event = Event.objects.of(claim).latest("number")
    assert (event.act, event.subject_type, event.subject_id) == (Act.ADD_SEARCH, "search", search.pk)
    assert event.changes == {
        "place": [None, "SIPRI Military Expenditure Database"],
        "searched_on": [None, "2026-11-01"],
        "words": [None, "Japan 2022"],
        "note": [None, "Nothing before 1988."],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("place", " "),
        ("words", ""),
        ("words", "a\x00b"),
        ("place", "x" * 501),
        ("searched_on", timezone.localdate() + timedelta(days=2)),
    ],
)
def test_what_a_search_lacks_is_told_at_its_field(analyst: User, field: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        searches.add_search(factories.claim(), by=analyst, **{**WHERE, field: value})
    assert set(caught.value.message_dict) == {field}
    assert not Search.objects.exists()


def test_a_search_does_not_touch_a_verdict_but_its_retraction_does(analyst: User) -> None:
    claim = factories.verified_claim(verdict_key="unverifiable")
    search = searches.add_search(claim, by=analyst, **WHERE)
    assert not Claim.objects.get(pk=claim.pk).is_due

    searches.retract_search(search, by=analyst, reason="The wrong archive.")

    claim.refresh_from_db()
    assert (claim.is_due, claim.due_reason) == (True, "A search for evidence was retracted.")
    assert list(Search.objects.in_force()) == []


def test_a_search_is_retracted_once_and_with_a_reason(analyst: User) -> None:
    search = searches.add_search(factories.claim(), by=analyst, **WHERE)
    with pytest.raises(ValidationError):
        searches.retract_search(search, by=analyst, reason=" ")
    searches.retract_search(Search.objects.get(pk=search.pk), by=analyst, reason="The wrong archive.")

    with pytest.raises(Refused, match="The wrong archive"):
        searches.retract_search(Search.objects.get(pk=search.pk), by=analyst, reason="Again.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Search.objects.filter(pk=search.pk).update(words="Other words")


def test_neither_readers_nor_dismissed_claims_get_searches(analyst: User, reader: User) -> None:
    claim = factories.claim()
    with pytest.raises(Refused):
        searches.add_search(claim, by=reader, **WHERE)
    claims.dismiss(claim, by=analyst, reason="No fact.")
    with pytest.raises(Refused):
        searches.add_search(claim, by=analyst, **WHERE)
