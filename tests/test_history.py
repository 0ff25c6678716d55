"""Events as lines: names instead of keys, differences by the word, the claim as it was at a version."""

from collections.abc import Callable

import pytest

from claims import history
from claims.actions import assessments, claims, comments
from claims.choices import Act, Priority, Stage
from claims.differences import PieceKind
from claims.models import Claim, Event, User
from tests import factories


def words(line: history.Line) -> dict[str, str]:
    """Label to what the line says now, with [what it said before] in brackets."""
    shown = {}
    for field in [*line.fields, *line.more]:
        parts = [f"[{piece.text}]" if piece.kind == PieceKind.DELETED else piece.text for piece in field.pieces]
        shown[field.label] = "".join(parts)
    return shown


def test_a_changed_wording_is_shown_word_by_word(analyst: User) -> None:
    claim = factories.claim(by=analyst, assertion="It is ninth.")
    claims.edit_claim(claim, by=analyst, version=claim.version, assertion="Japan is ninth.", as_of="2023-05-24")
    newest = history.timeline(claim, limit=5).lines[0]
    assert words(newest)["Assertion"] == "[It]Japan is ninth."


def test_keys_are_shown_as_the_words_people_know(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    other = factories.user("teo", first_name="Teo", last_name="Marchetti")
    claims.assign(claim, by=analyst, to=other)
    claims.organise_claim(claim, by=analyst, version=claim.version, priority=3, recheck_on="2026-10", tags=["NATO"])
    factories.submitted(claim, by=analyst, verdict_key="mostly_supported")
    submitted, organised, assigned, _ = history.timeline(claim, limit=5).lines
    assert words(submitted)["Verdict"] == "Mostly supported"
    assert words(submitted)["Confidence"] == "High"
    assert words(organised) == {"Priority": "[Normal]High", "Re-check": "October 2026", "Tags": "NATO"}
    assert words(assigned) == {"Assigned to": "Teo Marchetti"}


def test_what_follows_from_the_verb_is_not_repeated(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    claims.take(claim, by=analyst)
    taken = history.timeline(claim, limit=1).lines[0]
    assert words(taken) == {}
    assert taken.stage == Stage.IN_PROGRESS


def test_a_comment_is_quoted_and_evidence_wears_its_stance(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    factories.evidence_for(claim, by=analyst, stance="refutes")
    comments.add_comment(claim, by=analyst, body="Long " * 100)
    said, added, _ = history.timeline(claim, limit=5).lines
    assert said.excerpt.startswith("Long Long")
    assert len(said.excerpt) < 200
    assert added.stance == "refutes"
    assert [field.label for field in added.fields] == ["Document"]


def test_a_long_unchanged_stretch_loses_its_middle(analyst: User) -> None:
    claim = factories.claim(by=analyst, how_to_check="start " + "word " * 200 + "end")
    claims.edit_claim(claim, by=analyst, version=claim.version, how_to_check="begin " + "word " * 200 + "end")
    shown = words(history.timeline(claim, limit=1).lines[0])["How to check"]
    assert shown.startswith("[start]begin")
    assert " … " in shown
    assert len(shown) < 300


def test_history_comes_in_pages_that_meet(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    for number in range(5):
        claims.edit_claim(claim, by=analyst, version=claim.version, assertion=f"Wording {number}.")
    first = history.timeline(claim, limit=4)
    second = history.timeline(claim, limit=4, before=first.older)
    numbers = [line.event.number for line in first.lines + second.lines]
    assert numbers == [6, 5, 4, 3, 2, 1]
    assert second.older is None


def test_the_number_of_queries_does_not_grow_with_the_lines(
    analyst: User, reviewer: User, django_assert_num_queries: Callable[..., object]
) -> None:
    claim = factories.claim(by=analyst)
    for _ in range(3):
        claims.assign(claim, by=reviewer, to=analyst)
        factories.comment(claim, by=analyst)
        factories.submitted(claim, by=analyst)
        assessments.return_(claim, by=reviewer, version=claim.version, reason="Say why.")
    with django_assert_num_queries(4):  # events, verdicts, people, comments
        history.timeline(claim, limit=100)


VERSION_ACTS: dict[Act, Callable[[Claim, User, User], object]] = {
    Act.EDIT: lambda claim, by, _: claims.edit_claim(claim, by=by, version=claim.version, assertion="Other."),
    Act.ORGANISE: lambda claim, by, _: claims.organise_claim(
        claim, by=by, version=claim.version, priority=Priority.HIGH, recheck_on="", tags=[]
    ),
    Act.ASSIGN: lambda claim, by, other: claims.assign(claim, by=by, to=other),
    Act.TAKE: lambda claim, by, _: claims.take(claim, by=by),
    Act.DRAFT: lambda claim, by, _: assessments.save_draft(claim, by=by, verdict=None),
    Act.ADD_EVIDENCE: lambda claim, by, _: factories.evidence_for(claim, by=by),
    Act.RELEASE: lambda claim, by, _: claims.release(claim, by=by),
    Act.DISMISS: lambda claim, by, _: claims.dismiss(claim, by=by, reason="No."),
    Act.RESTORE: lambda claim, by, _: claims.restore(claim, by=by),
    Act.COMMENT: lambda claim, by, _: factories.comment(claim, by=by),
    Act.SUBMIT: lambda claim, by, _: factories.submitted(claim, by=by),
    Act.WITHDRAW: lambda claim, by, _: assessments.withdraw(claim, by=by),
}
SECOND_ROUND: dict[Act, Callable[[Claim, User, User], object]] = {
    Act.SUBMIT: VERSION_ACTS[Act.SUBMIT],
    Act.RETURN: lambda claim, _, other: assessments.return_(claim, by=other, version=claim.version, reason="No."),
}
THIRD_ROUND: dict[Act, Callable[[Claim, User, User], object]] = {
    Act.SUBMIT: VERSION_ACTS[Act.SUBMIT],
    Act.APPROVE: lambda claim, _, other: assessments.approve(claim, by=other, version=claim.version),
    Act.REOPEN: lambda claim, by, _: claims.reopen(claim, by=by, reason="No."),
}


def test_exactly_the_acts_said_to_raise_the_version_do(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    raised = set()
    for act, do in [*VERSION_ACTS.items(), *SECOND_ROUND.items(), *THIRD_ROUND.items()]:
        before = Claim.objects.get(pk=claim.pk).version
        do(claim, analyst, reviewer)
        claim = Claim.objects.get(pk=claim.pk)
        assert claim.version - before == (act in history.VERSIONED), act
        raised |= {act} if claim.version > before else set()
    assert raised == history.VERSIONED


def test_since_tells_how_the_claim_read_at_a_version(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst, assertion="First.")
    seen = claim.version
    for wording in ("Second.", "Third."):
        factories.comment(claim, by=analyst)
        claims.edit_claim(claim, by=reviewer, version=claim.version, assertion=wording)
    since = history.since(claim, seen)
    assert since.old == {"assertion": "First."}
    assert [event.act for event in since.events] == [Act.EDIT, Act.EDIT]
    assert history.since(claim, claim.version).events == []
    assert history.since(claim, 99).events == []


def test_the_path_says_who_led_the_claim_to_each_stage(analyst: User, reviewer: User) -> None:
    claim = factories.verified_claim(by=analyst, reviewed_by=reviewer)
    steps = history.path(claim)
    assert [step.stage for step in steps] == [Stage.OPEN, Stage.IN_PROGRESS, Stage.IN_REVIEW, Stage.VERIFIED]
    assert [step.event.by if step.event else None for step in steps] == [analyst, None, analyst, reviewer]
    assert [step.is_current for step in steps] == [False, False, False, True]


def test_the_path_of_a_dismissed_claim_ends_there(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    claims.dismiss(claim, by=analyst, reason="An opinion.")
    assert [step.stage for step in history.path(claim)] == [Stage.OPEN, Stage.DISMISSED]


@pytest.mark.parametrize("value", ["not a date", "2023-13"])
def test_a_value_that_is_no_date_any_more_is_shown_as_it_is(analyst: User, value: str) -> None:
    claim = factories.claim(by=analyst)
    Event.objects.record(claim, Act.EDIT, by=analyst, changes={"as_of": [None, value]})
    assert words(history.timeline(claim, limit=1).lines[0]) == {"As of": value}
