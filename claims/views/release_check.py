"""A page where anybody has a release checked: dropped or chosen, held against the desk's keys or one's own, not kept.

The form has no CSRF token, which would take a cookie. It needs none: an answer depends on nothing but the file and the
key that came with the request, nothing of it is stored, and nobody is signed in here. Whoever made another's browser
send it would make that person read a report.
"""

import time
from typing import BinaryIO, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claims.forms.verifying import VerifyForm
from claims.http import problem
from claims.models import Release
from claims.reading.published import corrections_of, newer, published
from claims.releases.desk_keys import known_keys
from claims.releases.formats.report.words import moment, visible
from claims.releases.signing import Key
from claims.releases.verification import UPLOAD_LIMITS, KnownKey, Outcome, Report, verify
from claims.uploads import CappedUpload, is_too_large
from claims.views.public import page, public

MINUTE = 60  # seconds
GIVEN = "the key that you gave"
TOO_LARGE = "A release of more than {:,} MB is not checked on this page. The verify.py in it checks it of any size."


class ReleaseUpload(CappedUpload):
    @property
    def most(self) -> int:
        most: int = settings.VERIFY_MAX_BYTES
        return most


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify_release(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return page(request, "published/verify.html", {"form": VerifyForm(), "most": _megabytes()})
    if _too_often(request):
        response = problem(request, 429, "You had several releases checked just now. Try again in a minute.")
        response.headers["Retry-After"] = str(MINUTE)
        return response
    return _checked(request)


@never_cache
def _checked(request: HttpRequest) -> HttpResponseBase:
    request.upload_handlers = [ReleaseUpload(request), TemporaryFileUploadHandler(request)]
    if is_too_large(request):
        form = VerifyForm(request.POST)
        form.errors["release"] = form.error_class([TOO_LARGE.format(_megabytes())])
        return _page(request, form, status=413)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    report = _report(form.cleaned_data["release"], form.cleaned_data["key"])
    return _page(request, form, report=report, filename=visible(form.cleaned_data["release"].name))


def _report(file: "UploadedFile[bytes]", key: Key | None) -> Report:
    keys = [KnownKey(key, GIVEN)] if key else known_keys()
    return verify(cast(BinaryIO, file.file), keys, limits=UPLOAD_LIMITS)


def _page(
    request: HttpRequest, form: VerifyForm, *, report: Report | None = None, filename: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "desk": settings.DESK_NAME,
        "form": form,
        "most": _megabytes(),
        "report": report,
        "filename": filename,
        **(_told(report, form.cleaned_data["key"]) if report else {}),
    }
    return HttpResponse(render_to_string("published/verify.html", context), status=status)


def _told(report: Report, given: Key | None) -> dict[str, object]:
    """What the page says beside the report: whose key it is, and what the desk made known of the release since."""
    of_desk = next((known for known in known_keys() if known.key == report.key), None)
    is_ours = of_desk is not None and report.outcome != Outcome.NOT_VALID
    found = _released(report) if is_ours else None
    return {
        "as_of": SafeString(moment(report.statement.as_of)) if report.statement else "",
        "findings": [visible(finding) for finding in report.findings],
        "is_unknown": report.outcome == Outcome.UNKNOWN_KEY,
        "is_given": given is not None,
        "of_desk": of_desk if is_ours else None,
        "release": found,
        "corrections": corrections_of(found).count() if found else 0,
        "newer": newer(found) if found else None,
    }


def _released(report: Report) -> Release | None:
    """The release of this desk that this is, if it is published."""
    if report.statement is None:
        return None
    return published().filter(name=report.statement.release, head_hash=report.statement.head).first()


def _too_often(request: HttpRequest) -> bool:
    """Whether more came from the address in this minute than the desk checks: reading a large file takes seconds."""
    key = f"verify:{get_adapter().get_client_ip(request)}:{int(time.time()) // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        asked: int = cache.incr(key)
    except ValueError:  # a cache that is full has dropped it in between
        return False
    return asked > settings.VERIFY_PER_MINUTE


def _megabytes() -> int:
    return int(settings.VERIFY_MAX_BYTES) // 1_000_000
