from django import forms

from claims import limits
from claims.forms.fields import TextField


class QuoteForm(forms.Form):
    """The words that are quoted: selected in the captured text, or typed."""

    quote = TextField(
        label="Quoted words",
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-quote": ""}),
        help_text="Selected in the text, or typed. They are looked for in the capture.",
        error_messages={"required": "Select words in the text, or type them."},
    )
