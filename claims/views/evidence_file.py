"""A file as evidence: kept as it came, with its text extracted where there is any."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods

from claims.actions.documents import add_document
from claims.actions.evidence import add_evidence
from claims.choices import Act, Origin, Permission
from claims.forms.captures import EvidenceFileForm
from claims.http import Request, back, needs, next_url, once, page, toast
from claims.jobs import keep_upload
from claims.jobs.captures import start_capture
from claims.models import Capture, Claim, Document, Source, sha256
from claims.uploads import is_too_large
from claims.views.claim_context import get_claim
from claims.views.form_answers import add_errors
from claims.workflow import check

SOURCES = 500
"""So many names are offered at most; any other can be typed."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def evidence_file_add(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    check(Act.ADD_EVIDENCE, claim.facts_for(request.user))
    form = _form(request)
    if form.is_valid():
        try:
            return _put_forward(request, claim, form)
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "claim": claim,
        "form": form,
        "next_url": next_url(request, claim.get_absolute_url()),
        "sources": Source.objects.filter(retired_at=None).values_list("name", flat=True)[:SOURCES],
    }
    return page(request, "evidence/file.html", context, status=422 if form.errors else 200)


def _form(request: Request) -> EvidenceFileForm:
    if request.method != "POST":
        return EvidenceFileForm()
    return EvidenceFileForm(request.POST, request.FILES, is_too_large=is_too_large(request))


def _put_forward(request: Request, claim: Claim, form: EvidenceFileForm) -> HttpResponseBase:
    with once(request) as attempt:
        if attempt.repeated:
            return back(request, attempt.repeated)
        document = _document(request, form)
        piece = add_evidence(claim, document, by=request.user, **form.content)
        attempt.location = f"{claim.get_absolute_url()}#evidence-{piece.pk}"
    toast(request, f"Added: {document.title}, grade {piece.grade}. The file is being read.")
    return back(request, attempt.location)


def _document(request: Request, form: EvidenceFileForm) -> Document:
    """The document of this very file, or a new one whose file is captured in the background."""
    file: Any = form.cleaned_data["file"]
    data: bytes = file.read()
    if known := document_of(data):
        return known
    document = add_document(by=request.user, **form.bibliography)
    kept = keep_upload(by=request.user, name=file.name, content_type=file.content_type or "", data=data)
    start_capture(document, by=request.user, upload=kept)
    return document


def document_of(data: bytes) -> Document | None:
    """The document that was captured from a file with these bytes."""
    captures = Capture.objects.kept().filter(raw_sha256=sha256(data), origin=Origin.UPLOADED)
    found = captures.select_related("document__source").order_by("pk").first()
    return found.document if found else None
