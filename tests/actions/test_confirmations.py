"""Confirming a verdict: a second person decides, and until then the old assessment stands."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from claims.actions import assessments, calendars, claims, confirmations, relations, verdicts
from claims.choices import Act, RelationKind, Role, Stage
from claims.models import Assessment, Claim, Event, StaleVersion, User
from claims.workflow import Refused
from tests import factories


def stored(claim: Claim) -> Claim:
    return Claim.objects.select_related("standing", "verdict", "recheck_calendar").get(pk=claim.pk)


def due_claim(analyst: User) -> Claim:
    claim = factories.verified_claim()
    claims.fall_due(claim, by=analyst, reason="A newer table.")
    return stored(claim)


def confirmed(claim: Claim, by: User, as_of: str = "2026-04") -> Assessment:
    return confirmations.confirm(claim, by=by, rationale="The new table says so, too.", as_of=as_of)


def acts(claim: Claim) -> list[str]:
    return [event.act for event in Event.objects.of(claim)]


def test_a_claim_stays_verified_and_due_while_its_confirmation_waits(analyst: User) -> None:
    claim = due_claim(analyst)
    before = claim.standing

    assessment = confirmed(claim, analyst)

    claim = stored(claim)
    assert (claim.stage, claim.standing, claim.is_due) == (Stage.VERIFIED, before, True)
    assert (assessment.verdict, assessment.confidence) == (claim.verdict, before.confidence)
    assert claim.pending == assessment
    assert acts(claim)[-1] == Act.CONFIRM


def test_an_approved_confirmation_stands_and_ends_that_the_claim_is_due(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    assessment = confirmed(claim, analyst)

    confirmations.approve_confirmation(claim, by=reviewer, version=claim.version)

    claim = stored(claim)
    assert (claim.stage, claim.standing, claim.is_due) == (Stage.VERIFIED, assessment, False)
    assert claim.standing.as_of == "2026-04"
    assert acts(claim)[-1] == Act.APPROVE_CONFIRMATION


def test_nobody_confirms_alone(reviewer: User, admin: User) -> None:
    claim = due_claim(reviewer)
    confirmed(claim, reviewer)

    with pytest.raises(Refused, match="A second person"):
        confirmations.approve_confirmation(claim, by=reviewer, version=claim.version)
    confirmations.approve_confirmation(claim, by=admin, version=claim.version)


def test_a_returned_confirmation_leaves_the_claim_as_it_was(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    confirmed(claim, analyst)

    with pytest.raises(ValidationError):
        confirmations.return_confirmation(claim, by=reviewer, version=claim.version, reason=" ")
    confirmations.return_confirmation(claim, by=reviewer, version=claim.version, reason="Which table?")

    claim = stored(claim)
    assert (claim.stage, claim.is_due, claim.pending) == (Stage.VERIFIED, True, None)
    confirmed(claim, analyst)


def test_a_confirmation_can_be_withdrawn_by_its_author_only(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    confirmed(claim, analyst)

    with pytest.raises(Refused, match="Only the author"):
        confirmations.withdraw_confirmation(claim, by=reviewer)
    confirmations.withdraw_confirmation(claim, by=analyst)

    assert stored(claim).pending is None
    with pytest.raises(Refused, match="No confirmation"):
        confirmations.approve_confirmation(claim, by=reviewer, version=claim.version)


def test_one_confirmation_waits_at_a_time(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    confirmed(claim, analyst)

    with pytest.raises(Refused, match="waits for review already"):
        confirmed(claim, reviewer)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("as_of", {"as_of": "2023-05"}),
        ("as_of", {"as_of": "2022"}),
        ("as_of", {"as_of": ""}),
        ("rationale", {"rationale": " … "}),
        ("confidence", {"confidence": "certain"}),
    ],
)
def test_what_a_confirmation_lacks_is_told_at_its_field(analyst: User, field: str, values: dict[str, str]) -> None:
    claim = due_claim(analyst)

    with pytest.raises(ValidationError) as caught:
        confirmations.confirm(claim, by=analyst, **{"rationale": "So.", "as_of": "2026-04", **values})

    assert field in caught.value.message_dict
    assert stored(claim).pending is None


def test_a_retired_verdict_is_not_confirmed(analyst: User, admin: User) -> None:
    claim = due_claim(analyst)
    verdicts.retire_verdict(claim.verdict, by=admin)

    with pytest.raises(ValidationError, match="retired"):
        confirmed(stored(claim), analyst)


def test_what_happened_after_the_confirmation_keeps_the_claim_due(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    assessment = confirmed(claim, analyst)
    later = assessment.submitted_at + timedelta(seconds=1)
    Claim.objects.filter(pk=claim.pk).update(due_at=later, due_reason="Evidence was retracted.")

    confirmations.approve_confirmation(stored(claim), by=reviewer, version=claim.version)

    assert stored(claim).due_reason == "Evidence was retracted."


def test_reopening_makes_a_waiting_confirmation_a_draft_again(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    assessment = confirmed(claim, analyst)

    claims.reopen(claim, by=reviewer, reason="A newer table.")

    assessment.refresh_from_db()
    assert (stored(claim).stage, assessment.is_draft) == (Stage.OPEN, True)
    factories.submitted(stored(claim), by=reviewer)


def test_a_confirmation_does_not_disturb_what_rests_on_the_claim(analyst: User, reviewer: User) -> None:
    premise, conclusion = due_claim(analyst), factories.verified_claim()
    relations.relate(conclusion, RelationKind.DEPENDS_ON, premise, by=analyst)
    confirmed(premise, analyst)

    confirmations.approve_confirmation(premise, by=reviewer, version=premise.version)

    assert not stored(conclusion).is_due


def test_a_decision_over_a_version_that_is_gone_is_refused(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    confirmed(claim, analyst)

    with pytest.raises(StaleVersion):
        confirmations.approve_confirmation(claim, by=reviewer, version=claim.version + 1)


def test_a_recheck_date_that_has_come_has_done_its_work_once_confirmed(analyst: User, reviewer: User) -> None:
    claim = factories.verified_claim(recheck_on="2026-01")
    assert stored(claim).is_due
    confirmed(claim, analyst)

    confirmations.approve_confirmation(stored(claim), by=reviewer, version=claim.version)

    assert (stored(claim).recheck_on, stored(claim).is_due) == ("", False)


def test_a_claim_that_follows_a_calendar_waits_for_its_next_release(analyst: User, reviewer: User, admin: User) -> None:
    calendar = calendars.add_calendar(factories.source(), by=admin, name="Table", rule="every April")
    claim = factories.verified_claim()
    calendars.follow_calendar(claim, calendar, by=analyst)
    following = calendar.next_release()
    assert stored(claim).recheck_on == str(following)
    Claim.objects.filter(pk=claim.pk).update(recheck_on="2020-04", recheck_from="2020-04-01")
    confirmed(stored(claim), analyst)

    confirmations.approve_confirmation(stored(claim), by=reviewer, version=claim.version)

    assert stored(claim).recheck_on == str(following)


def test_the_same_is_so_when_it_is_assessed_anew(analyst: User, reviewer: User) -> None:
    claim = factories.verified_claim(recheck_on="2026-01")
    claims.reopen(claim, by=analyst, reason="A newer table.")
    factories.submitted(claim, by=analyst)

    assessments.approve(claim, by=reviewer, version=claim.version)

    assert (stored(claim).recheck_on, stored(claim).is_due) == ("", False)


def test_waiting_confirmations_are_among_what_a_reviewer_decides(analyst: User, reviewer: User) -> None:
    claim = due_claim(analyst)
    confirmed(claim, analyst)

    assert list(Claim.objects.waiting_for_review_by(reviewer)) == [claim]
    assert list(Claim.objects.waiting_for_review_by(analyst)) == []


def test_only_verified_claims_are_confirmed(analyst: User) -> None:
    with pytest.raises(Refused):
        confirmed(factories.claim(), analyst)
    with pytest.raises(Refused):
        confirmed(factories.verified_claim(), factories.user("reading", Role.READER))
