"""Forms of releases: what goes into one, who got it, what is wrong in it, who may read it, and its end."""

from django import forms

from claims import limits
from claims.choices import ReleaseState, Visibility
from claims.forms.fields import LineField, TextField

HALF = limits.REASON // 2 - 50
"""Code points of each half of a correction: together, with their headings, they are one text."""

STATES = [("", "Any state"), *ReleaseState.choices]


class ReleaseForm(forms.Form):
    """What goes into a release beside its claims. `seen` is how many claims the person was told it holds."""

    with_comments = forms.BooleanField(
        required=False,
        label="With the comments",
        help_text="What the people of the desk wrote to each other about these claims, by name.",
    )
    with_captures = forms.BooleanField(required=False, label="With the captures")
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class ReleaseFilterForm(forms.Form):
    """What the list of releases is narrowed to; from the address."""

    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    recalled = forms.BooleanField(label="Needs a correction", required=False)


class RecipientForm(forms.Form):
    text = LineField(label="Sent to", max_length=500, help_text="Who, and how: “The Harbour, by e-mail to its editor”.")


class CorrectionForm(forms.Form):
    """What commitment 5 of the IFCN asks of a correction. `seen` is the newest event of the claim that was shown."""

    wrong = TextField(label="What was wrong", max_length=HALF, widget=forms.Textarea(attrs={"rows": 4}))
    right = TextField(label="What is right now", max_length=HALF, widget=forms.Textarea(attrs={"rows": 6}))
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    @property
    def text(self) -> str:
        """The notice as it is kept."""
        return f"What was wrong: {self.cleaned_data['wrong']}\n\nWhat is right now: {self.cleaned_data['right']}"


class WithdrawForm(forms.Form):
    reason = TextField(
        label="Why it is withdrawn",
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever looks for the release is told this.",
    )


class PublishForm(forms.Form):
    """Who can read a release; `seen` is who could when the person looked."""

    visibility = forms.ChoiceField(label="Who can read it", choices=Visibility.choices, widget=forms.RadioSelect)
    seen = forms.ChoiceField(choices=Visibility.choices, widget=forms.HiddenInput)
