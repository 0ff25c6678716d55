"""A new document under check: read from a page, pasted, or sent as a file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from claims.actions.documents import scoring_in
from claims.actions.incoming import AlreadyStored, add_incoming
from claims.choices import JobKind, Permission
from claims.forms.intake import DocumentForm
from claims.http import Request, needs, once, page, sent_before, toast
from claims.intake.incoming import from_paste, sentences_of, silently
from claims.jobs.documents import start_document
from claims.models import Job, Source
from claims.views.form_answers import add_errors
from claims.views.intake import first_values, is_short, options, tried_before, upload_of

SOURCE_NAMES = 500  # offered while typing; further names can still be typed in full
JOBS = 5  # of the person's latest, beside the form


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def document_add(request: Request) -> HttpResponseBase:
    """A short paste is stored at once and leads to its triage; all else becomes a job and leads to its page."""
    if earlier := sent_before(request):
        return redirect(earlier)
    before = tried_before(request, JobKind.DOCUMENT)
    form = DocumentForm(**options(request, before), initial=_initial(before))
    if form.is_valid():
        try:
            return _store(request, form) if is_short(form) else _start(request, form)
        except ValidationError as error:
            add_errors(form, error)
        except AlreadyStored as known:
            link = format_html('<a href="{}">{}</a>', known.document.get_absolute_url(), known.document)
            form.add_error("text", format_html("This text is stored already, as {}.", link))
            form.is_known = True
    return page(request, "documents/add.html", _context(request, form, before), status=422 if form.errors else 200)


def _initial(before: Job | None) -> dict[str, Any]:
    values = first_values(before)
    source = Source.objects.filter(pk=values["source"]).first() if values.get("source") else None
    return {**values, "source": source.name if source else ""}


def _context(request: Request, form: DocumentForm, before: Job | None) -> dict[str, Any]:
    names = Source.objects.filter(retired_at=None).order_by("name").values_list("name", flat=True)
    return {
        "form": form,
        "before": before,
        "source_names": names[:SOURCE_NAMES],
        "jobs": Job.objects.filter(started_by=request.user).defer("params", "report")[:JOBS],
    }


def _store(request: Request, form: DocumentForm) -> HttpResponse:
    incoming, details = from_paste(form.cleaned_data["text"]), form.details()
    sentences = sentences_of(incoming.reading.text, *scoring_in(details["language"]), silently)
    even_so = form.cleaned_data["even_so"]
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        document = add_incoming(incoming, details, by=request.user, sentences=sentences, even_so=even_so)
        attempt.location = reverse("triage", args=[document.pk])
    toast(request, f"“{document}” is stored. Go through its sentences.")
    return redirect(attempt.location)


def _start(request: Request, form: DocumentForm) -> HttpResponse:
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        upload = upload_of(form, by=request.user)
        job = start_document(
            form.origin, form.details(), by=request.user, upload=upload, even_so=form.cleaned_data["even_so"]
        )
        attempt.location = job.get_absolute_url()
    return redirect(attempt.location)
