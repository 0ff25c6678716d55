"""The weights of detection: what was learnt from the desk's decisions, and which weights are in force."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.choices import JobKind, Permission
from claims.http import Request, Undo, back, needs, page, problem, toast
from claims.jobs.rescoring import put_in_force, put_shipped_in_force
from claims.models import Job, Weighting
from claims.reading.weights import languages
from claims.workflow import permission_refusal


@require_safe
def weighting_list(request: Request) -> HttpResponse:
    """Every language with its weights, the newest first."""
    context = {
        "languages": languages(),
        "scoring": Job.objects.unfinished().filter(kind=JobKind.RESCORE).order_by("pk").first(),
        "manage_refusal": permission_refusal(Permission.MANAGE_PEOPLE, request.user.held_permissions),
    }
    return page(request, "detection/list.html", context)


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def weighting_accept(request: Request, pk: int) -> HttpResponse:
    """Put learnt weights in force, older ones too, and score the undecided sentences with them."""
    weighting = get_object_or_404(Weighting, pk=pk)
    undo = _undo(weighting.language)
    try:
        put_in_force(weighting, by=request.user)
    except ValidationError as error:
        return problem(request, 409, " ".join(error.messages))
    return _done(request, f"{weighting} are in force.", undo)


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def weighting_accept_shipped(request: Request, code: str) -> HttpResponse:
    """Put the weights that come with the language in force again."""
    undo = _undo(code)
    try:
        put_shipped_in_force(code, by=request.user)
    except LookupError as error:
        raise Http404 from error
    return _done(request, f"The shipped weights of {code} are in force.", undo)


def _undo(code: str) -> Undo:
    """Back to what is in force now."""
    chosen = Weighting.objects.of_language(code).filter(in_force=True).first()
    if chosen:
        return Undo(reverse("weighting_accept", args=[chosen.pk]), {})
    return Undo(reverse("weighting_accept_shipped", args=[code]), {})


def _done(request: Request, said: str, undo: Undo) -> HttpResponse:
    toast(request, f"{said} The undecided sentences are being scored anew.", undo=undo)
    return back(request, reverse("weighting_list"))
