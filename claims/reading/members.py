"""Which claims a set holds now, and in which order.

A filter is applied anew each time: what leaves the filter leaves the set.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import F, Min, OuterRef, Subquery
from django.http import QueryDict

from claims.choices import SetKind
from claims.filters import ClaimFilter
from claims.models import Appearance, Claim, ClaimSet, User
from claims.models.appearance import AppearanceQuerySet
from claims.models.claim import ClaimQuerySet

Order = Sequence[str]
PLACED = ("place", "pk")


class BrokenFilter(Exception):
    """The filter of a set names what is no longer there, such as a tag that was deleted; says what, in words."""


def filter_of(claim_set: ClaimSet) -> ClaimFilter:
    """The set's filter. Raises BrokenFilter."""
    chosen = ClaimFilter.parse(QueryDict(claim_set.filter), beside=())
    if chosen.problems:
        told = " ".join(str(problem) for problem in chosen.problems)
        raise BrokenFilter(f"The filter of “{claim_set}” does not fit the desk any more. {told}")
    return chosen


def lasting(chosen: ClaimFilter, user: User) -> ClaimFilter:
    """The filter as a set can keep it: who “me” was is named. Raises ValidationError for what nobody else can mean."""
    if chosen.review:
        raise ValidationError(
            "What waits for a review is another thing for each person: a set cannot keep that filter."
        )
    return replace(chosen, assignee=user) if chosen.assignee == "me" else chosen


def members(claim_set: ClaimSet) -> ClaimQuerySet:
    """The claims of the set, in no order. Raises BrokenFilter."""
    match claim_set.kind:
        case SetKind.FILTER:
            return filter_of(claim_set).apply(Claim.objects.all(), None).order_by()
        case SetKind.DOCUMENT:
            places = _places(claim_set).order_by().values("claim")
            return Claim.objects.filter(pk__in=places).order_by()
    return Claim.objects.filter(set_items__claim_set=claim_set).order_by()


def in_order(claim_set: ClaimSet) -> tuple[ClaimQuerySet, Order]:
    """The claims with what they are ordered by: by hand, in the order of the text, or the oldest first.

    For `keyset_page`. Raises BrokenFilter.
    """
    claims = members(claim_set)
    match claim_set.kind:
        case SetKind.FILTER:
            return claims.order_by("pk"), ("pk",)
        case SetKind.DOCUMENT:
            first = _places(claim_set).filter(claim=OuterRef("pk")).order_by().values("claim").annotate(at=Min("start"))
            return claims.annotate(place=Subquery(first.values("at"))).order_by("place", "pk"), PLACED
    return claims.annotate(place=F("set_items__position")).order_by("place", "pk"), PLACED


def among(claims: ClaimQuerySet) -> ClaimQuerySet:
    """The same claims by key alone, so that any condition can be asked of them, and any rows locked."""
    return Claim.objects.filter(pk__in=claims.order_by().values("pk")).order_by()


def _places(claim_set: ClaimSet) -> AppearanceQuerySet:
    """Where the document makes claims, or made them in an earlier text: none is dropped silently."""
    return Appearance.objects.last_known().filter(snapshot__document=claim_set.document_id)
