"""The health of links: which documents that serve as evidence can still be read, and still say so."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.http import require_POST, require_safe

from claims.choices import Health, Permission
from claims.exports.lists import LINKS
from claims.http import Request, back, needs, page, toast
from claims.jobs.captures import being_captured, start_captures
from claims.keyset import capped_count, cursor_in, keyset_page
from claims.models import Document, Evidence
from claims.views.list_csv import list_csv

LIST_SIZE = 50
AT_ONCE = 50
"""So many documents of one page are asked for at once."""


@require_safe
def link_list(request: Request) -> HttpResponseBase:
    """Documents with an address that serve as evidence, the newest first; `state` is a Health."""
    state = request.GET.get("state", "")
    shown = _linked().filter(health=state) if state in Health.values else _linked()
    shown = shown.with_source().annotate(is_being_captured=being_captured("pk"))
    if download := list_csv(request, "links", LINKS, shown, ["-id"]):
        return download
    rows = keyset_page(shown, ["-id"], cursor_in(request.GET), LIST_SIZE)
    context = {"page": rows, "state": state, "states": _states(), "may_look": request.user.may(Permission.WORK)}
    return page(request, "captures/links.html", context, fragments=("results",))


def _linked() -> Any:
    bearing = Evidence.objects.in_force().filter(document=OuterRef("pk"))
    return Document.objects.filter(Exists(bearing), url_key__isnull=False)


def _states() -> list[dict[str, Any]]:
    return [
        {"value": state.value, "label": state.label, "count": capped_count(_linked().filter(health=state))}
        for state in Health
    ]


@require_POST
@needs(Permission.WORK)
def link_recheck(request: Request) -> HttpResponse:
    """Look again at the documents ticked."""
    documents = _linked().filter(pk__in=_ticked(request.POST))[:AT_ONCE]
    started = start_captures(documents, by=request.user)
    if started:
        toast(request, f"{started} page{'s are' if started != 1 else ' is'} looked at again, one after the other.")
    else:
        toast(request, "Tick the pages to look at again.")
    return back(request, "/links/")


def _ticked(query: QueryDict) -> list[int]:
    return [int(value) for value in query.getlist("document") if value.isascii() and value.isdigit()][:AT_ONCE]
