"""Making a claim, and moving it through the stages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import passages
from claims.actions.changes import change, check_permission, initial, required_reason, touch
from claims.actions.sentences import dispose
from claims.choices import Act, Disposition, Permission, RelationKind, Stage
from claims.models import Appearance, Claim, Event, Snapshot, Tag, User
from claims.partial_dates import PartialDate
from claims.search import index_claims
from claims.workflow import check

WORDING = ("assertion", "kind", "speaker", "as_of", "reference_period", "how_to_check")


def recheck_fields(recheck_on: str) -> dict[str, Any]:
    """The re-check date and the first day on which it makes the claim due."""
    first: date | None = PartialDate.parse(recheck_on).first_day if recheck_on else None
    return {"recheck_on": recheck_on, "recheck_from": first}


@transaction.atomic
def create_claim(*, by: User, assertion: str, kind: str, **fields: Any) -> Claim:
    """A new open claim. `fields` are further columns of Claim, such as speaker, as_of, assignee, key."""
    check_permission(by, Permission.WORK)
    claim = Claim(assertion=assertion, kind=kind, added_by=by, **fields)
    if claim.recheck_on:
        claim.recheck_from = PartialDate.parse(claim.recheck_on).first_day
    claim.save(force_insert=True)
    index_claims([claim.pk])
    changes = initial(claim, *WORDING, "stage", "assignee", "priority", "recheck_on")
    Event.objects.record(claim, Act.CREATE, by=by, changes=changes)
    return claim


@transaction.atomic
def create_claim_in_text(
    snapshot: Snapshot, start: int, end: int, *, by: User, assertion: str, kind: str, **fields: Any
) -> Claim:
    """A new claim with its appearance at [start, end) of the snapshot, in code points.

    Undecided sentences that the passage touches become sentences with a claim.
    Raises passages.PassageError when the place is not in the text.
    """
    claim = create_claim(by=by, assertion=assertion, kind=kind, **fields)
    add_appearance(claim, snapshot, start, end, by=by)
    _dispose_touched(snapshot, start, end, by=by)
    return claim


def add_appearance(claim: Claim, snapshot: Snapshot, start: int, end: int, *, by: User) -> Appearance:
    """Say that the snapshot makes this claim at [start, end)."""
    check(Act.ADD_APPEARANCE, claim.facts_for(by))
    passage = passages.describe(snapshot.read(), start, end)
    with transaction.atomic():
        appearance = Appearance.objects.create(
            claim=claim,
            snapshot=snapshot,
            exact=passage.exact,
            prefix=passage.prefix,
            suffix=passage.suffix,
            start=passage.start,
            end=passage.end,
            added_by=by,
        )
        place = {"document": [None, snapshot.document.title], "exact": [None, passage.exact]}
        touch(claim, Act.ADD_APPEARANCE, by=by, changes=place, subject=appearance)
    return appearance


def _dispose_touched(snapshot: Snapshot, start: int, end: int, *, by: User) -> None:
    for sentence in snapshot.sentences.undecided().filter(start__lt=end, end__gt=start):
        dispose(sentence, Disposition.CLAIM, by=by)


@transaction.atomic
def edit_claim(claim: Claim, *, by: User, version: int, **wording: Any) -> None:
    """Change the wording or the facts named in WORDING."""
    check(Act.EDIT, claim.facts_for(by))
    change(claim, Act.EDIT, by=by, version=version, values=wording)
    index_claims([claim.pk])


@transaction.atomic
def organise_claim(
    claim: Claim, *, by: User, version: int, priority: int, recheck_on: str, tags: Iterable[str]
) -> None:
    """Change what sorts a claim but does not touch its truth: priority, re-check date, tags."""
    check(Act.ORGANISE, claim.facts_for(by))
    old = sorted(claim.tags.values_list("name", flat=True))
    new = sorted(set(tags))
    also = {"tags": [old, new]} if old != new else {}
    values = {"priority": priority, **recheck_fields(recheck_on)}
    change(claim, Act.ORGANISE, by=by, version=version, values=values, also=also)
    if also:
        set_tags(claim, new)


def set_recheck(claim: Claim, *, by: User, recheck_on: str) -> None:
    """Say when to look again, as a partial date; empty for never."""
    check(Act.ORGANISE, claim.facts_for(by))
    change(claim, Act.ORGANISE, by=by, values=recheck_fields(recheck_on))


def set_priority(claim: Claim, *, by: User, priority: int) -> None:
    check(Act.ORGANISE, claim.facts_for(by))
    change(claim, Act.ORGANISE, by=by, values={"priority": priority})


def set_tags(claim: Claim, names: Iterable[str]) -> None:
    wanted = list(names)
    Tag.objects.bulk_create([Tag(name=name) for name in wanted], ignore_conflicts=True)
    claim.tags.set(Tag.objects.filter(name__in=wanted))


def take(claim: Claim, *, by: User) -> None:
    """Start working on a claim: it is assigned to the person and in progress."""
    stage = check(Act.TAKE, claim.facts_for(by))
    change(claim, Act.TAKE, by=by, values={"stage": stage, "assignee": by})


def release(claim: Claim, *, by: User) -> None:
    """Stop working on a claim: open again, nobody assigned."""
    stage = check(Act.RELEASE, claim.facts_for(by))
    change(claim, Act.RELEASE, by=by, values={"stage": stage, "assignee": None})


def assign(claim: Claim, *, by: User, to: User | None) -> None:
    """Give the claim to a person who may work on it, or with None to nobody."""
    check(Act.ASSIGN, claim.facts_for(by))
    if to is not None:
        check_permission(to, Permission.WORK)
    change(claim, Act.ASSIGN, by=by, values={"assignee": to})


def dismiss(claim: Claim, *, by: User, reason: str) -> None:
    """Take a claim out of the work, with the reason."""
    stage = check(Act.DISMISS, claim.facts_for(by))
    change(claim, Act.DISMISS, by=by, values={"stage": stage}, reason=required_reason(reason))


def restore(claim: Claim, *, by: User) -> None:
    """Take a dismissed claim back into the work."""
    stage = check(Act.RESTORE, claim.facts_for(by))
    change(claim, Act.RESTORE, by=by, values={"stage": stage, "assignee": None})


@transaction.atomic
def reopen(claim: Claim, *, by: User, reason: str) -> None:
    """Withdraw a verdict, with the reason: the assessment stays in the record, but no longer stands.

    Verified claims that depend on this one fall due.
    """
    stage = check(Act.REOPEN, claim.facts_for(by))
    values = {"stage": stage, "standing": None, "verdict": None, "due_at": None, "due_reason": ""}
    change(claim, Act.REOPEN, by=by, values=values, reason=required_reason(reason))
    make_dependents_due(claim, by=by, reason=f"{claim.reference}, on which it depends, was reopened.")


def make_dependents_due(claim: Claim, *, by: User, reason: str) -> None:
    """Make the verified claims that depend on this one due; those already due keep their first reason."""
    dependents = Claim.objects.filter(
        stage=Stage.VERIFIED,
        due_at=None,
        relations_from__kind=RelationKind.DEPENDS_ON,
        relations_from__b=claim,
    )
    for dependent in dependents:
        fall_due(dependent, by=by, reason=reason)


def fall_due(claim: Claim, *, by: User, reason: str) -> None:
    """Mark a verified claim as due for another look. The verdict stays until someone reopens it."""
    touch(claim, Act.FALL_DUE, by=by, reason=reason, due_at=timezone.now(), due_reason=reason[:300])
