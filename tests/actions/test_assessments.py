"""Proposing a verdict, withdrawing it, and a second person's decision."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import assessments, claims, relations, verdicts
from claims.choices import Act, Decision, RelationKind, Role, Stage
from claims.models import Assessment, Claim, Event, StaleVersion, User
from claims.workflow import Refused
from tests import factories

MaxQueries = Callable[[int], Any]


@pytest.fixture
def claim(analyst: User) -> Claim:
    return factories.claim(by=analyst)


@pytest.fixture
def waiting(claim: Claim, analyst: User) -> Claim:
    """The claim with the analyst's assessment in review."""
    factories.submitted(claim, by=analyst)
    return Claim.objects.get(pk=claim.pk)


def last_event(claim: Claim) -> Event:
    return Event.objects.of(claim).latest("number")


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_draft_is_kept_one_per_person(claim: Claim, analyst: User, reviewer: User) -> None:
    first = assessments.save_draft(claim, by=analyst, verdict=None, rationale="So far.")
    again = assessments.save_draft(claim, by=analyst, verdict=factories.verdict("refuted"), rationale="So far.")
    theirs = assessments.save_draft(claim, by=reviewer, verdict=None)
    assert (first.pk, theirs.pk != first.pk) == (again.pk, True)
    assert [event.changes for event in Event.objects.of(claim).filter(act=Act.DRAFT)] == [
        {"rationale": ["", "So far."]},
        {"verdict": [None, "refuted"]},
        {},
    ]
    assert Claim.objects.get(pk=claim.pk).version == 1


def test_saving_the_same_draft_again_is_no_act(claim: Claim, analyst: User) -> None:
    for _ in range(2):
        assessments.save_draft(claim, by=analyst, verdict=None, rationale="So far.")
    assert Event.objects.of(claim).filter(act=Act.DRAFT).count() == 1


def test_a_submission_takes_up_the_draft_and_waits_for_review(claim: Claim, analyst: User) -> None:
    draft = assessments.save_draft(claim, by=analyst, verdict=None, rationale="So far.")
    submitted = factories.submitted(claim, by=analyst, rationale=" The table says so. ")
    assert submitted.pk == draft.pk
    assert submitted.rationale == "The table says so."
    assert Claim.objects.get(pk=claim.pk).stage == Stage.IN_REVIEW
    event = last_event(claim)
    assert (event.act, event.subject_type, event.subject_id) == (Act.SUBMIT, "assessment", draft.pk)
    assert event.changes == {
        "stage": ["open", "in_review"],
        "assignee": [None, "analyst"],
        "assessment.verdict": [None, "supported"],
        "assessment.confidence": ["", "high"],
        "assessment.rationale": ["So far.", "The table says so."],
        "assessment.as_of": ["", "2023-05"],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rationale", " "),
        ("rationale", "…"),
        ("rationale", "x" * (limits.TEXT + 1)),
        ("rationale", "a\x00b"),
        ("as_of", ""),
        ("as_of", "last year"),
        ("confidence", "certain"),
    ],
)
def test_what_an_assessment_lacks_is_told_at_its_field(field: str, value: str, claim: Claim, analyst: User) -> None:
    with pytest.raises(ValidationError) as caught:
        factories.submitted(claim, by=analyst, **{field: value})
    assert set(caught.value.message_dict) == {field}
    assert not Assessment.objects.exists()
    assert Event.objects.of(claim).count() == 1


def test_a_retired_verdict_is_given_no_more(claim: Claim, analyst: User, admin: User) -> None:
    verdicts.retire_verdict(factories.verdict("supported"), by=admin)
    with pytest.raises(ValidationError, match="retired"):
        factories.submitted(claim, by=analyst)


def test_a_second_submission_waits_for_the_first(waiting: Claim, reviewer: User) -> None:
    with pytest.raises(Refused, match="already in review"):
        factories.submitted(waiting, by=reviewer)


def test_a_reader_proposes_nothing(claim: Claim, reader: User) -> None:
    with pytest.raises(Refused):
        factories.submitted(claim, by=reader)
    with pytest.raises(Refused):
        assessments.save_draft(claim, by=reader, verdict=None)
    assert not Assessment.objects.exists()


def test_a_withdrawn_assessment_is_a_draft_again(waiting: Claim, analyst: User, reviewer: User) -> None:
    with pytest.raises(Refused, match="Only the author"):
        assessments.withdraw(waiting, by=reviewer)
    sent = Assessment.objects.get().submitted_at
    assert sent
    assessments.withdraw(waiting, by=analyst)
    assert Assessment.objects.get().is_draft
    changes = {"stage": ["in_review", "in_progress"], "submitted_at": [sent.isoformat(), None]}
    assert last_event(waiting).changes == changes
    factories.submitted(waiting, by=analyst)


