"""Importing a release on the web: the file, what its check came to with what to make of it, the job; and the one act by
which a second person approves the verdicts that came with it.
"""

from typing import BinaryIO, cast

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.carried import MOST as MOST_AT_ONCE
from claims.actions.carried import approve_carried
from claims.choices import Permission
from claims.forms.release_import import ReleaseFileForm, ReleaseImportForm
from claims.http import Request, back, needs, once, page, problem, sent_before, toast
from claims.imports import BadFile
from claims.imports.releases import ReleaseFile, open_release
from claims.jobs.kept import discard, keep_file, path_of
from claims.jobs.release_import import start_release_import
from claims.models import Upload
from claims.reading.members import BrokenFilter
from claims.releases.verification import UPLOAD_LIMITS
from claims.uploads import is_too_large
from claims.views.claim_import_preview import MOST
from claims.views.claim_set_context import set_for
from claims.views.release_check import ReleaseUpload

TOO_MANY = "More than {:,} claims are imported by the person who runs this desk, with manage.py import_release."


@csrf_exempt  # so that nothing reads the form before it is said how large it may be; checked by the view within
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def release_import(request: Request) -> HttpResponseBase:
    """A release that is whole is kept and leads on; another is refused with what is wrong with it."""
    request.upload_handlers = [ReleaseUpload(request), TemporaryFileUploadHandler(request)]
    return _release_import(request)


@csrf_protect
def _release_import(request: Request) -> HttpResponseBase:
    if request.method != "POST":
        return page(request, "releases/import.html", {"form": ReleaseFileForm()})
    too_large = is_too_large(request)
    form = ReleaseFileForm(request.POST, request.FILES, is_too_large=too_large)
    if form.is_valid():
        try:
            return _keep(request, form)
        except BadFile as wrong:
            form.add_error("file", str(wrong))
    return page(request, "releases/import.html", {"form": form}, status=413 if too_large else 422)


def _keep(request: Request, form: ReleaseFileForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        upload = keep_file(by=request.user, name=file.name, content_type="application/zip", file=cast(BinaryIO, file))
        try:
            open_release(path_of(upload), within=UPLOAD_LIMITS)
        except BadFile:
            discard(upload)
            raise
        attempt.location = reverse("release_import_check", args=[upload.pk])
    return redirect(attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def release_import_check(request: Request, pk: int) -> HttpResponseBase:
    """What a kept release says of itself, and what to make of it; only for the one who sent it. Posting imports it."""
    if earlier := sent_before(request):
        return redirect(earlier)  # the file is gone once its claims are stored
    upload = get_object_or_404(Upload.objects.select_related("job"), pk=pk, by=request.user)
    if upload.job and upload.job.is_unfinished:
        return redirect(upload.job)
    release = _opened(upload)
    form = ReleaseImportForm(request.POST if request.method == "POST" else None, release=release)
    too_many = TOO_MANY.format(MOST) if release.claims > MOST else ""
    if form.is_valid() and not too_many:
        return _start(request, upload, release, form)
    context = {"upload": upload, "release": release, "form": form, "too_many": too_many}
    return page(request, "releases/import_check.html", context, status=422 if form.is_bound else 200)


def _opened(upload: Upload) -> ReleaseFile:
    """404 for a file that is none, or is gone."""
    try:
        return open_release(path_of(upload), within=UPLOAD_LIMITS)
    except (BadFile, OSError):
        raise Http404("There is no release here any more.") from None


def _start(request: Request, upload: Upload, release: ReleaseFile, form: ReleaseImportForm) -> HttpResponse:
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        attempt.location = start_release_import(upload, release, form.options, by=request.user).get_absolute_url()
    return redirect(attempt.location)


@require_POST
@needs(Permission.REVIEW)
def claim_set_approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve the verdicts of a set that came in with a release, proposed by somebody else."""
    claim_set = set_for(request, pk)
    try:
        done = approve_carried(claim_set, by=request.user)
    except BrokenFilter as broken:
        return problem(request, 409, str(broken))
    more = " More are waiting." if done == MOST_AT_ONCE else ""
    toast(request, f"{done:,} verdict{'' if done == 1 else 's'} approved.{more}" if done else "None waits for you.")
    return back(request, claim_set.get_absolute_url())
