"""Forms of documents: a text comes in, and a claim is made of words in it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from claims import limits
from claims.actions.documents import page_key
from claims.actions.publishers import source_for_url
from claims.choices import ClaimKind, Derivation, Reliability
from claims.fetching import Admitted
from claims.forms.fields import LineField, LinkField, PartialDateField, TextField
from claims.links import normalise_url
from claims.models import Document, Source
from claims.text import is_language_tag


class PageField(LinkField):
    """The address of a document, be it on a host of the desk's own network that is admitted."""

    def tidy(self, text: str) -> str:
        return normalise_url(text, admitted=Admitted.configured().names())


class DetailsForm(forms.Form):
    """What is said about a document. Cleaned: `source` is a Source, or None for the one that the address names."""

    document: Document | None = None  # the stored one, when it is edited

    title = LineField(max_length=300)
    source = LineField(
        max_length=200,
        required=False,
        help_text="Who published it. Empty: the source that the address belongs to.",
        widget=forms.TextInput(attrs={"list": "source-names", "autocomplete": "off"}),
    )
    url = PageField(label="Address", max_length=2000, required=False)
    published_on = PartialDateField(label="Published", required=False, help_text="2023, May 2023 or 24 May 2023.")
    authors = LineField(max_length=300, required=False)
    language = LineField(max_length=35, required=False, help_text="Tag such as en, ja or pt-BR.")

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if language and not is_language_tag(language):
            raise ValidationError("Write a language tag such as en, ja or pt-BR.")
        return language

    def clean_source(self) -> Source | None:
        name = self.cleaned_data["source"]
        if not name:
            return None
        if source := Source.objects.named(name).first():
            return source
        raise ValidationError("No source has this name. Choose one of the list, or leave it empty and give an address.")

    def clean_url(self) -> str:
        """Refuses an address that is stored already, with a link to the document."""
        url: str = self.cleaned_data["url"]
        others = Document.objects.exclude(pk=self.document.pk) if self.document else Document.objects.all()
        if url and (known := others.filter(url_key=page_key(url)).first()):
            message = 'This page is stored already: <a href="{}">{}</a>.'
            raise ValidationError(format_html(message, known.get_absolute_url(), known.title))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        nameless = cleaned.get("source") is None and "source" not in self.errors
        if nameless and not cleaned.get("url") and "url" not in self.errors:
            self.add_error("source", "Name the source, or give the address: a text needs someone who published it.")
        elif nameless and cleaned.get("url"):
            cleaned["source"] = source_for_url(cleaned["url"])
        return cleaned


class DocumentEditForm(DetailsForm):
    """Corrections to a stored document, whose source stays known, and a letter of its own beside its source's."""

    reliability_override = forms.ChoiceField(
        label="Reliability of this document",
        required=False,
        choices=[("", "As its source"), *((one.value, f"{one.value} · {one.label}") for one in Reliability)],
    )
    reliability_override_reason = TextField(
        label="Why another letter than its source",
        required=False,
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("reliability_override"):
            cleaned["reliability_override_reason"] = ""
        if cleaned.get("source") is None and "source" not in self.errors:
            self.add_error("source", "Name the source: this address belongs to none that is stored.")
        return cleaned


def stored_details(document: Document) -> dict[str, Any]:
    """The values of DetailsForm as they are stored."""
    names = (
        *("title", "url", "published_on", "authors", "language"),
        *("reliability_override", "reliability_override_reason"),
    )
    return {"source": document.source.name} | {name: getattr(document, name) for name in names}


class OriginForm(forms.Form):
    """The document that another came out of, and how; an empty `origin` says that it is its own."""

    origin = forms.ModelChoiceField(
        Document.objects.with_source(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This document is not stored here."},
    )
    derivation = forms.ChoiceField(label="How", required=False, choices=[("", "Choose"), *Derivation.choices])


class PassageClaimForm(forms.Form):
    """A claim made of the words from `start` to `end`, in code points of the snapshot of this number."""

    snapshot = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    assertion = LineField(
        max_length=limits.ASSERTION,
        help_text="One fact, readable without the document.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(choices=ClaimKind.choices)
    as_of = PartialDateField(label="As of", required=False)
