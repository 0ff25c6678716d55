"""The memo for a document's author: what to change, with suggested wording, and the author's answers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.actions import suggestions
from claims.choices import Answer, Permission
from claims.forms.suggestions import SuggestionForm
from claims.http import Request, Undo, back, needs, next_url, once, page, problem, toast
from claims.models import Appearance, Document, IntegrityFault, Suggestion
from claims.reading.memo import memo_of
from claims.views.form_answers import add_errors
from claims.workflow import permission_refusal


@require_safe
def document_memo(request: Request, pk: int) -> HttpResponseBase:
    """On the latest text; `after` in the address goes on with the next part of a long one."""
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    snapshot = document.latest_snapshot()
    if snapshot is None:
        return page(request, "documents/unread.html", {"document": document})
    snapshot.document = document
    try:
        memo = memo_of(snapshot, request.GET.get("after", ""))
    except ValueError:
        return problem(request, 400, "The address names no place in the text.")
    except IntegrityFault as fault:
        return page(request, "documents/unread.html", {"document": document, "fault": str(fault)}, status=409)
    context = {
        "document": document,
        "snapshot": snapshot,
        "memo": memo,
        "next_url": request.get_full_path(),
        "work_refusal": permission_refusal(Permission.WORK, request.user.held_permissions),
    }
    return page(request, "memos/memo.html", context, fragments=("memo",))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def suggestion_add(request: Request, pk: int) -> HttpResponseBase:
    """Suggest other words for a passage."""
    appearance = get_object_or_404(Appearance.objects.with_document().select_related("claim"), pk=pk)
    form = SuggestionForm(request.POST if request.method == "POST" else None, initial={"text": appearance.exact})
    if form.is_valid():
        try:
            return _suggest(request, appearance, form.cleaned_data["text"])
        except ValidationError as error:
            add_errors(form, error)
    context: dict[str, Any] = {"appearance": appearance, "document": appearance.snapshot.document, "form": form}
    context["next_url"] = next_url(request, _memo(appearance))
    return page(request, "memos/suggest.html", context, status=422 if form.errors else 200)


def _suggest(request: Request, appearance: Appearance, text: str) -> HttpResponseBase:
    with once(request) as attempt:
        if not attempt.repeated:
            suggestions.suggest(appearance, text, by=request.user)
            attempt.location = _memo(appearance)
            toast(request, f"Suggested: other words for {appearance.claim.reference}.")
    return back(request, attempt.repeated or attempt.location)


@require_POST
@needs(Permission.WORK)
def suggestion_answer(request: Request, pk: int) -> HttpResponseBase:
    """Note the author's `answer`, or take it back with none; `seen` is the answer on the page that was answered."""
    suggestion = get_object_or_404(Suggestion.objects.with_place(), pk=pk)
    old, given = suggestion.answer, request.POST.get("answer", "")
    seen, note = request.POST.get("seen", old), request.POST.get("note", "")
    before = {"answer": old, "note": suggestion.answer_note, "seen": given}
    try:
        suggestions.answer(suggestion, given, by=request.user, seen=seen, note=note)
    except ValidationError as error:
        typed = {"suggestion": suggestion, "errors": error.messages, "note": note, "seen": seen}
        typed["next_url"] = next_url(request, _memo(suggestion.appearance))
        return page(request, "memos/answer.html", typed, status=422)
    said = f"Noted: {Answer(given).name.lower()}" if given else "Taken back: the answer"
    undo = Undo(reverse("suggestion_answer", args=[pk]), before, target="memo")
    toast(request, f"{said} for {suggestion.appearance.claim.reference}.", undo=undo)
    return back(request, _memo(suggestion.appearance))


def _memo(appearance: Appearance) -> str:
    return f"{reverse('document_memo', args=[appearance.snapshot.document_id])}#passage-{appearance.pk}"
