"""Making a claim, and moving it through the stages."""

from collections.abc import Iterable, Set
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims import limits, passages
from claims.actions.anchors import follow
from claims.actions.changes import amend, change, check_permission, initial, permit, plain, required_reason, touch
from claims.actions.completion import lapse_claim, lapse_text
from claims.actions.sentences import dispose
from claims.actions.values import check_record, check_text, check_values, unique
from claims.choices import Act, Disposition, Permission, RelationKind, Stage
from claims.models import Appearance, Claim, Event, Relation, Snapshot, Tag, User
from claims.models.base import lock_rows
from claims.partial_dates import PartialDate
from claims.search import index_claims

WORDING = ("assertion", "kind", "speaker", "as_of", "reference_period", "how_to_check")


def recheck_fields(recheck_on: str) -> dict[str, Any]:
    """The re-check date and the first day on which it makes the claim due."""
    first: date | None = PartialDate.parse(recheck_on).first_day if recheck_on else None
    return {"recheck_on": recheck_on, "recheck_from": first}


def next_recheck(claim: Claim) -> dict[str, Any]:
    """What becomes of the re-check date once someone has looked again: nothing while it is still to come.

    A claim that follows a calendar waits for its next release; a date that was set by hand has done its work.
    """
    if claim.recheck_from is None or claim.recheck_from > timezone.localdate():
        return {}
    calendar = claim.recheck_calendar
    return recheck_fields(str(calendar.next_release())) if calendar else recheck_fields("")


@transaction.atomic
def create_claim(*, by: User, assertion: str, kind: str, **fields: Any) -> Claim:
    """A new open claim. `fields` are further columns of Claim, such as speaker, as_of, assignee, key."""
    check_permission(by, Permission.WORK)
    claim = Claim(assertion=assertion, kind=kind, added_by=by, **fields)
    check_record(claim)
    _check_assignee(claim.assignee)
    claim.recheck_from = recheck_fields(claim.recheck_on)["recheck_from"]
    with unique("key", "A claim with this key is stored already."):
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
    Raises passages.PassageError when the place is not in the text, or too long.
    """
    claim = create_claim(by=by, assertion=assertion, kind=kind, **fields)
    add_appearance(claim, snapshot, start, end, by=by)
    dispose_touched(snapshot, start, end, by=by)
    return claim


@transaction.atomic
def add_appearance(claim: Claim, snapshot: Snapshot, start: int, end: int, *, by: User) -> Appearance:
    """Say that the snapshot makes this claim at [start, end); in an older text, it is looked for in the newest, too.

    Raises passages.PassageError when the place is not in the text, or too long, and ValidationError when known.
    """
    permit(Act.ADD_APPEARANCE, claim, by=by)
    passage = passages.describe(snapshot.read(), start, end)
    if len(passage.exact) > limits.PASSAGE:
        raise passages.PassageError(f"at most {limits.PASSAGE:,} characters can be one passage; choose fewer words")
    appearance = Appearance(claim=claim, snapshot=snapshot, added_by=by, **asdict(passage))
    with unique("start", "The claim is known to appear here."):
        appearance.save(force_insert=True)
    place = {"document": [None, snapshot.document.title], "exact": [None, passage.exact]}
    touch(claim, Act.ADD_APPEARANCE, by=by, changes=place, subject=appearance)
    lapse_text(snapshot, by=by, reason=f"{claim.reference} was found in it.")
    followed = follow(appearance, by=by)
    if followed and followed.result:
        dispose_touched(followed.snapshot, followed.result.start, followed.result.end, by=by)
    return appearance


def dispose_touched(snapshot: Snapshot, start: int, end: int, *, by: User) -> None:
    """Make undecided sentences that a claim's passage touches sentences with a claim."""
    for sentence in snapshot.sentences.undecided().touching(start, end):
        dispose(sentence, Disposition.CLAIM, by=by)


