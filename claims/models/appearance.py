from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from claims import limits
from claims.models.claim import Claim
from claims.models.document import Snapshot
from claims.passages import Passage


class PassageFields(models.Model):
    """A place in a snapshot: exact quote, up to 32 code points either side, start and end in code points."""

    exact = models.TextField(max_length=limits.PASSAGE)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        abstract = True

    @property
    def passage(self) -> Passage:
        return Passage(exact=self.exact, prefix=self.prefix, suffix=self.suffix, start=self.start, end=self.end)


class AppearanceQuerySet(models.QuerySet["Appearance"]):
    def with_document(self) -> Self:
        return self.select_related("snapshot__document__source")


class Appearance(PassageFields):
    """A passage where a document makes a claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appearances")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="appearances")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot", "start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="appearance_start_before_end"),
            models.CheckConstraint(condition=~Q(exact=""), name="appearance_has_a_quote"),
            models.UniqueConstraint(fields=["claim", "snapshot", "start", "end"], name="appearance_is_unique"),
        ]

    def __str__(self) -> str:
        return self.exact

    def get_absolute_url(self) -> str:
        return f"{self.snapshot.document.get_absolute_url()}?claim={self.claim_id}#panel"
