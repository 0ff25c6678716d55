"""Releasing a claim set: what will be in the release, what goes with it, and the job that builds it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods

from claims.actions.signing_keys import NoKey
from claims.choices import BLOCKING, Finding, Permission
from claims.forms.releases import ReleaseForm
from claims.http import Request, back, needs, once, page, problem
from claims.jobs.releases import start_release
from claims.models import Capture, ClaimSet, Evidence
from claims.reading.members import BrokenFilter
from claims.reading.preflight import Preflight, TooManyClaims, preflight
from claims.releases.pdf import can_make_pdf
from claims.views.claim_set_context import set_for
from claims.views.form_answers import add_errors


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RELEASE)
def release_add(request: Request, pk: int) -> HttpResponseBase:
    """Releases the set. 422 while something blocks it, 409 when it holds other claims than the person was told."""
    claim_set = set_for(request, pk)
    try:
        found = preflight(claim_set)
    except (BrokenFilter, TooManyClaims) as stopped:
        return problem(request, 409, str(stopped))
    form = ReleaseForm(request.POST if request.method == "POST" else None, initial={"seen": found.released})
    if not form.is_valid():
        return _form_page(request, claim_set, found, form, status=422 if form.errors else 200)
    if form.cleaned_data["seen"] not in (None, found.released):
        return _form_page(request, claim_set, found, _seen_now(request, found), status=409)
    try:
        return _start(request, claim_set, form)
    except ValidationError as error:
        add_errors(form, error)
        return _form_page(request, claim_set, found, form, status=422)
    except NoKey as none:
        return problem(request, 409, str(none))


def _seen_now(request: Request, found: Preflight) -> ReleaseForm:
    data = request.POST.copy()
    data["seen"] = str(found.released)
    return ReleaseForm(data)


def _start(request: Request, claim_set: ClaimSet, form: ReleaseForm) -> HttpResponseBase:
    options = {name: form.cleaned_data[name] for name in ("with_comments", "with_captures")}
    with once(request) as attempt:
        if not attempt.repeated:
            attempt.location = start_release(claim_set, by=request.user, **options).get_absolute_url()
    return back(request, attempt.repeated or attempt.location)


def _form_page(
    request: Request, claim_set: ClaimSet, found: Preflight, form: ReleaseForm, *, status: int
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "set": claim_set,
        "found": found,
        "form": form,
        "blocks": [(one, found.counts[one]) for one in BLOCKING if found.counts[one]],
        "warns": [(one, found.counts[one]) for one in Finding if one not in BLOCKING and found.counts[one]],
        "captures": _captures(found),
        "makes_pdf": can_make_pdf(),
        "moved_on": status == 409,
        "previous": claim_set.releases.ready().order_by("-number").first(),
    }
    return page(request, "releases/add.html", context, status=status)


def _captures(found: Preflight) -> dict[str, int]:
    """How many pages and files would come along, and how many bytes, both at most: see content.Captures."""
    pieces = Evidence.objects.in_force().filter(claim__in=found.claims.values("pk")).order_by()
    quoted = Q(snapshot__in=pieces.exclude(snapshot=None).values("snapshot"))
    pages = Q(document__in=pieces.filter(snapshot=None).values("document"))
    kept = Capture.objects.kept().filter(quoted | pages).order_by()
    return kept.aggregate(count=Count("pk"), bytes=Coalesce(Sum(Coalesce("warc_size", "raw_size")), 0))
