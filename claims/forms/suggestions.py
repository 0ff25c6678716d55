from django import forms

from claims import limits
from claims.forms.fields import TextField


class SuggestionForm(forms.Form):
    """Other words for a passage."""

    text = TextField(
        label="Suggested wording",
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text="As it could stand in the text instead of the words marked above.",
        error_messages={"required": "Write the words that you suggest."},
    )
