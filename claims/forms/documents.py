"""Forms of documents: a text comes in, and a claim is made of words in it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from claims.actions.evidence import source_for_url
from claims.choices import ClaimKind, Disposition
from claims.forms.fields import LineField, LinkField, PartialDateField, TextField
from claims.links import url_key
from claims.models import Document, Source
from claims.models.claim import ASSERTION_LIMIT

TEXT_LIMIT = 2_000_000
"""Code points of a text."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


class DocumentForm(forms.Form):
    """A document to be checked. Cleaned: `source` is a Source, or None for the one that the address names."""

    title = LineField(max_length=300)
    source = LineField(
        max_length=200,
        required=False,
        help_text="Who published it. Empty: the source that the address belongs to.",
        widget=forms.TextInput(attrs={"list": "source-names", "autocomplete": "off"}),
    )
    url = LinkField(label="Address", max_length=2000, required=False)
    published_on = PartialDateField(
        label="Published", required=False, help_text="2023, May 2023 or 24 May 2023."
    )
    authors = LineField(max_length=300, required=False)
    language = LineField(max_length=35, required=False, help_text="Tag such as en, ja or pt-BR.")
    text = TextField(
        strip=False,
        help_text="Blank lines part paragraphs; lines that start with # are headings.",
        widget=forms.Textarea(attrs={"rows": 16, "dir": "auto"}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError("The text is blank.")
        if len(text) > TEXT_LIMIT:
            raise ValidationError(f"At most {TEXT_LIMIT:,} characters are allowed; this text has {len(text):,}.")
        return text

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if language and not _LANGUAGE.fullmatch(language):
            raise ValidationError("Write a language tag such as en, ja or pt-BR.")
        return language

    def clean_source(self) -> Source | None:
        name = self.cleaned_data["source"]
        if not name:
            return None
        if source := Source.objects.filter(name__iexact=name, retired_at=None).first():
            return source
        raise ValidationError("No source has this name. Choose one of the list, or leave it empty and give an address.")

    def clean_url(self) -> str:
        """Refuses an address that is stored already, with a link to the document."""
        url: str = self.cleaned_data["url"]
        if url and (known := Document.objects.filter(url_key=url_key(url)).first()):
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


class PassageClaimForm(forms.Form):
    """A claim made of the words from `start` to `end`, in code points of the snapshot of this number."""

    snapshot = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    assertion = LineField(
        max_length=ASSERTION_LIMIT,
        help_text="One fact, readable without the document.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kind = forms.ChoiceField(choices=ClaimKind.choices)
    as_of = PartialDateField(label="As of", required=False)


class DispositionForm(forms.Form):
    """What a sentence is; empty to make it undecided again."""

    disposition = forms.ChoiceField(choices=[("", "Undecided"), *Disposition.choices], required=False)
    note = TextField(max_length=2000, required=False)
