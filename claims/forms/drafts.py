"""What became of a passage in a new draft: the form of its decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from claims import limits, passages
from claims.choices import Reanchored
from claims.forms.fields import LineField, TextField

LABELS = (
    (Reanchored.SAME, "Same claim"),
    (Reanchored.RECHECK, "Same claim, check again"),
    (Reanchored.NEW_CLAIM, "Another claim now"),
    (Reanchored.DROPPED, "No longer in the text"),
)


class ReanchoringForm(forms.Form):
    """`text` is the new one, and `places` are where in it the passage may be: values such as "17-42" with labels.

    Cleaned, it has `start` and `end`: of the words quoted, else of the place chosen, else None for the proposed place.
    """

    decision = forms.ChoiceField(
        label="What became of it?",
        choices=LABELS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of it."},
    )
    place = forms.ChoiceField(label="Which of these places is it?", required=False, widget=forms.RadioSelect)
    quote = TextField(
        label="Its words now, if they are elsewhere",
        required=False,
        max_length=limits.PASSAGE,
        widget=forms.Textarea(attrs={"rows": 1}),
        help_text="Copied from the new text, as much of it as only this place says.",
    )
    assertion = LineField(
        label="What the new claim asserts",
        required=False,
        max_length=limits.ASSERTION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = TextField(required=False, max_length=limits.REASON, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, text: str, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.text = text
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  said above
        field.choices = list(places)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        chosen = values.get("place")
        place = tuple(map(int, chosen.split("-"))) if chosen else (None, None)
        if quote := values.get("quote"):
            try:
                place = self._quoted(quote)
            except ValidationError as error:
                self.add_error("quote", error)
        values["start"], values["end"] = place
        return values

    def _quoted(self, quote: str) -> tuple[int, int]:
        found = list(passages.find_quotes(quote, self.text))
        if not found:
            raise ValidationError("These words are not in the new text. Copy them from it.")
        if len(found) > 1:
            raise ValidationError(f"The new text says this in {len(found)} places. Quote more of the words around it.")
        return found[0]
