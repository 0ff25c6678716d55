"""Forms of sources: finding them, and for admins adding and grading them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pycountry
from django import forms
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions.discredit import lower_letters
from claims.actions.doubles import Double
from claims.actions.sources import FIELDS
from claims.choices import JUDGED, Reliability, SourceKind
from claims.forms.fields import LineField, LinkField, TextField
from claims.models import Source


@cache
def country_names() -> Mapping[str, str]:
    """ISO 3166-1 code to the name people use, by name."""
    names = {country.alpha_2: getattr(country, "common_name", country.name) for country in pycountry.countries}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def _countries() -> list[tuple[str, str]]:
    return [("", "No country"), *country_names().items()]


class LinesField(TextField):
    """Several short texts, one on each line; cleaned to a list without empty ones."""

    def __init__(self, **kwargs: Any) -> None:
        rows = forms.Textarea(attrs={"rows": 2})
        super().__init__(required=False, max_length=limits.REASON, widget=rows, **kwargs)

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]


class SourceFilterForm(forms.Form):
    """What the list of sources is narrowed to; from the address."""

    q = LineField(label="Name", required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *SourceKind.choices])
    reliability = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any reliability"),
            ("Judged", [(letter.value, f"{letter.value} · {letter.label}") for letter in JUDGED]),
            ("Not judged", [(Reliability.F.value, f"F · {Reliability.F.label}")]),
        ],
    )


class SourceForm(forms.Form):
    """A source with its grade. Every letter but F, which says that nobody can judge, asks for a reason."""

    name = LineField(max_length=200)
    aliases = LinesField(label="Other names", help_text="One on each line; links and imports find it by them, too.")
    kind = forms.ChoiceField(choices=SourceKind, initial=SourceKind.OTHER)
    homepage = LinkField(required=False)
    domains = LinesField(
        label="Sites", help_text="One on each line, such as sipri.org: new links there, or on hosts below, go to it."
    )
    country = forms.ChoiceField(required=False, choices=_countries)
    reliability = forms.ChoiceField(
        choices=[(letter.value, f"{letter.value} · {letter.label}") for letter in Reliability],
        widget=forms.RadioSelect,
        initial=Reliability.F,
    )
    reliability_reason = TextField(
        label="Why this letter",
        required=False,
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Track record, corrections, ownership. Needed for every letter but F.",
    )

    def clean(self) -> dict[str, Any]:
        is_graded = self.cleaned_data.get("reliability", Reliability.F) != Reliability.F
        if is_graded and not self.cleaned_data.get("reliability_reason") and "reliability_reason" not in self.errors:
            self.add_error("reliability_reason", "Say why: every letter but F carries its reason.")
        return self.cleaned_data


class SourceAddForm(SourceForm):
    """A new source. Those that it may be are shown as `doubles`, and `even_so` says that it is another."""

    doubles: Sequence[Double] = ()
    even_so = forms.BooleanField(required=False, label="It is another one: add it even so")


def stored_fields(source: Source) -> dict[str, Any]:
    """The values of SourceForm as they are stored, and as they are typed."""
    lines = {"aliases": source.aliases.values_list("name"), "domains": source.domains.values_list("host")}
    typed = {name: "\n".join(value for (value,) in values) for name, values in lines.items()}
    return {name: getattr(source, name) for name in FIELDS} | typed


class MergeIntoForm(forms.Form):
    """The source that is to take in another; cleaned to a Source."""

    into = LineField(
        label="Merge into",
        max_length=200,
        help_text="The name of the source that stays. Its grade stays, too.",
        widget=forms.TextInput(attrs={"list": "source-names", "autocomplete": "off"}),
    )

    def clean_into(self) -> Source:
        if source := Source.objects.named(self.cleaned_data["into"]).first():
            return source
        raise ValidationError("No source in use has this name.")


class MergeForm(MergeIntoForm):
    """The same with the reason, once it was seen what moves."""

    reason = TextField(
        max_length=limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why, in a sentence."},
    )


class DiscreditForm(forms.Form):
    """The letter to which something falls, and why: one reason for it and for every claim that is reopened."""

    letter = forms.ChoiceField(
        label="New reliability", widget=forms.RadioSelect, error_messages={"required": "Choose the letter."}
    )
    reason = TextField(
        label="Why",
        max_length=limits.REASON - 400,  # its name comes before it in the history of the claims
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It goes into the history of each claim that is reopened.",
        error_messages={"required": "Say why, in a sentence."},
    )

    def __init__(self, letter: Reliability, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choices = [(one.value, f"{one.value} · {one.label}") for one in lower_letters(letter)]
        self.fields["letter"].choices = choices  # type: ignore[attr-defined]
