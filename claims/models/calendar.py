from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.calendars import Rule
from claims.models.base import Versioned
from claims.models.source import Source
from claims.partial_dates import PartialDate


def validate_rule(value: str) -> None:
    """Raises ValidationError unless the value is a rule in its one spelling."""
    try:
        rule = Rule.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if str(rule) != value:
        raise ValidationError(f"Write it as “{rule}”.")


class ReleaseCalendarQuerySet(models.QuerySet["ReleaseCalendar"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class ReleaseCalendar(Versioned):
    """When a source publishes anew, such as “every April”: claims that follow it are checked again then.

    Versioned, though its events go to the chain of its source.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="calendars")
    name = models.CharField(max_length=200, help_text="What comes out, such as “Military Expenditure Database”.")
    rule = models.CharField(max_length=60, validators=[validate_rule])
    retired_at = models.DateTimeField(null=True, editable=False)

    objects = ReleaseCalendarQuerySet.as_manager()

    class Meta:
        ordering = ["source", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(rule=""), name="calendar_has_a_name_and_a_rule"),
            models.UniqueConstraint(fields=["source", "name"], name="calendar_name_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.rule}"

    def get_absolute_url(self) -> str:
        return f"{self.source.get_absolute_url()}#calendar-{self.pk}"

    def next_release(self, after: date | None = None) -> PartialDate:
        """The first one that begins later than `after`, which is today when not given."""
        return Rule.parse(self.rule).next_after(after or timezone.localdate())
