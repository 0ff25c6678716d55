"""Releases as the desk sees them: all of them, one, its file, and the records that go with it."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from claims import history
from claims.exports.lists import RELEASES
from claims.forms.releases import RecipientForm, ReleaseFilterForm
from claims.http import Request, page, problem
from claims.keyset import Page, cursor_in, keyset_page
from claims.models import Release
from claims.models.release import ReleaseQuerySet
from claims.reading.recall import releases_to_correct
from claims.views import release_context
from claims.views.form_answers import sent_number
from claims.views.list_csv import list_csv
from claims.views.release_context import release_for
from claims.views.release_file import release_file
from claims.workflow import Refusal, RefusalKind, Refused

EVENTS = 50


@require_safe
def release_list(request: Request) -> HttpResponseBase:
    """The releases of the desk, the newest first, narrowed to a state or to those that need a correction."""
    form = ReleaseFilterForm(request.GET)
    found: Page[Release] = Page([])
    if form.is_valid():
        if download := list_csv(request, "releases", RELEASES, _narrowed(form), ("-pk",)):
            return download
        found = keyset_page(_narrowed(form), ("-pk",), cursor_in(request.GET), release_context.PAGE_SIZE)
    context = {"form": form, "page": found, "is_narrowed": bool(request.GET.keys() & form.fields.keys())}
    status = 200 if form.is_valid() else 400
    return page(request, "releases/list.html", context, fragments=("results",), status=status)


def _narrowed(form: ReleaseFilterForm) -> ReleaseQuerySet:
    found = release_context.releases()
    if form.cleaned_data["recalled"]:
        found = found.filter(pk__in=releases_to_correct().order_by().values("pk"))
    return found.filter(state=form.cleaned_data["state"]) if form.cleaned_data["state"] else found


@require_safe
def release_detail(request: Request, pk: int) -> HttpResponseBase:
    context = release_context.detail(request, release_for(pk))
    return page(request, "releases/detail.html", context, fragments=("claims",))


@require_safe
def release_download(request: Request, pk: int) -> HttpResponseBase:
    """The ZIP; also of a withdrawn release, which says of itself what it always said."""
    release = release_for(pk)
    if not release.sha256:
        raise Refused(Refusal(RefusalKind.STAGE, "This release has no file."))
    return release_file(request, release)


@require_safe
def release_left_out(request: Request, pk: int) -> HttpResponseBase:
    """Every claim that was left out, from the place that `from` says on."""
    release = release_for(pk)
    start = sent_number(request.GET.get("from"))
    end = start + release_context.PAGE_SIZE
    context = {
        "release": release,
        "left_out": release_context.left_out(release)[start:end],
        "earlier": max(0, start - release_context.PAGE_SIZE) if start else None,
        "later": end if end < release.left_out_count else None,
    }
    return page(request, "releases/left_out.html", context)


@require_safe
def release_recipients(request: Request, pk: int) -> HttpResponseBase:
    """To whom the release was sent, the newest first."""
    context = release_context.all_recipients(request, release_for(pk), RecipientForm())
    return page(request, "releases/recipients.html", context)


@require_safe
def release_corrections(request: Request, pk: int) -> HttpResponseBase:
    release = release_for(pk)
    rows = release_context.corrections(release)
    found = keyset_page(rows, ("-pk",), cursor_in(request.GET), release_context.PAGE_SIZE)
    return page(request, "releases/corrections.html", {"release": release, "page": found})


@require_safe
def release_history(request: Request, pk: int) -> HttpResponseBase:
    """The events of the release, the newest first, or those before number `before`."""
    release, before = release_for(pk), sent_number(request.GET.get("before"))
    if "before" in request.GET and not before:
        return problem(request, 400, "“before” in this address is not the number of a line of history.")
    timeline = history.timeline(release, limit=EVENTS, before=before or None)
    return page(request, "releases/history.html", {"release": release, "timeline": timeline})
