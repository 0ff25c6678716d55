"""Forms of sentences: deciding what one is, making a claim of one, deciding on many."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from claims import limits, passages
from claims.actions.sentences import IN_BULK
from claims.characters import fold
from claims.choices import Disposition
from claims.forms.documents import PassageClaimForm
from claims.forms.fields import TextField, VersionField
from claims.models import Sentence

NOTE = 2_000
OTHERS = [one for one in Disposition if one in IN_BULK]
"""What a sentence is when it is no claim."""


class DispositionForm(forms.Form):
    """What a sentence is; empty to make it undecided again. Programs may leave out the version that they saw."""

    disposition = forms.ChoiceField(choices=[("", "Undecided"), *Disposition.choices], required=False)
    note = TextField(max_length=NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = VersionField(required=False)

    @property
    def wanted(self) -> Disposition | None:
        return Disposition(self.cleaned_data["disposition"]) if self.cleaned_data["disposition"] else None


class SentenceClaimForm(PassageClaimForm):
    """A claim of words of a sentence. Cleaned: `start` and `end` are where the `quote` stands, in code points.

    The quote is looked for in the sentence; the place that was sent with it settles which of two equal ones is meant,
    and lets a selection reach beyond the sentence. Without a quote the whole sentence is meant.
    """

    snapshot = None  # type: ignore[assignment]  # the sentence's own
    start = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    version = VersionField(required=False)
    quote = TextField(
        label="Words of the text",
        required=False,
        max_length=limits.PASSAGE,
        help_text="Select fewer words in the text, or shorten them here.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ("assertion", "quote", "kind", "as_of")

    def __init__(self, *args: Any, sentence: Sentence, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sentence, self.text = sentence, text

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "quote" in cleaned:
            cleaned["start"], cleaned["end"] = self._place(cleaned["quote"], cleaned.get("start"), cleaned.get("end"))
        return cleaned

    def _place(self, quote: str, start: int | None, end: int | None) -> tuple[int, int]:
        first, last = self.sentence.start, self.sentence.end
        if not quote.strip():
            return first, last
        if start is not None and end is not None and self._says(quote, start, end):
            return start, end
        found = passages.find_quote(quote, self.text[first:last])
        if found is None:
            raise ValidationError({"quote": "These words are not in the sentence. Copy them from the text above."})
        return first + found[0], first + found[1]

    def _says(self, quote: str, start: int, end: int) -> bool:
        """Whether the text reads so at this place, and the place touches the sentence."""
        touches = start < self.sentence.end and self.sentence.start < end <= len(self.text)
        return touches and _folded(self.text[start:end]) == _folded(quote)

    @property
    def wording(self) -> dict[str, Any]:
        """The claim's own fields, as the action takes them."""
        return {name: self.cleaned_data[name] for name in ("assertion", "kind", "as_of")}


def _folded(text: str) -> str:
    return " ".join(fold(text).text.split())


class BulkForm(forms.Form):
    """What many sentences are."""

    disposition = forms.TypedChoiceField(
        choices=[(one.value, one.label) for one in OTHERS],
        coerce=Disposition,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they are."},
    )
    note = TextField(max_length=NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}))
