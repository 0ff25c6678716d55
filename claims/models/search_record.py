from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims import limits
from claims.models.claim import Claim


class SearchQuerySet(models.QuerySet["Search"]):
    def in_force(self) -> Self:
        return self.filter(retracted_at=None)

    def with_people(self) -> Self:
        return self.select_related("added_by", "retracted_by")


class Search(models.Model):
    """Where, when and with which words someone searched for evidence on a claim, and found nothing.

    It can be retracted, with the reason, but neither changed nor deleted: triggers refuse it.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="searches")
    place = models.CharField("where", max_length=500, help_text="A database, an address, an archive.")
    searched_on = models.DateField("when")
    words = models.TextField(max_length=limits.REASON, help_text="The words searched with, as they were typed.")
    note = models.TextField(max_length=limits.REASON, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    retracted_at = models.DateTimeField(null=True, editable=False)
    retraction_reason = models.TextField(max_length=limits.REASON, blank=True, editable=False)

    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        db_table = "claims_searchrecord"  # claims_search is the index of the full-text search
        verbose_name_plural = "searches"
        constraints = [
            models.CheckConstraint(condition=~Q(place="") & ~Q(words=""), name="search_says_where_and_with_what"),
            models.CheckConstraint(
                condition=Q(retracted_at=None, retracted_by=None, retraction_reason="")
                | (Q(retracted_at__isnull=False, retracted_by__isnull=False) & ~Q(retraction_reason="")),
                name="search_retraction_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Nothing in {self.place}"

    @property
    def is_retracted(self) -> bool:
        return self.retracted_at is not None
