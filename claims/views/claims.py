"""The claim's page, its wording, and what sorts it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions.claims import edit_claim, organise_claim
from claims.choices import Act, Permission
from claims.forms.claims import OrganiseForm, VersionedForm, WordingForm
from claims.http import Request, back, needs, next_url, toast
from claims.models import Claim, StaleVersion, Tag
from claims.views.claim_context import claim_page, get_claim, reload_claim
from claims.views.conflicts import merge_page, merged
from claims.workflow import Refusal, check, refusal

TAGS_OFFERED = 200


@dataclass(frozen=True)
class _Editing:
    """One way to edit a claim: which act it is, with which form and page, and what writes it."""

    act: Act
    form: type[VersionedForm]
    template: str
    save: Callable[..., None]
    done: str


_WORDING = _Editing(Act.EDIT, WordingForm, "claims/edit.html", edit_claim, "{} is saved.")
_SORTING = _Editing(Act.ORGANISE, OrganiseForm, "claims/organise.html", organise_claim, "{} is organised.")


@require_safe
def claim_detail(request: Request, pk: int) -> HttpResponse:
    return claim_page(request, get_claim(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_edit(request: Request, pk: int) -> HttpResponseBase:
    return _edit(request, get_claim(pk), _WORDING)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_organise(request: Request, pk: int) -> HttpResponseBase:
    return _edit(request, get_claim(pk), _SORTING)


def _edit(request: Request, claim: Claim, editing: _Editing) -> HttpResponseBase:
    if request.method == "POST":
        return _save(request, claim, editing)
    check(editing.act, claim.facts_for(request.user))
    return _form_page(request, claim, editing, editing.form.for_claim(claim))


def _save(request: Request, claim: Claim, editing: _Editing) -> HttpResponseBase:
    form = editing.form.for_claim(claim, merged(request.POST))
    if denied := refusal(editing.act, claim.facts_for(request.user)):
        return _form_page(request, claim, editing, form, status=409, denied=denied)
    if not form.is_valid():
        return _form_page(request, claim, editing, form, status=422)
    if form.says_something_new:
        try:
            editing.save(claim, by=request.user, version=form.cleaned_data["version"], **form.content)
        except StaleVersion as stale:
            return merge_page(request, reload_claim(stale), form, stale)
    toast(request, editing.done.format(claim.reference) if form.says_something_new else "Nothing was changed.")
    return back(request, claim.get_absolute_url())


def _form_page(
    request: Request,
    claim: Claim,
    editing: _Editing,
    form: VersionedForm,
    *,
    status: int = 200,
    denied: Refusal | None = None,
) -> TemplateResponse:
    """The form on its page. With `denied` it only shows what was typed: the claim has moved on, nothing is lost."""
    context = {
        "claim": claim,
        "form": form,
        "refusal": denied,
        "next_url": next_url(request, claim.get_absolute_url()),
        "known_tags": Tag.objects.all()[:TAGS_OFFERED],
    }
    return TemplateResponse(request, editing.template, context, status=status)
