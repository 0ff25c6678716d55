"""Claim sets: picked by hand or by filter, in an order of their own."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from claims.actions.changes import change, check_permission, initial, lock, touch
from claims.choices import Permission, RecordAct
from claims.models import Claim, ClaimSet, ClaimSetItem, Event, User

FIELDS = ("title", "description", "licence")


@transaction.atomic
def add_claim_set(*, by: User, **fields: Any) -> ClaimSet:
    """A new, empty set; `fields` as in FIELDS."""
    check_permission(by, Permission.WORK)
    _check_title(fields["title"])
    claim_set = ClaimSet.objects.create(added_by=by, **fields)
    Event.objects.record(claim_set, RecordAct.ADD, by=by, changes=initial(claim_set, *FIELDS))
    return claim_set


def edit_claim_set(claim_set: ClaimSet, *, by: User, version: int, **fields: Any) -> None:
    """Change title, description or licence."""
    check_permission(by, Permission.WORK)
    if "title" in fields:
        _check_title(fields["title"], besides=claim_set)
    change(claim_set, RecordAct.CHANGE, by=by, version=version, values=fields)


def _check_title(title: str, besides: ClaimSet | None = None) -> None:
    others = ClaimSet.objects.exclude(pk=besides.pk) if besides else ClaimSet.objects
    if others.filter(title=title).exists():
        raise ValidationError({"title": "There is a set of this title already."})


@transaction.atomic
def add_to_claim_set(claim_set: ClaimSet, claims: Iterable[Claim], *, by: User) -> int:
    """Append the claims that are not in the set yet, in their order; how many were new."""
    check_permission(by, Permission.WORK)
    lock(claim_set)  # positions go up by one, also when two people add at once
    held = set(claim_set.items.values_list("claim", flat=True))
    new = [claim for claim in claims if claim.pk not in held]
    last = claim_set.items.aggregate(last=Max("position"))["last"] or 0
    ClaimSetItem.objects.bulk_create(
        [
            ClaimSetItem(claim_set=claim_set, claim=claim, position=position, added_by=by)
            for position, claim in enumerate(new, start=last + 1)
        ],
        batch_size=1000,
    )
    if new:
        changes = {"claims": [None, [claim.reference for claim in new]]}
        touch(claim_set, RecordAct.ADD_CLAIMS, by=by, changes=changes)
    return len(new)


@transaction.atomic
def remove_from_claim_set(claim_set: ClaimSet, claims: Iterable[Claim], *, by: User) -> int:
    """Take claims out of the set; how many were in it."""
    check_permission(by, Permission.WORK)
    items = claim_set.items.filter(claim__in=list(claims)).select_related("claim")
    gone = [item.claim.reference for item in items]
    if gone:
        items.delete()
        touch(claim_set, RecordAct.REMOVE_CLAIMS, by=by, changes={"claims": [gone, None]})
    return len(gone)
