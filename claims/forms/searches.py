from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims import limits
from claims.forms.fields import LineField, TextField


class SearchForm(forms.Form):
    """Where, when and with which words nothing was found, so that another can look again."""

    place = LineField(
        label="Where",
        max_length=500,
        help_text="The database, archive or address that was searched.",
        error_messages={"required": "Say where."},
    )
    words = TextField(
        label="With which words",
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say with which words."},
    )
    searched_on = forms.DateField(
        label="When",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 2023-05-24.", "required": "Say when."},
    )
    note = TextField(required=False, max_length=limits.REASON, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_searched_on(self) -> date:
        day: date = self.cleaned_data["searched_on"]
        if day > timezone.localdate():
            raise ValidationError("This day is still to come.")
        return day
