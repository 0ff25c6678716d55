"""Forms of an import of claims: the file, and which of its columns holds what."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from claims import limits
from claims.choices import ClaimKind
from claims.forms.fields import LineField
from claims.imports import FIELDS, Plan, Shape, Table
from claims.uploads import largest

ACCEPTED = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.jsonld,text/csv,application/json,application/ld+json"
_COLUMN = "in_"


class ClaimFileForm(forms.Form):
    """A file with claims; `is_too_large` says that one came and was dropped."""

    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": ACCEPTED}), error_messages={"required": "Choose a file."}
    )
    document = LineField(
        required=False,
        max_length=2000,
        help_text="Key, address or title of the stored text that the rows quote, when they do not name it themselves.",
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_too_large = is_too_large
        self.fields["file"].widget.attrs |= {"data-max-bytes": settings.READ_MAX_BYTES}
        self.fields["file"].help_text = f"CSV, JSON Lines, JSON, or ClaimReview JSON-LD; up to {largest()}."
        if is_too_large:
            self.fields["file"].required = False

    def clean_file(self) -> Any:
        if self._is_too_large:
            raise ValidationError(
                f"This file is larger than {largest()}, and was not kept. Split it, and send the parts."
            )
        return self.cleaned_data["file"]


class MappingForm(forms.Form):
    """For each field of imports.FIELDS the column that holds it; none of them for ClaimReview, which names its own."""

    default_kind = forms.ChoiceField(
        choices=ClaimKind.choices, initial=ClaimKind.EVENT, label="Kind, where a row names none"
    )
    default_document = LineField(
        required=False,
        max_length=2000,
        label="Document, where a row quotes and names none",
        help_text="Key, address or title.",
    )
    tag = LineField(
        required=False,
        max_length=limits.TAG,
        label="Tag for all that come in",
        help_text="To find them again together.",
    )
    all_or_nothing = forms.BooleanField(required=False, label="Store nothing when any row is refused")

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = table
        self._guessed = Plan.guess(table)
        choices = [("", "None"), *((name, name) for name in table.columns)]
        if table.shape is not Shape.CLAIMREVIEW:
            for key, field in FIELDS.items():
                self.fields[_COLUMN + key] = forms.ChoiceField(
                    choices=choices,
                    required=False,
                    initial=self._guessed.columns.get(key, ""),
                    label=field.label,
                    help_text=field.help,
                )

    def columns(self) -> Iterator[forms.BoundField]:
        """The selects, in the order of FIELDS."""
        return (self[name] for name in self.fields if name.startswith(_COLUMN))

    @property
    def chosen(self) -> dict[str, str]:
        """By field, the column chosen; "" for none."""
        return {name.removeprefix(_COLUMN): self._value(name) for name in self.fields if name.startswith(_COLUMN)}

    @property
    def options(self) -> dict[str, Any]:
        """The cleaned values of the whole file, as Plan takes them, without `all_or_nothing`."""
        return {
            "kind": self._value("default_kind"),
            "document": self._value("default_document"),
            "tag": self._value("tag"),
        }

    @property
    def plan(self) -> Plan:
        """What is chosen; before anything was sent, what was guessed."""
        return self._guessed.mapped(self.chosen, self._table).with_options(**self.options)

    def _value(self, name: str) -> str:
        return str(
            self.cleaned_data[name] if self.is_bound else self.get_initial_for_field(self.fields[name], name) or ""
        )
