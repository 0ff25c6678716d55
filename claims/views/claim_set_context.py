"""What the pages of claim sets show: sizes, and what each set holds in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count as CountOf
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone

from claims.actions.carried import MOST, carried_claims
from claims.choices import Permission, Stage
from claims.forms.claim_sets import AddClaimsForm
from claims.http import Request
from claims.keyset import Count, Page, capped_count, cursor_in, keyset_page
from claims.models import Appearance, Claim, ClaimSet, ClaimSetItem, Release
from claims.reading.members import BrokenFilter, filter_of, in_order, members
from claims.views.claim_list_context import EXPORT_FORMATS
from claims.views.claim_rows import claim_rows

PAGE_SIZE = 50
RELEASES = 5
"""Of a set, the newest, that its page names; the list of releases has all."""

COUNTED = 10_000
"""Claims of a set that are counted; beyond it says how many at least."""


@dataclass(frozen=True)
class Line:
    """A set in the list; sizes are None where a filter says which claims it holds: they are counted by themselves.

    `last` is its newest release of which there is a file.
    """

    set: ClaimSet
    size: int | None
    ready: int | None
    last: Release | None


def set_for(request: Request, pk: int) -> ClaimSet:
    """404 for a set that is somebody else's own."""
    sets = ClaimSet.objects.visible_to(request.user).select_related("added_by", "document")
    return get_object_or_404(sets, pk=pk)


def lines(sets: Sequence[ClaimSet]) -> list[Line]:
    """Three queries, however many sets there are."""
    sizes: dict[int, tuple[int | None, int | None]] = {**_picked_sizes(sets), **_text_sizes(sets)}
    sizes |= {one.pk: (None, None) for one in sets if one.is_filter}
    newest = _newest_releases(sets)
    return [Line(one, *sizes.get(one.pk, (0, 0)), newest.get(one.pk)) for one in sets]


def _newest_releases(sets: Sequence[ClaimSet]) -> dict[int, Release]:
    """By key of the set, of those whose file somebody may have."""
    later = Release.objects.issued().filter(claim_set=OuterRef("claim_set"), number__gt=OuterRef("number"))
    newest = Release.objects.issued().filter(~Exists(later), claim_set__in=sets)
    return {release.claim_set_id: release for release in newest}


def counts(claim_set: ClaimSet) -> dict[str, Count]:
    """How many claims a set holds now, and how many of them are ready. Raises BrokenFilter."""
    held = members(claim_set)
    return {"size": capped_count(held, COUNTED), "ready": capped_count(held.ready(), COUNTED)}


def _ready() -> Q:
    """As ClaimQuerySet.ready."""
    later = Q(claim__recheck_from=None) | Q(claim__recheck_from__gt=timezone.localdate())
    return Q(claim__stage=Stage.VERIFIED, claim__due_at=None) & later


def _picked_sizes(sets: Sequence[ClaimSet]) -> dict[int, tuple[int, int]]:
    items = ClaimSetItem.objects.filter(claim_set__in=sets).order_by().values_list("claim_set")
    counted = items.annotate(size=CountOf("pk"), ready=CountOf("pk", filter=_ready()))
    return {pk: (size, ready) for pk, size, ready in counted}


def _text_sizes(sets: Sequence[ClaimSet]) -> dict[int, tuple[int, int]]:
    documents = [one.document_id for one in sets if one.document_id]
    places = Appearance.objects.last_known().filter(snapshot__document__in=documents).order_by()
    counted = places.values_list("snapshot__document").annotate(
        size=CountOf("claim", distinct=True), ready=CountOf("claim", distinct=True, filter=_ready())
    )
    sizes = {document: (size, ready) for document, size, ready in counted}
    return {one.pk: sizes[one.document_id] for one in sets if one.document_id in sizes}


def _carried(request: Request, claim_set: ClaimSet) -> Count | None:
    """Verdicts that came in with a release and wait for this person, who may approve them; see actions.carried."""
    if not request.user.may(Permission.REVIEW):
        return None
    return capped_count(carried_claims(claim_set, request.user), MOST)


def detail(request: Request, claim_set: ClaimSet, form: AddClaimsForm) -> dict[str, object]:
    context: dict[str, object] = {"set": claim_set, "form": form, "export_formats": EXPORT_FORMATS}
    context["releases"] = list(claim_set.releases.order_by("-number")[:RELEASES])
    try:
        claims, order = in_order(claim_set)
        chosen = filter_of(claim_set) if claim_set.is_filter else None
    except BrokenFilter as broken:
        return {**context, "broken": str(broken), "page": Page[Claim]([])}
    found = keyset_page(claims.with_people(), order, cursor_in(request.GET), PAGE_SIZE)
    return {
        **context,
        **counts(claim_set),
        "chosen": chosen,
        "page": found,
        "rows": claim_rows(found.rows),
        "carried": _carried(request, claim_set),
        "untickable": not claim_set.is_picked,
        "movable": claim_set.is_picked and request.user.has_perm("claims.work_claims"),
    }
