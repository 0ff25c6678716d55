"""Claim sets: made, renamed, filled and emptied, each with one event."""

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import claim_sets
from claims.choices import RecordAct
from claims.models import Claim, ClaimSet, Event, StaleVersion, User
from claims.workflow import Refused
from tests import factories


@pytest.fixture
def claim_set(analyst: User) -> ClaimSet:
    return factories.claim_set(by=analyst, title="Budgets")


def last_event(claim_set: ClaimSet) -> Event:
    return Event.objects.of(claim_set).latest("number")


def titles() -> list[str]:
    return list(ClaimSet.objects.values_list("title", flat=True))


def test_a_new_set_is_empty_and_has_its_event(claim_set: ClaimSet, analyst: User) -> None:
    event = Event.objects.of(claim_set).get()
    assert (event.act, event.by, event.changes) == (RecordAct.ADD, analyst, {"title": [None, "Budgets"]})
    assert not claim_set.items.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("title", "Budgets"),
        ("description", "x" * (limits.TEXT + 1)),
        ("licence", "x" * 101),
    ],
)
def test_what_a_set_cannot_have_is_told_at_its_field(
    field: str, value: str, claim_set: ClaimSet, analyst: User
) -> None:
    with pytest.raises(ValidationError) as caught:
        claim_sets.add_claim_set(by=analyst, **{"title": "Another", field: value})
    assert set(caught.value.message_dict) == {field}
    assert titles() == ["Budgets"]


def test_a_set_is_edited_over_the_version_that_was_seen(claim_set: ClaimSet, analyst: User) -> None:
    claim_sets.edit_claim_set(claim_set, by=analyst, version=1, title="Military budgets", description="")
    assert last_event(claim_set).changes == {"title": ["Budgets", "Military budgets"]}
    with pytest.raises(StaleVersion):
        claim_sets.edit_claim_set(claim_set, by=analyst, version=1, title="Mine")
    claim_sets.edit_claim_set(claim_set, by=analyst, version=2, title="Military budgets")
    assert Event.objects.of(claim_set).count() == 2


def test_a_set_does_not_get_the_title_of_another(claim_set: ClaimSet, analyst: User) -> None:
    other = factories.claim_set(title="Summits")
    with pytest.raises(ValidationError) as caught:
        claim_sets.edit_claim_set(other, by=analyst, version=1, title="Budgets")
    assert set(caught.value.message_dict) == {"title"}


def test_claims_go_in_once_and_in_their_order(claim_set: ClaimSet, analyst: User) -> None:
    first, second, third = (factories.claim() for _ in range(3))
    assert claim_sets.add_to_claim_set(claim_set, [second, first, second], by=analyst) == 2
    assert claim_sets.add_to_claim_set(claim_set, [first, third], by=analyst) == 1
    assert list(claim_set.items.values_list("claim", "position")) == [(second.pk, 1), (first.pk, 2), (third.pk, 3)]
    assert last_event(claim_set).changes == {"claims": [None, [third.reference]]}
    assert claim_sets.add_to_claim_set(claim_set, [first], by=analyst) == 0
    assert Event.objects.of(claim_set).count() == 3


def test_claims_come_out_and_what_is_not_in_it_does_not(claim_set: ClaimSet, analyst: User) -> None:
    held, other = factories.claim(), factories.claim()
    claim_sets.add_to_claim_set(claim_set, [held], by=analyst)
    assert claim_sets.remove_from_claim_set(claim_set, [held, other], by=analyst) == 1
    assert claim_sets.remove_from_claim_set(claim_set, [held], by=analyst) == 0
    event = last_event(claim_set)
    assert (event.act, event.changes) == (RecordAct.REMOVE_CLAIMS, {"claims": [[held.reference], None]})
    assert Claim.objects.filter(pk=held.pk).exists()


def test_filling_a_set_leaves_its_version(claim_set: ClaimSet, analyst: User) -> None:
    claim_sets.add_to_claim_set(claim_set, [factories.claim()], by=analyst)
    claim_sets.edit_claim_set(claim_set, by=analyst, version=1, title="Military budgets")


def test_a_reader_builds_no_sets(claim_set: ClaimSet, reader: User) -> None:
    acts = [
        lambda: claim_sets.add_claim_set(by=reader, title="Mine"),
        lambda: claim_sets.edit_claim_set(claim_set, by=reader, version=1, title="Mine"),
        lambda: claim_sets.add_to_claim_set(claim_set, [], by=reader),
        lambda: claim_sets.remove_from_claim_set(claim_set, [], by=reader),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert titles() == ["Budgets"]