def test_an_approval_lets_the_assessment_stand(waiting: Claim, reviewer: User) -> None:
    assessments.approve(waiting, by=reviewer, version=waiting.version, note=" Checked the table. ")
    claim = Claim.objects.get(pk=waiting.pk)
    assert (claim.stage, claim.verdict, claim.due_at) == (Stage.VERIFIED, factories.verdict("supported"), None)
    assert claim.standing is not None
    assert (claim.standing.decision, claim.standing.decided_by) == (Decision.APPROVED, reviewer)
    event = last_event(claim)
    assert (event.act, event.by, event.reason) == (Act.APPROVE, reviewer, "Checked the table.")
    assert event.changes["verdict"] == [None, "supported"]


def test_a_returned_assessment_goes_back_to_its_author(waiting: Claim, analyst: User, reviewer: User) -> None:
    for reason in ("", "…", "x" * (limits.REASON + 1)):
        with pytest.raises(ValidationError):
            assessments.return_(waiting, by=reviewer, version=waiting.version, reason=reason)
    assessments.return_(waiting, by=reviewer, version=waiting.version, reason="Which table?")
    assert Assessment.objects.get().decision == Decision.RETURNED
    claim = Claim.objects.get(pk=waiting.pk)
    assert (claim.stage, claim.assignee, last_event(claim).reason) == (Stage.IN_PROGRESS, analyst, "Which table?")


def test_deciding_takes_a_reviewer_who_is_not_the_author(waiting: Claim, analyst: User) -> None:
    with pytest.raises(Refused, match="reviewer role"):
        assessments.approve(waiting, by=factories.user("other"), version=waiting.version)
    own = factories.claim()
    chief = factories.user("chief", Role.REVIEWER)
    factories.submitted(own, by=chief)
    for decide in (assessments.approve, assessments.return_):
        reason = {"reason": "No."} if decide is assessments.return_ else {}
        with pytest.raises(Refused, match="second person"):
            decide(own, by=chief, version=own.version, **reason)


def test_a_decision_over_a_version_that_is_gone_is_refused(waiting: Claim, analyst: User, reviewer: User) -> None:
    seen = waiting.version
    assessments.withdraw(waiting, by=analyst)
    factories.submitted(waiting, by=analyst, verdict_key="refuted")
    with pytest.raises(StaleVersion):
        assessments.approve(waiting, by=reviewer, version=seen)
    assert Assessment.objects.get().is_pending


def test_another_verdict_makes_what_rests_on_it_due_and_the_same_does_not(analyst: User, reviewer: User) -> None:
    premise, conclusion = factories.verified_claim(), factories.verified_claim()
    relations.relate(conclusion, RelationKind.DEPENDS_ON, premise, by=analyst)
    Claim.objects.filter(pk=conclusion.pk).update(due_at=None)
    for verdict_key, falls_due in (("supported", 1), ("refuted", 3)):
        claims.reopen(premise, by=analyst, reason="A newer table.")
        Claim.objects.filter(pk=conclusion.pk).update(due_at=None, due_reason="")
        factories.submitted(premise, by=analyst, verdict_key=verdict_key)
        assessments.approve(premise, by=reviewer, version=premise.version)
        assert Event.objects.of(conclusion).filter(act=Act.FALL_DUE).count() == falls_due


def test_a_claim_remembers_its_pending_assessment_only_as_long_as_it_waits(waiting: Claim, reviewer: User) -> None:
    claim = Claim.objects.with_pending().get(pk=waiting.pk)
    assert claim.pending
    assessments.approve(waiting, by=reviewer, version=waiting.version)
    claim.refresh_from_db()
    assert claim.pending is None
    assert waiting.pending is None


def test_a_submission_takes_at_most_twelve_queries(
    claim: Claim, analyst: User, django_assert_max_num_queries: MaxQueries
) -> None:
    by, verdict = fresh(analyst), factories.verdict()
    with django_assert_max_num_queries(12):
        assessments.submit(claim, by=by, version=1, verdict=verdict, rationale="So.", as_of="2023")


def test_an_approval_takes_at_most_twelve_queries(
    waiting: Claim, reviewer: User, django_assert_max_num_queries: MaxQueries
) -> None:
    by = fresh(reviewer)
    with django_assert_max_num_queries(12):
        assessments.approve(waiting, by=by, version=waiting.version)
