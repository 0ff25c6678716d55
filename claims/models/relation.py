from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from claims.choices import RelationKind
from claims.models.base import one_of
from claims.models.claim import Claim


class RelationQuerySet(models.QuerySet["Relation"]):
    def touching(self, claim: Claim) -> Self:
        return self.filter(Q(a=claim) | Q(b=claim)).select_related(
            "a__verdict", "b__verdict", "a__standing", "b__standing"
        )


class Relation(models.Model):
    """Claim `a` depends on, contradicts or duplicates claim `b`. Cycles of dependence are refused by the action."""

    kind = models.CharField(max_length=20, choices=RelationKind)
    a = models.ForeignKey(Claim, models.PROTECT, related_name="relations_from")
    b = models.ForeignKey(Claim, models.PROTECT, related_name="relations_to")
    note = models.CharField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("kind", RelationKind, table="relation"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="relation_joins_two_claims"),
            models.UniqueConstraint(fields=["kind", "a", "b"], name="relation_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.a.reference} {self.get_kind_display()} {self.b.reference}"
