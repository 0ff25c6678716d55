"""Correcting what is said about a document: its title, source, address and dates."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from claims.actions.documents import edit_document
from claims.choices import Permission
from claims.forms.documents import DocumentEditForm, stored_details
from claims.http import Request, back, needs, next_url, page, toast
from claims.models import Document, StaleVersion
from claims.views.form_answers import add_errors, record_conflict, sent_number


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def document_edit(request: Request, pk: int) -> HttpResponseBase:
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    form = DocumentEditForm(request.POST if request.method == "POST" else None, initial=stored_details(document))
    form.document = document
    version = sent_number(request.POST.get("version"))
    if form.is_valid():
        try:
            edit_document(document, by=request.user, version=version, **form.cleaned_data)
        except StaleVersion:
            current = Document.objects.with_source().get(pk=document.pk)
            return record_conflict(request, form, current, stored=stored_details(current), section="documents")
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, f"Saved “{document}”.")
            return back(request, document.get_absolute_url())
    context = {
        "form": form,
        "document": document,
        "version": version or document.version,
        "next_url": next_url(request, document.get_absolute_url()),
    }
    return page(request, "documents/edit.html", context, status=422 if form.errors else 200)
