"""Forms of sources: finding them, and for admins adding and grading them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pycountry
from django import forms

from claims.actions.sources import FIELDS
from claims.choices import Reliability, SourceKind
from claims.forms.fields import LineField, LinkField, TextField
from claims.models import Source

REASON_LIMIT = 5_000


@cache
def country_names() -> Mapping[str, str]:
    """ISO 3166-1 code to the name people use, by name."""
    names = {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def _countries() -> list[tuple[str, str]]:
    return [("", "No country"), *country_names().items()]


class SourceFilterForm(forms.Form):
    """What the list of sources is narrowed to; from the address."""

    q = LineField(label="Name", required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *SourceKind.choices])
    reliability = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any reliability"),
            *((letter.value, f"{letter.value} · {letter.label}") for letter in Reliability),
        ],
    )


class SourceForm(forms.Form):
    """A source with its grade. Every letter but F, which says that nobody can judge, asks for a reason."""

    name = LineField(max_length=200)
    kind = forms.ChoiceField(choices=SourceKind, initial=SourceKind.OTHER)
    homepage = LinkField(required=False, help_text="New links to this site go to this source.")
    country = forms.ChoiceField(required=False, choices=_countries)
    reliability = forms.ChoiceField(
        choices=[(letter.value, f"{letter.value} · {letter.label}") for letter in Reliability],
        widget=forms.RadioSelect,
        initial=Reliability.F,
    )
    reliability_reason = TextField(
        label="Why this letter",
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Track record, corrections, ownership. Needed for every letter but F.",
    )

    def clean(self) -> dict[str, Any]:
        is_graded = self.cleaned_data.get("reliability", Reliability.F) != Reliability.F
        if is_graded and not self.cleaned_data.get("reliability_reason") and "reliability_reason" not in self.errors:
            self.add_error("reliability_reason", "Say why: every letter but F carries its reason.")
        return self.cleaned_data


def stored_fields(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in FIELDS}
