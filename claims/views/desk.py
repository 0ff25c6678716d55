"""The desk: what waits for one person, how the work stands, and everything that happened."""

from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.actions import comments
from claims.exports.lists import ACTIVITY
from claims.forms.activity import ActivityForm
from claims.http import Request, back, page, toast
from claims.keyset import cursor_in, keyset_page
from claims.models import Event
from claims.models.event import EventQuerySet
from claims.views.desk_context import desk_context
from claims.views.feed import entries
from claims.views.list_csv import list_csv

ACTIVITY_SIZE = 50


@require_safe
def desk(request: Request) -> HttpResponseBase:
    return TemplateResponse(request, "desk/desk.html", desk_context(request.user))


@require_safe
def activity(request: Request) -> HttpResponseBase:
    """Every event, newest first, narrowed to a person or an act. Filters that mean nothing are refused with 400."""
    form = ActivityForm(request.GET)
    if not form.is_valid():
        return page(request, "desk/activity.html", {"form": form}, status=400)
    if download := list_csv(request, "activity", ACTIVITY, _events(form), ("-pk",), entries):
        return download
    found = keyset_page(_events(form), ("-pk",), cursor_in(request.GET), ACTIVITY_SIZE)
    context = {"form": form, "page": found, "entries": entries(found.rows)}
    return page(request, "desk/activity.html", context, fragments=("results",))


def _events(form: ActivityForm) -> EventQuerySet:
    events: EventQuerySet = Event.objects.select_related("by")
    if person := form.cleaned_data["by"]:
        events = events.filter(by=person)
    if act := form.cleaned_data["act"]:
        events = events.filter(act=act)
    return events


@require_POST
def see_mentions(request: Request) -> HttpResponseBase:
    seen = comments.see_mentions(request.user)
    words = {0: "No mention was new.", 1: "One mention marked as seen."}
    toast(request, words.get(seen, f"{seen} mentions marked as seen."))
    return back(request, reverse("desk"))
