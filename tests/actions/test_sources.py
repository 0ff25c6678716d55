"""Sources: admins add and grade them, and say why."""

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import sources
from claims.choices import RecordAct
from claims.models import Event, Source, StaleVersion, User
from claims.workflow import Refused
from tests import factories

FIELDS = {"name": "SIPRI", "kind": "think_tank", "reliability": "B", "reliability_reason": "Methods are public."}


@pytest.fixture
def sipri(admin: User) -> Source:
    return sources.add_source(by=admin, **FIELDS)


def test_a_source_is_added_with_one_event(sipri: Source, admin: User) -> None:
    event = Event.objects.of(sipri).get()
    assert (event.act, event.by) == (RecordAct.ADD, admin)
    assert event.changes == {name: [None, value] for name, value in FIELDS.items()}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "sipri"),
        ("kind", "oracle"),
        ("homepage", "javascript:alert(1)"),
        ("country", "JPN"),
        ("reliability", "G"),
        ("reliability_reason", " "),
        ("reliability_reason", "x" * (limits.REASON + 1)),
    ],
)
def test_what_a_source_cannot_have_is_told_at_its_field(field: str, value: str, sipri: Source, admin: User) -> None:
    with pytest.raises(ValidationError) as caught:
        sources.add_source(by=admin, **{**FIELDS, "name": "Another", field: value})
    assert set(caught.value.message_dict) == {field}
    assert Source.objects.get() == sipri


def test_a_new_letter_comes_with_its_reason(sipri: Source, admin: User) -> None:
    with pytest.raises(ValidationError) as caught:
        sources.edit_source(sipri, by=admin, version=1, reliability="A", reliability_reason="")
    assert set(caught.value.message_dict) == {"reliability_reason"}
    sources.edit_source(
        sipri, by=admin, version=1, reliability="A", reliability_reason="Twenty years without an error."
    )
    event = Event.objects.of(sipri).latest("number")
    assert (event.act, event.changes["reliability"]) == (RecordAct.CHANGE, ["B", "A"])


def test_a_source_is_edited_over_the_version_that_was_seen(sipri: Source, admin: User) -> None:
    sources.edit_source(sipri, by=admin, version=1, country="SE", name="SIPRI")
    with pytest.raises(StaleVersion):
        sources.edit_source(sipri, by=admin, version=1, country="NO")
    sources.edit_source(sipri, by=admin, version=2, country="SE")
    assert Event.objects.of(sipri).count() == 2


def test_a_source_does_not_get_the_name_of_another(sipri: Source, admin: User) -> None:
    other = factories.source("NATO")
    with pytest.raises(ValidationError) as caught:
        sources.edit_source(other, by=admin, version=1, name="Sipri")
    assert set(caught.value.message_dict) == {"name"}


def test_everyone_else_proposes(sipri: Source, reviewer: User) -> None:
    with pytest.raises(Refused, match="Propose the change in a comment"):
        sources.add_source(by=reviewer, **FIELDS)
    with pytest.raises(Refused):
        sources.edit_source(sipri, by=reviewer, version=1, name="Mine")
    assert Source.objects.get().name == "SIPRI"
