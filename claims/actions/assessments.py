"""Proposing a verdict, and a second person's decision on it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import change, difference, lock, required_reason, touch
from claims.actions.claims import make_dependents_due
from claims.choices import Act, Decision
from claims.models import Assessment, Claim, StaleVersion, User, Verdict
from claims.workflow import check


@transaction.atomic
def save_draft(
    claim: Claim, *, by: User, verdict: Verdict | None, confidence: str = "", rationale: str = "", as_of: str = ""
) -> Assessment:
    """Keep an unfinished assessment, one per person and claim; nobody decides on it yet."""
    check(Act.DRAFT, claim.facts_for(by))
    values = {"verdict": verdict, "confidence": confidence, "rationale": rationale, "as_of": as_of}
    draft, changes = _write_draft(claim, by, values)
    touch(claim, Act.DRAFT, by=by, changes=changes, subject=draft)
    return draft


@transaction.atomic
def submit(
    claim: Claim, *, by: User, version: int, verdict: Verdict | None, rationale: str, as_of: str, confidence: str = ""
) -> Assessment:
    """Propose a verdict for review. `version` is that of the claim whose wording the person judged.

    Raises ValidationError naming each missing field: a verdict always carries a rationale and an as-of date.
    """
    stage = check(Act.SUBMIT, claim.facts_for(by))
    values = {"verdict": verdict, "confidence": confidence, "rationale": rationale.strip(), "as_of": as_of}
    _require_whole(values)
    assessment, changes = _write_draft(claim, by, values)
    # The claim first: when someone else came before, its version says so, not a broken unique key.
    change(
        claim,
        Act.SUBMIT,
        by=by,
        version=version,
        values={"stage": stage, "assignee": claim.assignee or by},
        subject=assessment,
        also={f"assessment.{name}": pair for name, pair in changes.items()},
    )
    assessment.submitted_at = timezone.now()
    assessment.save(update_fields=["submitted_at"])
    return assessment


def _require_whole(values: dict[str, Any]) -> None:
    messages = {
        "verdict": "Choose a verdict.",
        "rationale": "Say why: a verdict always carries its reason.",
        "as_of": "Say as of when: a verdict always carries its date.",
    }
    if missing := {name: message for name, message in messages.items() if not values[name]}:
        raise ValidationError(missing)
    if values["verdict"].retired_at is not None:
        raise ValidationError({"verdict": "This verdict is retired. Choose one in use."})


def _write_draft(claim: Claim, by: User, values: dict[str, Any]) -> tuple[Assessment, dict[str, list[Any]]]:
    lock(claim)
    draft = claim.assessments.drafts().filter(author=by).first() or Assessment(claim=claim, author=by)
    changes = difference(draft, values)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.saved_at = timezone.now()
    draft.save()
    return draft, changes


@transaction.atomic
def withdraw(claim: Claim, *, by: User) -> None:
    """Take one's own assessment back from review; it becomes a draft again."""
    stage = check(Act.WITHDRAW, claim.facts_for(by))
    assessment = _pending(claim)
    assessment.submitted_at = None
    assessment.save(update_fields=["submitted_at"])
    change(claim, Act.WITHDRAW, by=by, values={"stage": stage, "assignee": by}, subject=assessment)


@transaction.atomic
def approve(claim: Claim, *, by: User, version: int, note: str = "") -> None:
    """Agree with the pending assessment: it stands, and the claim is verified with its verdict."""
    stage = check(Act.APPROVE, claim.facts_for(by))
    assessment = _decide(claim, Decision.APPROVED, by=by, reason=note.strip())
    values = {
        "stage": stage,
        "standing": assessment,
        "verdict": assessment.verdict,
        "due_at": None,
        "due_reason": "",
    }
    change(claim, Act.APPROVE, by=by, version=version, values=values, reason=note.strip(), subject=assessment)
    if _verdict_changed(claim, assessment):
        reason = f"{claim.reference}, on which it depends, got another verdict."
        make_dependents_due(claim, by=by, reason=reason)


def return_(claim: Claim, *, by: User, version: int, reason: str) -> None:
    """Send the pending assessment back to its author, with the reason."""
    stage = check(Act.RETURN, claim.facts_for(by))
    reason = required_reason(reason)
    with transaction.atomic():
        assessment = _decide(claim, Decision.RETURNED, by=by, reason=reason)
        values = {"stage": stage, "assignee": assessment.author}
        change(claim, Act.RETURN, by=by, version=version, values=values, reason=reason, subject=assessment)


def _pending(claim: Claim) -> Assessment:
    lock(claim)
    assessment = claim.assessments.pending().with_people().first()
    if assessment is None:
        raise StaleVersion(Claim.objects.get(pk=claim.pk), claim.version)
    return assessment


def _decide(claim: Claim, decision: Decision, *, by: User, reason: str) -> Assessment:
    assessment = _pending(claim)
    assessment.decision = decision
    assessment.decided_by = by
    assessment.decided_at = timezone.now()
    assessment.decision_reason = reason
    assessment.save(update_fields=["decision", "decided_by", "decided_at", "decision_reason"])
    return assessment


def _verdict_changed(claim: Claim, assessment: Assessment) -> bool:
    """Whether the verdict that stood before this one, if any did, was another."""
    earlier = claim.assessments.filter(decision=Decision.APPROVED).exclude(pk=assessment.pk)
    last = earlier.order_by("-decided_at").values_list("verdict", flat=True).first()
    return last is not None and last != assessment.verdict_id
