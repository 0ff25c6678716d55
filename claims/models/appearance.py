from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
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

    def touching(self, start: int | OuterRef, end: int | OuterRef) -> Self:
        """Those that share a character with [start, end) of their text."""
        return self.filter(start__lt=end, end__gt=start)

    def last_known(self) -> Self:
        """The newest place of each claim in each document: those that no newer draft carries on."""
        from claims.models.reanchoring import Reanchoring

        carried_on = Reanchoring.objects.filter(appearance=OuterRef("pk"), result__claim=OuterRef("claim"))
        return self.filter(~Exists(carried_on))

    def with_newest(self) -> Self:
        """Adds `newest`: the number of the newest text of the document, be the appearance in it or not."""
        numbers = Snapshot.objects.filter(document=OuterRef("snapshot__document")).order_by("-number").values("number")
        return self.annotate(newest=Subquery(numbers[:1]))


class Appearance(PassageFields):
    """A passage where a document makes a claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="appearances")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="appearances")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    newest: int  # of with_newest

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
