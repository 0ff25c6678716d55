"""Triage: a person goes through the undecided sentences of a document, by keyboard, beside others who do the same."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, replace_url

from claims.choices import RecordAct
from claims.http import Request, page, problem, toast
from claims.models import Document, Event, IntegrityFault, Sentence
from claims.views.triage_context import (
    InOlderText,
    Triage,
    list_context,
    open_triage,
    page_context,
    panel_context,
    seen_changes,
    shared_context,
)
from claims.views.triage_place import TriagePlace

NEWS = 100
"""More decisions than so many are not told one by one: the list is to be shown anew."""


@require_safe
def triage(request: Request, pk: int) -> HttpResponseBase:
    """The undecided sentences beside the current one. htmx asks for the panel, more rows, or what others did."""
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    try:
        place = TriagePlace.parse(request.GET)
    except ValueError as error:
        return problem(request, 400, str(error))
    view = open_triage(request.user, document, place)
    if view is None:
        return problem(request, 404, "There is no such text of this document, so there is nothing to decide on.")
    try:
        return _answer(request, view)
    except InOlderText as older:
        return _go_on(request, older.url)
    except IntegrityFault as fault:
        return page(request, "documents/unread.html", {"document": document, "fault": str(fault)}, status=409)


def _go_on(request: Request, url: str) -> HttpResponse:
    """To the whole page of the newest text: the list beside the panel is of the older one, too."""
    toast(request, "A newer text of this document has come in. These are its sentences.", tone="warn")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _answer(request: Request, view: Triage) -> HttpResponseBase:
    if request.htmx.target == "pulse":
        return _pulse(request, view)
    if request.htmx.target == "more":
        return TemplateResponse(request, "triage/_rows.html", list_context(view))
    if request.htmx.target != "panel":
        return TemplateResponse(request, "triage/triage.html", page_context(view))
    context = panel_context(view)
    response = TemplateResponse(request, "triage/triage.html#panel", context)
    shown: Sentence | None = context["sentence"]
    # Replaced, not pushed: going back leads out of the triage, not through every sentence of it.
    return replace_url(response, view.url(sentence=shown.pk if shown else None, after=None))


def _pulse(request: Request, view: Triage) -> HttpResponse:
    """What was decided since the event that the page knows of; nothing to swap when nothing was."""
    chain = Event.objects.of(view.document).filter(number__gt=view.place.seen, act=RecordAct.DISPOSE)
    newest = list(chain.select_related("by").reverse()[: NEWS + 1])
    if not newest:
        return HttpResponse(status=204)
    events = newest[::-1]
    context = shared_context(view) | {
        "last_event": events[-1].number,
        "changes": seen_changes(view, events) if len(events) <= NEWS else [],
        "is_too_much": len(events) > NEWS,
        "meanwhile": _meanwhile(view, events),
    }
    return TemplateResponse(request, "triage/_pulse.html", context)


def _meanwhile(view: Triage, events: list[Event]) -> dict[str, object] | None:
    """Who decided on the sentence in the panel since it was sent there, if somebody else did."""
    theirs = [event for event in events if event.subject_id == view.place.current and event.by != view.user]
    current = view.snapshot.sentences.filter(pk=view.place.current).select_related("decided_by").first()
    if not theirs or current is None or current.version == view.place.current_version:
        return None
    return {"sentence": current, "by": theirs[-1].by, "at": theirs[-1].at}
