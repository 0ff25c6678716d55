"""The working of a claim: how its number or rank follows from the evidence. The sums are in claims/working."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims import limits
from claims.choices import RankOrder, ToleranceIn, WorkingKind
from claims.models.base import Versioned, one_of
from claims.models.claim import Claim
from claims.models.evidence import Evidence
from claims.working import (
    FORMULA_LIMIT,
    NUMBER_LIMIT,
    Input,
    Order,
    Problem,
    Ranked,
    Recomputed,
    Row,
    Tolerance,
    rank,
    read_number,
    read_place,
    recompute,
)

LATEST_YEAR = 2200


class WorkingQuerySet(models.QuerySet["Working"]):
    def citing(self, evidence: Evidence) -> Self:
        """Workings with an input or a row that rests on this piece."""
        return self.filter(Q(inputs__evidence=evidence) | Q(rows__evidence=evidence)).distinct()

    def with_parts(self) -> Self:
        """Prefetches what a page shows: inputs and rows with the documents of their evidence."""
        cited = [f"{part}__evidence__document__source" for part in ("inputs", "rows")]
        return self.prefetch_related(*cited)


class Working(Versioned):
    """A formula over inputs, or the table around a rank; one per claim.

    Numbers are kept as they were typed in plain digits, so that 46.0 stays 46.0 on every database.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="working")
    kind = models.CharField(max_length=10, choices=WorkingKind)
    expected = models.CharField(max_length=NUMBER_LIMIT, help_text="What the claim says: a number, or a place.")
    formula = models.CharField(max_length=FORMULA_LIMIT, blank=True)
    unit = models.CharField(max_length=60, blank=True, help_text="Of the formula's result, or of the table's values.")
    tolerance = models.CharField(max_length=NUMBER_LIMIT, default="0")
    tolerance_in = models.CharField(max_length=10, choices=ToleranceIn, default=ToleranceIn.ABSOLUTE)
    subject = models.CharField(max_length=200, blank=True, help_text="Whose place it is, as the table names it.")
    order = models.CharField(max_length=10, choices=RankOrder, default=RankOrder.DESCENDING)
    note = models.TextField(max_length=limits.REASON, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("tolerance_in", ToleranceIn, table="working"),
            one_of("order", RankOrder, table="working"),
            models.CheckConstraint(condition=~Q(expected="") & ~Q(tolerance=""), name="working_says_what_it_expects"),
            models.CheckConstraint(
                condition=(Q(kind=WorkingKind.FORMULA, subject="") & ~Q(formula=""))
                | (Q(kind=WorkingKind.RANK, formula="") & ~Q(subject="")),
                name="working_is_a_formula_or_a_rank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.claim}"

    @property
    def is_rank(self) -> bool:
        return self.kind == WorkingKind.RANK

    def result(self) -> Recomputed | Ranked:
        """What the stored figures give. Raises Problem when they give nothing."""
        inputs = [part.figure() for part in self.inputs.all()]
        rows = [part.figure() for part in self.rows.all()]
        return compute(self, inputs, rows)


def compute(record: Working, inputs: list[Input], rows: list[Row]) -> Recomputed | Ranked:
    """What these figures give to the question that the record asks. Raises Problem with the field's name."""
    if record.is_rank:
        place = read_place(record.expected, "expected")
        if place is None:
            raise Problem("Say which place the claim names.", "expected")
        return rank(rows, record.subject, expected=place, order=Order(record.order))
    amount = read_number(record.tolerance or "0", "tolerance")
    if amount < 0:
        raise Problem("A tolerance is not negative.", "tolerance")
    return recompute(
        record.formula,
        inputs,
        expected=read_number(record.expected, "expected"),
        tolerance=Tolerance(amount, record.tolerance_in == ToleranceIn.PERCENT),
        unit=record.unit,
    )


class WorkingInput(models.Model):
    """A number that a formula names, with the evidence that gives it."""

    working = models.ForeignKey(Working, models.CASCADE, related_name="inputs")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=NUMBER_LIMIT)
    unit = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LATEST_YEAR)]
    )
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="working_inputs")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["working", "name"], name="working_input_name_is_unique"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(value=""), name="working_input_is_whole"),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__gte=1, year__lte=LATEST_YEAR), name="working_input_year_is_one"
            ),
        ]

    def __str__(self) -> str:
        told = f"{self.name} = {self.value} {self.unit}".strip()
        return f"{told} ({self.year})" if self.year else told

    def figure(self) -> Input:
        return Input(self.name, read_number(self.value, "inputs"), self.unit, self.year)


class RankRow(models.Model):
    """A line of the table around a rank; `place` is what the table itself says, if it says one."""

    working = models.ForeignKey(Working, models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    name = models.CharField(max_length=200)
    value = models.CharField(max_length=NUMBER_LIMIT)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="rank_rows")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["working", "name"], name="rank_row_name_is_unique"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(value=""), name="rank_row_is_whole"),
            models.CheckConstraint(condition=Q(place=None) | Q(place__gte=1), name="rank_row_place_is_one"),
        ]

    def __str__(self) -> str:
        told = f"{self.name}: {self.value}"
        return f"{self.place}. {told}" if self.place else told

    def figure(self) -> Row:
        return Row(self.name, read_number(self.value, "rows"), self.place)


def words_of(part: WorkingInput | RankRow) -> str:
    """An input or row as history keeps it: with the evidence that it rests on."""
    return f"{part}, evidence {part.evidence_id}" if part.evidence_id else str(part)


def columns_of(part: WorkingInput | RankRow) -> dict[str, Any]:
    """An input or row as history keeps it for machines, who cannot tell words from units."""
    told = (field.attname for field in part._meta.concrete_fields if field.name not in ("id", "working"))
    return {name: getattr(part, name) for name in told}


def parts_of(record: Working) -> dict[str, list[str]]:
    """All inputs and rows in words, as stored."""
    parts: dict[str, list[WorkingInput] | list[RankRow]] = {
        "inputs": list(record.inputs.all()),
        "rows": list(record.rows.all()),
    }
    return {name: [words_of(part) for part in found] for name, found in parts.items()}
