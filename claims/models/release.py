"""Releases: claim sets frozen at an instant. Triggers keep them as they are; see guards."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone

from claims import limits
from claims.choices import ISSUED, ReleaseState, Visibility
from claims.models.base import one_of
from claims.models.claim import Claim
from claims.models.claim_set import ClaimSet
from claims.models.job import Job

KEY_ID_LENGTH = 16
"""Hexadecimal digits of the eight bytes by which minisign names a key."""


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def in_use(self) -> Self:
        """Those that may sign, the newest first."""
        return self.filter(retired_at=None).order_by("-pk")


class SigningKey(models.Model):
    """A pair of Ed25519 keys that signs releases. It is retired, never deleted: old signatures stay verifiable."""

    key_id = models.CharField(
        max_length=KEY_ID_LENGTH, unique=True, help_text="Sixteen hexadecimal digits, as minisign says it."
    )
    public_key = models.CharField(max_length=100, unique=True, help_text="As the second line of a minisign.pub.")
    private_key = models.TextField(
        blank=True, editable=False, help_text="Encrypted; empty when it comes from the environment."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="None: a command."
    )
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Exact(Length("key_id"), KEY_ID_LENGTH), name="signing_key_id_has_its_length"
            ),
            models.CheckConstraint(condition=~Q(public_key=""), name="signing_key_has_its_public_key"),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


class ReleaseQuerySet(models.QuerySet["Release"]):
    def ready(self) -> Self:
        return self.filter(state=ReleaseState.READY)

    def issued(self) -> Self:
        """Those of which somebody may have the file: ready, or withdrawn since."""
        return self.filter(state__in=ISSUED)

    def listed(self) -> Self:
        """Those that everybody finds, the withdrawn ones among them: their page says why."""
        return self.issued().filter(visibility=Visibility.LISTED)

    def with_people(self) -> Self:
        return self.select_related("made_by", "withdrawn_by", "signing_key")


class Release(models.Model):
    """A claim set as it stood at `frozen_at`. What it holds is in its ReleaseClaims, and in its file once it is ready.

    `number` counts the releases of its set, `serial` those of the desk. `left_out` names each claim of the set that
    is not in it: {"claim", "reference", "findings", "reason", "by", "at"}. `head_hash` is over the heads of the
    histories of its claims; actions.releases says how.
    """

    claim_set = models.ForeignKey(ClaimSet, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    serial = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=100, unique=True, help_text="Of its ZIP, without suffix: japan-and-nato-3.")
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=limits.TEXT, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    with_comments = models.BooleanField(default=False)
    with_captures = models.BooleanField(default=False)
    with_pdf = models.BooleanField(default=False)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="next", help_text="The last one of its set that was ready then."
    )
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="releases", help_text="What builds it.")
    frozen_at = models.DateTimeField()
    claim_count = models.PositiveIntegerField()
    left_out = models.JSONField(default=list)
    head_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="releases")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.BUILDING)
    problem = models.TextField(max_length=limits.REASON, blank=True, help_text="Why it could not be built.")
    # Of the file, all at once when it is ready.
    path = models.CharField(max_length=300, blank=True, help_text="Below the folder of releases.")
    size = models.PositiveBigIntegerField(null=True, help_text="In bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    signing_key = models.ForeignKey(SigningKey, models.PROTECT, null=True, related_name="releases")
    ready_at = models.DateTimeField(null=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.NO)
    token = models.CharField(max_length=64, unique=True, null=True, help_text="Its public address; never changes.")
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.TextField(max_length=limits.REASON, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim_set", "number"], name="release_number_is_unique"),
            models.UniqueConstraint(fields=["path"], condition=~Q(path=""), name="release_path_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=1, serial__gte=1), name="release_numbers_start_at_1"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(name=""), name="release_has_a_title"),
            models.CheckConstraint(condition=Q(claim_count__gte=1), name="release_has_claims"),
            one_of("state", ReleaseState, table="release"),
            one_of("visibility", Visibility, table="release"),
            models.CheckConstraint(
                condition=(
                    Q(state__in=sorted(ISSUED), size__isnull=False, size__gte=1, ready_at__isnull=False)
                    & Q(signing_key__isnull=False)
                    & ~Q(path="")
                    & Exact(Length("sha256"), 64)
                )
                | (~Q(state__in=sorted(ISSUED)) & Q(path="", size=None, sha256="", ready_at=None, signing_key=None)),
                name="release_has_its_file_when_ready",
            ),
            models.CheckConstraint(
                condition=(Q(state=ReleaseState.FAILED) & ~Q(problem=""))
                | (~Q(state=ReleaseState.FAILED) & Q(problem="")),
                name="release_says_why_it_failed",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ReleaseState.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                    & ~Q(withdrawal_reason="")
                )
                | (~Q(state=ReleaseState.WITHDRAWN) & Q(withdrawn_by=None, withdrawn_at=None, withdrawal_reason="")),
                name="release_withdrawal_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(token=None, published_at=None, visibility=Visibility.NO)
                | (Q(token__isnull=False, published_at__isnull=False, state__in=sorted(ISSUED)) & ~Q(token="")),
                name="release_is_public_at_an_address",
            ),
        ]
        indexes = [models.Index(fields=["visibility", "state", "-id"], name="release_public")]

    def __str__(self) -> str:
        return f"{self.title}, release {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("release_detail", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.state == ReleaseState.READY

    @property
    def is_withdrawn(self) -> bool:
        return self.state == ReleaseState.WITHDRAWN

    @property
    def left_out_count(self) -> int:
        return len(self.left_out)


class ReleaseClaimQuerySet(models.QuerySet["ReleaseClaim"]):
    def issued(self) -> Self:
        """Those of releases of which somebody may have the file, the newest release first."""
        return self.filter(release__state__in=ISSUED).order_by("-release_id")


class ReleaseClaim(models.Model):
    """A claim in a release, as far as its history had come then. What happened since: reading.recall."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="entries")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="release_entries")
    position = models.PositiveIntegerField(help_text="Its place in the release, from 1.")
    event_number = models.PositiveIntegerField(help_text="Of the newest event of the claim's history then.")
    event_hash = models.CharField(max_length=64)
    verdict_key = models.CharField(max_length=40)
    record_sha256 = models.CharField(max_length=64, help_text="Of its record as exports.canonical writes it.")

    objects = ReleaseClaimQuerySet.as_manager()

    class Meta:
        ordering = ["release", "position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "claim"], name="release_holds_a_claim_once"),
            models.UniqueConstraint(fields=["release", "position"], name="release_position_is_unique"),
            models.CheckConstraint(
                condition=Q(position__gte=1, event_number__gte=1)
                & ~Q(verdict_key="")
                & Exact(Length("event_hash"), 64)
                & Exact(Length("record_sha256"), 64),
                name="release_claim_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} in {self.release}"


class Recipient(models.Model):
    """Whom a release was sent to."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="recipients")
    text = models.CharField(max_length=500, help_text="Who, and how: free text.")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="recipient_has_a_text")]

    def __str__(self) -> str:
        return self.text


class Correction(models.Model):
    """A public notice that something a release says of a claim no longer holds."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="corrections")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="corrections")
    text = models.TextField(max_length=limits.TEXT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="correction_has_a_text")]

    def __str__(self) -> str:
        return self.text
