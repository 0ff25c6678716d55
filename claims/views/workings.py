"""The working of a claim: its form with a growing table, and a look at what it gives before anything is stored."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import workings as actions
from claims.choices import Act, ClaimKind, Permission, WorkingKind
from claims.forms.evidence import RetractForm
from claims.forms.workings import (
    WorkingForm,
    grown,
    initial_content,
    initial_rows,
    part_forms,
    parts_of_forms,
)
from claims.http import Request, back, needs, next_url, once, toast
from claims.models import Claim, Evidence, StaleVersion, Working
from claims.views.claim_context import get_claim
from claims.views.form_answers import add_errors, sent_number
from claims.views.working_context import show
from claims.workflow import check

RANKED = frozenset({ClaimKind.RANKING, ClaimKind.COMPARISON})


@dataclass
class _Sheet:
    """The form of a claim's working with its table, as sent or as stored."""

    claim: Claim
    working: Working | None
    form: WorkingForm
    table: BaseFormSet[Any]

    @property
    def is_whole(self) -> bool:
        valid = [self.form.is_valid(), self.table.is_valid()]
        return all(valid)

    @property
    def given(self) -> dict[str, Any]:
        """What the actions take."""
        return {**self.form.content, "parts": parts_of_forms(self.form.is_rank, self.table)}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def working_edit(request: Request, pk: int) -> HttpResponseBase:
    claim = _get_changeable(request, pk)
    if request.method == "POST":
        return _save(request, claim)
    return _page(request, _stored_sheet(claim, request.GET.get("kind", "")))


@require_POST
@needs(Permission.WORK)
def working_preview(request: Request, pk: int) -> HttpResponseBase:
    """The form with the pasted rows in its table, more blank ones, and what it would give. Stores nothing."""
    return _look(request, _get_changeable(request, pk))


def _look(request: Request, claim: Claim) -> TemplateResponse:
    try:
        sheet = _sent_sheet(claim, grown(request.POST, _is_rank(request)))
    except ValidationError as error:
        return _refused(request, _sent_sheet(claim, request.POST), error)
    if not sheet.is_whole:
        return _page(request, sheet, status=422)
    try:
        result = actions.preview(claim, by=request.user, **sheet.given)
    except ValidationError as error:
        return _refused(request, sheet, error)
    return _page(request, sheet, result=result)


def _save(request: Request, claim: Claim) -> HttpResponseBase:
    if request.POST.get("paste", "").strip():
        return _look(request, claim)  # rows that nobody has seen in the table are not stored
    sheet = _sent_sheet(claim, grown(request.POST, _is_rank(request), blanks=0))
    if not sheet.is_whole:
        return _page(request, sheet, status=422)
    if sheet.working is None and sheet.form.cleaned_data["version"]:
        return _overtaken(request, claim)
    try:
        with once(request) as attempt:
            if not attempt.repeated:
                _store(request, sheet)
                attempt.location = f"{claim.get_absolute_url()}#working"
    except ValidationError as error:
        return _refused(request, sheet, error)
    except StaleVersion:
        return _overtaken(request, claim)
    return back(request, attempt.repeated or attempt.location)


def _store(request: Request, sheet: _Sheet) -> None:
    if sheet.working is None:
        stored = actions.set_working(sheet.claim, by=request.user, **sheet.given)
    else:
        stored = sheet.working
        version = sheet.form.cleaned_data["version"]
        actions.change_working(stored, by=request.user, version=version, **sheet.given)
    toast(request, f"Working saved: it {_told(show(Working.objects.with_parts().get(pk=stored.pk)).result)}.")


def _told(result: object) -> str:
    text = str(result)
    return text if text.startswith("gives") else f"is {text}"


def _overtaken(request: Request, claim: Claim) -> TemplateResponse:
    """409: the form as it was typed, above it what is stored now; saved again, it goes over that."""
    current = _working(claim)
    data = grown(request.POST, _is_rank(request)) | {"version": str(current.version if current else 0)}
    return _page(request, _sent_sheet(claim, data), status=409, overtaken=True, current=current and show(current))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def working_remove(request: Request, pk: int) -> HttpResponseBase:
    working = get_object_or_404(Working.objects.with_parts().select_related("claim"), claim=pk)
    check(Act.REMOVE_WORKING, working.claim.facts_for(request.user))
    form = RetractForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        version = sent_number(request.POST.get("version")) or working.version
        actions.remove_working(working, by=request.user, version=version, reason=form.cleaned_data["reason"])
        toast(request, "Working removed; the history keeps it.")
        return back(request, working.claim.get_absolute_url())
    context = {
        "claim": working.claim,
        "form": form,
        "shown": show(working),
        "next_url": next_url(request, working.claim.get_absolute_url()),
    }
    return TemplateResponse(request, "workings/remove.html", context, status=422 if form.is_bound else 200)


def _get_changeable(request: Request, pk: int) -> Claim:
    claim = get_claim(pk)
    check(Act.SET_WORKING, claim.facts_for(request.user))
    return claim


def _is_rank(request: Request) -> bool:
    return request.POST.get("kind") == WorkingKind.RANK


def _pieces(claim: Claim) -> list[Evidence]:
    return list(claim.evidence.in_force().with_document())


def _working(claim: Claim) -> Working | None:
    return Working.objects.filter(claim=claim).with_parts().first()


def _stored_sheet(claim: Claim, wanted: str) -> _Sheet:
    """As stored; a claim without a working starts with the kind that suits its own, or the one asked for."""
    working, pieces = _working(claim), _pieces(claim)
    is_rank = working.is_rank if working else claim.kind in RANKED
    if wanted in WorkingKind.values:
        is_rank = wanted == WorkingKind.RANK
    form = WorkingForm(initial=initial_content(working, is_rank), pieces=pieces)
    table = part_forms(is_rank, None, pieces=pieces, initial=initial_rows(working, is_rank))
    return _Sheet(claim, working, form, table)


def _sent_sheet(claim: Claim, data: Any) -> _Sheet:
    pieces = _pieces(claim)
    form = WorkingForm(data, pieces=pieces)
    return _Sheet(claim, _working(claim), form, part_forms(form.is_rank, data, pieces=pieces))


def _refused(request: Request, sheet: _Sheet, error: ValidationError) -> TemplateResponse:
    """422 with the complaint at its field; one about the inputs or rows goes over the table."""
    sheet.form.is_valid()
    messages = error.update_error_dict({})
    parts = [message for name in ("inputs", "rows") for one in messages.pop(name, []) for message in one.messages]
    if messages:
        add_errors(sheet.form, ValidationError(messages))
    return _page(request, sheet, status=422, table_errors=parts)


def _page(request: Request, sheet: _Sheet, *, status: int = 200, **context: Any) -> TemplateResponse:
    context |= {
        "claim": sheet.claim,
        "working": sheet.working,
        "form": sheet.form,
        "table": sheet.table,
        "is_rank": sheet.form.is_rank,
        "next_url": next_url(request, f"{sheet.claim.get_absolute_url()}#working"),
    }
    return TemplateResponse(request, "workings/edit.html", context, status=status)
