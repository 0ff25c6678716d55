"""The forms of a working: what is asked, and the table of inputs or of a rank, grown by blank and by pasted rows."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory

from claims import limits
from claims.actions.workings import GivenInput, GivenRow, Parts
from claims.choices import RankOrder, ToleranceIn, WorkingKind
from claims.forms.fields import LineField, TextField
from claims.models import Evidence, Working
from claims.models.working import LATEST_YEAR
from claims.working import (
    FORMULA_LIMIT,
    INPUTS_LIMIT,
    NUMBER_LIMIT,
    ROWS_LIMIT,
    Problem,
    check_name,
    read_number,
    read_place,
    read_table,
)

BLANK_ROWS = 3
Pieces = Sequence[Evidence]


def _small(placeholder: str = "", **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": placeholder, "autocomplete": "off", **attrs})


def _choices(pieces: Pieces) -> list[tuple[str, str]]:
    told = [(str(piece.pk), f"{piece.document.title} · {piece.get_stance_display().lower()}") for piece in pieces]
    return [("", "Choose"), *told]


class PieceField(forms.ChoiceField):
    """A piece of the claim's evidence, of those given: many of these on a page ask the database nothing."""

    def __init__(self, **kwargs: Any) -> None:
        self.pieces: dict[str, Evidence] = {}
        super().__init__(label="Evidence", required=False, **kwargs)

    def offer(self, pieces: Pieces) -> None:
        self.pieces = {str(piece.pk): piece for piece in pieces}
        self.choices = _choices(pieces)

    def clean(self, value: Any) -> Evidence | None:
        return self.pieces.get(super().clean(value))


