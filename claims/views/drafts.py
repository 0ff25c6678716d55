"""The walk through a new draft: what was kept, and a decision on each passage that is in doubt."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from claims.actions import reanchorings
from claims.choices import Permission, Reanchored
from claims.forms.drafts import ReanchoringForm
from claims.http import Request, Undo, back, needs, once, page, problem, toast
from claims.models import Reanchoring, Snapshot
from claims.views.draft_context import Walk, decision_form, draft_context
from claims.views.form_answers import add_errors, sent_number


@require_safe
def draft_detail(request: Request, pk: int, number: int) -> HttpResponseBase:
    """A draft and its passages; `passage` in the address chooses one, else the first that waits is at hand."""
    snapshots = Snapshot.objects.select_related("document__source").filter(number__gt=1)
    walk = Walk(get_object_or_404(snapshots, document=pk, number=number))
    response = _page(request, walk, _chosen(request, walk))
    if request.htmx.target == "main" and request.get_full_path() != request.htmx.current_url_abs_path:
        push_url(response, request.get_full_path())  # after a decision, too: a reload shows the same
    return response


def _chosen(request: Request, walk: Walk) -> Reanchoring | None:
    wanted = request.GET.get("passage", "")
    if not wanted:
        return walk.pending[0] if walk.pending else None
    return _get(sent_number(wanted), snapshot=walk.snapshot.pk)


def _get(pk: int, **among: int) -> Reanchoring:
    rows = Reanchoring.objects.with_claims().select_related("snapshot__document__source", "appearance__snapshot")
    return get_object_or_404(rows, pk=pk, **among)


def _page(
    request: Request,
    walk: Walk,
    row: Reanchoring | None,
    *,
    form: ReanchoringForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> TemplateResponse:
    context = draft_context(request, walk, row, form=form, refusal=refusal)
    return page(request, "drafts/detail.html", context, fragments=("main",), status=status)


@require_POST
@needs(Permission.WORK)
def reanchoring_decide(request: Request, pk: int) -> HttpResponseBase:
    """Decide, and go on to the next that waits; 422 with what was typed, or 409 when someone decided before."""
    row = _get(pk)
    walk = Walk(row.snapshot)
    form = decision_form(walk, row, request.POST)
    if form.is_valid():
        try:
            return _decide(request, walk, row, form)
        except ValidationError as error:
            add_errors(form, error)
        except reanchorings.Settled as settled:
            row.refresh_from_db()
            return _page(request, Walk(row.snapshot), row, form=form, refusal=str(settled), status=409)
    return _page(request, walk, row, form=form, status=422)


def _decide(request: Request, walk: Walk, row: Reanchoring, form: ReanchoringForm) -> HttpResponse:
    behind = walk.beside(row)[1] or next((one for one in walk.pending if one.pk != row.pk), None)
    values = form.cleaned_data
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        fields = {name: values[name] for name in ("start", "end", "reason", "assertion")}
        reanchorings.decide(row, Reanchored(values["decision"]), by=request.user, **fields)
        attempt.location = walk.place_of(behind) if behind else walk.url
    seen = row.decided_at.isoformat() if row.decided_at else ""
    undo = Undo(reverse("reanchoring_reopen", args=[row.pk]), {"decided_at": seen})
    toast(request, _done(row), undo=undo)
    return back(request, attempt.location)


def _done(row: Reanchoring) -> str:
    name, number = row.appearance.claim.reference, row.snapshot.number
    if row.decision == Reanchored.DROPPED:
        return f"{name} is no longer in the text. It stays with snapshot {row.appearance.snapshot.number}."
    if row.decision == Reanchored.NEW_CLAIM and row.result:
        return f"{row.result.claim.reference} is made of the words now. {name} stays as it is."
    ends = " and is to be checked again" if row.decision == Reanchored.RECHECK else ""
    return f"{name} stands in snapshot {number}{ends}."


@require_POST
@needs(Permission.WORK)
def reanchoring_reopen(request: Request, pk: int) -> HttpResponseBase:
    """Let a passage wait again, and show it. `decided_at` says which decision is meant."""
    row = _get(pk)
    try:
        sent = request.POST.get("decided_at", "")
        seen = datetime.fromisoformat(sent) if sent else None
    except ValueError:
        return problem(request, 400, "This is not the moment of a decision.")
    left = reanchorings.take_back(row, by=request.user, decided_at=seen)
    toast(request, " ".join([f"{row.appearance.claim.reference} waits for a decision again.", *left]))
    return back(request, Walk(row.snapshot).place_of(row))
