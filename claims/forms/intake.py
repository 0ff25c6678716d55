"""Forms by which a text comes in: as a link, pasted, or as a file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from claims.actions.documents import frozen
from claims.choices import Origin
from claims.forms.documents import DetailsForm, PageField
from claims.forms.fields import LineField, TextField
from claims.models import Upload
from claims.uploads import largest

WAYS = {Origin.FETCHED: ("Link", "link"), Origin.PASTED: ("Paste", "pen"), Origin.UPLOADED: ("File", "upload")}
"""How a text may come in: what the way is called, and its icon."""

ACCEPTED = ".txt,.text,.md,.markdown,.html,.htm,.xhtml,.docx,.pdf,text/plain,text/markdown,text/html,application/pdf"


class WaysForm(forms.Form):
    """Exactly one text. `origin`, once it is valid, is the way in which it was given.

    `kept` is the file of an earlier try, taken when no other is given; `is_file_too_large` says that one was dropped.
    """

    how = forms.ChoiceField(
        choices=[(origin.value, label) for origin, (label, _) in WAYS.items()],
        initial=Origin.FETCHED.value,
        required=False,
        widget=forms.RadioSelect,
    )
    url = PageField(label="Link to the text", max_length=2000, required=False)
    text = TextField(
        strip=False,
        required=False,
        help_text="Blank lines part paragraphs; lines that start with # are headings.",
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
    )
    file = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED}))

    def __init__(self, *args: Any, kept: Upload | None = None, is_file_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        self.is_file_too_large = is_file_too_large
        self.fields["file"].help_text = f"PDF, DOCX, HTML, Markdown or plain text, up to {largest()}."
        self.fields["file"].widget.attrs |= {"data-max-bytes": settings.READ_MAX_BYTES}

    def ways(self) -> Iterator[tuple[Any, str]]:
        """Each radio button with its icon."""
        return zip(self["how"], (icon for _, icon in WAYS.values()), strict=True)

    def clean_file(self) -> Any:
        if self.is_file_too_large:
            raise ValidationError(f"This file is larger than {largest()}, and was not kept.")
        return self.cleaned_data["file"]

    def clean(self) -> dict[str, Any]:
        """The text is refused where it cannot be one, and where a second one is given beside it."""
        cleaned = self.cleaned_data
        given = {
            Origin.PASTED: bool((cleaned.get("text") or "").strip()) or "text" in self.errors,
            Origin.UPLOADED: bool(cleaned.get("file")) or "file" in self.errors,
            Origin.FETCHED: bool(cleaned.get("url")) or "url" in self.errors,
        }
        chosen = Origin(cleaned["how"]) if cleaned.get("how") else next((way for way in given if given[way]), None)
        if chosen is None:
            self.add_error("how", "Give a link, a text or a file.")
        else:
            self.origin = chosen
            self._refuse_others(given)
            self._demand(given)
        return super().clean() or cleaned

    def _refuse_others(self, given: dict[Origin, bool]) -> None:
        """An address beside a text or a file says where that was published; the other two contradict each other."""
        label = WAYS[self.origin][0]
        if given[Origin.PASTED] and self.origin != Origin.PASTED and "text" not in self.errors:
            self.add_error("text", f"{label} is chosen, and here is a text too. Empty this field, or choose Paste.")
        if given[Origin.UPLOADED] and self.origin != Origin.UPLOADED and "file" not in self.errors:
            self.add_error("file", f"{label} is chosen, and a file was sent too. Send it without, or choose File.")

    def _demand(self, given: dict[Origin, bool]) -> None:
        if self.origin == Origin.FETCHED and not given[Origin.FETCHED]:
            self.add_error("url", "Give the address of the page.")
        if self.origin == Origin.UPLOADED and not given[Origin.UPLOADED] and not self.kept:
            self.add_error("file", "Choose a file.")
        if self.origin == Origin.PASTED and "text" not in self.errors:
            try:
                self.cleaned_data["text"] = frozen(self.cleaned_data["text"])
            except ValidationError as error:
                self.add_error("text", error.messages)


class DocumentForm(WaysForm, DetailsForm):
    """A text to be checked, and what is said about it. What is left empty is taken from the text."""

    title = LineField(max_length=300, required=False, help_text="Empty: its own title, for a link or a file.")
    is_known = False  # whether its text is stored already
    even_so = forms.BooleanField(required=False, label="It is another document: store it all the same")

    field_order = ["how", "url", "text", "file", "title", "source", "published_on", "authors", "language", "even_so"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if getattr(self, "origin", None) == Origin.PASTED and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "Give the text a title.")
        return cleaned

    def details(self) -> dict[str, Any]:
        """The fields of DetailsForm, cleaned."""
        return {name: self.cleaned_data[name] for name in DetailsForm.base_fields}


class DraftForm(WaysForm):
    """The next text of a stored document."""
