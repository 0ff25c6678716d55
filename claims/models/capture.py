"""Attempts to capture a document, and what each said of the passages that are quoted from it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from claims import limits
from claims.choices import KEPT, SEEN, Origin, Outcome, Robots, StillThere
from claims.models.base import one_of
from claims.models.document import Document, Snapshot
from claims.models.evidence import Evidence

_WITH_PLACE = sorted([StillThere.SAME, StillThere.MOVED, StillThere.CHANGED])


class CaptureQuerySet(models.QuerySet["Capture"]):
    def kept(self) -> Self:
        """Those that brought something to keep."""
        return self.filter(outcome__in=sorted(KEPT))

    def seen(self) -> Self:
        """Those that found the page, or were told that nothing of it has changed."""
        return self.filter(outcome__in=sorted(SEEN))

    def newest_first(self) -> Self:
        return self.order_by("-number")


class Capture(models.Model):
    """One attempt at the document, of which nothing is forgotten: triggers refuse to change or delete it.

    `raw` is what came, byte for byte but unpacked; `warc` the exchange in the format of web archives. Both are kept as
    files under their SHA-256: see intake.files.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="captures")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin)
    url = models.CharField(max_length=2000, blank=True, help_text="The address asked for; empty for a file.")
    final_url = models.CharField(max_length=2000, blank=True, help_text="The address that answered.")
    hops = models.JSONField(default=list, help_text="Each request on the way: url, status, address.")
    host = models.CharField(max_length=255, blank=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the last answer; empty when there was none.")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField(max_length=limits.REASON, blank=True, help_text="What stood in the way, in words.")
    warnings = models.JSONField(default=list, help_text="What a person should know of it, in sentences.")
    headers = models.JSONField(default=dict, help_text="Of the answer, as far as they are needed again.")
    content_type = models.CharField(max_length=200, blank=True, help_text="As it was claimed.")
    filename = models.CharField(max_length=500, blank=True)
    robots = models.CharField(max_length=12, choices=Robots, blank=True)
    retry_at = models.DateTimeField(null=True, help_text="When a site that was busy may be asked again.")
    raw_sha256 = models.CharField(max_length=64, blank=True)
    raw_size = models.PositiveBigIntegerField(null=True)
    warc_sha256 = models.CharField(max_length=64, blank=True)
    warc_size = models.PositiveBigIntegerField(null=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="captures")
    found = models.JSONField(default=dict, help_text="What the text says of itself: intake.incoming.Found.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(default=timezone.now)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="capture_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="capture_number_starts_at_1"),
            models.CheckConstraint(
                condition=(Q(outcome__in=sorted(KEPT), raw_size__isnull=False) & ~Q(raw_sha256=""))
                | (~Q(outcome__in=sorted(KEPT)) & Q(raw_sha256="", raw_size=None)),
                name="capture_keeps_what_it_says",
            ),
            models.CheckConstraint(
                condition=Q(warc_sha256="", warc_size=None) | (~Q(warc_sha256="") & Q(warc_size__isnull=False)),
                name="capture_warc_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(snapshot=None) | Q(outcome__in=[Outcome.CAPTURED, Outcome.UNCHANGED]),
                name="capture_text_was_seen",
            ),
            models.CheckConstraint(condition=Q(finished_at__gte=F("asked_at")), name="capture_ends_after_it_began"),
            one_of("outcome", Outcome, table="capture"),
            one_of("origin", Origin, table="capture"),
            one_of("robots", Robots, table="capture"),
        ]
        indexes = [
            models.Index(fields=["host", "-id"], name="capture_host"),
            models.Index(fields=["raw_sha256"], name="capture_raw"),
        ]

    def __str__(self) -> str:
        return f"{self.document}, capture {self.number}"

    @property
    def is_seen(self) -> bool:
        return self.outcome in SEEN

    @property
    def is_kept(self) -> bool:
        return self.outcome in KEPT

    @property
    def suggestions(self) -> dict[str, Any]:
        """What the text says of itself, where it says something."""
        return {name: value for name, value in self.found.items() if value}


class Sighting(models.Model):
    """What one capture said of one piece of evidence. Never changed or deleted.

    `start` and `end` are the place of the words in the text seen, in code points, and `wording` is what stands there.
    """

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="sightings")
    capture = models.ForeignKey(Capture, models.PROTECT, related_name="sightings")
    state = models.CharField(max_length=12, choices=StillThere)
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    wording = models.TextField(max_length=limits.TEXT, blank=True)

    class Meta:
        ordering = ["evidence", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "capture"], name="sighting_is_unique"),
            models.CheckConstraint(
                condition=(Q(start=None, end=None, wording="") & ~Q(state__in=_WITH_PLACE))
                | Q(start__isnull=False, end__isnull=False, start__lt=F("end"), state__in=_WITH_PLACE),
                name="sighting_place_is_whole",
            ),
            one_of("state", StillThere, table="sighting"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.get_state_display().lower()}"
