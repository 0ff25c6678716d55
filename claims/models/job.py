"""Long work in the background, with what a person sees of it while it runs."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from claims.choices import UNFINISHED, JobKind, JobState
from claims.models.base import one_of
from claims.models.document import Document


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def lost(self) -> Self:
        """Running, but by a worker that has not been heard of for JOB_LEASE_SECONDS."""
        return self.filter(state=JobState.RUNNING, beat_at__lt=timezone.now() - _lease())


class Job(models.Model):
    """One piece of work that a person started. What it makes is stored in one go at its end, or not at all."""

    kind = models.CharField(max_length=20, choices=JobKind)
    title = models.CharField(max_length=300, help_text="What it works on, in words.")
    params = models.JSONField(default=dict, help_text="What the work was started with; its kind says what is in it.")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    step = models.CharField(max_length=100, blank=True, help_text="What it is doing now: Reading the file.")
    done = models.PositiveIntegerField(default=0, help_text="How much of the step is done, of `total`.")
    total = models.PositiveIntegerField(default=0, help_text="0 when the step cannot say.")
    problem = models.TextField(blank=True, help_text="Why it failed, in words for the person who started it.")
    report = models.JSONField(default=dict, help_text="What came of it; its kind says what is in it.")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="jobs")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    made_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveIntegerField(default=0, help_text="Raised each time a worker takes it up.")
    beat_at = models.DateTimeField(null=True, help_text="When its worker was last heard of.")

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            one_of("kind", JobKind, table="job"),
            one_of("state", JobState, table="job"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(UNFINISHED), finished_at=None)
                | (~Q(state__in=sorted(UNFINISHED)) & Q(finished_at__isnull=False)),
                name="job_end_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "beat_at"], name="job_state"),
            models.Index(fields=["started_by", "-id"], name="job_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("job_detail", args=[self.pk])

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def is_lost(self) -> bool:
        """As JobQuerySet.lost."""
        silent_since = self.beat_at if self.state == JobState.RUNNING else None
        return silent_since is not None and silent_since < timezone.now() - _lease()

    @property
    def percent(self) -> int | None:
        """Of the step it is at; None when the step cannot say."""
        return min(100, 100 * self.done // self.total) if self.total else None

    def file(self) -> "Upload | None":
        """The file it works on; a day after it ended there is none, and none once it is done."""
        return Upload.objects.filter(job=self).first()


class Upload(models.Model):
    """A file as a person sent it, byte for byte: kept while they say what to do with it, and until that is done."""

    job = models.OneToOneField(Job, models.CASCADE, null=True, related_name="upload")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=500, blank=True)
    content_type = models.CharField(max_length=200, blank=True)
    content = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.name

    @property
    def data(self) -> bytes:
        """The content; databases differ in the type that they give back."""
        content: Any = self.content
        return bytes(content)
