"""The weights of detection that a desk learnt from its own decisions."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from claims.detection.language import language
from claims.detection.weights import Weights, shipped_weights


class WeightingQuerySet(models.QuerySet["Weighting"]):
    def of_language(self, code: str) -> Self:
        return self.filter(language=code)

    def weights_in_force(self, code: str) -> Weights:
        """What sentences of the language are scored with: the weighting in force, else the shipped weights.

        Raises LookupError when there is no such language.
        """
        chosen = self.of_language(code).filter(in_force=True).first()
        return chosen.weights if chosen else shipped_weights(code)


class Weighting(models.Model):
    """Weights learnt at some moment. They count for nothing until a person puts them in force; none is ever deleted.

    `figures` are of held-out decisions: `before` and `after`, each with average_precision, f1, precision and recall
    from 0 to 1; the numbers of `examples`, of `worthy` ones among them and of `documents`; whether whole documents were
    held out (`by_document`); and the number of the weights they were learnt from as `base`, 0 for those shipped.
    """

    language = models.CharField(max_length=35)
    number = models.PositiveIntegerField(help_text="Counted from 1 in each language.")
    data = models.JSONField(help_text="As detection.weights.Weights.as_data gives it.")
    figures = models.JSONField(default=dict)
    learnt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    learnt_at = models.DateTimeField(default=timezone.now)
    in_force = models.BooleanField(default=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, help_text="When it was last put in force.")

    objects = WeightingQuerySet.as_manager()

    class Meta:
        ordering = ["language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["language", "number"], name="weighting_number_is_unique"),
            models.UniqueConstraint(
                fields=["language"], condition=Q(in_force=True), name="weighting_one_in_force_per_language"
            ),
            models.CheckConstraint(
                condition=Q(in_force=False) | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="weighting_in_force_was_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"Weights {self.number} of {self.language}"

    def get_absolute_url(self) -> str:
        return reverse("weighting_list")

    @property
    def weights(self) -> Weights:
        """Raises ValueError when they no longer fit the language's signals."""
        data: dict[str, Any] = self.data
        return Weights.parse(data, language(self.language))
