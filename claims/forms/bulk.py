"""What an act on many claims asks for, beside the claims themselves."""

from typing import Any

from django import forms
from django.utils import timezone

from claims import limits
from claims.choices import Priority
from claims.forms.fields import PartialDateField, TextField
from claims.models import ClaimSet, User


class DismissForm(forms.Form):
    reason = TextField(label="Reason", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class RecheckForm(forms.Form):
    recheck_on = PartialDateField(
        label="Re-check on", required=False, help_text="A year, month or day, such as 2027-05. Empty: no re-check."
    )


class ConfirmForm(forms.Form):
    """That a verdict still holds: why, and as of when."""

    rationale = TextField(
        label="Why it still holds",
        max_length=limits.TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What you looked at. A second person decides; until then the old assessment stands.",
        error_messages={"required": "Say why: a verdict always carries its reason."},
    )
    as_of = PartialDateField(
        label="As of",
        initial=lambda: timezone.localdate().isoformat(),
        help_text="A year, month or day, later than that of the verdict.",
        error_messages={"required": "Say as of when: a verdict always carries its date."},
    )


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        choices=Priority.choices, coerce=int, initial=Priority.NORMAL, widget=forms.RadioSelect
    )


class ClaimSetChoiceForm(forms.Form):
    """One of the sets that the person sees and that are picked by hand, newest first."""

    claim_set = forms.ModelChoiceField(
        ClaimSet.objects.none(),
        label="Claim set",
        empty_label="Choose a set",
        error_messages={"required": "Choose a set."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = ClaimSet.objects.visible_to(user).picked_by_hand().order_by("-pk")
        self.fields["claim_set"].queryset = mine  # type: ignore[attr-defined]
