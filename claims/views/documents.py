"""Documents: the list, the text with its claims, and a claim made of its words."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url, reswap, retarget, trigger_client_event

from claims import passages
from claims.actions import claims as claim_actions
from claims.choices import Permission
from claims.exports.lists import DOCUMENTS
from claims.forms.documents import PassageClaimForm
from claims.http import Request, needs, once, page, problem, toast
from claims.keyset import cursor_in, keyset_page
from claims.models import Claim, Document, Evidence, IntegrityFault, Sentence, Snapshot
from claims.reading import coverage_of, selecting
from claims.views.document_context import (
    EVIDENCE_LIMIT,
    Shown,
    document_context,
    sentence_claim_form,
    shown,
)
from claims.views.document_place import Place
from claims.views.form_answers import add_errors
from claims.views.list_csv import list_csv

LIST_SIZE = 25


@require_safe
def document_list(request: Request) -> HttpResponseBase:
    """Documents under check, or those that only serve as evidence, newest first; `q` searches the titles."""
    words = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    as_evidence = request.GET.get("role") == "evidence"
    documents = Document.objects.with_source().with_completion().with_latest_snapshot_id()
    documents = documents.filter(under_check=not as_evidence)
    if words:
        documents = documents.filter(title__icontains=words)
    if download := list_csv(request, "documents", DOCUMENTS, documents, ["-id"]):
        return download
    rows = keyset_page(documents, ["-id"], cursor_in(request.GET), LIST_SIZE)
    context = {"page": rows, "lines": _with_coverage(rows.rows), "q": words, "as_evidence": as_evidence}
    return page(request, "documents/list.html", context, fragments=("results",))


def _with_coverage(documents: Iterable[Any]) -> list[dict[str, Any]]:
    """Each document with its `coverage`, None when it has no text. `documents` have their latest_snapshot_id."""
    documents = list(documents)
    known = coverage_of(one.latest_snapshot_id for one in documents if one.latest_snapshot_id)
    return [{"document": one, "coverage": known.get(one.latest_snapshot_id)} for one in documents]


@require_safe
def document_detail(request: Request, pk: int) -> HttpResponseBase:
    """The text with its claims, and in the panel the selected claim or sentence."""
    document = get_object_or_404(Document.objects.with_source().with_completion(), pk=pk)
    if "quote" in request.GET:
        return redirect(f"{reverse('document_text', args=[pk])}?{request.GET.urlencode()}")
    try:
        place = Place.parse(request.GET)
        view = shown(request, document, place)
    except ValueError as error:
        return problem(request, 400, str(error))
    except IntegrityFault as fault:
        return page(request, "documents/unread.html", {"document": document, "fault": str(fault)}, status=409)
    if view is None:
        return page(request, "documents/unread.html", {"document": document, "evidence": _evidence(document)})
    if request.htmx.target == "panel" and place.part and view.part != place.part:
        return HttpResponseClientRedirect(view.url(view.selected))
    return _led(
        request, page(request, "documents/detail.html", document_context(request, view), fragments=("panel",)), view
    )


def _evidence(document: Document) -> Iterable[Evidence]:
    return document.evidence.in_force().select_related("claim__verdict")[:EVIDENCE_LIMIT]


def _led(request: Request, response: TemplateResponse, view: Shown) -> TemplateResponse:
    """Let the browser's address follow the panel; tell the page when the claim shown was made just now."""
    if request.htmx.target == "panel":
        address = view.address
        if address != request.htmx.current_url_abs_path:
            push_url(response, address)
        if view.is_new:
            trigger_client_event(response, "claim-created")
    return response


@require_http_methods(["GET", "POST"])
@needs(Permission.WORK)
def document_claim_add(request: Request, pk: int) -> HttpResponseBase:
    """A claim made of words of the text: those selected, or a whole sentence (`sentence` in the address)."""
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    try:
        place = Place.parse(request.GET)
    except ValueError as error:
        return problem(request, 400, str(error))
    blank = _blank_form(document, place)
    if request.method != "POST":
        return _claim_form(request, document, place, blank)
    # Fields that were not sent are taken as the page would have shown them: accepting a sentence takes one press.
    form = PassageClaimForm({**blank.initial, **request.POST.dict()}, auto_id=blank.auto_id)
    if form.is_valid():
        try:
            return _add_claim(request, document, place, form)
        except passages.PassageError as error:
            form.add_error(None, f"These words are not in the text: {error}.")
        except ValidationError as error:
            add_errors(form, error)
    return _claim_form(request, document, place, form, status=422)


def _blank_form(document: Document, place: Place) -> PassageClaimForm:
    if not place.sentence:
        return PassageClaimForm()
    sentences = Sentence.objects.select_related("snapshot").filter(snapshot__document=document)
    sentence = get_object_or_404(sentences, pk=place.sentence)
    return sentence_claim_form(document, sentence.snapshot, sentence)


def _claim_form(
    request: Request, document: Document, place: Place, form: PassageClaimForm, *, status: int = 200
) -> TemplateResponse:
    """The form on a page of its own, or where htmx sent it from: the popover over the text, or the panel."""
    form_id = "sentence-claim" if place.sentence else "new-claim-form"
    query = selecting(f"s{place.sentence}" if place.sentence else "") + place.kept
    context = {"document": document, "place": place, "form": form, "form_id": form_id, "query": query}
    if not request.htmx:
        return TemplateResponse(request, "documents/claim_add.html", context, status=status)
    response = TemplateResponse(request, "documents/_claim_form.html", context, status=status)
    response = retarget(response, f"#{form_id}")
    return reswap(response, "outerHTML")


def _add_claim(request: Request, document: Document, place: Place, form: PassageClaimForm) -> HttpResponse:
    values = form.cleaned_data.copy()
    snapshot = _snapshot(document, values.pop("snapshot"))
    text, start, end = snapshot.read(), values.pop("start"), values.pop("end")
    if end > len(text):
        raise passages.PassageError(f"they would end at {end:,}, and it has {len(text):,} characters")
    start, end = passages.snap(text, start, end)
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        claim = claim_actions.create_claim_in_text(snapshot, start, end, by=request.user, **values)
        if "take" in request.POST:
            claim_actions.take(claim, by=request.user)
        attempt.location = f"{document.get_absolute_url()}?claim={claim.pk}&touched={claim.pk}{place.kept}"
    toast(request, _made(claim))
    return redirect(attempt.location)


def _made(claim: Claim) -> str:
    return f"{claim.reference} is made." if claim.assignee_id is None else f"{claim.reference} is made and yours."


def _snapshot(document: Document, number: int) -> Snapshot:
    """Raises ValidationError on the field when the document has no such snapshot."""
    snapshot = document.snapshots.filter(number=number).first()
    if snapshot is None:
        raise ValidationError(f"This document has no snapshot {number}.")
    snapshot.document = document
    return snapshot
