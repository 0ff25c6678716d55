"""Importing claims from a file: the file, which of its columns holds what with a preview, and what was refused."""

import csv
import io
from typing import Any, BinaryIO, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_http_methods, require_safe

from claims.choices import JobKind, Permission
from claims.exports.csv import BOM, escape
from claims.forms.claim_import import ClaimFileForm, MappingForm
from claims.http import Request, needs, once, page, sent_before
from claims.imports import BadFile, open_table
from claims.jobs import keep_upload
from claims.jobs.claims import start_import
from claims.models import Job, Upload
from claims.uploads import is_too_large
from claims.views.claim_import_preview import Preview, preview


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_import(request: Request) -> HttpResponse:
    """A file that can be read is kept and leads on to its columns; another is refused with the reason."""
    if request.method != "POST":
        return page(request, "claims/import.html", {"form": ClaimFileForm()})
    too_large = is_too_large(request)
    form = ClaimFileForm(request.POST, request.FILES, is_too_large=too_large)
    if form.is_valid():
        try:
            return _keep(request, form)
        except BadFile as problem:
            form.add_error("file", str(problem))
    return page(request, "claims/import.html", {"form": form}, status=413 if too_large else 422)


def _keep(request: Request, form: ClaimFileForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    open_table(cast(BinaryIO, file), file.name or "")
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        file.seek(0)
        name, kind = file.name or "", file.content_type or ""
        upload = keep_upload(by=request.user, name=name, content_type=kind, data=file.read())
        attempt.location = reverse("claim_import_map", args=[upload.pk])
        if document := form.cleaned_data["document"]:
            attempt.location += f"?{urlencode({'document': document})}"
    return redirect(attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_import_map(request: Request, pk: int) -> HttpResponseBase:
    """The columns of a kept file and its first rows as they would come in; only for the one who sent it.

    Posting shows them anew, or with `do=import` starts the import.
    """
    if earlier := sent_before(request):
        return redirect(earlier)  # the file is gone once its rows are stored
    upload = get_object_or_404(Upload.objects.select_related("job"), pk=pk, by=request.user)
    if upload.job and upload.job.is_unfinished:
        return redirect(upload.job)
    try:
        table = open_table(io.BytesIO(upload.data), upload.name)
    except BadFile as problem:
        context = {"form": ClaimFileForm(), "problem": str(problem)}
        return page(request, "claims/import.html", context, status=422)
    initial = {"default_document": request.GET.get("document", "").replace("\x00", "")[:2000]}
    form = MappingForm(request.POST if request.method == "POST" else None, table=table, initial=initial)
    shown = preview(table, form)
    if request.POST.get("do") == "import" and shown.may_start:
        return _start(request, upload, form)
    context = {"upload": upload, "table": table, "form": form, "preview": shown}
    return page(request, "claims/import_map.html", context, fragments=("preview",), status=_status(request, shown))


def _status(request: Request, shown: Preview) -> int:
    return 422 if request.method == "POST" and not shown.may_start else 200


def _start(request: Request, upload: Upload, form: MappingForm) -> HttpResponse:
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        options: dict[str, Any] = {**form.options, "all_or_nothing": form.cleaned_data["all_or_nothing"]}
        job = start_import(upload, form.chosen, options, by=request.user)
        attempt.location = job.get_absolute_url()
    return redirect(attempt.location)


@require_safe
@needs(Permission.WORK)
def job_refused(request: Request, pk: int) -> HttpResponse:
    """The rows that an import refused, as CSV: the line and the reason. Only for the one who started it."""
    job = get_object_or_404(Job, pk=pk, kind=JobKind.CLAIMS, started_by=request.user)
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    disposition = content_disposition_header(True, f"refused-rows-{job.pk}.csv")
    response.headers["Content-Disposition"] = disposition or "attachment"
    writer = csv.writer(response)
    writer.writerow(["line", "reason"])
    writer.writerows([line, escape(reason)] for line, reason in job.report.get("refused", []))
    return response
