"""The captured text of a document: the words that are quoted from it, where they stand, and which ones are meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims import passages
from claims.actions.evidence import edit_evidence
from claims.actions.quotes import choose_place, place_quotes
from claims.choices import Act, Permission, QuoteStatus
from claims.forms.quotes import QuoteForm
from claims.http import Request, back, needs, page, problem, toast
from claims.models import Claim, Document, Evidence, IntegrityFault, Snapshot, StaleVersion
from claims.reading.quoted import part_at, quoted_parts
from claims.text import show_bidi
from claims.views.form_answers import sent_number
from claims.workflow import refusal

SHOWN = 100
"""At most so many quotes are listed beside the text."""
AROUND = 40  # code points on each side of a place, by which it is told from the others


@dataclass(frozen=True)
class Choice:
    """One of several places that read like the quote: where it begins, in which part, between which words."""

    number: int
    start: int
    part: int
    before: str
    after: str


@require_safe
def document_text(request: Request, pk: int) -> HttpResponseBase:
    """The text of a snapshot; with `quote`, the words of that piece of evidence marked in it."""
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    piece = _asked_for(request, document)
    snapshot = _snapshot(request, document, piece)
    context: dict[str, Any] = {"document": document, "snapshot": snapshot, "piece": piece}
    if snapshot is None:
        return page(request, "documents/text.html", context | _beside(request, document, piece))
    try:
        text = snapshot.read()
    except IntegrityFault as fault:
        return page(request, "documents/unread.html", {"document": document, "fault": str(fault)}, status=409)
    context |= _marked(request, text, piece, snapshot) | _beside(request, document, piece)
    context["snapshots"] = document.snapshots.order_by("-number").values_list("number", "taken_at")
    return page(request, "documents/text.html", context)


def _asked_for(request: HttpRequest, document: Document) -> Evidence | None:
    if "quote" not in request.GET:
        return None
    quoted = Evidence.objects.with_document().select_related("claim", "snapshot")
    return get_object_or_404(quoted, pk=sent_number(request.GET["quote"]), document=document)


def _snapshot(request: HttpRequest, document: Document, piece: Evidence | None) -> Snapshot | None:
    """The one asked for, else the one in which the quote was looked for, else the newest. Raises Http404."""
    if "snapshot" in request.GET:
        found: Snapshot = get_object_or_404(document.snapshots, number=sent_number(request.GET["snapshot"]))
        return found
    return piece.snapshot if piece and piece.snapshot else document.latest_snapshot()


def _marked(request: HttpRequest, text: str, piece: Evidence | None, snapshot: Snapshot) -> dict[str, Any]:
    places = _places(piece, text) if piece and piece.snapshot_id == snapshot.pk else []
    parts = quoted_parts(text, places)
    wanted = sent_number(request.GET.get("part"))
    # Of several places the chosen one is where the quote's own address leads, else the first.
    chosen = next((n for n, (a, _) in enumerate(places, 1) if piece and a == piece.start), 1)
    part = min(wanted, len(parts)) if wanted else part_at(parts, places[chosen - 1][0]) if places else 1
    choices = [Choice(n, a, part_at(parts, a), *_around(text, a, b)) for n, (a, b) in enumerate(places, 1)]
    is_open = piece is not None and piece.places > 1
    return {
        "blocks": parts[part - 1],
        "part": part,
        "parts": range(1, len(parts) + 1),
        "choices": choices if is_open else [],
        "chosen": chosen,
    }


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind, as one line; a word that is cut through is left out."""
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    if start > AROUND:
        before = f"… {before.partition(' ')[2]}"
    if end + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} …"
    return show_bidi(re.sub(r"\s+", " ", before)), show_bidi(re.sub(r"\s+", " ", after))


def _places(piece: Evidence, text: str) -> Sequence[tuple[int, int]]:
    """Every place that is to be marked: the quote's own, or all of those among which one is to be chosen."""
    if piece.places > 1:
        return passages.sight(piece.quote, text).places
    return [(piece.start, piece.end)] if piece.start is not None and piece.end is not None else []