@transaction.atomic
def edit_claim(claim: Claim, *, by: User, version: int, **wording: Any) -> None:
    """Change the wording or the facts named in WORDING. Does nothing when nothing differs."""
    permit(Act.EDIT, claim, by=by, version=version)
    if amend(claim, Act.EDIT, by=by, values=wording):
        index_claims([claim.pk])


@transaction.atomic
def organise_claim(
    claim: Claim, *, by: User, version: int, priority: int, recheck_on: str, tags: Iterable[str]
) -> None:
    """Change what sorts a claim but does not touch its truth: priority, re-check date, tags.

    Does nothing when nothing differs.
    """
    permit(Act.ORGANISE, claim, by=by, version=version)
    check_values(claim, {"recheck_on": recheck_on})
    recheck = rechecked(claim, recheck_on)
    old = sorted(claim.tags.values_list("name", flat=True))
    new = _checked_tags(tags)
    also = {"tags": [old, new]} if old != new else {}
    values = {"priority": priority, **recheck}
    amend(claim, Act.ORGANISE, by=by, values=values, also=also)
    if also:
        set_tags(claim, new)


@transaction.atomic
def set_recheck(claim: Claim, *, by: User, recheck_on: str) -> None:
    """Say when to look again, as a partial date; empty for never. It no longer follows a calendar then."""
    permit(Act.ORGANISE, claim, by=by)
    check_values(claim, {"recheck_on": recheck_on})
    amend(claim, Act.ORGANISE, by=by, values=rechecked(claim, recheck_on))


def rechecked(claim: Claim, recheck_on: str) -> dict[str, Any]:
    """The values of a re-check date set by hand: a date of its own ends that the claim follows a calendar."""
    values = recheck_fields(recheck_on)
    return values if recheck_on == claim.recheck_on else values | {"recheck_calendar": None}


@transaction.atomic
def set_priority(claim: Claim, *, by: User, priority: int) -> None:
    permit(Act.ORGANISE, claim, by=by)
    amend(claim, Act.ORGANISE, by=by, values={"priority": priority})


def set_tags(claim: Claim, names: Iterable[str]) -> None:
    claim.tags.set(stored_tags(set(names)))


def stored_tags(names: Set[str]) -> QuerySet[Tag]:
    """The tags of these names; those that are new are made."""
    # A tag has no history of its own: the claims that carry it have.
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True, batch_size=900)
    return Tag.objects.filter(name__in=names)


def _checked_tags(names: Iterable[str]) -> list[str]:
    """The tags, each once, in order. Raises ValidationError for one that is empty or too long, or too many."""
    tags = sorted(set(names))
    if len(tags) > limits.TAGS:
        raise ValidationError({"tags": f"At most {limits.TAGS} tags; these are {len(tags)}."})
    for tag in tags:
        if not tag.strip():
            raise ValidationError({"tags": "A tag is empty."})
        try:
            check_text(tag, limits.TAG)
        except ValidationError as error:
            raise ValidationError({"tags": error.messages}) from error
    return tags


@transaction.atomic
def take(claim: Claim, *, by: User) -> None:
    """Start working on a claim: it is assigned to the person and in progress."""
    stage = permit(Act.TAKE, claim, by=by)
    change(claim, Act.TAKE, by=by, values={"stage": stage, "assignee": by})


@transaction.atomic
def release(claim: Claim, *, by: User) -> None:
    """Stop working on a claim: open again, nobody assigned."""
    stage = permit(Act.RELEASE, claim, by=by)
    change(claim, Act.RELEASE, by=by, values={"stage": stage, "assignee": None})


@transaction.atomic
def assign(claim: Claim, *, by: User, to: User | None) -> None:
    """Give the claim to a person who may work on it, or with None to nobody. Does nothing when they have it.

    Raises ValidationError on `assignee` for someone who may not, or when that would leave work in progress to nobody.
    """
    stage = permit(Act.ASSIGN, claim, by=by)
    _check_assignee(to)
    if to is None and stage == Stage.IN_PROGRESS:
        raise ValidationError({"assignee": "Someone is working on this claim. Name another person, or release it."})
    amend(claim, Act.ASSIGN, by=by, values={"assignee": to})


