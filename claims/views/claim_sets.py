"""Claim sets: made by hand, from a filter or for a document; read by all who see them, downloaded."""

from typing import cast

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import claim_sets as actions
from claims.choices import Permission, SetKind
from claims.exports.lists import CLAIM_SETS
from claims.forms.claim_sets import AddClaimsForm, ClaimSetForm, FilterSetForm, KeepForm, kept_filter, stored_fields
from claims.http import Request, back, needs, once, page, problem, toast
from claims.keyset import cursor_in, keyset_page
from claims.models import Claim, ClaimSet, Document, StaleVersion
from claims.reading.members import BrokenFilter
from claims.views import claim_set_context
from claims.views.claim_set_context import set_for
from claims.views.form_answers import add_errors, record_conflict, sent_number
from claims.views.list_csv import list_csv

MOST_AT_ONCE = 5_000  # claims that a filter can add to a set; docs say so
FAR = 10**9
STEPS = {"up": -1, "down": 1, "first": -FAR, "last": FAR}


@require_safe
def claim_set_list(request: Request) -> HttpResponseBase:
    sets = ClaimSet.objects.visible_to(request.user).select_related("added_by", "document")
    if download := list_csv(request, "claim-sets", CLAIM_SETS, sets, ("-pk",)):
        return download
    found = keyset_page(sets, ("-pk",), cursor_in(request.GET), claim_set_context.PAGE_SIZE)
    return page(request, "sets/list.html", {"page": found, "lines": claim_set_context.lines(found.rows)})


@require_safe
def claim_set_detail(request: Request, pk: int) -> HttpResponseBase:
    return page(request, "sets/detail.html", claim_set_context.detail(request, set_for(request, pk), AddClaimsForm()))


@require_safe
def claim_set_size(request: Request, pk: int) -> HttpResponseBase:
    """How many claims a set holds now, for its line in the list, which asks when it is looked at."""
    claim_set = set_for(request, pk)
    if not request.htmx:
        return redirect(claim_set)
    try:
        counts = claim_set_context.counts(claim_set)
    except BrokenFilter:
        return TemplateResponse(request, "sets/_size.html", {"set": claim_set, "broken": True})
    return TemplateResponse(request, "sets/_size.html", {"set": claim_set, **counts})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_set_add(request: Request) -> HttpResponseBase:
    """A new set: empty; with `filter` (or `everything`) of what the list showed; with `document` of that text."""
    sent = request.POST if request.method == "POST" else None
    form, keep = ClaimSetForm(sent), KeepForm(sent)
    source = AddClaimsForm(sent or request.GET)
    document = _document(request)
    wants_claims = any(source.data.get(name) for name in ("filter", "everything"))
    if wants_claims and not source.is_valid():
        return problem(request, 400, " ".join(str(error) for errors in source.errors.values() for error in errors))
    if form.is_valid() and keep.is_valid():
        try:
            return _add(request, form, source if wants_claims else None, document)
        except ValidationError as error:
            add_errors(form, error)
    context: dict[str, object] = {"form": form, "source": source if wants_claims else None, "document": document}
    if wants_claims:
        context |= {"chosen": source.cleaned_data["filter"], "keep": keep}
    return page(request, "sets/edit.html", context, status=422 if form.errors else 200)


def _document(request: Request) -> Document | None:
    number = (request.POST if request.method == "POST" else request.GET).get("document")
    return get_object_or_404(Document, pk=sent_number(number)) if number else None


def _add(
    request: Request, form: ClaimSetForm, source: AddClaimsForm | None, document: Document | None
) -> HttpResponseBase:
    with once(request) as attempt:
        if not attempt.repeated:
            claim_set, told = _made(request, form, source, document)
            attempt.location = claim_set.get_absolute_url()
            toast(request, told)
    return back(request, attempt.repeated or attempt.location)


def _made(
    request: Request, form: ClaimSetForm, source: AddClaimsForm | None, document: Document | None
) -> tuple[ClaimSet, str]:
    fields = {"by": request.user, **form.cleaned_data}
    if document:
        made = actions.add_claim_set(kind=SetKind.DOCUMENT, document=document, **fields)
        return made, f"Created “{made}” with the claims of “{document}”."
    if source and request.POST.get("keep") == KeepForm.LIVE:
        kept = kept_filter(source.cleaned_data["filter"], request.user)
        made = actions.add_claim_set(kind=SetKind.FILTER, filter=kept, **fields)
        return made, f"Created “{made}” with its filter."
    made = actions.add_claim_set(**fields)
    added = _add_claims(request, made, source) if source else 0
    return made, f"Created “{made}” with {claims_in_words(added)}." if source else f"Created “{made}”."


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_set_edit(request: Request, pk: int) -> HttpResponseBase:
    claim_set = set_for(request, pk)
    form = _edit_form(request, claim_set)
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


def _edit_form(request: Request, claim_set: ClaimSet) -> ClaimSetForm:
    data = request.POST if request.method == "POST" else None
    if claim_set.is_filter:
        return FilterSetForm(data, initial=stored_fields(claim_set), user=request.user)
    return ClaimSetForm(data, initial=stored_fields(claim_set))


@require_POST
@needs(Permission.WORK)
def claim_set_add_claims(request: Request, pk: int) -> HttpResponseBase:
    """Adds the claims named by `references`, or all that `filter` selects."""
    claim_set = set_for(request, pk)
    form = AddClaimsForm(request.POST)
    if form.is_valid():
        try:
            added = _add_claims(request, claim_set, form)
        except ValidationError as error:
            add_errors(form, error)
        else:
            told = f"Added {claims_in_words(added)} to “{claim_set}”." if added else "All of these were in it already."
            toast(request, told)
            return back(request, claim_set.get_absolute_url())
    return page(request, "sets/detail.html", claim_set_context.detail(request, claim_set, form), status=422)


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
    claim_set = set_for(request, pk)
    keys = {sent_number(text) for text in request.POST.getlist("claim")}
    gone = actions.remove_from_claim_set(claim_set, Claim.objects.filter(pk__in=keys), by=request.user)
    if gone:
        toast(request, f"Removed {claims_in_words(gone)} from “{claim_set}”.")
    else:
        toast(request, "Tick the claims to remove first.", tone="warn")
    return back(request, claim_set.get_absolute_url())


@require_POST
@needs(Permission.WORK)
def claim_set_move(request: Request, pk: int) -> HttpResponseBase:
    """Moves the claim that `up`, `down`, `first` or `last` names, and goes back to the button that was pressed."""
    claim_set = set_for(request, pk)
    way = next((name for name in STEPS if request.POST.get(name)), "")
    claim = get_object_or_404(Claim, pk=sent_number(request.POST.get(way)))
    try:
        place = actions.move_in_claim_set(claim_set, claim, by=request.user, step=STEPS.get(way, 0))
    except ValidationError as error:
        toast(request, " ".join(error.messages), tone="warn")
    else:
        if place is not None:
            toast(request, f"{claim.reference} is at place {place:,} now.")
    response = back(request, claim_set.get_absolute_url())
    response["Location"] += f"#{way}-{claim.pk}"
    return response


def claims_in_words(number: int) -> str:
    return f"{number:,} claim{'' if number == 1 else 's'}"
