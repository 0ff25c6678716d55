"""The spine: a claim from its first word to a verdict that a second person agreed to."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import assessments, claims
from claims.choices import Act, Stage
from claims.models import Event, StaleVersion, User
from claims.workflow import Refused
from tests import factories


def test_a_claim_goes_from_open_to_verified_with_one_event_per_act(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    claims.take(claim, by=analyst)
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)

    claim.refresh_from_db()
    assert claim.stage == Stage.VERIFIED
    assert claim.verdict == factories.verdict("supported")
    acts = list(Event.objects.of(claim).values_list("act", flat=True))
    assert acts == [Act.CREATE, Act.TAKE, Act.SUBMIT, Act.APPROVE]


def test_nobody_approves_their_own_assessment(reviewer: User) -> None:
    claim = factories.claim(by=reviewer)
    factories.submitted(claim, by=reviewer)
    with pytest.raises(Refused, match="second person"):
        assessments.approve(claim, by=reviewer, version=claim.version)


def test_an_assessment_without_rationale_and_date_is_refused_by_field(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    with pytest.raises(ValidationError) as caught:
        factories.submitted(claim, by=analyst, rationale=" ", as_of="")
    assert set(caught.value.message_dict) == {"rationale", "as_of"}
    claim.refresh_from_db()
    assert claim.stage == Stage.OPEN
    assert not claim.assessments.exists()


def test_a_submission_over_a_changed_claim_is_refused_with_the_claim_as_it_is(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    seen = claim.version
    claims.edit_claim(claim, by=reviewer, version=seen, assertion="Other words.")
    with pytest.raises(StaleVersion) as caught:
        assessments.submit(
            claim, by=analyst, version=seen, verdict=factories.verdict(), rationale="Because.", as_of="2023"
        )
    assert caught.value.current.assertion == "Other words."
    assert not claim.assessments.exists()


def test_a_second_reviewer_who_comes_too_late_is_told_so(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    factories.submitted(claim, by=analyst)
    as_seen_by_both = type(claim).objects.with_pending().get(pk=claim.pk)
    assert as_seen_by_both.pending
    assessments.approve(claim, by=reviewer, version=claim.version)
    with pytest.raises(StaleVersion):
        assessments.return_(
            as_seen_by_both, by=factories.user("third", "reviewer"), version=as_seen_by_both.version, reason="No."
        )


def test_reopening_a_claim_makes_what_depends_on_it_due(analyst: User) -> None:
    from claims.actions.relations import relate

    premise, conclusion = factories.verified_claim(), factories.verified_claim()
    relate(conclusion, "depends_on", premise, by=analyst)
    claims.reopen(premise, by=analyst, reason="A newer table.")
    conclusion.refresh_from_db()
    assert conclusion.is_due
    assert premise.reference in conclusion.due_reason


def test_a_circle_of_dependence_is_refused(analyst: User) -> None:
    from claims.actions.relations import relate

    a, b, c = (factories.claim() for _ in range(3))
    relate(a, "depends_on", b, by=analyst)
    relate(b, "depends_on", c, by=analyst)
    with pytest.raises(ValidationError, match="circle"):
        relate(c, "depends_on", a, by=analyst)


def test_evidence_on_a_verified_claim_makes_it_due(analyst: User) -> None:
    claim = factories.verified_claim()
    factories.evidence_for(claim, by=analyst)
    claim.refresh_from_db()
    assert claim.is_due
    assert claim.stage == Stage.VERIFIED
