"""The queue of claims that are due for another look, with the reason and since when."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from claims.exports.lists import DUE
from claims.forms.due import CHANGED, DATE, DueForm
from claims.http import Request, page
from claims.keyset import Page, capped_count, cursor_in, keyset_page
from claims.models import Claim
from claims.models.claim import ClaimQuerySet
from claims.views.list_csv import list_csv

SIZE = 50
ORDERS = {CHANGED: ("pk",), DATE: ("recheck_from", "pk")}
"""Each reads its own index: see ClaimQuerySet.due_by_change."""


@require_safe
def due_list(request: Request) -> HttpResponseBase:
    """Either those whose grounds changed or those whose day has come, the longest due first."""
    form = DueForm(request.GET)
    rows: Page[Claim] = Page([])
    context = {"form": form, "page": rows}
    if form.is_valid():
        queues = {why: _narrowed(claims, form, request) for why, claims in _queues().items()}
        counts = {why: capped_count(claims) for why, claims in queues.items()}
        why = form.cleaned_data["why"] or (CHANGED if counts[CHANGED] or not counts[DATE] else DATE)
        shown = queues[why].with_people().with_pending().select_related("standing__author", "recheck_calendar__source")
        if download := list_csv(request, "due", DUE, shown, ORDERS[why]):
            return download
        rows = keyset_page(shown, ORDERS[why], cursor_in(request.GET), SIZE)
        context |= {"page": rows, "why": why, "counts": counts}
    return page(request, "claims/due.html", context, fragments=("results",), status=200 if form.is_valid() else 400)


def _queues() -> dict[str, ClaimQuerySet]:
    return {CHANGED: Claim.objects.due_by_change(), DATE: Claim.objects.due_by_date()}


def _narrowed(claims: ClaimQuerySet, form: DueForm, request: Request) -> ClaimQuerySet:
    if verdict := form.cleaned_data["verdict"]:
        claims = claims.filter(verdict=verdict)
    return claims.filter(standing__author=request.user) if form.cleaned_data["mine"] else claims
