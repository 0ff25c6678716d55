"""Claim sets: picked by hand, by a filter, or those of a document; what is left out of their releases."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from claims import limits
from claims.actions.changes import amend, check_permission, initial, lock, plain, required_reason, touch
from claims.actions.values import check_record, unique
from claims.choices import Permission, RecordAct, SetKind
from claims.models import Claim, ClaimSet, ClaimSetItem, Document, Event, Omission, User
from claims.models.event import Changes
from claims.reading.preflight import blocked_claims
from claims.workflow import Refusal, RefusalKind, Refused

FIELDS = ("title", "description", "licence", "is_private")
_TITLE_TAKEN = "There is a set of this title already."


@transaction.atomic
def add_claim_set(
    *,
    by: User,
    kind: SetKind = SetKind.HAND,
    filter: str = "",
    document: Document | None = None,
    reason: str = "",
    **fields: Any,
) -> ClaimSet:
    """A new set; `fields` as in FIELDS. One picked by hand is empty, one of a document needs the `document`.

    `filter` is the query of an address that was read before (reading.members.lasting).
    """
    check_permission(by, Permission.WORK)
    claim_set = ClaimSet(added_by=by, kind=kind, filter=filter, document=document, **fields)
    check_record(claim_set)
    with unique("title", _TITLE_TAKEN):
        claim_set.save(force_insert=True)
    names = (*FIELDS, "kind", "filter", "document")
    changes = initial(claim_set, *names)
    dull = {"kind": SetKind.HAND, "is_private": False}
    changes = {name: pair for name, pair in changes.items() if pair[1] != dull.get(name)}
    Event.objects.record(claim_set, RecordAct.ADD, by=by, changes=changes, reason=reason)
    return claim_set


@transaction.atomic
def edit_claim_set(claim_set: ClaimSet, *, by: User, version: int, **fields: Any) -> None:
    """Change FIELDS, or the `filter` of a set that has one. Does nothing when nothing differs."""
    _permit(claim_set, by)
    if fields.get("is_private", claim_set.is_private) != claim_set.is_private and claim_set.added_by_id != by.pk:
        raise ValidationError({"is_private": "Only who made the set can keep it to themselves."})
    if "filter" in fields and not claim_set.is_filter:
        raise ValidationError("This set has no filter.")
    with unique("title", _TITLE_TAKEN):
        amend(claim_set, RecordAct.CHANGE, by=by, version=version, values=fields)


@transaction.atomic
def add_to_claim_set(claim_set: ClaimSet, claims: Iterable[Claim], *, by: User) -> int:
    """Append the claims that are not in the set yet, in their order; how many were new."""
    _permit_picking(claim_set, by)
    lock(claim_set)  # positions go up by one, also when two people add at once
    held = set(claim_set.items.values_list("claim", flat=True))
    new = [claim for claim in dict.fromkeys(claims) if claim.pk not in held]
    last = claim_set.items.aggregate(last=Max("position"))["last"] or 0
    ClaimSetItem.objects.bulk_create(
        [
            ClaimSetItem(claim_set=claim_set, claim=claim, position=position, added_by=by)
            for position, claim in enumerate(new, start=last + 1)
        ],
        batch_size=1000,
    )
    if new:
        changes = _named("claims", [claim.reference for claim in new], [claim.pk for claim in new])
        touch(claim_set, RecordAct.ADD_CLAIMS, by=by, changes=changes)
    return len(new)


@transaction.atomic
def remove_from_claim_set(claim_set: ClaimSet, claims: Iterable[Claim], *, by: User) -> int:
    """Take claims out of the set; how many were in it."""
    _permit_picking(claim_set, by)
    lock(claim_set)
    items = claim_set.items.filter(claim__in=list(claims)).select_related("claim")
    gone = {item.claim_id: item.claim.reference for item in items}
    if gone:
        items.delete()
        changes = _named("claims", list(gone.values()), list(gone), gone=True)
        touch(claim_set, RecordAct.REMOVE_CLAIMS, by=by, changes=changes)
    return len(gone)


@transaction.atomic
def move_in_claim_set(claim_set: ClaimSet, claim: Claim, *, by: User, step: int) -> int | None:
    """Move the claim down by `step` places (up, when negative), no further than to the end of the set.

    Its place then, from 1; None when nothing moved. Raises ValidationError for a claim that is not in the set.
    """
    _permit_picking(claim_set, by)
    lock(claim_set)
    items = claim_set.items.order_by("position", "pk")
    places = list(items.values_list("claim", "position"))
    keys = [key for key, _ in places]
    if claim.pk not in keys:
        raise ValidationError(f"{claim.reference} is not in this set any more.")
    old = keys.index(claim.pk)
    new = min(max(old + step, 0), len(keys) - 1)
    if old == new:
        return None
    here, there = places[old][1], places[new][1]
    between = items.filter(position__gte=min(here, there), position__lte=max(here, there))
    between.exclude(claim=claim).update(position=F("position") + (1 if new < old else -1))
    items.filter(claim=claim).update(position=there)
    touch(claim_set, RecordAct.ORDER_CLAIMS, by=by, changes={"place": [old + 1, new + 1]}, subject=claim)
    return new + 1


@transaction.atomic
def leave_out(claim_set: ClaimSet, claims: Iterable[int] | None, *, by: User, reason: str, seen: int) -> int:
    """Leave these claims, by key, or (None) all that block, out of the releases of the set, while they block.

    How many were left out. `seen` is how many the person was shown; ValidationError when it is no longer so, or there
    are too many. Raises BrokenFilter.
    """
    _permit(claim_set, by)
    reason = required_reason(reason)
    lock(claim_set)
    held = set(claim_set.omissions.values_list("claim", flat=True))
    blocked = blocked_claims(claim_set, limits.LEFT_OUT + 1)
    open_ones = blocked.keys() - held
    chosen = open_ones if claims is None else open_ones.intersection(claims)
    if len(chosen) != seen:
        raise ValidationError("Meanwhile other claims block than those that you saw. Look at them again.")
    if len(blocked) > limits.LEFT_OUT:
        raise ValidationError(f"More than {limits.LEFT_OUT:,} claims block. Narrow the set instead.")
    return _omit(claim_set, sorted(chosen), by=by, reason=reason)


def _omit(claim_set: ClaimSet, keys: list[int], *, by: User, reason: str) -> int:
    Omission.objects.bulk_create(
        [Omission(claim_set=claim_set, claim_id=key, reason=reason, left_out_by=by) for key in keys], batch_size=1000
    )
    if keys:
        changes = _named("left_out", _references(keys), keys)
        touch(claim_set, RecordAct.LEAVE_OUT, by=by, changes=changes, reason=reason)
    return len(keys)


@transaction.atomic
def take_back(claim_set: ClaimSet, claims: Iterable[int] | None, *, by: User) -> int:
    """Undo `leave_out` for these claims, by key, or (None) for all; how many were left out."""
    _permit(claim_set, by)
    lock(claim_set)
    omissions = claim_set.omissions.all()
    if claims is not None:
        omissions = omissions.filter(claim__in=list(claims))
    left_out = dict(omissions.order_by("claim").values_list("claim", "left_out_at"))
    keys = list(left_out)
    if keys:
        omissions.delete()
        changes = _named("left_out", _references(keys), keys, gone=True)
        changes["left_out_at"] = [[plain(at) for at in left_out.values()], None]
        touch(claim_set, RecordAct.TAKE_BACK, by=by, changes=changes)
    return len(keys)


def _named(name: str, references: list[str], keys: list[int], *, gone: bool = False) -> Changes:
    """The claims that came or went, for an event: as people name them, and by key."""
    return {name: [references, None] if gone else [None, references], "keys": [keys, None] if gone else [None, keys]}


def _references(keys: list[int]) -> list[str]:
    found: dict[int, str] = {}
    for start in range(0, len(keys), 1000):
        claims = Claim.objects.filter(pk__in=keys[start : start + 1000]).only("pk", "key")
        found |= {claim.pk: claim.reference for claim in claims}
    return [found[key] for key in keys if key in found]


def _permit(claim_set: ClaimSet, by: User) -> None:
    """Raises Refused for who may not work on sets, or not on this one, which is somebody else's own."""
    check_permission(by, Permission.WORK)
    if claim_set.is_private and claim_set.added_by_id != by.pk:
        raise Refused(Refusal(RefusalKind.RIGHT, "This set is its maker’s own."))


def _permit_picking(claim_set: ClaimSet, by: User) -> None:
    _permit(claim_set, by)
    if not claim_set.is_picked:
        told = "Its claims are those of its filter." if claim_set.is_filter else "Its claims are those of its document."
        raise Refused(Refusal(RefusalKind.STAGE, told))
