"""Forms of evidence: what is said about a link, and which document the link leads to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims import limits
from claims.actions.evidence import CONTENT
from claims.choices import Credibility, Provenance, Stance
from claims.fetching import Admitted
from claims.forms.fields import LineField, PartialDateField, TextField
from claims.links import normalise_url
from claims.models import Document, Evidence, Source, Verdict


def initial_content(evidence: Evidence) -> dict[str, Any]:
    content = {name: getattr(evidence, name) for name in CONTENT}
    return content | {"alone_verdict": evidence.alone_verdict.key if evidence.alone_verdict else ""}


class EvidenceForm(forms.Form):
    """What a document says about the claim: a quote, or a finding in the analyst's words, or both."""

    stance = forms.ChoiceField(
        choices=Stance,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it supports or refutes the claim, or gives context."},
    )
    quote = TextField(
        required=False,
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The words themselves; they are looked for in the capture.",
    )
    finding = TextField(
        required=False,
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What it says about the claim, in your words. A quote or a finding is needed.",
    )
    locator = LineField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"placeholder": "Page, table, paragraph, minute"})
    )
    credibility = forms.TypedChoiceField(
        coerce=int,
        choices=[(grade.value, f"{grade.value} · {grade.label}") for grade in Credibility],
        initial=Credibility.UNKNOWN,
        help_text="1 only when another, independent source says so, too. 6: it cannot be judged.",
    )
    provenance = forms.ChoiceField(label="How it came in", choices=Provenance, initial=Provenance.FOUND)
    accessed_on = forms.DateField(
        label="Accessed",
        required=False,
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2023-05-24."},
    )
    was_read = forms.BooleanField(label="I have read it", required=False, initial=True)
    method = LineField(
        label="Counted how",
        required=False,
        max_length=120,
        help_text="Whose way of counting, and for when: SIPRI, 2022.",
    )
    alone_says = LineField(
        label="On its own", required=False, max_length=300, help_text="What the claim would be by this piece alone."
    )
    alone_verdict = forms.ModelChoiceField(
        Verdict.objects.none(), required=False, to_field_name="key", empty_label="None", label="Verdict on its own"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alone_verdict"].queryset = Verdict.objects.in_use()  # type: ignore[attr-defined]

    def clean_accessed_on(self) -> date | None:
        day: date | None = self.cleaned_data["accessed_on"]
        if day and day > timezone.localdate():
            raise ValidationError("This day is still to come.")
        return day

    def clean(self) -> dict[str, Any]:
        told = [self.cleaned_data.get(name) or name in self.errors for name in ("quote", "finding")]
        if not any(told):
            self.add_error("quote", "Quote what it says, or say it in your words under “Finding”.")
        return self.cleaned_data

    @property
    def content(self) -> dict[str, Any]:
        """The cleaned values as the actions take them; see actions.evidence.CONTENT."""
        return {name: self.cleaned_data[name] for name in CONTENT}


_FOLDED = ("finding", "locator", "title", "source", "published_on", "method", "alone_says", "alone_verdict")


class EvidenceAddForm(EvidenceForm):
    """A link with what it says. The link is an address, or a stored document chosen among those that match words."""

    url = LineField(
        label="Link",
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 1, "placeholder": "https://, or words of a stored title", "data-link": ""}
        ),
        help_text="A pasted link leads on to its quote, and so does Enter. Both can be pasted here at once.",
    )
    document = forms.ModelChoiceField(
        Document.objects.with_source(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This document is not stored here. Paste its link instead."},
    )
    title = LineField(required=False, max_length=300, help_text="Of a new document; else its address stands in.")
    source = LineField(
        required=False,
        max_length=200,
        help_text="Who published it. Left empty, the site of the link decides.",
    )
    published_on = PartialDateField(label="Published", required=False, help_text="2023, May 2023 or 24 May 2023.")

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data and _with_quote_apart(data), **{"auto_id": "evidence-%s", **kwargs})

    def clean_source(self) -> Source | None:
        name = self.cleaned_data["source"]
        found = Source.objects.named(name).first() if name else None
        if name and found is None:
            raise ValidationError("No source has this name. Leave it empty, and the site becomes an ungraded source.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("document") and not self.errors.keys() & {"url", "document"}:
            self._clean_link(cleaned["url"])
        return cleaned

    def _clean_link(self, typed: str) -> None:
        try:
            if not typed:
                raise ValueError("Paste the link, or choose a stored document.")
            if ":" not in typed:
                raise ValueError("This is not a link. Choose a stored document, or paste the whole address.")
            self.cleaned_data["url"] = normalise_url(typed, admitted=Admitted.configured().names())
        except ValueError as error:
            self.add_error("url", str(error))

    @property
    def shows_more(self) -> bool:
        """Whether one of the folded fields was filled or refused."""
        wrong = self.errors.keys() - {"url", "document", "quote", "stance"}
        return bool(wrong or any(self[name].value() for name in _FOLDED))

    @property
    def bibliography(self) -> dict[str, Any]:
        """The cleaned values that describe a new document; see actions.evidence.document_for_url."""
        return {name: self.cleaned_data[name] for name in ("title", "source", "published_on", "accessed_on")}


def _with_quote_apart(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields; what follows the address in `url`, on its line or below it, goes to the head of `quote`."""
    values = {name: data[name] for name in data}
    link, *rest = str(values.get("url", "")).split(maxsplit=1) or [""]
    if rest and "://" in link:
        values |= {"url": link, "quote": "\n".join(filter(None, [rest[0], values.get("quote")]))}
    return values


class RetractForm(forms.Form):
    """Why a piece of evidence no longer counts."""

    reason = TextField(
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why, in a sentence."},
    )
