"""Proposing a verdict, and a second person's decision on it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import change, difference, permit, required_reason, short_note, touch
from claims.actions.claims import lock_with_dependents, make_dependents_due, next_recheck
from claims.actions.values import check_values
from claims.choices import Act, Decision
from claims.models import Assessment, Claim, Evidence, StaleVersion, User, Verdict


@transaction.atomic
def save_draft(
    claim: Claim,
    *,
    by: User,
    verdict: Verdict | None,
    confidence: str = "",
    rationale: str = "",
    as_of: str = "",
    decisive: Evidence | None = None,
    decisive_reason: str = "",
) -> Assessment:
    """Keep an unfinished assessment, one per person and claim; nobody decides on it yet.

    Does nothing when the draft says so already.
    """
    permit(Act.DRAFT, claim, by=by)
    values: dict[str, Any] = {"verdict": verdict, "confidence": confidence, "rationale": rationale, "as_of": as_of}
    values |= {"decisive": decisive, "decisive_reason": decisive_reason}
    _require_own(claim, decisive)
    draft, changes = drafted(claim, by, values)
    if changes or draft.pk is None:
        draft.save()
        touch(claim, Act.DRAFT, by=by, changes=changes, subject=draft)
    return draft


@transaction.atomic
def submit(
    claim: Claim,
    *,
    by: User,
    version: int,
    verdict: Verdict | None,
    rationale: str,
    as_of: str,
    confidence: str = "",
    decisive: Evidence | None = None,
    decisive_reason: str = "",
) -> Assessment:
    """Propose a verdict for review. `version` is that of the claim whose wording the person judged.

    Raises ValidationError naming each missing field: a verdict always carries a rationale and an as-of date, and says
    which piece of evidence is decisive, and why, where pieces would lead to different verdicts on their own.
    """
    stage = permit(Act.SUBMIT, claim, by=by, version=version)
    values: dict[str, Any] = {"verdict": verdict, "confidence": confidence, "as_of": as_of}
    values |= {"rationale": rationale.strip(), "decisive": decisive, "decisive_reason": decisive_reason.strip()}
    require_whole(values)
    assessment, changes = drafted(claim, by, values)
    _require_decisive(claim, decisive, decisive_reason)
    assessment.submitted_at = timezone.now()
    assessment.save()
    change(
        claim,
        Act.SUBMIT,
        by=by,
        values={"stage": stage, "assignee": claim.assignee or by},
        subject=assessment,
        also={f"assessment.{name}": pair for name, pair in changes.items()},
    )
    return assessment


def require_whole(values: dict[str, Any]) -> None:
    """Raises ValidationError for each part of an assessment that is missing, and for a verdict no longer in use."""
    messages = {
        "verdict": "Choose a verdict.",
        "rationale": "Say why: a verdict always carries its reason.",
        "as_of": "Say as of when: a verdict always carries its date.",
    }
    missing = {name: message for name, message in messages.items() if not values[name]}
    if not any(character.isalnum() for character in values["rationale"]):
        missing["rationale"] = messages["rationale"]
    if missing:
        raise ValidationError(missing)
    if values["verdict"].retired_at is not None:
        raise ValidationError({"verdict": "This verdict is retired. Choose one in use."})


def drafted(claim: Claim, by: User, values: dict[str, Any]) -> tuple[Assessment, dict[str, list[Any]]]:
    """The person's draft with these values, not saved yet, and what is new in it."""
    draft = Assessment.objects.drafts().filter(claim=claim, author=by).first() or Assessment(claim=claim, author=by)
    check_values(draft, values)
    changes = difference(draft, values)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.saved_at = timezone.now()
    return draft, changes


def _require_own(claim: Claim, decisive: Evidence | None) -> None:
    if decisive and decisive.claim_id != claim.pk:
        raise ValidationError({"decisive": "Choose a piece of this claim's evidence."})


def _require_decisive(claim: Claim, decisive: Evidence | None, reason: str) -> None:
    """Raises ValidationError when the piece is missing where one must decide, does not count, or comes without why."""
    _require_own(claim, decisive)
    if decisive is None:
        if reason.strip():
            raise ValidationError({"decisive": "Choose the piece of evidence that this reason is about."})
        if claim.evidence.in_force().contested():
            raise ValidationError({"decisive": "Pieces of evidence lead to different verdicts. Say which one decides."})
        return
    if decisive.is_retracted:
        raise ValidationError({"decisive": "This piece was retracted. Choose another."})
    required_reason(reason, "decisive_reason")


@transaction.atomic
def withdraw(claim: Claim, *, by: User) -> None:
    """Take one's own assessment back from review; it becomes a draft again."""
    stage = permit(Act.WITHDRAW, claim, by=by)
    assessment = pending_of(claim)
    also = unsend(assessment)
    change(claim, Act.WITHDRAW, by=by, values={"stage": stage, "assignee": by}, subject=assessment, also=also)


def unsend(assessment: Assessment) -> dict[str, list[Any]]:
    """Make a pending assessment a draft again; for the event, when it was submitted."""
    changes = difference(assessment, {"submitted_at": None})
    assessment.submitted_at = None
    assessment.save(update_fields=["submitted_at"])
    return changes


@transaction.atomic
def approve(claim: Claim, *, by: User, version: int, note: str = "") -> None:
    """Agree with the pending assessment: it stands, and the claim is verified with its verdict."""
    lock_with_dependents([claim])
    stage = permit(Act.APPROVE, claim, by=by, version=version)
    note = short_note(note)
    assessment = decide(claim, Decision.APPROVED, by=by, reason=note)
    values = {
        "stage": stage,
        "standing": assessment,
        "verdict": assessment.verdict,
        "due_at": None,
        "due_reason": "",
    }
    before = _approved_before(assessment)
    values |= next_recheck(claim) if before or claim.recheck_calendar_id else {}
    change(claim, Act.APPROVE, by=by, values=values, reason=note, subject=assessment)
    if before and before.verdict_id != assessment.verdict_id:
        reason = f"{claim.reference}, on which it depends, got another verdict."
        make_dependents_due(claim, by=by, reason=reason)


@transaction.atomic
def return_(claim: Claim, *, by: User, version: int, reason: str) -> None:
    """Send the pending assessment back to its author, with the reason."""
    stage = permit(Act.RETURN, claim, by=by, version=version)
    reason = required_reason(reason)
    assessment = decide(claim, Decision.RETURNED, by=by, reason=reason)
    values = {"stage": stage, "assignee": assessment.author}
    change(claim, Act.RETURN, by=by, values=values, reason=reason, subject=assessment)


def pending_of(claim: Claim) -> Assessment:
    """The assessment that waits, taken out of what the claim remembers: it is about to be decided or withdrawn."""
    assessment = claim.pending
    claim.forget_pending()
    if assessment is None:
        raise StaleVersion(claim, claim.version)
    return assessment


def decide(claim: Claim, decision: Decision, *, by: User, reason: str) -> Assessment:
    """Write the decision on the pending assessment; whoever asks has the right, and writes the event."""
    assessment = pending_of(claim)
    assessment.decision = decision
    assessment.decided_by = by
    assessment.decided_at = timezone.now()
    assessment.decision_reason = reason
    assessment.save(update_fields=["decision", "decided_by", "decided_at", "decision_reason"])
    return assessment


def _approved_before(assessment: Assessment) -> Assessment | None:
    """The last assessment of the claim that stood before this one, if any did."""
    earlier = Assessment.objects.filter(claim=assessment.claim_id, decision=Decision.APPROVED).exclude(pk=assessment.pk)
    return earlier.order_by("-decided_at").first()
