from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from claims.choices import Mark
from claims.models.base import Versioned, one_of


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def in_use(self) -> Self:
        """The scale as offered to analysts: not retired, in the desk's order."""
        return self.filter(retired_at=None).order_by("position", "pk")


class Verdict(Versioned):
    """One entry of the desk's scale. Once used it cannot be deleted (the database refuses), only retired."""

    key = models.SlugField(max_length=40, unique=True, help_text="Stable name, used in exports and filters.")
    name = models.CharField(max_length=60, unique=True)
    meaning = models.CharField(max_length=300)
    mark = models.CharField(max_length=20, choices=Mark, help_text="Tone, line and icon in which it is drawn.")
    rating = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="ClaimReview rating from 1 (false) to 5 (true); empty when the scale does not apply.",
    )
    position = models.PositiveSmallIntegerField(default=100)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            one_of("mark", Mark, table="verdict"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="verdict_rating_is_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.name
