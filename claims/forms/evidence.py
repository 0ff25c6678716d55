from django import forms


class EvidenceAddForm(forms.Form):
    """A link with what it says about a claim."""
