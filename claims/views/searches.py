"""Searches that found nothing: recording one, and retracting it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from claims.actions.searches import add_search, retract_search
from claims.choices import Act, Permission
from claims.forms.evidence import RetractForm
from claims.forms.searches import SearchForm
from claims.http import Request, back, needs, next_url, once, page, toast
from claims.models import Claim, Search
from claims.views.claim_context import get_claim
from claims.views.form_answers import add_errors
from claims.workflow import check


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def search_add(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    form = SearchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _add(request, claim, form)
        except ValidationError as error:
            add_errors(form, error)
    check(Act.ADD_SEARCH, claim.facts_for(request.user))
    context = {"claim": claim, "form": form, "next_url": next_url(request, claim.get_absolute_url())}
    return page(request, "searches/add.html", context, status=422 if form.errors else 200)


def _add(request: Request, claim: Claim, form: SearchForm) -> HttpResponseBase:
    with once(request) as attempt:
        if not attempt.repeated:
            search = add_search(claim, by=request.user, **form.cleaned_data)
            attempt.location = _place(search)
            toast(request, f"Recorded: nothing found in {search.place}.")
    return back(request, attempt.repeated or attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def search_retract(request: Request, pk: int) -> HttpResponseBase:
    search = get_object_or_404(Search.objects.with_people().select_related("claim"), pk=pk)
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        retract_search(search, by=request.user, reason=form.cleaned_data["reason"])
        toast(request, f"Retracted: the search in {search.place}.")
        return back(request, _place(search))
    check(Act.RETRACT_SEARCH, search.claim.facts_for(request.user))
    context: dict[str, Any] = {"search": search, "claim": search.claim, "form": form}
    context["next_url"] = next_url(request, _place(search))
    return page(request, "searches/retract.html", context, status=422 if form.errors else 200)


def _place(search: Search) -> str:
    return f"{search.claim.get_absolute_url()}#search-{search.pk}"
