"""Feeds of what becomes known of releases: published, corrected, withdrawn. In Atom and as JSON Feed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.exports.feeds import ATOM, JSON, Entry, Feed, as_atom, as_json
from claims.http import problem
from claims.markdown import render
from claims.reading.published import Notice, at_address, notices
from claims.releases.formats.report.words import visible
from claims.views.public import NOWHERE, absolute, answer, for_whom, public
from claims.views.published_context import claim_address

ENTRIES = 50
FORMATS = {"atom": (as_atom, ATOM), "json": (as_json, JSON)}


@public
@require_safe
def published_feed(request: HttpRequest, format: str) -> HttpResponseBase:
    """Of all that are listed."""
    addresses = {name: absolute(reverse("published_feed", args=[name])) for name in FORMATS}
    feed = Feed(
        title=f"Verified claims of {settings.DESK_NAME}",
        description="Releases, corrections and withdrawals.",
        author=settings.DESK_NAME,
        home=absolute(reverse("published_list")),
        **addresses,
        entries=[_entry(notice) for notice in notices(ENTRIES)],
    )
    return _answer(request, feed, format)


@public
@require_safe
def release_feed(request: HttpRequest, token: str, format: str) -> HttpResponseBase:
    """Of one release, and of newer ones of its set. It goes on when the release is withdrawn: it says so."""
    release = at_address(token)
    if release is None:
        return problem(request, 404, NOWHERE)
    addresses = {name: absolute(reverse("published_release_feed", args=[token, name])) for name in FORMATS}
    feed = Feed(
        title=visible(str(release)),
        description="Corrections of this release, whether it was withdrawn, and newer ones.",
        author=settings.DESK_NAME,
        home=absolute(reverse("published_release", args=[token])),
        **addresses,
        entries=[_entry(notice) for notice in notices(ENTRIES, release)],
    )
    return for_whom(_answer(request, feed, format), release)


def _answer(request: HttpRequest, feed: Feed, format: str) -> HttpResponseBase:
    if format not in FORMATS:
        return problem(request, 404, NOWHERE)
    write, content_type = FORMATS[format]
    return answer(request, HttpResponse(write(feed), content_type=content_type))


def _entry(notice: Notice) -> Entry:
    release = notice.release
    home = absolute(reverse("published_release", args=[release.token]))
    told = {
        "notice": notice,
        "release": release,
        "description": visible(release.description),
        "reason": visible(release.withdrawal_reason),
        "text": render(visible(notice.correction.text)) if notice.correction else "",
        "home": home,
    }
    return Entry(
        key=f"{home}#{notice.key}",
        url=_url(notice, home),
        title=visible(notice.title),
        html=render_to_string(f"published/feed_{notice.news.value}.html", told).strip(),
        at=notice.at,
        tags=(notice.news.value,),
    )


def _url(notice: Notice, home: str) -> str:
    return claim_address(notice.release, notice.correction.claim.reference) if notice.correction else home
