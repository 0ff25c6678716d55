"""Saying which document another came out of: a wire story, a press release, a quotation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from claims.actions.derivations import set_origin
from claims.choices import Permission
from claims.forms.documents import OriginForm
from claims.http import Request, back, needs, next_url, toast
from claims.models import Document
from claims.text import clean_line
from claims.views.form_answers import add_errors, sent_number

OFFERED = 20
SHORTEST = 3  # characters of a title worth looking for


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def document_origin(request: Request, pk: int) -> HttpResponseBase:
    """Searches the stored documents by title (`q`), and takes the one chosen with how it was derived."""
    document = get_object_or_404(Document.objects.with_lineage(), pk=pk)
    form = OriginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _set(request, document, form)
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "document": document,
        "form": form,
        "next_url": next_url(request, document.get_absolute_url()),
        "version": sent_number(request.POST.get("version")) or document.version,
        **_offered(request, document),
    }
    return TemplateResponse(request, "documents/origin.html", context, status=422 if form.errors else 200)


def _set(request: Request, document: Document, form: OriginForm) -> HttpResponseBase:
    origin = form.cleaned_data["origin"]
    version = sent_number(request.POST.get("version"))
    set_origin(document, origin, form.cleaned_data["derivation"], by=request.user, version=version)
    told = f"It came out of “{origin}”: the two count as one voice." if origin else "It counts as a voice of its own."
    toast(request, told)
    return back(request, document.get_absolute_url())


def _offered(request: Request, document: Document) -> dict[str, Any]:
    typed = request.POST.get("q") or request.GET.get("q", "")
    try:
        words = clean_line(typed)[:200]
    except ValueError:
        words = ""
    found = Document.objects.with_source().filter(title__icontains=words).exclude(pk=document.pk)
    return {"q": words, "offered": found[:OFFERED] if len(words) >= SHORTEST else []}
