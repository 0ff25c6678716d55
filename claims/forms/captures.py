"""Forms by which documents are captured, and by which files become evidence."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from claims.forms.evidence import EvidenceForm
from claims.forms.fields import LineField, PartialDateField
from claims.models import Source

ACCEPTED = ".pdf,.docx,.txt,.md,.html,.htm,.csv,.xlsx,.ods,.png,.jpg,.jpeg,.webp,.gif,.tif,.tiff"


class _KeptFileField(forms.FileField):
    """A file of any kind: what it is not, is found out when it is read."""

    def __init__(self, **kwargs: Any) -> None:
        most = f"{settings.READ_MAX_BYTES / 1_000_000:,.0f} MB"
        told = f"PDF, DOCX, picture, spreadsheet or text, up to {most}. It is kept as it is, and never run or shown."
        widget = forms.FileInput(attrs={"accept": ACCEPTED, "data-max-bytes": settings.READ_MAX_BYTES})
        super().__init__(allow_empty_file=False, help_text=told, widget=widget, **kwargs)


class CaptureForm(forms.Form):
    """What a document is to be captured from: its address, unless a file is given."""

    file = _KeptFileField(required=False, label="From a file")

    def __init__(self, *args: Any, has_address: bool = True, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_address = has_address
        self.is_too_large = is_too_large

    def clean_file(self) -> Any:
        return checked_file(self.cleaned_data["file"], is_too_large=self.is_too_large)

    def clean(self) -> dict[str, Any]:
        if not self.has_address and not self.cleaned_data.get("file") and "file" not in self.errors:
            self.add_error("file", "Choose a file.")
        return self.cleaned_data


class EvidenceFileForm(EvidenceForm):
    """A file with what it says. The document that it becomes needs someone who published it."""

    file = _KeptFileField()
    title = LineField(required=False, max_length=300, help_text="Empty: the name of the file.")
    source = LineField(
        max_length=200,
        help_text="Who published it.",
        widget=forms.TextInput(attrs={"list": "source-names", "autocomplete": "off"}),
    )
    published_on = PartialDateField(label="Published", required=False, help_text="2023, May 2023 or 24 May 2023.")

    field_order = ["file", "stance", "quote", "finding", "source", "title", "published_on"]

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not is_too_large
        self.is_too_large = is_too_large

    def clean_file(self) -> Any:
        return checked_file(self.cleaned_data["file"], is_too_large=self.is_too_large)

    def clean_source(self) -> Source:
        if source := Source.objects.named(self.cleaned_data["source"]).first():
            return source
        raise ValidationError("No source has this name. Choose one of the list.")

    @property
    def bibliography(self) -> dict[str, Any]:
        """The cleaned values that describe the new document, with a title."""
        values = {name: self.cleaned_data[name] for name in ("title", "source", "published_on", "accessed_on")}
        return values | {"title": values["title"] or self.cleaned_data["file"].name[:300]}


def checked_file(file: Any, *, is_too_large: bool) -> Any:
    """Raises ValidationError for one that was dropped on its way in."""
    if is_too_large:
        most = f"{settings.READ_MAX_BYTES / 1_000_000:,.0f} MB"
        raise ValidationError(f"This file is larger than {most}, and was not kept.")
    return file
