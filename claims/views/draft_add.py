"""A new draft of a document: the page fetched again, a text pasted, or a file."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from claims.actions.drafts import prepare, store_draft
from claims.choices import JobKind, Origin, Permission
from claims.forms.intake import DraftForm
from claims.http import Request, needs, once, page, sent_before, toast
from claims.jobs.documents import start_draft
from claims.models import Document
from claims.views.form_answers import add_errors
from claims.views.intake import first_values, is_short, options, tried_before, upload_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def draft_add(request: Request, pk: int) -> HttpResponseBase:
    """A short paste is stored at once and leads to its walk-through; all else becomes a job and leads to its page."""
    if earlier := sent_before(request):
        return redirect(earlier)
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    before = tried_before(request, JobKind.DRAFT)
    again = {"how": Origin.FETCHED if document.url else Origin.PASTED, "url": document.url}
    form = DraftForm(**options(request, before), initial={**again, **first_values(before)})
    if form.is_valid():
        try:
            return _store(request, document, form) if is_short(form) else _start(request, document, form)
        except ValidationError as error:
            add_errors(form, error)
    context = {"form": form, "document": document, "before": before, "latest": document.latest_snapshot()}
    return page(request, "documents/draft_add.html", context, status=422 if form.errors else 200)


def _store(request: Request, document: Document, form: DraftForm) -> HttpResponse:
    prepared = prepare(document, form.cleaned_data["text"])
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        snapshot = store_draft(document, prepared, by=request.user)
        attempt.location = reverse("draft_detail", args=[document.pk, snapshot.number])
    toast(request, f"Snapshot {snapshot.number} of “{document}” is stored.")
    return redirect(attempt.location)


def _start(request: Request, document: Document, form: DraftForm) -> HttpResponse:
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        url = form.cleaned_data["url"] if form.origin == Origin.FETCHED else ""
        job = start_draft(document, form.origin, by=request.user, url=url, upload=upload_of(form, by=request.user))
        attempt.location = job.get_absolute_url()
    return redirect(attempt.location)
