from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from claims import limits
from claims.choices import Stage
from claims.models.base import Versioned
from claims.models.claim import Claim


class ClaimSetQuerySet(models.QuerySet["ClaimSet"]):
    def with_counts(self) -> Self:
        """Adds `size` and `verified_count`."""
        return self.annotate(
            size=Count("items"), verified_count=Count("items", filter=Q(items__claim__stage=Stage.VERIFIED))
        )


class ClaimSet(Versioned):
    """A hand-picked or filtered selection of claims, in an order of its own."""

    title = models.CharField(max_length=200, unique=True)
    description = models.TextField(max_length=limits.TEXT, blank=True)
    licence = models.CharField(max_length=100, blank=True, help_text="Licence of the exported set, such as CC-BY-4.0.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claim_sets")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    claims = models.ManyToManyField(Claim, through="ClaimSetItem", related_name="claim_sets")

    objects = ClaimSetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="claim_set_has_a_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("claim_set_detail", args=[self.pk])


class ClaimSetItem(models.Model):
    claim_set = models.ForeignKey(ClaimSet, models.CASCADE, related_name="items")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="set_items")
    position = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["claim_set", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["claim_set", "claim"], name="claim_set_item_is_unique")]

    def __str__(self) -> str:
        return f"{self.claim} in {self.claim_set}"
