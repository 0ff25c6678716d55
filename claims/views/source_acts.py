"""What admins do to a source as a whole: retire it, put it back in use, merge it into another, take that back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.source_merges import MOVING, merge_refusal, merge_sources, undo_merge
from claims.actions.sources import retire_source, unretire_source
from claims.choices import Permission
from claims.forms.sources import MergeForm, MergeIntoForm
from claims.http import Request, Undo, back, needs, once, toast
from claims.keyset import capped_count
from claims.models import Document, Source, SourceMerge
from claims.views.form_answers import add_errors

PREVIEWED = 20  # documents named in the preview
LABELS = {
    "documents": "Documents",
    "aliases": "Other names",
    "domains": "Sites",
    "comments": "Comments",
    "calendars": "Release calendars",
}
OFFERED = 500  # names in the list to choose from


@require_POST
@needs(Permission.MANAGE_SOURCES)
def source_retire(request: Request, pk: int) -> HttpResponseBase:
    source = get_object_or_404(Source, pk=pk)
    retire_source(source, by=request.user)
    undo = Undo(reverse("source_unretire", args=[pk]), {"next": source.get_absolute_url()})
    toast(request, f"{source} is retired: it is no longer offered. What it published stays.", undo=undo)
    return back(request, source.get_absolute_url())


@require_POST
@needs(Permission.MANAGE_SOURCES)
def source_unretire(request: Request, pk: int) -> HttpResponseBase:
    source = get_object_or_404(Source, pk=pk)
    unretire_source(source, by=request.user)
    toast(request, f"{source} is back in use.")
    return back(request, source.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_SOURCES)
def source_merge(request: Request, pk: int) -> HttpResponseBase:
    """Asks into which source, then shows what would move, then does it."""
    source = get_object_or_404(Source.objects.select_related("merged_into"), pk=pk)
    form: MergeIntoForm = MergeIntoForm(request.GET if "into" in request.GET else None)
    if request.method == "POST":
        form = MergeForm(request.POST)
        if form.is_valid():
            try:
                return _merge(request, source, form)
            except ValidationError as error:
                add_errors(form, error)
    into = form.cleaned_data.get("into") if form.is_bound and form.is_valid() else _posted(form)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "sources/merge.html", _preview(source, into, form), status=status)


def _posted(form: MergeIntoForm) -> Source | None:
    """The source chosen, when only the reason is wrong."""
    found: Source | None = form.cleaned_data.get("into") if form.is_bound else None
    return found


def _merge(request: Request, source: Source, form: MergeIntoForm) -> HttpResponseBase:
    into = form.cleaned_data["into"]
    with once(request) as attempt:
        if not attempt.repeated:
            merge = merge_sources(source, into, by=request.user, reason=form.cleaned_data["reason"])
            attempt.location = into.get_absolute_url()
            undo = Undo(reverse("merge_undo", args=[merge.pk]), {"next": source.get_absolute_url()})
            toast(request, f"{source} is merged into {into}.", undo=undo)
    return back(request, attempt.repeated or attempt.location)


def _preview(source: Source, into: Source | None, form: MergeIntoForm) -> dict[str, Any]:
    """What would move, bounded, with the reason why it cannot if it cannot."""
    documents = Document.objects.filter(source=source).order_by("-pk")
    return {
        "source": source,
        "into": into,
        "form": form,
        "reason_form": form if isinstance(form, MergeForm) else MergeForm(initial={"into": into}),
        "refusal": merge_refusal(source, into) if into else "",
        "moving": [
            (LABELS[name], capped_count(model._base_manager.filter(source=source))) for name, model in MOVING.items()
        ],
        "documents": documents[:PREVIEWED],
        "names": Source.objects.in_use().exclude(pk=source.pk).values_list("name", flat=True)[:OFFERED],
    }


@require_POST
@needs(Permission.MANAGE_SOURCES)
def merge_undo(request: Request, pk: int) -> HttpResponseBase:
    merge = get_object_or_404(SourceMerge.objects.select_related("source", "into", "undone_by"), pk=pk)
    undo_merge(merge, by=request.user)
    toast(request, f"{merge.source} is a source of its own again.")
    return back(request, merge.source.get_absolute_url())
