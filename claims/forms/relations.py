from django import forms

from claims.choices import RelationKind
from claims.forms.fields import LineField


class RelationForm(forms.Form):
    """How this claim relates to another one, named by its reference."""

    kind = forms.ChoiceField(label="This claim", choices=RelationKind)
    other = LineField(label="Other claim", max_length=1000)
    note = LineField(label="Note", max_length=500, required=False)
