"""Deciding what became of a passage when a new draft came, and taking that back.

Locks are taken in the one order of actions.completion: claims, then documents, then what belongs to these.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claims import limits
from claims.actions.anchors import appearance_at
from claims.actions.changes import check_permission, lock, plain, required_reason, short_note, touch
from claims.actions.claims import create_claim, dismiss, dispose_touched, reopen
from claims.actions.completion import lapse_text
from claims.actions.sentences import dispose
from claims.actions.values import unique
from claims.choices import Disposition, Permission, Reanchored, RecordAct, Stage
from claims.models import Appearance, Claim, Event, Reanchoring, User
from claims.models.event import Changes
from claims.passages import PassageError
from claims.workflow import Refusal, RefusalKind, Refused

DECISIONS = (Reanchored.SAME, Reanchored.RECHECK, Reanchored.NEW_CLAIM, Reanchored.DROPPED)
"""What a person can decide."""

COPIED = ("kind", "speaker", "as_of", "reference_period")
"""What a new claim has of the one whose words it replaces."""


class Settled(Refused):
    """The passage was decided on meanwhile, or not at all: what was asked for is not possible now."""

    def __init__(self, reason: str) -> None:
        super().__init__(Refusal(RefusalKind.STAGE, reason))


@transaction.atomic
def decide(
    reanchoring: Reanchoring,
    decision: Reanchored,
    *,
    by: User,
    reason: str = "",
    start: int | None = None,
    end: int | None = None,
    assertion: str = "",
) -> None:
    """Say what became of a passage that waits; its place is the proposed one unless `start` and `end` say otherwise.

    SAME keeps a verdict, and then takes a reason. RECHECK withdraws it. NEW_CLAIM makes a claim of the words now, with
    this assertion and the old one's kind, speaker and times. DROPPED leaves the claim with the old text. Undecided
    sentences at the place become sentences with a claim. One event on the chain of each claim it is about.

    Raises Settled when it does not wait any more, and ValidationError on `reason`, `assertion`, `decision` or `quote`,
    the words at the place.
    """
    check_permission(by, Permission.WORK)
    if decision not in DECISIONS:
        raise ValidationError({"decision": "This is nothing that can be decided."})
    claim = reanchoring.appearance.claim
    lock(claim)  # another who decides on the same passage waits here
    reanchoring.refresh_from_db(fields=["decision", "decided_by", "decided_at"])
    _check_waits(reanchoring)
    stands = decision == Reanchored.SAME and claim.stage == Stage.VERIFIED
    reason = required_reason(reason) if stands else short_note(reason)
    result = None if decision == Reanchored.DROPPED else _place(reanchoring, start, end, by=by)
    if decision == Reanchored.RECHECK and claim.stage == Stage.VERIFIED:
        reopen(claim, by=by, reason=reason)
    if decision == Reanchored.NEW_CLAIM and result:
        result.claim = _new_claim(claim, assertion, by=by)
    _lock(reanchoring)
    _check_waits(reanchoring)
    _settle(reanchoring, decision, result, by=by, reason=reason)


def _lock(reanchoring: Reanchoring) -> None:
    lock(reanchoring.snapshot.document)
    lock(reanchoring)


def _check_waits(reanchoring: Reanchoring) -> None:
    if reanchoring.decision == Reanchored.SUPERSEDED:
        raise Settled("A newer draft has come. This passage is looked for there.")
    if reanchoring.decision:
        label = Reanchored(reanchoring.decision).label
        raise Settled(f"{reanchoring.decided_by} has decided on this passage already: {label[0].lower()}{label[1:]}.")


def _place(reanchoring: Reanchoring, start: int | None, end: int | None, *, by: User) -> Appearance:
    """The appearance, not saved, at the place given or proposed."""
    if start is None or end is None:
        start, end = reanchoring.start, reanchoring.end
    if start is None or end is None:
        raise ValidationError({"quote": "Quote the words as they are in the new text."})
    try:
        found = appearance_at(reanchoring.snapshot, start, end, claim=reanchoring.appearance.claim_id, by=by)
    except PassageError as error:
        raise ValidationError({"quote": f"These words are not in the new text: {error}."}) from error
    if len(found.exact) > limits.PASSAGE:
        raise ValidationError(
            {"quote": f"At most {limits.PASSAGE:,} characters can be one passage; quote fewer words."}
        )
    return found


def _new_claim(old: Claim, assertion: str, *, by: User) -> Claim:
    if not assertion.strip():
        raise ValidationError({"assertion": "Say what the new claim asserts."})
    return create_claim(by=by, assertion=assertion.strip(), **{name: getattr(old, name) for name in COPIED})


def _settle(
    reanchoring: Reanchoring, decision: Reanchored, result: Appearance | None, *, by: User, reason: str
) -> None:
    if result:
        with unique("quote", "The claim is known to appear there already. Then this passage can be dropped."):
            result.save(force_insert=True)
    reanchoring.decision, reanchoring.reason, reanchoring.result = decision, reason, result
    reanchoring.decided_by, reanchoring.decided_at = by, timezone.now()
    reanchoring.save(update_fields=_DECISION)
    claim = reanchoring.appearance.claim
    changes = _changes(reanchoring, decision, result)
    if result and result.claim_id != claim.pk:
        changes["claim"] = [claim.reference, result.claim.reference]
        touch(result.claim, RecordAct.REANCHOR, by=by, changes=changes, reason=reason, subject=reanchoring)
    touch(claim, RecordAct.REANCHOR, by=by, changes=changes, reason=reason, subject=reanchoring)
    if result:
        dispose_touched(reanchoring.snapshot, result.start, result.end, by=by)


_DECISION = ["decision", "reason", "result", "decided_by", "decided_at"]


def _changes(reanchoring: Reanchoring, decision: Reanchored, result: Appearance | None) -> Changes:
    snapshot = reanchoring.snapshot
    return {
        "decision": [None, decision],
        "document": [None, snapshot.document.title],
        "draft": [None, snapshot.number],
        "exact": [reanchoring.appearance.exact, result.exact if result else None],
    }


@transaction.atomic
def take_back(reanchoring: Reanchoring, *, by: User, decided_at: datetime | None = None) -> list[str]:
    """Let a passage wait again, and say what that leaves behind, in sentences.

    Its appearance in the new text goes, and sentences in which no other claim is left are undecided again. A claim
    that was made is dismissed, with the reason; a verdict that was withdrawn does not come back by itself.
    `decided_at` is when the decision was made that the person saw, if that matters.

    Raises Settled when another decision has come, a newer draft, or work on the claim that was made.
    """
    check_permission(by, Permission.WORK)
    claim = reanchoring.appearance.claim
    lock(claim)
    reanchoring.refresh_from_db(fields=_DECISION)
    _check_can_be_taken_back(reanchoring, decided_at)
    left = _take_back_claim(reanchoring, by=by)
    _lock(reanchoring)
    _check_can_be_taken_back(reanchoring, decided_at)
    _unsettle(reanchoring, by=by)
    return left


def _check_can_be_taken_back(reanchoring: Reanchoring, decided_at: datetime | None) -> None:
    if not reanchoring.decision:
        raise Settled("This passage waits for a decision already.")
    if reanchoring.snapshot.later().exists():
        raise Settled("A newer draft has come since. What was decided here was carried into it.")
    if decided_at is not None and decided_at != reanchoring.decided_at:
        raise Settled(f"{reanchoring.decided_by} has decided anew on this passage since.")


def _take_back_claim(reanchoring: Reanchoring, *, by: User) -> list[str]:
    """What becomes of the claim that was made or reopened, in sentences."""
    claim = reanchoring.appearance.claim
    if reanchoring.decision == Reanchored.RECHECK and claim.stage != Stage.VERIFIED:
        return [f"{claim.reference} stays {Stage(claim.stage).label.lower()}: its verdict is not put back."]
    if reanchoring.decision != Reanchored.NEW_CLAIM or reanchoring.result is None:
        return []
    made = reanchoring.result.claim
    lock(made)
    if Event.objects.of(made).filter(number__gt=_MADE_BY).exists():
        raise Settled(f"{made.reference}, which was made of these words, has been worked on since. Dismiss it first.")
    dismiss(made, by=by, reason=f"Its making was taken back: {claim.reference} is to be decided on again.")
    return [f"{made.reference} is dismissed."]


_MADE_BY = 2
"""The events of a claim that a decision made: that it was created, and of which words."""


def _unsettle(reanchoring: Reanchoring, *, by: User) -> None:
    result, decision = reanchoring.result, reanchoring.decision
    changes: Changes = {
        "decision": [decision, None],
        "document": [None, reanchoring.snapshot.document.title],
        "draft": [None, reanchoring.snapshot.number],
        "exact": [result.exact if result else None, None],
    }
    empty: dict[str, Any] = {"decision": "", "reason": "", "result": None, "decided_by": None, "decided_at": None}
    for name, value in empty.items():
        setattr(reanchoring, name, value)
    reanchoring.save(update_fields=_DECISION)
    claim = reanchoring.appearance.claim
    if result:
        changes["passage"] = [_kept(result), None]
    if result and result.claim_id != claim.pk:
        reason = "The making of this claim was taken back."
        touch(result.claim, RecordAct.REANCHOR, by=by, changes=changes, reason=reason, subject=reanchoring)
    touch(claim, RecordAct.REANCHOR, by=by, changes=changes, subject=reanchoring)
    if result:
        result.delete()
        _undecide(result, by=by)
    lapse_text(reanchoring.snapshot, by=by, reason=f"A passage of {claim.reference} waits for a decision again.")


def _kept(result: Appearance) -> dict[str, Any]:
    """An appearance that is about to go, for the event: only there can it be found afterwards."""
    keys = {"appearance": result.pk, "claim": result.claim_id, "snapshot": result.snapshot_id}
    return {**keys, "added_at": plain(result.added_at), **asdict(result.passage)}


def _undecide(gone: Appearance, *, by: User) -> None:
    """Make the sentences undecided in which no claim is left."""
    others = Appearance.objects.filter(snapshot=gone.snapshot_id).touching(OuterRef("start"), OuterRef("end"))
    touched = gone.snapshot.sentences.touching(gone.start, gone.end).filter(disposition=Disposition.CLAIM)
    for sentence in touched.exclude(Exists(others)):
        dispose(sentence, None, by=by)
