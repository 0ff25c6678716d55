"""A claim that rests on another is due when that one is reopened or gets another verdict."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import assessments, claims, confirmations, relations
from claims.choices import Act, RelationKind, Stage
from claims.models import Claim, Event, User
from tests import factories


@pytest.fixture
def premise(analyst: User) -> Claim:
    return factories.verified_claim(assertion="Japan spends 46 billion dollars.")


@pytest.fixture
def conclusion(premise: Claim, analyst: User) -> Claim:
    return resting_on(premise, by=analyst)


def resting_on(premise: Claim, *, by: User) -> Claim:
    claim = factories.verified_claim()
    relations.relate(claim, RelationKind.DEPENDS_ON, premise, by=by)
    return stored(claim)


def stored(claim: Claim) -> Claim:
    return Claim.objects.with_pending().get(pk=claim.pk)


def verify_anew(claim: Claim, verdict: str, *, by: User, reviewer: User) -> None:
    claims.reopen(claim, by=by, reason="A newer table.")
    factories.submitted(claim, by=by, verdict_key=verdict)
    assessments.approve(claim, by=reviewer, version=claim.version)


def settle(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(due_at=None, due_reason="")


def test_reopening_the_premise_makes_it_due_with_the_reason_in_its_history(
    premise: Claim, conclusion: Claim, analyst: User
) -> None:
    claims.reopen(premise, by=analyst, reason="A newer table.")

    conclusion = stored(conclusion)
    assert (conclusion.stage, conclusion.is_due) == (Stage.VERIFIED, True)
    assert conclusion.due_reason == f"{premise.reference}, on which it depends, was reopened."
    last = Event.objects.of(conclusion).last()
    assert last is not None
    assert (last.act, last.by, last.reason) == (Act.FALL_DUE, analyst, conclusion.due_reason)


def test_another_verdict_of_the_premise_makes_it_due(
    premise: Claim, conclusion: Claim, analyst: User, reviewer: User
) -> None:
    claims.reopen(premise, by=analyst, reason="A newer table.")
    settle(conclusion)
    factories.submitted(premise, by=analyst, verdict_key="refuted")
    assert not stored(conclusion).is_due

    assessments.approve(premise, by=reviewer, version=premise.version)

    assert stored(conclusion).due_reason == f"{premise.reference}, on which it depends, got another verdict."


def test_the_same_verdict_again_does_not(premise: Claim, conclusion: Claim, analyst: User, reviewer: User) -> None:
    claims.reopen(premise, by=analyst, reason="A newer table.")
    settle(conclusion)
    factories.submitted(premise, by=analyst)
    assessments.approve(premise, by=reviewer, version=premise.version)
    assert not stored(conclusion).is_due


def test_confirming_the_premise_does_not(premise: Claim, conclusion: Claim, analyst: User, reviewer: User) -> None:
    confirmations.confirm(premise, by=analyst, rationale="It still says so.", as_of="2026-04")
    confirmations.approve_confirmation(premise, by=reviewer, version=premise.version)
    assert not stored(conclusion).is_due


def test_the_first_reason_stays(premise: Claim, conclusion: Claim, analyst: User, reviewer: User) -> None:
    verify_anew(premise, "refuted", by=analyst, reviewer=reviewer)
    assert "was reopened" in stored(conclusion).due_reason
    assert [event.act for event in Event.objects.of(conclusion)].count(Act.FALL_DUE) == 1


def test_what_rests_on_a_claim_that_is_merely_due_is_not_due(premise: Claim, conclusion: Claim, analyst: User) -> None:
    far = resting_on(conclusion, by=analyst)
    claims.reopen(premise, by=analyst, reason="A newer table.")
    assert not stored(far).is_due
    claims.reopen(conclusion, by=analyst, reason="Its premise is open.")
    assert stored(far).is_due


@pytest.mark.parametrize("kind", [RelationKind.CONTRADICTS, RelationKind.DUPLICATES])
def test_other_relations_make_nothing_due(premise: Claim, analyst: User, kind: RelationKind) -> None:
    other = factories.verified_claim()
    relations.relate(other, kind, premise, by=analyst)
    claims.reopen(premise, by=analyst, reason="A newer table.")
    assert not stored(other).is_due


def test_a_relation_that_was_removed_makes_nothing_due(premise: Claim, conclusion: Claim, analyst: User) -> None:
    relations.unrelate(conclusion.relations_from.get(), by=analyst)
    claims.reopen(premise, by=analyst, reason="A newer table.")
    assert not stored(conclusion).is_due


def test_a_claim_that_is_not_verified_yet_is_left_alone(premise: Claim, analyst: User) -> None:
    claim = factories.claim()
    relations.relate(claim, RelationKind.DEPENDS_ON, premise, by=analyst)
    claims.reopen(premise, by=analyst, reason="A newer table.")
    assert (stored(claim).is_due, stored(claim).stage) == (False, Stage.OPEN)


def test_a_claim_does_not_rest_on_itself(premise: Claim, analyst: User) -> None:
    with pytest.raises(ValidationError, match="itself"):
        relations.relate(premise, RelationKind.DEPENDS_ON, premise, by=analyst)


def test_a_long_way_round_is_a_circle_too(premise: Claim, conclusion: Claim, analyst: User) -> None:
    end = conclusion
    for _ in range(5):
        end = resting_on(end, by=analyst)
    with pytest.raises(ValidationError, match=f"already depends on {premise.reference}"):
        relations.relate(premise, RelationKind.DEPENDS_ON, end, by=analyst)


def test_contradicting_one_another_is_no_circle(premise: Claim, conclusion: Claim, analyst: User) -> None:
    relations.relate(premise, RelationKind.CONTRADICTS, conclusion, by=analyst)