def _beside(request: Request, document: Document, piece: Evidence | None) -> dict[str, Any]:
    """What stands beside the text: the quotes from it, and the form that takes selected words."""
    quoted = document.evidence.in_force().exclude(quote="").select_related("claim", "document").order_by("pk")
    claim = piece.claim if piece else Claim.objects.filter(pk=sent_number(request.GET.get("claim"))).first()
    act = Act.EDIT_EVIDENCE if piece else Act.ADD_EVIDENCE
    denied = refusal(act, claim.facts_for(request.user)) if claim else None
    changeable = claim is not None and denied is None and not (piece and piece.is_retracted)
    return {
        "quoted": quoted[:SHOWN],
        "claim": claim,
        "changeable": changeable,
        "quote_form": QuoteForm(initial={"quote": piece.quote if piece else ""}),
        "behind": _behind(document, piece),
    }


def _behind(document: Document, piece: Evidence | None) -> int:
    """The number of a newer snapshot in which the quote was not looked for; 0 when there is none."""
    if piece is None or piece.snapshot is None:
        return 0
    newest = document.latest_snapshot()
    return newest.number if newest and newest.pk != piece.snapshot_id else 0


@require_POST
@needs(Permission.WORK)
def evidence_quote(request: Request, pk: int) -> HttpResponseBase:
    """Gives a piece of evidence other words, which are looked for in the capture at once."""
    piece = _get(pk)
    form = QuoteForm(request.POST)
    if not form.is_valid():
        return _text_again(request, piece, form)
    quote = form.cleaned_data["quote"]
    version = sent_number(request.POST.get("version"))
    try:
        edit_evidence(piece, by=request.user, version=version, quote=quote)
    except ValidationError as error:
        form.add_error("quote", error.messages[0])
        return _text_again(request, piece, form)
    except StaleVersion as stale:
        theirs = cast(Evidence, stale.current).quote
        piece.version = stale.current.version
        form.add_error("quote", f"Someone else changed the quote meanwhile: “{theirs}” What you typed is kept here.")
        return _text_again(request, piece, form, status=409)
    toast(request, f"{piece.quote_status.label}.", tone="ok" if piece.quote_status == QuoteStatus.FOUND else "warn")
    return back(request, piece.quote_url)


def _text_again(request: Request, piece: Evidence, form: QuoteForm, status: int = 422) -> TemplateResponse:
    """The form alone, with what was typed; sent again, it goes over what is stored now."""
    context = {"piece": piece, "claim": piece.claim, "document": piece.document, "quote_form": form, "changeable": True}
    return TemplateResponse(request, "documents/quote.html", context, status=status)


@require_POST
@needs(Permission.WORK)
def evidence_place(request: Request, pk: int) -> HttpResponse:
    """Says which of several places is meant; places are found by the desk, and chosen by a person."""
    piece = _get(pk)
    start = request.POST.get("start", "")
    if not (start.isascii() and start.isdigit() and len(start) < 10):
        return problem(request, 400, "No place was chosen. Nothing was changed.")
    version = sent_number(request.POST.get("version"))
    try:
        choose_place(piece, int(start), by=request.user, version=version)
    except ValidationError as error:
        return problem(request, 409, " ".join(error.messages))
    except StaleVersion:
        return problem(request, 409, "Someone else changed this evidence meanwhile. Look at it again.")
    toast(request, "This place is meant.")
    return back(request, piece.quote_url)


@require_POST
@needs(Permission.WORK)
def document_quotes(request: Request, pk: int) -> HttpResponse:
    """Looks for all quotes from the document in its newest snapshot, and takes that one as what is quoted."""
    document = get_object_or_404(Document, pk=pk)
    replaced = place_quotes(document, by=request.user)
    changed = sum(one.is_changed for one in replaced)
    words = "1 quote was" if len(replaced) == 1 else f"{len(replaced)} quotes were"
    toast(request, f"{words} looked for in the newest snapshot; {changed} changed.", tone="warn" if changed else "ok")
    return back(request, reverse("document_text", args=[pk]))


def _get(pk: int) -> Evidence:
    return get_object_or_404(Evidence.objects.with_document().select_related("claim", "snapshot"), pk=pk)
