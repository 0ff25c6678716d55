from django import forms

from claims.models import Verdict

CHANGED, DATE = "changed", "date"


class DueForm(forms.Form):
    """What the queue of due claims is narrowed to; from the address."""

    why = forms.ChoiceField(
        required=False, choices=[(CHANGED, "Something changed"), (DATE, "The re-check date has come")]
    )
    verdict = forms.ModelChoiceField(
        Verdict.objects.all(), required=False, to_field_name="key", empty_label="Any verdict", label="Verdict"
    )
    mine = forms.BooleanField(required=False, label="Assessed by me")
