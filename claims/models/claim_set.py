"""Selections of claims, and what was left out of what is released of them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from claims import limits
from claims.choices import SetKind
from claims.models.base import Versioned, one_of
from claims.models.claim import Claim
from claims.models.document import Document
from claims.models.user import User


class ClaimSetQuerySet(models.QuerySet["ClaimSet"]):
    def visible_to(self, user: User) -> Self:
        """Those that are shared, and the person's own."""
        return self.filter(Q(is_private=False) | Q(added_by=user))

    def picked_by_hand(self) -> Self:
        return self.filter(kind=SetKind.HAND)


class ClaimSet(Versioned):
    """A selection of claims: picked by hand and in an order of its own, by a filter, or those of a document.

    Which claims it holds is asked of `reading.members`. Its kind, and the document, never change.
    """

    title = models.CharField(max_length=200, unique=True)
    description = models.TextField(max_length=limits.TEXT, blank=True)
    licence = models.CharField(max_length=100, blank=True, help_text="Licence of the exported set, such as CC-BY-4.0.")
    kind = models.CharField(max_length=10, choices=SetKind, default=SetKind.HAND, editable=False)
    filter = models.CharField(
        max_length=limits.FILTER, blank=True, help_text="Query of the address of the list of claims; empty: all claims."
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, editable=False, related_name="claim_sets"
    )
    is_private = models.BooleanField("only I see it", default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claim_sets")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    claims = models.ManyToManyField(Claim, through="ClaimSetItem", related_name="claim_sets")

    objects = ClaimSetQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="claim_set_has_a_title"),
            one_of("kind", SetKind, table="claim_set"),
            models.CheckConstraint(
                condition=Q(filter="") | Q(kind=SetKind.FILTER), name="claim_set_with_a_filter_is_one"
            ),
            models.CheckConstraint(
                condition=Q(kind=SetKind.DOCUMENT, document__isnull=False)
                | (~Q(kind=SetKind.DOCUMENT) & Q(document=None)),
                name="claim_set_of_a_document_has_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("claim_set_detail", args=[self.pk])

    @property
    def is_picked(self) -> bool:
        return self.kind == SetKind.HAND

    @property
    def is_filter(self) -> bool:
        return self.kind == SetKind.FILTER


class ClaimSetItem(models.Model):
    """A claim in a set picked by hand."""

    claim_set = models.ForeignKey(ClaimSet, models.CASCADE, related_name="items")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="set_items")
    position = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["claim_set", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["claim_set", "claim"], name="claim_set_item_is_unique")]
        indexes = [models.Index(fields=["claim_set", "position", "id"], name="claim_set_order")]

    def __str__(self) -> str:
        return f"{self.claim} in {self.claim_set}"


class Omission(models.Model):
    """A claim that is left out of releases of the set for as long as something about it blocks them."""

    claim_set = models.ForeignKey(ClaimSet, models.CASCADE, related_name="omissions")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    reason = models.TextField(max_length=limits.REASON)
    left_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["claim_set", "claim"]
        constraints = [
            models.UniqueConstraint(fields=["claim_set", "claim"], name="omission_is_unique"),
            models.CheckConstraint(condition=~Q(reason=""), name="omission_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} left out of {self.claim_set}"
