"""The claims: searched, filtered, sorted, in pages."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.filters import ClaimFilter, Problem
from claims.http import Request, page
from claims.keyset import cursor_in
from claims.views.claim_list_context import form_context, list_context, sorting_in

FRAGMENT = "results"


@require_safe
def claim_list(request: Request) -> HttpResponseBase:
    """The claims that the address selects; a reference such as C-12, sent as a search, leads to its claim."""
    chosen = ClaimFilter.parse(request.GET)
    sorting = sorting_in(request.GET, chosen)
    if isinstance(sorting, Problem):
        return _unreadable(request, chosen, *chosen.problems, sorting)
    if chosen.problems:
        return _unreadable(request, chosen, *chosen.problems)
    if chosen.reference and not request.htmx:  # with htmx every letter asks, and C-1 is not yet C-12
        return redirect("claim_detail", chosen.reference)
    context = list_context(request.user, chosen, sorting, cursor_in(request.GET))
    response = _page(request, context, status=200)
    if request.htmx and not cursor_in(request.GET):
        # Without the empty fields of the form.
        response.headers["HX-Push-Url"] = f"{reverse('claim_list')}{str(context['here']).removesuffix('?')}"
    return response


def _unreadable(request: Request, chosen: ClaimFilter, *problems: Problem) -> HttpResponse:
    """The page with what is wrong, and the form as it was filled in. 422 for htmx, which shows no other error."""
    context = {**form_context(request.user, chosen), "problems": problems}
    return _page(request, context, status=422 if request.htmx else 400)


def _page(request: Request, context: dict[str, object], *, status: int) -> HttpResponse:
    is_fragment = bool(request.htmx) and request.htmx.target == FRAGMENT
    return page(
        request, "claims/list.html", {**context, "is_fragment": is_fragment}, fragments=(FRAGMENT,), status=status
    )
