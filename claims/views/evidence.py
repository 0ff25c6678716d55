from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from claims.actions.evidence import add_evidence, document_for_url, edit_evidence, retract_evidence
from claims.actions.quotes import require_in_force
from claims.choices import Act, Permission
from claims.forms.evidence import EvidenceAddForm, EvidenceForm, RetractForm, initial_content
from claims.http import Request, back, needs, once, toast
from claims.jobs.captures import start_capture
from claims.links import LinkError
from claims.models import Claim, Event, Evidence, StaleVersion
from claims.reading.voices import is_questioned
from claims.views.claim_context import get_claim
from claims.views.evidence_suggestions import suggest
from claims.views.form_answers import add_errors, conflict, form_again, sent_number
from claims.workflow import check, refusal

QUESTION = "Its credibility says “confirmed by other sources”, but all links of its side are one independent source."
SUGGESTIONS = {"evidence-documents": "documents", "evidence-sources": "sources"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def evidence_add(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    if request.method == "POST":
        return _add(request, claim)
    if partial := SUGGESTIONS.get(request.htmx.target or ""):
        return TemplateResponse(
            request, f"evidence/suggestions.html#{partial}", {"claim": claim} | suggest(request.GET)
        )
    wanted = {name: request.GET[name] for name in ("url", "document", "stance", "quote") if name in request.GET}
    form = EvidenceAddForm(initial=wanted)
    return TemplateResponse(request, "evidence/add.html", _add_context(request, claim, form))


def _add(request: Request, claim: Claim) -> HttpResponseBase:
    form = EvidenceAddForm(request.POST)
    if form.is_valid():
        try:
            return _put_forward(request, claim, form)
        except (LinkError, ValidationError) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError({"url": str(error)}))
    return form_again(request, "evidence/add.html", _add_context(request, claim, form), element="evidence-add")


def _put_forward(request: Request, claim: Claim, form: EvidenceAddForm) -> HttpResponseBase:
    with once(request) as attempt:
        if attempt.repeated:
            return back(request, attempt.repeated)
        check(Act.ADD_EVIDENCE, claim.facts_for(request.user))  # before a document is stored for it
        document = form.cleaned_data["document"] or document_for_url(
            form.cleaned_data["url"], by=request.user, **form.bibliography
        )
        piece = add_evidence(claim, document, by=request.user, **form.content)
        if document.url and document.looked_at is None:
            start_capture(document, by=request.user)
        attempt.location = _place(piece)
    _told(request, f"Added: {document.title}, grade {piece.grade}.", piece)
    return back(request, attempt.location)


def _told(request: Request, text: str, piece: Evidence) -> None:
    """Say what was done; and what is doubtful about a grade that speaks of other sources when there is none."""
    doubtful = is_questioned(piece)
    toast(request, f"{text} {QUESTION}" if doubtful else text, tone="warn" if doubtful else "ok")


def _add_context(request: Request, claim: Claim, form: EvidenceAddForm) -> dict[str, Any]:
    return {
        "claim": claim,
        "evidence_form": form,
        "evidence_refusal": refusal(Act.ADD_EVIDENCE, claim.facts_for(request.user)),
        "next_url": request.POST.get("next") or claim.get_absolute_url(),
        "target": request.htmx.target or "main",
        **suggest({name: form[name].value() or "" for name in ("url", "document")}),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def evidence_edit(request: Request, pk: int) -> HttpResponseBase:
    piece = _get_changeable(request, pk, Act.EDIT_EVIDENCE)
    if request.method != "POST":
        form = EvidenceForm(initial=initial_content(piece))
        return TemplateResponse(request, "evidence/edit.html", _edit_context(request, piece, form))
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        return TemplateResponse(request, "evidence/edit.html", _edit_context(request, piece, form), status=422)
    try:
        edit_evidence(piece, by=request.user, version=sent_number(request.POST.get("version")), **form.content)
    except StaleVersion as stale:
        return _edit_conflict(request, piece, stale, form)
    _told(request, "Evidence changed.", piece)
    return back(request, _place(piece))


def _edit_conflict(request: Request, piece: Evidence, stale: StaleVersion, form: EvidenceForm) -> TemplateResponse:
    current = cast(Evidence, stale.current)
    require_in_force(current)
    events = Event.objects.of(piece.claim).filter(subject_type="evidence", subject_id=piece.pk)
    return conflict(
        request,
        form,
        current,
        stored=initial_content(current),
        event=events.select_related("by").last(),
        title=f"Evidence: {piece.document.title}",
        section="claims",
        keep_url=_place(piece),
    )


def _edit_context(request: Request, piece: Evidence, form: EvidenceForm) -> dict[str, Any]:
    return {
        "piece": piece,
        "claim": piece.claim,
        "question": QUESTION if is_questioned(piece) else "",
        "is_captured": piece.document.snapshots.exists(),
        "form": form,
        "version": sent_number(request.POST.get("version")) or piece.version,
        "next_url": request.POST.get("next") or request.GET.get("next") or _place(piece),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def evidence_retract(request: Request, pk: int) -> HttpResponseBase:
    piece = _get_changeable(request, pk, Act.RETRACT_EVIDENCE)
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        retract_evidence(piece, by=request.user, reason=form.cleaned_data["reason"])
        toast(request, f"Retracted: {piece.document.title}.")
        return back(request, _place(piece))
    context = {
        "piece": piece,
        "claim": piece.claim,
        "form": form,
        "next_url": request.POST.get("next") or _place(piece),
        "target": request.htmx.target or "main",
    }
    if request.method != "POST":
        return TemplateResponse(request, "evidence/retract.html", context)
    return form_again(request, "evidence/retract.html", context, element=f"retract-{pk}")


def _get_changeable(request: Request, pk: int, act: Act) -> Evidence:
    """The piece, to be changed. Raises Refused when its claim does not allow that now, or once it is retracted."""
    pieces = Evidence.objects.with_document().select_related("claim")
    piece = get_object_or_404(pieces, pk=pk)
    check(act, piece.claim.facts_for(request.user))
    require_in_force(piece)
    return piece


def _place(piece: Evidence) -> str:
    return f"{piece.claim.get_absolute_url()}#evidence-{piece.pk}"
