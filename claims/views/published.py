"""Published releases for readers without an account: all that are listed, one, and a claim of one.

What a page says of a release stands in the release's own file. Of the desk are only corrections, and what is newer.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.choices import Visibility
from claims.http import problem
from claims.keyset import cursor_in, keyset_page
from claims.models import Release
from claims.reading.published import corrections_by_claim, corrections_of, newer, published
from claims.releases.shelf import Shelf, shelf_of
from claims.text import show_bidi
from claims.views.public import NOWHERE, absolute, answer, of_release, page, public
from claims.views.published_context import (
    SHOWN,
    claim_path,
    claims_shown,
    corrections_shown,
    key_of,
    release_context,
    reviews,
)

LISTED = 20
ROBOTS = "User-agent: *\nAllow: /published/\nAllow: /verify/\nAllow: /static/\nDisallow: /\n"


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """All but what is published takes an account. Unlisted releases say themselves that they are not for lists."""
    return answer(request, HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8"))


@public
@require_safe
def published_list(request: HttpRequest) -> HttpResponseBase:
    listed = published().filter(visibility=Visibility.LISTED)
    found = keyset_page(listed, ("-pk",), cursor_in(request.GET), LISTED)
    rows = [{"release": one, "title": show_bidi(one.title)} for one in found.rows]
    return page(request, "published/list.html", {"page": found, "rows": rows, **_feeds()})


def _feeds() -> dict[str, str]:
    return {f"{format}_feed": reverse("published_feed", args=[format]) for format in ("atom", "json")}


@of_release
def published_release(request: HttpRequest, release: Release) -> HttpResponseBase:
    """The release, and a page of its claims: from position `from` on, those of one `verdict` if asked for."""
    start, verdict = request.GET.get("from", "1"), request.GET.get("verdict")
    shelf = shelf_of(release)
    if not _is_position(start) or verdict not in (None, *(key_of(tally.verdict) for tally in shelf.tally)):
        return problem(request, 404, NOWHERE)
    found = shelf.page(int(start), SHOWN, verdict)
    if not found.claims:
        return problem(request, 404, NOWHERE)
    corrections = corrections_by_claim(release, [claim["head"]["claim"] for claim in found.claims])
    context = {
        **release_context(release, shelf, verdict),
        "corrections": corrections_shown(release, corrections_of(release)),
        "newer": newer(release),
        "claims": claims_shown(release, shelf, found.claims, corrections),
        "linked_data": reviews(release, shelf, found.claims),
        "page": found,
        "is_first": found.previous is None,
    }
    return page(request, "published/release.html", context)


def _is_position(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


@of_release
def published_claim(request: HttpRequest, release: Release, reference: str) -> HttpResponseBase:
    shelf = shelf_of(release)
    claim = shelf.claim(reference)
    if claim is None:
        return problem(request, 404, NOWHERE)
    corrections = corrections_by_claim(release, [claim["head"]["claim"]])
    (shown,) = claims_shown(release, shelf, [claim], corrections, is_page=True)
    context = {
        **release_context(release, shelf),
        "newer": newer(release),
        "shown": shown,
        "canonical": absolute(shown.path),
        "linked_data": reviews(release, shelf, [claim]),
        **_neighbours(release, shelf, claim["position"]),
    }
    return page(request, "published/claim.html", context)


def _neighbours(release: Release, shelf: Shelf, position: int) -> dict[str, str]:
    """Addresses of the claims before and after."""
    around = shelf.references(position - 1, position + 1)
    paths = {at: claim_path(release, reference) for at, reference in around.items()}
    return {"before": paths.get(position - 1, ""), "after": paths.get(position + 1, "")}
