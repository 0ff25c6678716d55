"""Release calendars of a source: adding, changing, retiring."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import calendars as actions
from claims.choices import Permission
from claims.forms.calendars import CalendarForm
from claims.http import Request, Undo, back, needs, once, toast
from claims.models import ReleaseCalendar, Source, StaleVersion
from claims.views.form_answers import add_errors, conflict, sent_number


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_SOURCES)
def calendar_add(request: Request, pk: int) -> HttpResponseBase:
    source = get_object_or_404(Source, pk=pk)
    form = CalendarForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _add(request, source, form)
        except ValidationError as error:
            add_errors(form, error)
    return _form_page(request, {"source": source, "form": form})


def _add(request: Request, source: Source, form: CalendarForm) -> HttpResponse:
    with once(request) as attempt:
        if not attempt.repeated:
            calendar = actions.add_calendar(source, by=request.user, **form.cleaned_data)
            attempt.location = calendar.get_absolute_url()
            toast(request, f"Added: {calendar}.")
    return back(request, attempt.repeated or attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_SOURCES)
def calendar_edit(request: Request, pk: int) -> HttpResponseBase:
    calendar = get_object_or_404(ReleaseCalendar.objects.select_related("source"), pk=pk)
    stored = {"name": calendar.name, "rule": calendar.rule}
    form = CalendarForm(request.POST if request.method == "POST" else None, initial=stored)
    version = sent_number(request.POST.get("version"))
    if form.is_valid():
        try:
            actions.edit_calendar(calendar, by=request.user, version=version, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except StaleVersion as stale:
            return _conflict(request, form, stale)
        else:
            toast(request, f"Saved: {calendar}.")
            return back(request, calendar.get_absolute_url())
    context = {"source": calendar.source, "calendar": calendar, "form": form, "version": version or calendar.version}
    return _form_page(request, context)


def _conflict(request: Request, form: CalendarForm, stale: StaleVersion) -> TemplateResponse:
    current = ReleaseCalendar.objects.select_related("source").get(pk=stale.current.pk)
    stored = {"name": current.name, "rule": current.rule}
    place = current.get_absolute_url()
    return conflict(
        request, form, current, stored=stored, event=None, title=str(current), section="sources", keep_url=place
    )


def _form_page(request: Request, context: dict[str, object]) -> TemplateResponse:
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "sources/calendar.html", context, status=status)


@require_POST
@needs(Permission.MANAGE_SOURCES)
def calendar_retire(request: Request, pk: int) -> HttpResponseBase:
    calendar = get_object_or_404(ReleaseCalendar.objects.select_related("source"), pk=pk)
    actions.retire_calendar(calendar, by=request.user)
    toast(request, f"Retired: {calendar}.", undo=Undo(reverse("calendar_unretire", args=[pk]), {}))
    return back(request, calendar.get_absolute_url())


@require_POST
@needs(Permission.MANAGE_SOURCES)
def calendar_unretire(request: Request, pk: int) -> HttpResponseBase:
    calendar = get_object_or_404(ReleaseCalendar.objects.select_related("source"), pk=pk)
    actions.unretire_calendar(calendar, by=request.user)
    toast(request, f"In use again: {calendar}.")
    return back(request, calendar.get_absolute_url())