def _check_assignee(person: User | None) -> None:
    if person is not None and not person.may(Permission.WORK):
        why = "has a role that reads" if person.is_active else "has left the desk"
        raise ValidationError({"assignee": f"{person} cannot work on claims: {person.username} {why}."})


@transaction.atomic
def dismiss(claim: Claim, *, by: User, reason: str) -> None:
    """Take a claim out of the work, with the reason."""
    stage = permit(Act.DISMISS, claim, by=by)
    change(claim, Act.DISMISS, by=by, values={"stage": stage}, reason=required_reason(reason))


@transaction.atomic
def restore(claim: Claim, *, by: User) -> None:
    """Take a dismissed claim back into the work."""
    stage = permit(Act.RESTORE, claim, by=by)
    lapse_claim(claim, by=by, reason=f"{claim.reference} was restored.")
    change(claim, Act.RESTORE, by=by, values={"stage": stage, "assignee": None})


@transaction.atomic
def reopen(claim: Claim, *, by: User, reason: str) -> None:
    """Withdraw a verdict, with the reason: the assessment stays in the record, but no longer stands.

    Verified claims that depend on this one fall due.
    """
    lock_with_dependents([claim])
    stage = permit(Act.REOPEN, claim, by=by)
    values = {"stage": stage, "standing": None, "verdict": None, "due_at": None, "due_reason": ""}
    also = _unsend_confirmation(claim)
    # Claims are locked before documents, here as everywhere. The claim itself changes last: to withdraw `standing`, a
    # unique column, is to keep others from referring to the row, as a draft does that is stored at this moment.
    make_dependents_due(claim, by=by, reason=f"{claim.reference}, on which it depends, was reopened.")
    lapse_claim(claim, by=by, reason=f"{claim.reference} was reopened.")
    change(claim, Act.REOPEN, by=by, values=values, reason=required_reason(reason), also=also)


def _unsend_confirmation(claim: Claim) -> dict[str, list[Any]]:
    """Make a confirmation that waits a draft again; what the event says of it, nothing when none waits."""
    waiting = claim.assessments.pending()
    sent = waiting.values_list("submitted_at", flat=True).first()
    waiting.update(submitted_at=None)
    claim.forget_pending()
    return {"confirmation": ["submitted", "draft"], "submitted_at": [plain(sent), None]} if sent else {}


def lock_with_dependents(claims: Iterable[Claim]) -> None:
    """To be called before the first of them changes: whoever locks many claims at once locks them by key."""
    keys = [claim.pk for claim in claims]
    dependents = Relation.objects.filter(kind=RelationKind.DEPENDS_ON, b__in=keys).values("a")
    lock_rows(Claim.objects.filter(Q(pk__in=keys) | Q(pk__in=dependents)))


def make_dependents_due(claim: Claim, *, by: User, reason: str) -> None:
    """Make the verified claims that depend on this one due; those already due keep their first reason."""
    edges = Relation.objects.filter(kind=RelationKind.DEPENDS_ON, b=claim)
    dependents = Claim.objects.filter(stage=Stage.VERIFIED, due_at=None, pk__in=edges.values("a"))
    # Locked one and all before the first is changed: who was reopened meanwhile drops out.
    for dependent in dependents.order_by("pk").select_for_update(no_key=True):
        fall_due(dependent, by=by, reason=reason)


@transaction.atomic
def fall_due(claim: Claim, *, by: User, reason: str) -> None:
    """Mark a verified claim as due for another look. The verdict stays until someone reopens it."""
    permit(Act.FALL_DUE, claim, by=by)
    reason = required_reason(reason)
    touch(claim, Act.FALL_DUE, by=by, reason=reason, due_at=timezone.now(), due_reason=reason[:300])
