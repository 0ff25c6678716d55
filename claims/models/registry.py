"""What the register of sources holds besides the sources: their other names, their sites, and their mergers."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from claims import limits
from claims.models.source import Source


class SourceAlias(models.Model):
    """Another name of a source, in its own spelling; no two sources share one, whatever its case."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="source_alias_has_a_name"),
            models.UniqueConstraint(Lower("name"), name="source_alias_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceDomain(models.Model):
    """A site of a source, as links.domain spells it: pages there, and on hosts below it, are the source's."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="domains")
    host = models.CharField(max_length=253, unique=True)

    class Meta:
        ordering = ["host"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(host="") & Q(host=Lower("host")) & ~Q(host__startswith="www."),
                name="source_domain_is_normal",
            ),
        ]

    def __str__(self) -> str:
        return self.host


class SourceMergeQuerySet(models.QuerySet["SourceMerge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)


class SourceMerge(models.Model):
    """One source taken into another, and what moved with it, so that it can be taken back.

    `moved` holds lists of keys: `documents`, `aliases`, `domains`, `comments`, `calendars`, and as `new_aliases` those
    that the merger made.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="mergers")
    into = models.ForeignKey(Source, models.PROTECT, related_name="mergers_in")
    reason = models.TextField(max_length=limits.REASON)
    moved = models.JSONField(default=dict)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = SourceMergeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("into")), name="source_merge_joins_two"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(undone_at=None), name="source_merge_one_standing_per_source"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="source_merge_undoing_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} into {self.into}"
