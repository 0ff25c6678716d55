"""What was captured of a document: every attempt, the files as they came, and what they say of themselves."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.actions.captures import accept_suggestion, suggestions
from claims.choices import KEPT, Act, Permission, StillThere
from claims.differences import word_diff
from claims.forms.captures import CaptureForm
from claims.http import Request, back, needs, once, page, problem, toast
from claims.intake import files
from claims.jobs import keep_upload
from claims.jobs.captures import being_captured, start_capture
from claims.keyset import cursor_in, keyset_page
from claims.models import Capture, Document, Evidence, Sighting
from claims.uploads import is_too_large
from claims.views.form_answers import sent_number
from claims.workflow import refusal

LIST_SIZE = 25
SIGHTINGS = 100
_LABELS = {
    "source": "Source",
    "title": "Title",
    "authors": "Authors",
    "published_on": "Published",
    "language": "Language",
}
_SANDBOX = "sandbox; default-src 'none'"


@require_safe
def document_captures(request: Request, pk: int) -> HttpResponse:
    """Every attempt at the document, the newest first, and what each said of its quotes."""
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    return page(request, "captures/list.html", _list_context(request, document, CaptureForm()), fragments=("main",))


def _list_context(request: Request, document: Document, form: CaptureForm) -> dict[str, Any]:
    attempts = document.captures.select_related("asked_by", "snapshot").defer("snapshot__text")
    newest = document.captures.filter(outcome__in=sorted(KEPT)).newest_first().first()
    rows = keyset_page(attempts, ["-number"], cursor_in(request.GET), LIST_SIZE)
    return {
        "document": document,
        "page": rows,
        "attempts": _with_sightings(rows.rows),
        "suggestions": _suggestions(document, newest) if newest else [],
        "newest": newest,
        "pieces": _pieces(document),
        "form": form,
    }


def _with_sightings(attempts: list[Capture]) -> list[dict[str, Any]]:
    """Each attempt with how many of the pieces it found in which state: `seen`, of label and number."""
    counted = Sighting.objects.filter(capture__in=attempts).order_by()
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, state, number in counted.values_list("capture", "state").annotate(number=Count("pk")):
        found[pk].append((StillThere(state).label, number))
    return [{"capture": capture, "seen": sorted(found[capture.pk])} for capture in attempts]


def _pieces(document: Document) -> list[Any]:
    """The evidence that was looked at again, each with what stood there at the last look, and how that differs."""
    newest = Sighting.objects.filter(evidence=OuterRef("pk")).order_by("-pk").values("wording")[:1]
    looked_at = document.evidence.in_force().exclude(still="").select_related("claim")
    pieces: list[Any] = list(looked_at.annotate(wording=Subquery(newest)).order_by("pk")[:SIGHTINGS])
    for piece in pieces:
        piece.pieces = word_diff(piece.exact, piece.wording) if piece.still == StillThere.CHANGED else []
    return pieces


def _suggestions(document: Document, capture: Capture) -> list[dict[str, Any]]:
    """What the capture says of the document where the document says something else, or nothing."""
    rows = []
    for name, said in suggestions(capture).items():
        stored = getattr(document, name)
        if said != stored:
            rows.append({"name": name, "label": _LABELS[name], "said": said, "stored": stored})
    return rows


@require_POST
@needs(Permission.WORK)
def document_capture(request: Request, pk: int) -> HttpResponseBase:
    """Capture the document in the background: from its address, or from the file sent along.

    Without `next` the page of the job follows.
    """
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    asked = bool(document.url) and request.POST.get("from") != "file"
    form = CaptureForm(request.POST, request.FILES, has_address=asked, is_too_large=is_too_large(request))
    if not form.is_valid():
        return page(request, "captures/list.html", _list_context(request, document, form), status=422)
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        attempt.location = start_capture(document, by=request.user, upload=upload_of(request, form)).get_absolute_url()
    return back(request, attempt.location)


def upload_of(request: Request, form: CaptureForm) -> Any:
    """The file sent with the form, kept for the job; None when there is none."""
    file = form.cleaned_data["file"]
    if not file:
        return None
    content_type = file.content_type or ""
    return keep_upload(by=request.user, name=file.name, content_type=content_type, data=file.read())


@require_safe
def evidence_capture(request: Request, pk: int) -> HttpResponseBase:
    """What the capture says to a piece of evidence; nothing (204) as long as its page is being captured."""
    rows = Evidence.objects.with_document().select_related("claim", "snapshot")
    piece = get_object_or_404(rows.annotate(is_being_captured=being_captured()), pk=pk)
    if not request.htmx:
        return redirect(f"{piece.claim.get_absolute_url()}#evidence-{pk}")
    if getattr(piece, "is_being_captured", False):
        return HttpResponse(status=204)
    context = {
        "piece": piece,
        "evidence_refusal": refusal(Act.EDIT_EVIDENCE, piece.claim.facts_for(request.user)),
        "next_url": request.htmx.current_url_abs_path or piece.claim.get_absolute_url(),
    }
    return TemplateResponse(request, "evidence/_capture.html", context)


@require_POST
@needs(Permission.WORK)
def capture_accept(request: Request, pk: int) -> HttpResponseBase:
    """Take over one thing that the capture says of its document."""
    capture = get_object_or_404(Capture.objects.select_related("document__source"), pk=pk)
    document, name = capture.document, request.POST.get("name", "")
    try:
        version = sent_number(request.POST.get("version"))
        accept_suggestion(document, capture, name, by=request.user, version=version)
    except ValidationError as error:
        return problem(request, 400, " ".join(error.messages))
    toast(request, f"{_LABELS[name]} taken over: {getattr(document, name)}")
    return back(request, reverse("document_captures", args=[document.pk]))


@require_safe
def capture_raw(request: Request, pk: int) -> HttpResponseBase:
    """What came, byte for byte, to be saved: a browser runs and shows nothing of it."""
    capture = get_object_or_404(Capture.objects.kept(), pk=pk)
    data = files.read(capture.raw_sha256)
    kind, suffix = _harmless_type(data, capture)
    return _download(data, f"{_stem(capture)}.{suffix}", kind)


@require_safe
def capture_warc(request: Request, pk: int) -> HttpResponseBase:
    capture = get_object_or_404(Capture.objects.kept().exclude(warc_sha256=""), pk=pk)
    return _download(files.read(capture.warc_sha256), f"{_stem(capture)}.warc.gz", "application/octet-stream")


def _harmless_type(data: bytes, capture: Capture) -> tuple[str, str]:
    """The type and suffix under which the bytes leave: what they are only if nothing can run in them."""
    if data.startswith(b"%PDF-"):
        return "application/pdf", "pdf"
    if capture.content_type.partition(";")[0].strip().lower() == "text/plain":
        return "text/plain; charset=utf-8", "txt"
    return "application/octet-stream", "bin"


def _stem(capture: Capture) -> str:
    return f"document-{capture.document_id}-capture-{capture.number}-{capture.raw_sha256[:8]}"


def _download(data: bytes, name: str, content_type: str) -> HttpResponseBase:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": _SANDBOX}
    response = HttpResponse(data, content_type=content_type, headers=headers)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
