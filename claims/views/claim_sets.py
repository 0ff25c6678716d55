"""Claim sets: made by hand or from a filter, read by all, downloaded."""

from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import claim_sets as actions
from claims.choices import Permission, Stage
from claims.forms.claim_sets import AddClaimsForm, ClaimSetForm, stored_fields
from claims.http import Request, back, needs, once, page, problem, toast
from claims.keyset import cursor_in, keyset_page
from claims.models import Claim, ClaimSet, ClaimSetItem, StaleVersion
from claims.views.claim_list_context import EXPORT_FORMATS
from claims.views.claim_rows import claim_rows
from claims.views.form_answers import add_errors, record_conflict, sent_number

PAGE_SIZE = 50
MOST_AT_ONCE = 5_000  # claims that a filter can add to a set; docs say so


@require_safe
def claim_set_list(request: Request) -> HttpResponseBase:
    sets = ClaimSet.objects.select_related("added_by")
    found = keyset_page(sets, ("-pk",), cursor_in(request.GET), PAGE_SIZE)
    return page(request, "sets/list.html", {"page": found, "lines": _lines(found.rows)})


def _lines(sets: list[ClaimSet]) -> list[dict[str, object]]:
    """Each set with how many claims it holds, and how many of these are verified."""
    items = ClaimSetItem.objects.filter(claim_set__in=sets).order_by().values_list("claim_set")
    counted = items.annotate(size=Count("pk"), verified=Count("pk", filter=Q(claim__stage=Stage.VERIFIED)))
    sizes = {pk: (size, verified) for pk, size, verified in counted}
    return [
        {"set": one, "size": size, "verified": verified}
        for one in sets
        for size, verified in [sizes.get(one.pk, (0, 0))]
    ]


@require_safe
def claim_set_detail(request: Request, pk: int) -> HttpResponseBase:
    claim_set = get_object_or_404(ClaimSet.objects.select_related("added_by"), pk=pk)
    return page(request, "sets/detail.html", _detail(request, claim_set, AddClaimsForm()))


def _detail(request: Request, claim_set: ClaimSet, form: AddClaimsForm) -> dict[str, object]:
    items = claim_set.items.select_related("claim__verdict", "claim__assignee")
    found = keyset_page(items, ("position", "pk"), cursor_in(request.GET), PAGE_SIZE)
    line = _lines([claim_set])[0]
    return {
        **line,
        "page": found,
        "rows": claim_rows([item.claim for item in found.rows]),
        "form": form,
        "export_formats": EXPORT_FORMATS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_set_add(request: Request) -> HttpResponseBase:
    """A new set: empty, or with `filter` (or `everything`) holding all claims that the list showed."""
    form = ClaimSetForm(request.POST if request.method == "POST" else None)
    source = AddClaimsForm(request.POST if request.method == "POST" else request.GET)
    wants_claims = any(source.data.get(name) for name in ("filter", "everything"))
    if wants_claims and not source.is_valid():
        return problem(request, 400, " ".join(str(error) for errors in source.errors.values() for error in errors))
    if form.is_valid():
        try:
            return _add(request, form, source if wants_claims else None)
        except ValidationError as error:
            add_errors(form, error)
    context: dict[str, object] = {"form": form, "source": source if wants_claims else None}
    if wants_claims:
        context["chosen"] = source.cleaned_data["filter"]
    return page(request, "sets/edit.html", context, status=422 if form.errors else 200)


def _add(request: Request, form: ClaimSetForm, source: AddClaimsForm | None) -> HttpResponseBase:
    with once(request) as attempt:
        if not attempt.repeated:
            claim_set = actions.add_claim_set(by=request.user, **form.cleaned_data)
            added = _add_claims(request, claim_set, source) if source else 0
            attempt.location = claim_set.get_absolute_url()
            toast(request, f"Created “{claim_set}” with {_claims(added)}." if source else f"Created “{claim_set}”.")
    return back(request, attempt.repeated or attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_set_edit(request: Request, pk: int) -> HttpResponseBase:
    claim_set = get_object_or_404(ClaimSet, pk=pk)
    form = ClaimSetForm(request.POST if request.method == "POST" else None, initial=stored_fields(claim_set))
    version = sent_number(request.POST.get("version"))
    if form.is_valid():
        try:
            actions.edit_claim_set(claim_set, by=request.user, version=version, **form.cleaned_data)
        except StaleVersion as stale:
            current = cast(ClaimSet, stale.current)
            return record_conflict(request, form, current, stored=stored_fields(current), section="sets")
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, f"Saved “{claim_set}”.")
            return back(request, claim_set.get_absolute_url())
    context = {"form": form, "set": claim_set, "version": version or claim_set.version}
    return page(request, "sets/edit.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Permission.WORK)
def claim_set_add_claims(request: Request, pk: int) -> HttpResponseBase:
    """Adds the claims named by `references`, or all that `filter` selects."""
    claim_set = get_object_or_404(ClaimSet.objects.select_related("added_by"), pk=pk)
    form = AddClaimsForm(request.POST)
    if form.is_valid():
        try:
            added = _add_claims(request, claim_set, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, f"Added {_claims(added)} to “{claim_set}”." if added else "All of these were in it already.")
            return back(request, claim_set.get_absolute_url())
    return page(request, "sets/detail.html", _detail(request, claim_set, form), status=422)


def _add_claims(request: Request, claim_set: ClaimSet, form: AddClaimsForm) -> int:
    """How many were new. Raises ValidationError when the filter selects more than MOST_AT_ONCE."""
    selection = form.selection(request.user)
    if selection is None:
        return actions.add_to_claim_set(claim_set, form.cleaned_data["references"], by=request.user)
    claims = list(selection.only("pk", "key")[: MOST_AT_ONCE + 1])
    if len(claims) > MOST_AT_ONCE:
        reason = f"The filter selects more than {MOST_AT_ONCE:,} claims, the most that can be added at once. Narrow it."
        raise ValidationError({"references": reason})
    return actions.add_to_claim_set(claim_set, claims, by=request.user)


@require_POST
@needs(Permission.WORK)
def claim_set_remove_claims(request: Request, pk: int) -> HttpResponseBase:
    """Takes the ticked claims out of the set."""
    claim_set = get_object_or_404(ClaimSet, pk=pk)
    keys = {sent_number(text) for text in request.POST.getlist("claim")}
    gone = actions.remove_from_claim_set(claim_set, Claim.objects.filter(pk__in=keys), by=request.user)
    if gone:
        toast(request, f"Removed {_claims(gone)} from “{claim_set}”.")
    else:
        toast(request, "Tick the claims to remove first.", tone="warn")
    return back(request, claim_set.get_absolute_url())


def _claims(number: int) -> str:
    return f"{number:,} claim{'' if number == 1 else 's'}"
