"""Claim sets: made, renamed, filled and emptied, each with one event."""

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import claim_sets
from claims.choices import RecordAct, SetKind
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
    assert last_event(claim_set).changes == {"claims": [None, [third.reference]], "keys": [None, [third.pk]]}
    assert claim_sets.add_to_claim_set(claim_set, [first], by=analyst) == 0
    assert Event.objects.of(claim_set).count() == 3


def test_claims_come_out_and_what_is_not_in_it_does_not(claim_set: ClaimSet, analyst: User) -> None:
    held, other = factories.claim(), factories.claim()
    claim_sets.add_to_claim_set(claim_set, [held], by=analyst)
    assert claim_sets.remove_from_claim_set(claim_set, [held, other], by=analyst) == 1
    assert claim_sets.remove_from_claim_set(claim_set, [held], by=analyst) == 0
    event = last_event(claim_set)
    changes = {"claims": [[held.reference], None], "keys": [[held.pk], None]}
    assert (event.act, event.changes) == (RecordAct.REMOVE_CLAIMS, changes)
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


# --- order


@pytest.mark.parametrize(
    ("which", "step", "expected"),
    [
        (0, 1, [1, 0, 2, 3]),
        (3, -1, [0, 1, 3, 2]),
        (0, 99, [1, 2, 3, 0]),
        (3, -99, [3, 0, 1, 2]),
        (1, 2, [0, 2, 3, 1]),
        (0, -1, [0, 1, 2, 3]),
        (3, 1, [0, 1, 2, 3]),
    ],
)
def test_a_claim_moves_and_the_others_keep_their_order(
    which: int, step: int, expected: list[int], claim_set: ClaimSet, analyst: User
) -> None:
    claims = [factories.claim() for _ in range(5)]
    claim_sets.add_to_claim_set(claim_set, claims, by=analyst)
    gap = claims.pop(2)
    claim_sets.remove_from_claim_set(claim_set, [gap], by=analyst)  # leaves a gap in the positions
    place = claim_sets.move_in_claim_set(claim_set, claims[which], by=analyst, step=step)
    assert list(claim_set.items.values_list("claim", flat=True)) == [claims[n].pk for n in expected]
    moved = expected != [0, 1, 2, 3]
    assert place == (expected.index(which) + 1 if moved else None)
    event = last_event(claim_set)
    assert (event.act == RecordAct.ORDER_CLAIMS) == moved
    if moved:
        assert event.changes == {"place": [which + 1, place]}


def test_only_a_set_picked_by_hand_takes_claims(analyst: User) -> None:
    of_filter = claim_sets.add_claim_set(by=analyst, title="Filter", kind=SetKind.FILTER, filter="stage=open")
    claim = factories.claim()
    for act in (
        lambda: claim_sets.add_to_claim_set(of_filter, [claim], by=analyst),
        lambda: claim_sets.remove_from_claim_set(of_filter, [claim], by=analyst),
        lambda: claim_sets.move_in_claim_set(of_filter, claim, by=analyst, step=1),
    ):
        with pytest.raises(Refused, match="those of its filter"):
            act()
    assert last_event(of_filter).changes == {
        "title": [None, "Filter"],
        "kind": [None, "filter"],
        "filter": [None, "stage=open"],
    }


def test_a_set_picked_by_hand_gets_no_filter(claim_set: ClaimSet, analyst: User) -> None:
    with pytest.raises(ValidationError):
        claim_sets.edit_claim_set(claim_set, by=analyst, version=1, filter="stage=open")


def test_a_private_set_is_worked_on_by_its_maker_alone(analyst: User, reviewer: User) -> None:
    mine = claim_sets.add_claim_set(by=analyst, title="Mine", is_private=True)
    for act in (
        lambda: claim_sets.edit_claim_set(mine, by=reviewer, version=1, title="Ours"),
        lambda: claim_sets.add_to_claim_set(mine, [], by=reviewer),
        lambda: claim_sets.leave_out(mine, None, by=reviewer, reason="Later.", seen=0),
        lambda: claim_sets.take_back(mine, None, by=reviewer),
    ):
        with pytest.raises(Refused, match="maker"):
            act()


# --- leaving out


def test_what_blocks_is_left_out_and_taken_back_with_an_event_each(claim_set: ClaimSet, analyst: User) -> None:
    fine, first, second = factories.sound_claim(), factories.claim(), factories.claim()
    claim_sets.add_to_claim_set(claim_set, [fine, first, second], by=analyst)
    assert claim_sets.leave_out(claim_set, None, by=analyst, reason=" Later. ", seen=2) == 2
    event = last_event(claim_set)
    assert (event.act, event.reason) == (RecordAct.LEAVE_OUT, "Later.")
    both = [first.pk, second.pk]
    assert event.changes == {"left_out": [None, [first.reference, second.reference]], "keys": [None, both]}
    left_out_at = claim_set.omissions.get(claim=first).left_out_at.isoformat()
    assert claim_sets.take_back(claim_set, [first.pk, fine.pk], by=analyst) == 1
    changes = {"left_out": [[first.reference], None], "keys": [[first.pk], None], "left_out_at": [[left_out_at], None]}
    assert last_event(claim_set).changes == changes
    assert claim_sets.take_back(claim_set, None, by=analyst) == 1
    before = last_event(claim_set)
    assert claim_sets.take_back(claim_set, None, by=analyst) == 0
    assert last_event(claim_set) == before


def test_only_what_blocks_is_left_out(claim_set: ClaimSet, analyst: User) -> None:
    fine, blocking = factories.sound_claim(), factories.claim()
    claim_sets.add_to_claim_set(claim_set, [fine, blocking], by=analyst)
    with pytest.raises(ValidationError, match="Meanwhile"):
        claim_sets.leave_out(claim_set, [fine.pk], by=analyst, reason="Later.", seen=1)
    assert claim_sets.leave_out(claim_set, [fine.pk, blocking.pk], by=analyst, reason="Later.", seen=1) == 1


def test_leaving_out_needs_a_reason_and_has_a_limit(
    claim_set: ClaimSet, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_sets.add_to_claim_set(claim_set, [factories.claim() for _ in range(2)], by=analyst)
    with pytest.raises(ValidationError, match="Say why"):
        claim_sets.leave_out(claim_set, None, by=analyst, reason="…", seen=2)
    monkeypatch.setattr(limits, "LEFT_OUT", 1)
    with pytest.raises(ValidationError, match="More than 1 claims block"):
        claim_sets.leave_out(claim_set, None, by=analyst, reason="Later.", seen=2)
