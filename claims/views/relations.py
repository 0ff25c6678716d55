from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.relations import relate, unrelate
from claims.choices import Permission, RelationKind
from claims.forms.relations import RelationForm, find_claims
from claims.http import Request, Undo, back, needs, once, toast
from claims.models import Claim, Relation
from claims.views.form_answers import add_errors, form_again

OFFERED = 8


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def relation_add(request: Request, pk: int) -> HttpResponseBase:
    claim = get_object_or_404(Claim, pk=pk)
    if request.method == "POST":
        return _add(request, claim)
    if request.htmx.target == "relation-options":
        offered = _offered(claim, request.GET.get("other", ""))
        return TemplateResponse(request, "relations/add.html#options", {"offered": offered})
    form = RelationForm(initial={"other": request.GET.get("other", "")})
    return TemplateResponse(request, "relations/add.html", _context(request, claim, form))


def _add(request: Request, claim: Claim) -> HttpResponseBase:
    form = RelationForm(request.POST)
    if form.is_valid():
        try:
            return _relate(request, claim, form)
        except ValidationError as error:
            add_errors(form, error)
    return form_again(request, "relations/add.html", _context(request, claim, form), element="relation-form")


def _relate(request: Request, claim: Claim, form: RelationForm) -> HttpResponse:
    kind, other, note = (form.cleaned_data[name] for name in ("kind", "other", "note"))
    with once(request) as attempt:
        if not attempt.repeated:
            relation = relate(claim, RelationKind(kind), other, by=request.user, note=note)
            attempt.location = claim.get_absolute_url()
            undo = Undo(reverse("relation_remove", args=[relation.pk]), {"next": request.POST.get("next", "")})
            toast(request, f"{claim.reference} {relation.get_kind_display()} {other.reference}.", undo=undo)
    return back(request, claim.get_absolute_url())


@require_POST
@needs(Permission.WORK)
def relation_remove(request: Request, pk: int) -> HttpResponse:
    relation = get_object_or_404(Relation.objects.select_related("a", "b"), pk=pk)
    text, undo = f"Removed: {relation}.", _undo_removal(request, relation)
    unrelate(relation, by=request.user)
    toast(request, text, undo=undo)
    return back(request, relation.a.get_absolute_url())


def _undo_removal(request: Request, relation: Relation) -> Undo:
    fields = {
        "kind": relation.kind,
        "other": relation.b.reference,
        "note": relation.note,
        "next": request.POST.get("next", ""),
    }
    return Undo(reverse("relation_add", args=[relation.a_id]), fields)


def _offered(claim: Claim, typed: str) -> list[Claim]:
    """Claims to choose from while words are typed; none as long as they cannot be searched for."""
    try:
        found = find_claims(typed, limit=OFFERED + 1)
    except ValueError:
        return []
    return [other for other in found if other != claim][:OFFERED]


def _context(request: Request, claim: Claim, form: RelationForm) -> dict[str, Any]:
    return {
        "claim": claim,
        "relation_form": form,
        "offered": _offered(claim, form["other"].value() or ""),
        "next_url": request.POST.get("next") or claim.get_absolute_url(),
        "target": request.htmx.target or "",
    }
