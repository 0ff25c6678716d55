"""The verdict scale: what is in use is retired, never deleted, and keeps its key."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import verdicts
from claims.choices import Mark, RecordAct
from claims.models import Event, StaleVersion, User, Verdict
from claims.workflow import Refused
from tests import factories

FIELDS = {"key": "too_early", "name": "Too early", "meaning": "Not yet to be told.", "mark": Mark.UNVERIFIABLE}


def last_event(verdict: Verdict) -> Event:
    return Event.objects.of(verdict).latest("number")


def test_a_verdict_is_added_with_one_event(admin: User) -> None:
    verdict = verdicts.add_verdict(by=admin, **FIELDS)
    assert verdict in Verdict.objects.in_use()
    event = Event.objects.of(verdict).get()
    assert (event.act, event.by) == (RecordAct.ADD, admin)
    assert event.changes == {name: [None, value] for name, value in {**FIELDS, "position": 100}.items()}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "two words"),
        ("name", ""),
        ("name", "Supported"),
        ("name", "x" * 61),
        ("meaning", "x" * 301),
        ("mark", "splendid"),
        ("rating", 0),
        ("rating", 6),
    ],
)
def test_what_a_verdict_cannot_have_is_told_at_its_field(field: str, value: object, admin: User) -> None:
    with pytest.raises(ValidationError) as caught:
        verdicts.add_verdict(by=admin, **{**FIELDS, field: value})
    assert set(caught.value.message_dict) == {field}
    assert not Verdict.objects.filter(key="too_early").exists()


def test_a_verdict_is_changed_over_the_version_that_was_seen(admin: User) -> None:
    verdict = factories.verdict("disputed")
    verdicts.edit_verdict(verdict, by=admin, version=1, name="Contested", meaning=verdict.meaning)
    assert last_event(verdict).changes == {"name": ["Disputed", "Contested"]}
    with pytest.raises(StaleVersion):
        verdicts.edit_verdict(verdict, by=admin, version=1, name="Open")
    verdicts.edit_verdict(verdict, by=admin, name="Contested")
    assert Event.objects.of(verdict).count() == 1


def test_a_verdict_in_use_keeps_its_key_and_is_not_deleted(admin: User) -> None:
    verdict = factories.verified_claim().verdict
    assert verdict
    with pytest.raises(ValidationError) as caught:
        verdicts.edit_verdict(verdict, by=admin, key="true")
    assert set(caught.value.message_dict) == {"key"}
    with pytest.raises(ValidationError, match="Retire it"):
        verdicts.delete_verdict(verdict, by=admin)
    assert not Event.objects.of(verdict).exists()


def test_a_verdict_nobody_used_can_be_deleted_and_history_knows_it(admin: User) -> None:
    verdict = factories.verdict("misleading")
    key = verdict.pk
    verdicts.delete_verdict(verdict, by=admin)
    assert not Verdict.objects.filter(key="misleading").exists()
    assert Event.objects.get(object_type="verdict", object_id=key).changes == {"key": ["misleading", None]}


def test_a_retired_verdict_is_not_offered_until_it_is_put_back(admin: User) -> None:
    verdict = factories.verdict("misleading")
    for _ in range(2):
        verdicts.retire_verdict(verdict, by=admin)
        assert verdict not in Verdict.objects.in_use()
    for _ in range(2):
        verdicts.unretire_verdict(verdict, by=admin)
        assert verdict in Verdict.objects.in_use()
    assert [event.act for event in Event.objects.of(verdict)] == [RecordAct.RETIRE, RecordAct.UNRETIRE]


def test_only_admins_edit_the_scale(reviewer: User) -> None:
    verdict = factories.verdict("misleading")
    acts = [
        lambda: verdicts.add_verdict(by=reviewer, **FIELDS),
        lambda: verdicts.edit_verdict(verdict, by=reviewer, name="Mine"),
        lambda: verdicts.retire_verdict(verdict, by=reviewer),
        lambda: verdicts.unretire_verdict(verdict, by=reviewer),
        lambda: verdicts.delete_verdict(verdict, by=reviewer),
    ]
    for act in acts:
        with pytest.raises(Refused, match="Admins edit"):
            act()
    assert not Event.objects.of(verdict).exists()
