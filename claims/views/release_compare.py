"""Two releases held against each other: on a page, and as JSON."""

from typing import Any

from django.http import Http404, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from claims.choices import ISSUED
from claims.http import Request, page, problem
from claims.models import Release
from claims.models.release import ReleaseQuerySet
from claims.releases.compare import Comparison
from claims.releases.comparisons import BeingCompared, comparison_of
from claims.releases.differing import Differs
from claims.releases.formats.changes import json_lines
from claims.views.compare_context import change_lines
from claims.views.form_answers import sent_number
from claims.views.release_context import may_see, release_for, releases
from claims.workflow import Refusal, RefusalKind, Refused

PAGE_SIZE = 50
CHOICES = 100
"""Releases of the same set, and of others, that the form offers; any two can be named in the address."""
BEING_COMPARED = "These releases are large: they are being compared. Look again in a minute."
RETRY_SECONDS = 10


@require_safe
def release_compare(request: Request, pk: int) -> HttpResponseBase:
    """Of the release and the one that `with` names, else the one before it; `kind` narrows what is listed."""
    release = _issued(release_for(pk))
    other = _other(request, release)
    kind = request.GET.get("kind", "")
    if kind and kind not in set(Differs):
        return problem(request, 400, "“kind” in this address is nothing in which claims differ.")
    context: dict[str, Any] = {"release": release, "other": other, **_choices(release)}
    context["shows_set"] = may_see(request.user, release.claim_set)
    if other is None:
        return page(request, "releases/compare.html", context)
    older, newer = _ordered(release, other)
    context |= {"older": older, "newer": newer}
    try:
        with comparison_of(older, newer) as comparison:
            context |= _shown(request, comparison, Differs(kind) if kind else None)
    except BeingCompared:
        context["waits"] = BEING_COMPARED
    return page(request, "releases/compare.html", context)


@require_safe
def release_compare_json(request: Request, pk: int) -> HttpResponseBase:
    """All changes, streamed, in the form of changes.json: docs/releases.md. 503 while two large ones are compared."""
    release = _issued(release_for(pk))
    other = _other(request, release)
    if other is None:
        raise Http404("There is no release before it. Say in the address with which to compare: ?with=")
    try:
        comparison = comparison_of(*_ordered(release, other))
    except BeingCompared:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return JsonResponse({"detail": BEING_COMPARED}, status=503, headers=headers)
    return StreamingHttpResponse(json_lines(comparison), content_type="application/json")


def _issued(release: Release) -> Release:
    if release.state not in ISSUED:
        raise Refused(Refusal(RefusalKind.STAGE, f"“{release}” has no file, so there is nothing to compare."))
    return release


def _other(request: Request, release: Release) -> Release | None:
    """The release that `with` names, else the one before; Refused for the release itself, and 404 for none."""
    if "with" not in request.GET:
        return release.previous
    other = releases().filter(pk=sent_number(request.GET["with"])).first()
    if other is None:
        raise Http404("There is no release of that number.")
    if _issued(other) == release:
        raise Refused(Refusal(RefusalKind.STAGE, "A release is compared with another one."))
    return other


def _ordered(one: Release, other: Release) -> tuple[Release, Release]:
    """The older one first."""
    return (one, other) if (one.frozen_at, one.pk) < (other.frozen_at, other.pk) else (other, one)


def _choices(release: Release) -> dict[str, ReleaseQuerySet]:
    others = Release.objects.issued().exclude(pk=release.pk).order_by("-pk")
    return {
        "same_set": others.filter(claim_set=release.claim_set_id)[:CHOICES],
        "other_sets": others.exclude(claim_set=release.claim_set_id)[:CHOICES],
    }


def _shown(request: Request, comparison: Comparison, kind: Differs | None) -> dict[str, Any]:
    """A page of changes by their numbers, which never change: `after` and `before` in the address."""
    after, before = (sent_number(request.GET.get(name)) for name in ("after", "before"))
    if before:
        rows = comparison.changes_before(kind, before, PAGE_SIZE)
    else:
        rows = list(comparison.changes(kind, after=after, most=PAGE_SIZE))
    first, last = (rows[0][0], rows[-1][0]) if rows else (0, 0)
    earlier = bool(rows) and bool(comparison.changes_before(kind, first, 1))
    later = bool(rows) and any(comparison.changes(kind, after=last, most=1))
    return {
        "counts": [(one, count) for one, count in comparison.counts.items() if count],
        "unchanged": comparison.unchanged,
        "is_empty": comparison.is_empty,
        "kind": kind,
        "lines": change_lines(change for _, change in rows),
        "earlier": first if earlier else None,
        "later": last if later else None,
    }
