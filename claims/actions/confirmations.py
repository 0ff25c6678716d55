"""Confirming a verdict: a fresh assessment with the same verdict, as of later, and a second person's decision on it.

The claim stays verified, by the assessment that stands, until the fresh one is approved: nothing is confirmed silently.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.assessments import decide, drafted, pending_of, require_whole, unsend
from claims.actions.changes import change, permit, required_reason, short_note, touch
from claims.actions.claims import next_recheck
from claims.choices import Act, Decision
from claims.models import Assessment, Claim, User


@transaction.atomic
def confirm(
    claim: Claim, *, by: User, rationale: str, as_of: str, confidence: str = "", version: int | None = None
) -> Assessment:
    """Propose that the verdict still holds, as of a later day than the one that stands. It waits for review.

    Without `confidence`, that of the standing assessment is taken over. Raises ValidationError by field.
    """
    permit(Act.CONFIRM, claim, by=by, version=version)
    standing = claim.standing
    if standing is None:  # the database keeps a verified claim from having none
        raise ValidationError("No verdict stands.")
    values = {
        "verdict": claim.verdict,
        "confidence": confidence or standing.confidence,
        "rationale": rationale.strip(),
        "as_of": as_of,
        "decisive": standing.decisive,
        "decisive_reason": standing.decisive_reason,
    }
    require_whole(values)
    assessment, changes = drafted(claim, by, values)
    if as_of <= standing.as_of:
        raise ValidationError({"as_of": f"The verdict stands as of {standing.as_of} already. Give a later day."})
    assessment.submitted_at = timezone.now()
    assessment.save()
    claim.forget_pending()
    also = {f"assessment.{name}": pair for name, pair in changes.items()}
    touch(claim, Act.CONFIRM, by=by, changes=also, subject=assessment)
    return assessment


@transaction.atomic
def withdraw_confirmation(claim: Claim, *, by: User) -> None:
    """Take one's own confirmation back from review."""
    permit(Act.WITHDRAW_CONFIRMATION, claim, by=by)
    assessment = pending_of(claim)
    touch(claim, Act.WITHDRAW_CONFIRMATION, by=by, changes=unsend(assessment), subject=assessment)


@transaction.atomic
def approve_confirmation(claim: Claim, *, by: User, version: int, note: str = "") -> None:
    """Agree: the fresh assessment stands instead of the old one, and the claim is no longer due.

    It stays due for what happened after the confirmation was written.
    """
    permit(Act.APPROVE_CONFIRMATION, claim, by=by, version=version)
    note = short_note(note)
    assessment = decide(claim, Decision.APPROVED, by=by, reason=note)
    values = {"standing": assessment, **next_recheck(claim)}
    written = assessment.submitted_at
    if claim.due_at and written and claim.due_at <= written:
        values |= {"due_at": None, "due_reason": ""}
    change(claim, Act.APPROVE_CONFIRMATION, by=by, values=values, reason=note, subject=assessment)


@transaction.atomic
def return_confirmation(claim: Claim, *, by: User, version: int, reason: str) -> None:
    """Send the confirmation back, with the reason; the claim stays as it is, verified and due."""
    permit(Act.RETURN_CONFIRMATION, claim, by=by, version=version)
    reason = required_reason(reason)
    assessment = decide(claim, Decision.RETURNED, by=by, reason=reason)
    touch(claim, Act.RETURN_CONFIRMATION, by=by, reason=reason, subject=assessment)
