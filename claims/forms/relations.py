from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from claims.choices import RelationKind
from claims.forms.fields import LineField
from claims.models import Claim
from claims.search import NEWEST_FIRST, matching, parse

NOTE_LIMIT = 500


def find_claims(typed: str, limit: int) -> list[Claim]:
    """The claim of that reference, else the newest claims that have these words. Raises ValueError for bad words."""
    query = parse(typed)
    if named := Claim.objects.referred_to_as(typed).first():
        return [named]
    if not query.wanted or query.is_hopeless:
        return []
    return list(matching(Claim.objects.all(), query).order_by(*NEWEST_FIRST)[:limit])


class RelationForm(forms.Form):
    """How a claim relates to another one, which is named by its reference, or by words that only it has."""

    kind = forms.ChoiceField(label="This claim", choices=RelationKind)
    other = LineField(
        label="Other claim",
        max_length=200,
        widget=forms.TextInput(
            attrs={"list": "relation-options", "placeholder": "C-12, or words of it", "autocomplete": "off"}
        ),
        error_messages={"required": "Name the other claim."},
    )
    note = LineField(label="Why", max_length=NOTE_LIMIT, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **{"auto_id": "relation-%s", **kwargs})

    def clean_other(self) -> Claim:
        typed = self.cleaned_data["other"]
        try:
            found = find_claims(typed, limit=2)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not found:
            raise ValidationError(f"No claim is called “{typed}” or has these words.")
        if len(found) > 1:
            raise ValidationError("Several claims have these words. Choose one by its reference.")
        return found[0]
