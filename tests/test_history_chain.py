"""The hash chain says the same on SQLite and PostgreSQL: what was written comes back, and fits its hash."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.choices import Act, Priority, Stage
from claims.models import Event, User
from tests import factories

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
scalars = st.none() | st.booleans() | st.integers() | storable
values = scalars | st.lists(scalars, max_size=4) | st.dictionaries(storable, scalars, max_size=4)
zones = [UTC, timezone(timedelta(hours=9)), timezone(-timedelta(minutes=210))]
moments = st.datetimes(timezones=st.sampled_from(zones))

AWKWARD: list[Any] = [
    "\U0001f5fe \u202eabc\u202c e\u0301 \u2028",
    {"b": 1, "a": 2, "\U0001f5fe": 3, "\uffff": 4, "": 5},
    [True, 1, 0, False, None, ""],
    10**40,
    '\\u0041 \\ " / \b\f\r\n\t\x7f',
    Stage.IN_REVIEW,
    Priority.HIGH,
]


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(value=values, reason=storable, at=moments)
def test_whatever_was_written_fits_its_hash_when_it_is_read(value: Any, reason: str, at: datetime) -> None:
    claim = factories.claim()
    written = Event.objects.record(
        claim, Act.EDIT, by=claim.added_by, changes={"field": [None, value]}, reason=reason, at=at
    )
    read = Event.objects.get(pk=written.pk)
    assert read.hash == read.expected_hash()


@pytest.mark.parametrize("value", AWKWARD, ids=repr)
def test_awkward_values_fit_their_hash_too(value: Any, analyst: User) -> None:
    written = Event.objects.record(factories.claim(), Act.EDIT, by=analyst, changes={"field": [None, value]})
    read = Event.objects.get(pk=written.pk)
    assert read.changes["field"][1] == value
    assert read.hash == read.expected_hash()


@pytest.mark.parametrize("value", [1.5, float("nan"), 1e16, {1: "a"}, [{"a": [0.1]}], b"a", {1, 2}], ids=repr)
def test_what_databases_keep_in_their_own_way_is_refused(value: Any, analyst: User) -> None:
    claim = factories.claim()
    with pytest.raises(ValueError, match="history"):
        Event.objects.record(claim, Act.EDIT, by=analyst, changes={"field": [None, value]})
    assert Event.objects.of(claim).count() == 1


def test_one_event_has_this_hash_on_every_database_and_for_ever() -> None:
    event = Event(
        object_type="claim",
        object_id=7,
        number=2,
        act=Act.EDIT,
        by_id=3,
        at=datetime(2026, 11, 22, 10, 30, 0, 120, tzinfo=timezone(timedelta(hours=9))),
        changes={"speaker": ["", "岸田文雄 \U0001f5fe"], "assertion": ["A.", "B."]},
        reason="A newer table.",
        previous_hash="0" * 64,
    )
    assert event.expected_hash() == "766cd12265e428a11393a199b546c3f0931840c800f4d47eee502422661a054b"
