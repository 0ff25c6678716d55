"""What became of the appearances of a text when its next draft came."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims import limits
from claims.choices import Found, Reanchored
from claims.models.appearance import Appearance
from claims.models.base import one_of
from claims.models.document import Snapshot

_WITHOUT_PLACE = ["", Reanchored.DROPPED, Reanchored.SUPERSEDED]


class ReanchoringQuerySet(models.QuerySet["Reanchoring"]):
    def pending(self) -> Self:
        """Those that a person has to decide on."""
        return self.filter(decision="")

    def with_claims(self) -> Self:
        """With what a list of them shows. The texts stay in the database."""
        related = ("appearance__claim__verdict", "appearance__snapshot", "decided_by", "result__claim")
        return self.select_related(*related).defer("appearance__snapshot__text")

    def with_document(self) -> Self:
        return self.select_related("snapshot__document").defer("snapshot__text")


class Reanchoring(models.Model):
    """One appearance of an earlier snapshot, looked for in a new one.

    `start` and `end` are the place proposed for it, in code points of the new snapshot; both empty when it is gone.
    What is KEPT, and what people decide to keep, has its `result`: the appearance in the new snapshot.
    """

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reanchorings")
    appearance = models.ForeignKey(Appearance, models.PROTECT, related_name="reanchorings")
    status = models.CharField(max_length=10, choices=Found)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    decision = models.CharField(max_length=12, choices=Reanchored, blank=True)
    reason = models.TextField(max_length=limits.REASON, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    result = models.OneToOneField(Appearance, models.PROTECT, null=True, related_name="reanchored_from")

    objects = ReanchoringQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot", "appearance__start", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "appearance"], name="reanchoring_is_unique"),
            models.CheckConstraint(
                condition=Q(start=None, end=None, status=Found.GONE)
                | (Q(start__isnull=False, end__isnull=False, start__lt=F("end")) & ~Q(status=Found.GONE)),
                name="reanchoring_place_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="reanchoring_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=(Q(decision__in=_WITHOUT_PLACE) & Q(result=None))
                | (~Q(decision__in=_WITHOUT_PLACE) & Q(result__isnull=False)),
                name="reanchoring_keeps_what_it_says",
            ),
            one_of("status", Found, table="reanchoring"),
            one_of("decision", ["", *Reanchored], table="reanchoring"),
        ]
        indexes = [models.Index(fields=["snapshot", "decision"], name="reanchoring_decision")]

    def __str__(self) -> str:
        return f"{self.appearance}: {self.get_status_display().lower()}"

    @property
    def is_in_doubt(self) -> bool:
        """Whether its words are there, and it waits because they might be another passage's."""
        return not self.decision and self.status in (Found.UNCHANGED, Found.MOVED)
