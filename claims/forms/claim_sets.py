"""Forms of claim sets: what a set is called, and which claims go into it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from claims import limits
from claims.actions.claim_sets import FIELDS
from claims.filters import ClaimFilter
from claims.forms.fields import LineField, TextField
from claims.models import Claim, ClaimSet, User
from claims.models.claim import ClaimQuerySet
from claims.reading.members import lasting

MOST_REFERENCES = 200

_BETWEEN = re.compile(r"[\s,;]+")
_NUMBER = re.compile(r"(?:C-)?([0-9]{1,15})", re.IGNORECASE)


class ClaimSetForm(forms.Form):
    title = LineField(max_length=200)
    description = TextField(required=False, max_length=5_000, widget=forms.Textarea(attrs={"rows": 4}))
    licence = LineField(required=False, max_length=100, help_text="Of the exported set, such as CC-BY-4.0.")
    is_private = forms.BooleanField(
        required=False, label="Only I see it", help_text="Share it before it is released: a release is everybody’s."
    )


def stored_fields(claim_set: ClaimSet) -> dict[str, Any]:
    names = (*FIELDS, "filter") if claim_set.is_filter else FIELDS
    return {name: getattr(claim_set, name) for name in names}


class FilterField(forms.CharField):
    """The query string of the claims list, read as a ClaimFilter."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> ClaimFilter | None:
        text = super().clean(value)
        if not text:
            return None
        chosen = ClaimFilter.parse(QueryDict(text), beside=())
        if chosen.problems:
            raise ValidationError([str(problem) for problem in chosen.problems])
        return chosen


class FilterSetForm(ClaimSetForm):
    """A set whose claims are those of a filter, which can be changed."""

    filter = FilterField(
        required=False,
        max_length=limits.FILTER,
        widget=forms.TextInput,
        help_text="As in the address of the claims list, behind the question mark; empty for every claim.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_filter(self) -> str:
        return kept_filter(self.cleaned_data["filter"], self.user)


def kept_filter(chosen: ClaimFilter | None, user: User) -> str:
    """The filter as a set keeps it. Raises ValidationError."""
    return lasting(chosen, user).querystring() if chosen else ""


class KeepForm(forms.Form):
    """Whether a set made from a filter keeps the filter, or the claims that it selects now."""

    LIVE, NOW = "live", "now"

    keep = forms.ChoiceField(
        label="Which claims",
        choices=[
            (NOW, "Those that it selects now, in an order of my own"),
            (LIVE, "Those that it selects whenever someone looks: what leaves the filter leaves the set"),
        ],
        initial=NOW,
        required=False,
        widget=forms.RadioSelect,
    )


class LeaveOutForm(forms.Form):
    """Why the claims that block are left out, and how many of them the person saw."""

    reason = TextField(
        label="Why they are left out",
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The release says so, of each of them.",
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AddClaimsForm(forms.Form):
    """Claims by their references, or all that a filter selects (`everything=yes` for a filter that selects all)."""

    references = TextField(
        label="Add claims",
        required=False,
        max_length=10_000,
        widget=forms.TextInput(attrs={"placeholder": "C-12, JN-51"}),
        help_text="References, with commas or spaces between.",
    )
    filter = FilterField(required=False, max_length=5_000)
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_references(self) -> list[Claim]:
        """The claims in the order in which they were named."""
        names = list(dict.fromkeys(filter(None, _BETWEEN.split(self.cleaned_data["references"]))))
        if len(names) > MOST_REFERENCES:
            raise ValidationError(f"At most {MOST_REFERENCES} references at once; this has {len(names)}.")
        found = _by_reference(names)
        if missing := [name[:40] for name in names if name.casefold() not in found]:
            raise ValidationError(f"There is no claim {', '.join(missing)}.")
        return list(dict.fromkeys(found[name.casefold()] for name in names))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data["references"] or data["filter"] or data["everything"]):
            raise ValidationError({"references": "Name at least one claim."})
        return data

    def selection(self, user: User) -> ClaimQuerySet | None:
        """The claims of the filter, oldest first; None when claims were named instead."""
        if self.cleaned_data["references"]:
            return None
        chosen = self.cleaned_data["filter"] or ClaimFilter()
        return chosen.apply(Claim.objects.all(), user).order_by("pk")


def _by_reference(names: list[str]) -> dict[str, Claim]:
    """What people call a claim, in lower case, to the claim: its key, or its number with or without C-."""
    numbers = {name: int(match[1]) for name in names if (match := _NUMBER.fullmatch(name))}
    keys = {spelling for name in names for spelling in (name, name.lower(), name.upper())}
    by_number = Claim.objects.in_bulk(numbers.values())
    found = {name.casefold(): by_number[number] for name, number in numbers.items() if number in by_number}
    return found | {claim.key.casefold(): claim for claim in Claim.objects.filter(key__in=keys) if claim.key}
