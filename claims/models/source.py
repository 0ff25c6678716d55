from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from claims import limits
from claims.choices import Reliability, SourceKind
from claims.models.base import Versioned, one_of


class SourceQuerySet(models.QuerySet["Source"]):
    def matching(self, words: str) -> Self:
        """Sources one of whose names contains `words`, case ignored."""
        if not words:
            return self
        from claims.models.registry import SourceAlias

        known = SourceAlias.objects.filter(name__icontains=words).order_by().values("source")
        return self.filter(Q(name__icontains=words) | Q(pk__in=known))

    def in_use(self) -> Self:
        """Those that are offered; the others stay with what they published."""
        return self.filter(retired_at=None)

    def named(self, name: str) -> Self:
        """Those in use of this name, or with this other name, case ignored."""
        return self.in_use().filter(Q(name__iexact=name) | Q(aliases__name__iexact=name)).distinct()


class Source(Versioned):
    """An organisation or person that publishes, with an Admiralty reliability letter and the reason for it."""

    key = models.SlugField(max_length=80, unique=True, null=True, blank=True, help_text="Key in an imported data set.")
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=SourceKind, default=SourceKind.OTHER)
    homepage = models.URLField(max_length=2000, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 code, two letters.")
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    reliability_reason = models.TextField(max_length=limits.REASON, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="taken_in")

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            one_of("kind", SourceKind, table="source"),
            one_of("reliability", Reliability, table="source"),
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
            models.CheckConstraint(
                condition=Q(reliability=Reliability.F) | ~Q(reliability_reason=""),
                name="source_reliability_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (Q(retired_at__isnull=False) & ~Q(merged_into=F("id"))),
                name="source_merged_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source_detail", args=[self.pk])

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    def standing(self) -> "Source":
        """The source that stands for this one: itself, or what it was merged into, be it by several steps."""
        source = self
        while source.merged_into is not None:
            source = source.merged_into
        return source