class WorkingForm(forms.Form):
    """What is asked of the figures; the kind decides which fields count."""

    kind = forms.ChoiceField(choices=WorkingKind, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)  # 0: none yet
    formula = LineField(
        required=False,
        max_length=FORMULA_LIMIT,
        widget=_small("budget / gdp * 100", spellcheck="false"),
        help_text="The names below, numbers, + − * / ** and brackets; abs, max, mean, min, round, sum.",
    )
    subject = LineField(
        label="Whose place", required=False, max_length=200, help_text="As the table names it, such as Japan."
    )
    expected = LineField(label="The claim says", required=False, max_length=NUMBER_LIMIT, widget=_small())
    unit = LineField(
        required=False,
        max_length=60,
        widget=_small("US$ bn"),
        help_text="Of the result. Write US$/people for a quotient.",
    )
    tolerance = LineField(required=False, max_length=NUMBER_LIMIT, initial="0", widget=_small())
    tolerance_in = forms.ChoiceField(
        label="Tolerance in", choices=ToleranceIn, required=False, initial=ToleranceIn.PERCENT
    )
    order = forms.ChoiceField(choices=RankOrder, required=False, initial=RankOrder.DESCENDING)
    note = TextField(required=False, max_length=limits.REASON, widget=forms.Textarea(attrs={"rows": 2}))
    paste = forms.CharField(
        label="Paste rows from a spreadsheet",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    paste_evidence = PieceField()

    def __init__(self, *args: Any, pieces: Pieces, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "working-%s")
        super().__init__(*args, **kwargs)
        field = cast(PieceField, self.fields["paste_evidence"])
        field.offer(pieces)
        field.label = "Evidence of the pasted rows"
        if self.is_rank:
            self.fields["expected"].help_text = "The place, such as 9."
            self.fields["unit"].help_text = "Of the values."
        self.fields["paste"].help_text = (
            "Place, name and value; or name and value. Tabs, semicolons or commas between them."
            if self.is_rank
            else "Name, value, unit and year; or the first two or three of these."
        )

    @property
    def is_rank(self) -> bool:
        return bool(self["kind"].value() == WorkingKind.RANK)

    def clean_tolerance_in(self) -> str:
        return self.cleaned_data["tolerance_in"] or ToleranceIn.ABSOLUTE

    def clean_order(self) -> str:
        return self.cleaned_data["order"] or RankOrder.DESCENDING

    @property
    def content(self) -> dict[str, Any]:
        """The cleaned values as the actions take them; see actions.workings.FIELDS."""
        without = {"version", "paste", "paste_evidence"}
        return {name: value for name, value in self.cleaned_data.items() if name not in without}


class _PartForm(forms.Form):
    """A row of the table. It counts once a name or a value is typed."""

    name = LineField(required=False, max_length=200, widget=_small())
    value = LineField(required=False, max_length=NUMBER_LIMIT, widget=_small(inputmode="decimal"))

    def __init__(self, *args: Any, pieces: Pieces, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PieceField, self.fields["evidence"]).offer(pieces)
        number = int(str(self.prefix).rpartition("-")[2]) + 1
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{name.capitalize()}, row {number}"

    @property
    def is_blank(self) -> bool:
        return not any(self[name].value() for name in ("name", "value"))

    def clean_value(self) -> str:
        typed: str = self.cleaned_data["value"]
        if typed:
            _at(read_number, typed)
        return typed

    def clean(self) -> dict[str, Any]:
        if not self.is_blank:
            for name in ("name", "value"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, f"Give the {name}.")
        return self.cleaned_data


class InputForm(_PartForm):
    unit = LineField(required=False, max_length=60, widget=_small())
    year = forms.IntegerField(
        required=False, min_value=1, max_value=LATEST_YEAR, widget=_small(inputmode="numeric"), localize=False
    )
    evidence = PieceField()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name:
            _at(check_name, name)
        return name

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.is_blank and "evidence" not in self.errors and self.cleaned_data.get("evidence") is None:
            self.add_error("evidence", "Choose the piece that gives it.")
        return self.cleaned_data


class RankRowForm(_PartForm):
    place = LineField(required=False, max_length=10, widget=_small(inputmode="numeric"))
    evidence = PieceField()
    field_order = ("place", "name", "value", "evidence")

    def clean_place(self) -> int | None:
        return cast("int | None", _at(read_place, self.cleaned_data["place"]))


def _at(read: Any, typed: str) -> Any:
    try:
        return read(typed)
    except Problem as problem:
        raise ValidationError(str(problem)) from problem


_COLUMNS = {True: ("place", "name", "value", "evidence"), False: ("name", "value", "unit", "year", "evidence")}
_InputForms = formset_factory(InputForm, extra=0, max_num=INPUTS_LIMIT, absolute_max=INPUTS_LIMIT + BLANK_ROWS)
_RankRowForms = formset_factory(RankRowForm, extra=0, max_num=ROWS_LIMIT, absolute_max=ROWS_LIMIT + BLANK_ROWS)


def part_forms(
    is_rank: bool, data: Mapping[str, Any] | None, *, pieces: Pieces, initial: Any = None
) -> BaseFormSet[Any]:
    """The table as forms, with the prefix "rows"."""
    forms_of = _RankRowForms if is_rank else _InputForms
    return forms_of(data, initial=initial, prefix="rows", form_kwargs={"pieces": pieces}, error_messages=_INCOMPLETE)


_INCOMPLETE = {"missing_management_form": "This form was sent incomplete. Reload the page and try again."}


def parts_of_forms(is_rank: bool, filled: BaseFormSet[Any]) -> Parts:
    """What valid forms say, blank rows left out."""
    rows = [form.cleaned_data for form in filled.forms if not form.is_blank]
    if is_rank:
        return Parts(rows=[GivenRow(**row) for row in rows])
    return Parts(inputs=[GivenInput(**row) for row in rows])


def initial_rows(working: Working | None, is_rank: bool) -> list[dict[str, Any]]:
    """The stored parts as the forms start from them, with blank ones at the end."""
    parts: list[Any] = []
    if working is not None and working.is_rank == is_rank:
        parts = list(working.rows.all() if is_rank else working.inputs.all())
    stored = [{name: getattr(part, name) for name in _COLUMNS[is_rank]} for part in parts]
    told = [row | {"evidence": row["evidence"].pk if row["evidence"] else ""} for row in stored]
    return told + [{} for _ in range(BLANK_ROWS)]


def grown(data: Mapping[str, Any], is_rank: bool, *, blanks: int = BLANK_ROWS) -> dict[str, Any]:
    """What was sent with the pasted rows put into the table, blank ones closed up, and `blanks` new ones at the end.

    Raises ValidationError on `paste` when that is no table of this kind.
    """
    columns = _COLUMNS[is_rank]
    rows = [row for row in _sent_rows(data, columns) if row["name"] or row["value"]]
    rows += _pasted_rows(data.get("paste", ""), is_rank, data.get("paste_evidence", ""))
    rows += [{} for _ in range(blanks)]
    fresh = {name: data[name] for name in data if not name.startswith("rows-") and name != "paste"}
    for number, row in enumerate(rows):
        fresh |= {f"rows-{number}-{name}": row.get(name, "") for name in columns}
    return fresh | {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0"}


def _sent_rows(data: Mapping[str, Any], columns: Sequence[str]) -> list[dict[str, str]]:
    total = str(data.get("rows-TOTAL_FORMS", ""))
    count = min(int(total), ROWS_LIMIT + BLANK_ROWS) if total.isascii() and total.isdigit() and len(total) < 5 else 0
    return [{name: data.get(f"rows-{number}-{name}", "").strip() for name in columns} for number in range(count)]


def _pasted_rows(text: str, is_rank: bool, evidence: str) -> list[dict[str, str]]:
    if not text.strip():
        return []
    try:
        table = read_table(text)
        names = _names_of(is_rank, table.width)
    except Problem as problem:
        raise ValidationError({"paste": str(problem)}) from problem
    return [dict(zip(names, line, strict=True)) | {"evidence": evidence} for line in table.lines]


def _names_of(is_rank: bool, width: int) -> tuple[str, ...]:
    if is_rank and width in (2, 3):
        return ("place", "name", "value")[3 - width :]
    if not is_rank and width <= 4:
        return ("name", "value", "unit", "year")[:width]
    wanted = "place, name and value" if is_rank else "name, value, unit and year"
    raise Problem(f"These rows have {width} cells; paste {wanted}.", "paste")


def initial_content(working: Working | None, is_rank: bool) -> dict[str, Any]:
    """What the form of a working starts from; the fields of the other kind start empty."""
    kind = WorkingKind.RANK if is_rank else WorkingKind.FORMULA
    if working is None:
        return {"kind": kind, "version": 0}
    names = ["unit", "note", "expected", "formula", "subject", "tolerance", "tolerance_in", "order"]
    stored = {name: getattr(working, name) for name in names}
    return stored | {"kind": kind, "version": working.version}
