from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions.doubles import Double, LikelyDouble, doubles
from claims.actions.sources import add_source, edit_source
from claims.choices import Permission
from claims.exports.lists import SOURCES
from claims.forms.sources import SourceAddForm, SourceFilterForm, SourceForm, stored_fields
from claims.http import Request, back, needs, once, page, toast
from claims.keyset import Page, cursor_in, keyset_page
from claims.models import Source, StaleVersion
from claims.models.source import SourceQuerySet
from claims.views.form_answers import add_errors, record_conflict, sent_number
from claims.views.list_csv import list_csv
from claims.views.source_context import source_context, source_lines

LIST_SIZE = 50
DOUBLE = "Nothing was added yet: it looks like a source that is here."


@require_safe
def source_list(request: Request) -> HttpResponseBase:
    """Sources by name, narrowed by words of the name, kind and reliability."""
    form = SourceFilterForm(request.GET)
    rows: Page[Source] = Page([])
    if form.is_valid():
        if download := list_csv(request, "sources", SOURCES, _narrowed(form), ["name", "id"]):
            return download
        rows = keyset_page(_narrowed(form), ["name", "id"], cursor_in(request.GET), LIST_SIZE)
    context = {
        "form": form,
        "page": rows,
        "lines": source_lines(rows.rows),
        "is_narrowed": any(form.data.get(name) for name in form.fields),
    }
    return page(request, "sources/list.html", context, fragments=("results",), status=200 if form.is_valid() else 400)


def _narrowed(form: SourceFilterForm) -> SourceQuerySet:
    wanted = {name: form.cleaned_data[name] for name in ("kind", "reliability") if form.cleaned_data[name]}
    return Source.objects.matching(form.cleaned_data["q"]).filter(**wanted)


@require_safe
def source_detail(request: Request, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    return page(request, "sources/detail.html", source_context(request, source), fragments=("main",))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_SOURCES)
def source_add(request: Request) -> HttpResponseBase:
    form = SourceAddForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            return _add(request, form)
        except (ValidationError, LikelyDouble) as error:
            add_errors(form, error if isinstance(error, ValidationError) else ValidationError(DOUBLE))
            form.doubles = _doubles(typed)
    context = {"form": form}
    return TemplateResponse(request, "sources/edit.html", context, status=422 if form.errors else 200)


def _doubles(typed: Mapping[str, Any]) -> list[Double]:
    return doubles(typed["name"], typed["aliases"], [typed["homepage"], *typed["domains"]])


def _add(request: Request, form: SourceAddForm) -> HttpResponse:
    with once(request) as attempt:
        if not attempt.repeated:
            source = add_source(by=request.user, **form.cleaned_data)
            attempt.location = source.get_absolute_url()
            toast(request, f"Added {source.name}.")
    return back(request, attempt.repeated or attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_SOURCES)
def source_edit(request: Request, pk: int) -> HttpResponseBase:
    source = get_object_or_404(Source, pk=pk)
    form = SourceForm(request.POST if request.method == "POST" else None, initial=stored_fields(source))
    version = sent_number(request.POST.get("version"))
    if form.is_valid():
        try:
            edit_source(source, by=request.user, version=version, **form.cleaned_data)
        except StaleVersion as stale:
            current = cast(Source, stale.current)
            return record_conflict(request, form, current, stored=stored_fields(current), section="sources")
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, f"Saved {source.name}. Evidence shows the new letter; no verdict changes by itself.")
            return back(request, source.get_absolute_url())
    context = {"form": form, "source": source, "version": version or source.version}
    return TemplateResponse(request, "sources/edit.html", context, status=422 if form.errors else 200)
