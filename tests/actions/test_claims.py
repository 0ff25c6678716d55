"""Making claims, moving them through the stages, changing their words and what sorts them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import claims, relations
from claims.choices import Act, ClaimKind, Disposition, Priority, RelationKind, Stage
from claims.models import Claim, Event, StaleVersion, User
from claims.passages import PassageError
from claims.workflow import Refused
from tests import factories


def last_event(claim: Claim) -> Event:
    return Event.objects.of(claim).latest("number")


def stored(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def test_a_new_claim_is_open_and_its_event_has_its_first_values(analyst: User) -> None:
    claim = claims.create_claim(by=analyst, assertion="Four spend more.", kind="ranking", recheck_on="2027-04")
    assert (claim.stage, claim.recheck_from) == (Stage.OPEN, date(2027, 4, 1))
    event = Event.objects.of(claim).get()
    assert (event.act, event.by) == (Act.CREATE, analyst)
    assert event.changes == {
        "assertion": [None, "Four spend more."],
        "kind": [None, "ranking"],
        "stage": [None, "open"],
        "priority": [None, 2],
        "recheck_on": [None, "2027-04"],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("assertion", ""),
        ("assertion", " \t"),
        ("assertion", "x" * (limits.ASSERTION + 1)),
        ("assertion", "a\x00b"),
        ("assertion", "half a pair \ud800"),
        ("kind", "rumour"),
        ("speaker", "x" * 201),
        ("as_of", "May 2023"),
        ("as_of", "2023-13"),
        ("recheck_on", "soon"),
        ("priority", 9),
        ("how_to_check", "x" * (limits.GUIDE + 1)),
        ("key", "two words"),
    ],
)
def test_what_a_claim_cannot_hold_is_told_at_its_field(field: str, value: object, analyst: User) -> None:
    values = {"assertion": "Four spend more.", "kind": ClaimKind.RANKING, field: value}
    with pytest.raises(ValidationError) as caught:
        claims.create_claim(by=analyst, **values)
    assert set(caught.value.message_dict) == {field}
    assert not Claim.objects.exists()


def test_a_key_is_given_once(analyst: User) -> None:
    factories.claim(key="jn-1")
    with pytest.raises(ValidationError) as caught:
        factories.claim(key="jn-1")
    assert set(caught.value.message_dict) == {"key"}


def test_a_claim_of_words_appears_there_and_decides_the_sentences_that_it_touches(analyst: User) -> None:
    snapshot = factories.snapshot()
    start = snapshot.text.index("in the world")
    claim = claims.create_claim_in_text(
        snapshot, start, start + len("in the world. Only four"), by=analyst, assertion="Both.", kind="ranking"
    )
    assert claim.appearances.get().exact == "in the world. Only four"
    decided = snapshot.sentences.decided()
    assert list(decided.values_list("number", "disposition")) == [(1, Disposition.CLAIM), (2, Disposition.CLAIM)]
    assert [event.act for event in Event.objects.of(claim)] == [Act.CREATE, Act.ADD_APPEARANCE]
    assert Event.objects.of(snapshot.document).filter(act="dispose").count() == 2


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 4), (-1, 3), (0, 10**9), (93, 97)])
def test_a_claim_of_no_words_is_not_made(start: int, end: int, analyst: User) -> None:
    snapshot = factories.snapshot(text="x" * 93 + "    " + "y")
    with pytest.raises(PassageError):
        claims.create_claim_in_text(snapshot, start, end, by=analyst, assertion="Some.", kind="ranking")
    assert not Claim.objects.exists()


def test_a_whole_chapter_is_no_passage(analyst: User) -> None:
    snapshot = factories.snapshot(text="x" * (limits.PASSAGE + 1))
    with pytest.raises(PassageError, match="fewer words"):
        claims.add_appearance(factories.claim(), snapshot, 0, len(snapshot.text), by=analyst)


def test_an_appearance_is_noted_once(analyst: User) -> None:
    claim, snapshot = factories.claim(), factories.snapshot()
    claims.add_appearance(claim, snapshot, 0, 5, by=analyst)
    with pytest.raises(ValidationError, match="known to appear here"):
        claims.add_appearance(claim, snapshot, 0, 5, by=analyst)
    assert Event.objects.of(claim).count() == 2


def test_an_edit_changes_words_and_says_which(analyst: User) -> None:
    claim = factories.claim(assertion="Four spend more.")
    claims.edit_claim(claim, by=analyst, version=1, assertion="Five spend more.", speaker="Kishida", kind=claim.kind)
    assert (stored(claim).assertion, stored(claim).version) == ("Five spend more.", 2)
    event = last_event(claim)
    assert event.act == Act.EDIT
    assert event.changes == {"assertion": ["Four spend more.", "Five spend more."], "speaker": ["", "Kishida"]}


def test_saving_the_same_words_again_is_no_act(analyst: User) -> None:
    claim = factories.claim(assertion="Four spend more.")
    claims.edit_claim(claim, by=analyst, version=1, assertion="Four spend more.")
    assert (stored(claim).version, Event.objects.of(claim).count()) == (1, 1)


def test_an_edit_over_a_version_that_is_gone_brings_the_claim_as_it_is(analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    claims.edit_claim(stored(claim), by=reviewer, version=1, assertion="Theirs.")
    with pytest.raises(StaleVersion) as caught:
        claims.edit_claim(claim, by=analyst, version=1, assertion="Mine.")
    assert (caught.value.expected, caught.value.current.version) == (1, 2)
    assert caught.value.current.assertion == "Theirs."  # type: ignore[attr-defined]
    assert stored(claim).assertion == "Theirs."


def test_a_stale_edit_is_a_conflict_even_when_the_claim_has_moved_on(analyst: User) -> None:
    claim = factories.claim()
    factories.submitted(stored(claim), by=analyst)
    with pytest.raises(StaleVersion):
        claims.edit_claim(claim, by=analyst, version=1, assertion="Mine.")


def test_the_wording_that_is_in_review_or_verified_stays(analyst: User, reviewer: User) -> None:
    for claim in (factories.claim(), factories.verified_claim(), factories.claim()):
        if claim.stage == Stage.OPEN:
            factories.submitted(claim, by=analyst)
        with pytest.raises(Refused, match="wording"):
            claims.edit_claim(claim, by=reviewer, version=claim.version, assertion="Other.")


def test_organising_changes_what_sorts_a_claim(analyst: User) -> None:
    claim = factories.claim()
    organise = {"priority": Priority.HIGH, "recheck_on": "2027", "tags": ["NATO", "budget", "NATO"]}
    claims.organise_claim(claim, by=analyst, version=1, **organise)
    assert list(claim.tags.values_list("name", flat=True)) == ["NATO", "budget"]
    changes = last_event(claim).changes
    assert changes["tags"] == [[], ["NATO", "budget"]]
    assert (changes["priority"], changes["recheck_on"]) == ([2, 3], ["", "2027"])
    claims.organise_claim(claim, by=analyst, version=2, **organise)
    assert Event.objects.of(claim).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priority", 0),
        ("recheck_on", "soon"),
        ("tags", ["x" * (limits.TAG + 1)]),
        ("tags", [" "]),
        ("tags", ["a\x00b"]),
        ("tags", [str(number) for number in range(limits.TAGS + 1)]),
    ],
)
def test_what_cannot_sort_a_claim_is_told_at_its_field(field: str, value: object, analyst: User) -> None:
    claim = factories.claim()
    values = {"priority": 2, "recheck_on": "", "tags": [], field: value}
    with pytest.raises(ValidationError) as caught:
        claims.organise_claim(claim, by=analyst, version=1, **values)
    assert set(caught.value.message_dict) == {field}
    assert stored(claim).version == 1


def test_a_recheck_date_and_a_priority_can_be_set_alone(analyst: User) -> None:
    claim = factories.claim()
    claims.set_recheck(claim, by=analyst, recheck_on="2027-04")
    claims.set_priority(claim, by=analyst, priority=Priority.LOW)
    assert (stored(claim).recheck_from, stored(claim).priority) == (date(2027, 4, 1), Priority.LOW)
    assert Event.objects.of(claim).filter(act=Act.ORGANISE).count() == 2


Step = Callable[[Claim, User], None]
STEPS: list[tuple[Act, Step, dict[str, list[object]]]] = [
    (
        Act.TAKE,
        lambda claim, by: claims.take(claim, by=by),
        {"stage": ["open", "in_progress"], "assignee": [None, "analyst"]},
    ),
    (
        Act.RELEASE,
        lambda claim, by: claims.release(claim, by=by),
        {"stage": ["in_progress", "open"], "assignee": ["analyst", None]},
    ),
    (
        Act.ASSIGN,
        lambda claim, by: claims.assign(claim, by=by, to=by),
        {"assignee": [None, "analyst"]},
    ),
    (
        Act.DISMISS,
        lambda claim, by: claims.dismiss(claim, by=by, reason=" Said twice. "),
        {"stage": ["open", "dismissed"]},
    ),
    (
        Act.RESTORE,
        lambda claim, by: claims.restore(claim, by=by),
        {"stage": ["dismissed", "open"], "assignee": ["analyst", None]},
    ),
]


def test_each_step_writes_one_event_of_what_it_changed(analyst: User) -> None:
    claim = factories.claim()
    for number, (act, step, changes) in enumerate(STEPS, start=2):
        step(claim, analyst)
        event = last_event(claim)
        assert (event.number, event.act, event.by, event.changes) == (number, act, analyst, changes)
        assert stored(claim).version == number
    assert Event.objects.of(claim).get(act=Act.DISMISS).reason == "Said twice."


@pytest.mark.parametrize("step", [step for _, step, _ in STEPS], ids=[act for act, *_ in STEPS])
def test_a_reader_does_none_of_it(step: Step, reader: User) -> None:
    claim = factories.claim()
    with pytest.raises(Refused, match="Your role reads"):
        step(claim, reader)
    assert Event.objects.of(claim).count() == 1


def test_someone_elses_work_is_not_taken_over_by_the_way(analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    claims.assign(claim, by=reviewer, to=reviewer)
    with pytest.raises(Refused, match="assigned to someone else"):
        claims.take(claim, by=analyst)
    claims.take(claim, by=reviewer)
    with pytest.raises(Refused, match="Someone else is working"):
        claims.take(claim, by=analyst)
    with pytest.raises(Refused, match="already taken up"):
        claims.take(claim, by=reviewer)
    claims.assign(claim, by=analyst, to=analyst)
    assert stored(claim).assignee == analyst


def test_a_claim_is_released_by_who_works_on_it_or_by_a_reviewer(analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    claims.take(claim, by=analyst)
    with pytest.raises(Refused, match="or a reviewer"):
        claims.release(claim, by=factories.user("other"))
    claims.release(claim, by=reviewer)
    assert stored(claim).assignee is None


def test_work_goes_only_to_people_who_can_do_it(analyst: User, reader: User) -> None:
    claim = factories.claim()
    gone = factories.user("gone", is_active=False)
    for person, why in ((reader, "role that reads"), (gone, "left the desk")):
        with pytest.raises(ValidationError, match=why) as caught:
            claims.assign(claim, by=analyst, to=person)
        assert set(caught.value.message_dict) == {"assignee"}
        with pytest.raises(ValidationError, match=why):
            factories.claim(assignee=person)
    assert stored(claim).assignee is None


def test_work_in_progress_is_somebodys(analyst: User) -> None:
    claim = factories.claim()
    claims.assign(claim, by=analyst, to=None)
    assert Event.objects.of(claim).count() == 1
    claims.take(claim, by=analyst)
    with pytest.raises(ValidationError, match="release it"):
        claims.assign(claim, by=analyst, to=None)


@pytest.mark.parametrize("reason", ["", "  ", "…", "\u200b\u2060", "a\x00b", "x" * (limits.REASON + 1)])
def test_a_reason_says_something_and_not_too_much(reason: str, analyst: User) -> None:
    claim = factories.claim()
    with pytest.raises(ValidationError) as caught:
        claims.dismiss(claim, by=analyst, reason=reason)
    assert set(caught.value.message_dict) == {"reason"}
    assert stored(claim).stage == Stage.OPEN


def test_reopening_takes_the_verdict_back_and_makes_what_rests_on_it_due(analyst: User) -> None:
    premise, conclusion, other = (factories.verified_claim() for _ in range(3))
    relations.relate(conclusion, RelationKind.DEPENDS_ON, premise, by=analyst)
    relations.relate(other, RelationKind.CONTRADICTS, premise, by=analyst)
    claims.reopen(premise, by=analyst, reason="A newer table.")
    assert (stored(premise).stage, stored(premise).verdict, stored(premise).standing) == (Stage.OPEN, None, None)
    assert last_event(premise).changes["verdict"] == ["supported", None]
    assert stored(conclusion).is_due
    assert last_event(conclusion).act == Act.FALL_DUE
    assert not stored(other).is_due


def test_what_is_due_already_keeps_its_first_reason(analyst: User) -> None:
    premises = [factories.verified_claim() for _ in range(2)]
    conclusion = factories.verified_claim()
    for premise in premises:
        relations.relate(conclusion, RelationKind.DEPENDS_ON, premise, by=analyst)
    for premise in premises:
        claims.reopen(premise, by=analyst, reason="A newer table.")
    assert premises[0].reference in stored(conclusion).due_reason
    assert Event.objects.of(conclusion).filter(act=Act.FALL_DUE).count() == 1


def test_only_a_verified_claim_falls_due(analyst: User) -> None:
    with pytest.raises(Refused):
        claims.fall_due(factories.claim(), by=analyst, reason="A newer table.")
    claim = factories.verified_claim()
    claims.fall_due(claim, by=analyst, reason="A newer table. " * 30)
    assert len(stored(claim).due_reason) <= 300
    assert stored(claim).is_due


def test_taking_up_a_claim_takes_few_queries(analyst: User, django_assert_max_num_queries: Callable[..., Any]) -> None:
    claim, by = factories.claim(), User.objects.get(pk=analyst.pk)
    with django_assert_max_num_queries(8):
        claims.take(claim, by=by)
