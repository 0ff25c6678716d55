"""How far the check of a document has come, what is missing, and saying that it is complete."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.actions import completion
from claims.choices import Permission
from claims.http import Request, Undo, back, needs, page, problem, toast
from claims.models import Document, IntegrityFault, Sentence, Snapshot
from claims.reading import WORDS
from claims.reading.missing import Missing, missing_in
from claims.reading.survey import survey
from claims.text import opening
from claims.views.document_place import Place
from claims.workflow import permission_refusal


@require_safe
def document_coverage(request: Request, pk: int) -> HttpResponseBase:
    """Of the latest text, or of the one that `snapshot` in the address names."""
    return _coverage(request, _get(pk))


@require_POST
@needs(Permission.WORK)
def document_complete(request: Request, pk: int) -> HttpResponseBase:
    """Declare the check complete; the page of coverage again, with what is missing (409), when it is not."""
    document = _get(pk)
    try:
        completion.declare_complete(document, by=request.user)
    except completion.Incomplete as incomplete:
        return _coverage(request, document, refusal=str(incomplete), status=409)
    undo = Undo(reverse("document_reopen", args=[pk]), {})
    toast(request, f"The check of “{document.title}” is complete.", undo=undo)
    return back(request, reverse("document_coverage", args=[pk]))


@require_POST
@needs(Permission.WORK)
def document_reopen(request: Request, pk: int) -> HttpResponseBase:
    """Take the completeness back, with the `reason` if there is one."""
    document = _get(pk)
    try:
        completion.reopen(document, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        typed = {"reason": request.POST.get("reason", ""), "reason_errors": error.messages}
        return _coverage(request, document, status=422, **typed)
    undo = Undo(reverse("document_complete", args=[pk]), {})
    toast(request, f"The check of “{document.title}” is open again.", undo=undo)
    return back(request, reverse("document_coverage", args=[pk]))


def _get(pk: int) -> Document:
    return get_object_or_404(Document.objects.with_source().with_completion(), pk=pk)


def _coverage(request: Request, document: Document, *, status: int = 200, **said: Any) -> HttpResponseBase:
    """`said` is what the template takes besides: `refusal`, or `reason` with `reason_errors`."""
    try:
        snapshot = _snapshot(document, Place.parse(request.GET).snapshot)
        context = _context(request, document, snapshot) if snapshot else None
    except ValueError as error:
        return problem(request, 400, str(error))
    except IntegrityFault as fault:
        return page(request, "documents/unread.html", {"document": document, "fault": str(fault)}, status=409)
    if context is None:
        return page(request, "documents/unread.html", {"document": document}, status=status)
    return page(request, "coverage/coverage.html", context | said, status=status)


def _snapshot(document: Document, number: int) -> Snapshot | None:
    """The one of that number, the latest for 0; None when the document has no text at all. Raises Http404."""
    if not number:
        return document.latest_snapshot()
    return get_object_or_404(document.snapshots, number=number)


def _context(request: Request, document: Document, snapshot: Snapshot) -> dict[str, Any]:
    """The context of `coverage/coverage.html`; what is missing only of the latest text. Raises IntegrityFault."""
    snapshots = list(document.snapshots.order_by("-number").values_list("number", "taken_at"))
    is_latest = snapshot.number == snapshots[0][0]
    lacking = missing_in(snapshot) if is_latest else Missing()
    return {
        "document": document,
        "snapshot": snapshot,
        "snapshots": snapshots,
        "is_latest": is_latest,
        "kept": "" if is_latest else f"&snapshot={snapshot.number}",
        "survey": survey(snapshot),
        "missing": lacking,
        "missing_sentences": _with_words(snapshot, lacking.sentences),
        "work_refusal": permission_refusal(Permission.WORK, request.user.held_permissions),
    }


def _with_words(snapshot: Snapshot, sentences: Sequence[Sentence]) -> list[tuple[Sentence, str]]:
    """Each sentence with the words with which it starts; headings without their signs."""
    return [(one, opening(snapshot.text[one.start : one.end].lstrip("# "), 2 * WORDS)) for one in sentences]
