"""Documents, their frozen texts, and the sentences of those texts."""

import hashlib
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from claims import limits
from claims.choices import Derivation, Disposition, Health, Origin, Reliability
from claims.models.base import Versioned, one_of
from claims.models.fields import PartialDateField
from claims.models.source import Source


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


EXCERPT = "Passages of this document that were quoted elsewhere. The text itself is not here."
"""The first line of a snapshot that has no more of its document than passages which came in with a release."""

DERIVATION_STEPS = 3
"""How many documents deep one can be derived: so deep, lists load where each piece of evidence comes from at once."""
LINEAGE = "__".join(["derived_from"] * DERIVATION_STEPS)


class DocumentQuerySet(models.QuerySet["Document"]):
    def under_check(self) -> Self:
        """Articles whose claims the desk verifies, as opposed to pages used only as evidence."""
        return self.filter(under_check=True)

    def with_source(self) -> Self:
        return self.select_related("source")

    def graded(self, letters: Iterable[Reliability]) -> Self:
        """Those for which one of these letters counts. See also: Document.reliability."""
        by_source = Q(reliability_override="", source__reliability__in=letters)
        return self.filter(Q(reliability_override__in=letters) | by_source)

    def with_lineage(self) -> Self:
        """With its source and the documents it came out of, so that `lineage` asks nothing."""
        return self.select_related("source", LINEAGE)

    def with_completion(self) -> Self:
        """With the person who declared the check complete."""
        return self.select_related("completed_by")

    def with_latest_snapshot_id(self) -> Self:
        """Adds `latest_snapshot_id` and `latest_number`, None when nothing was captured."""
        newest = Snapshot.objects.filter(document=OuterRef("pk")).order_by("-number")
        return self.annotate(
            latest_snapshot_id=Subquery(newest.values("pk")[:1]), latest_number=Subquery(newest.values("number")[:1])
        )


class Document(Versioned):
    """One work by a source: an article under check, or a reference used as evidence."""

    key = models.SlugField(max_length=80, unique=True, null=True, blank=True, help_text="Key in an imported data set.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="documents")
    title = models.CharField(max_length=300)
    authors = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=2000, blank=True, help_text="The address as it was given.")
    url_key = models.CharField(
        max_length=2000,
        unique=True,
        null=True,
        editable=False,
        help_text="The address in its one normal spelling (links.url_key): the same page is never stored twice.",
    )
    published_on = PartialDateField(blank=True)
    accessed_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47 tag, such as en or ja.")
    via = models.CharField(max_length=200, blank=True, help_text="Site on which a copy was read.")
    reliability_override = models.CharField(max_length=1, choices=Reliability, blank=True)
    reliability_override_reason = models.TextField(max_length=limits.REASON, blank=True)
    derived_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived", help_text="The document it came out of."
    )
    derivation = models.CharField(max_length=20, choices=Derivation, blank=True)
    note = models.TextField(max_length=limits.TEXT, blank=True)
    under_check = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    completed_at = models.DateTimeField(null=True, editable=False, help_text="When its check was declared complete.")

    # What the newest capture came to; by actions.captures.
    health = models.CharField(max_length=12, choices=Health, default=Health.NOT_CAPTURED, editable=False)
    health_reason = models.TextField(max_length=limits.REASON, blank=True, editable=False)
    looked_at = models.DateTimeField(null=True, editable=False, help_text="When it was last tried to capture it.")

    latest_snapshot_id: int | None  # by with_latest_snapshot_id, as is the next
    latest_number: int | None

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="document_has_a_title"),
            models.CheckConstraint(
                condition=Q(url="", url_key=None) | (~Q(url="") & Q(url_key__isnull=False)),
                name="document_url_has_its_key",
            ),
            one_of("reliability_override", ["", *Reliability], table="document"),
            models.CheckConstraint(
                condition=Q(reliability_override="") | ~Q(reliability_override_reason=""),
                name="document_override_has_a_reason",
            ),
            one_of("derivation", ["", *Derivation], table="document"),
            models.CheckConstraint(
                condition=Q(derived_from=None, derivation="")
                | (Q(derived_from__isnull=False) & ~Q(derivation="") & ~Q(derived_from=F("id"))),
                name="document_derivation_is_whole",
            ),
            one_of("health", Health, table="document"),
            models.CheckConstraint(
                condition=Q(completed_by=None, completed_at=None)
                | Q(completed_by__isnull=False, completed_at__isnull=False),
                name="document_completion_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["under_check", "-id"], name="document_under_check"),
            models.Index(fields=["health", "-id"], name="document_health"),
            models.Index(fields=["looked_at", "id"], name="document_looked_at"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("document_detail", args=[self.pk])

    @property
    def is_complete(self) -> bool:
        """Whether someone declared its check complete, and nothing has happened since that says otherwise."""
        return self.completed_at is not None

    @property
    def reliability(self) -> Reliability:
        """The letter that counts for this work: its own when one is set, else its source's."""
        return Reliability(self.reliability_override or self.source.reliability)

    @property
    def lineage(self) -> "list[Document]":
        """This document, the one it came out of, and so on to the first. See DocumentQuerySet.with_lineage."""
        chain = [self]
        while len(chain) <= DERIVATION_STEPS and (origin := chain[-1].derived_from):
            chain.append(origin)
        return chain

    def latest_snapshot(self) -> "Snapshot | None":
        return self.snapshots.order_by("-number").first()


class IntegrityFault(Exception):
    """A stored text no longer has the hash it was stored with."""


class Snapshot(models.Model):
    """The text of a document as it was at one moment. Never edited or deleted: triggers refuse it."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=limits.DOCUMENT)
    text_sha256 = models.CharField(max_length=64, editable=False)
    raw_sha256 = models.CharField(max_length=64, editable=False)
    origin = models.CharField(max_length=10, choices=Origin)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="snapshot_number_is_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="snapshot_number_starts_at_1"),
            models.CheckConstraint(condition=~Q(text=""), name="snapshot_has_a_text"),
            one_of("origin", Origin, table="snapshot"),
        ]
        indexes = [models.Index(fields=["text_sha256"], name="snapshot_text")]

    def __str__(self) -> str:
        return f"{self.document}, snapshot {self.number}"

    def get_absolute_url(self) -> str:
        return f"{reverse('document_detail', args=[self.document_id])}?snapshot={self.number}"

    @property
    def is_excerpt(self) -> bool:
        """Whether it was put together from passages, so that it does not show what else the document says."""
        return self.text.startswith(EXCERPT)

    @property
    def is_intact(self) -> bool:
        return sha256(self.text.encode()) == self.text_sha256

    def read(self) -> str:
        """The text, checked against its hash. Raises IntegrityFault when it was altered."""
        if not self.is_intact:
            raise IntegrityFault(f"The text of snapshot {self.number} of “{self.document}” was altered after capture.")
        return self.text

    def later(self) -> "models.QuerySet[Snapshot]":
        """The texts of its document that came after it."""
        return self.document.snapshots.filter(number__gt=self.number)


class SentenceQuerySet(models.QuerySet["Sentence"]):
    def undecided(self) -> Self:
        return self.filter(disposition="")

    def decided(self) -> Self:
        return self.exclude(disposition="")

    def touching(self, start: int, end: int) -> Self:
        """Those that share a character with [start, end) of their text."""
        return self.filter(start__lt=end, end__gt=start)

    def worth(self, percent: int) -> Self:
        """Those with a score from `percent` up, and those without one, which nothing says to be below it."""
        return self.filter(Q(score__gte=percent / 100) | Q(score=None)) if percent else self.all()


class Sentence(Versioned):
    """A span of a snapshot, in code points, with what a person decided it is. Every decision raises its version."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="sentences")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    score = models.FloatField(null=True, blank=True, help_text="Check-worthiness from 0 to 1; empty when not scored.")
    signals = models.JSONField(default=list, blank=True, help_text="Reasons for the score: name, weight, words.")
    assertions = models.PositiveSmallIntegerField(default=0, help_text="How many facts it seems to state.")
    disposition = models.CharField(max_length=20, choices=Disposition, blank=True)
    note = models.TextField(max_length=limits.REASON, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    batch = models.UUIDField(null=True, editable=False, help_text="The act on many sentences that decided it last.")
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", help_text="The same in the last draft."
    )

    objects = SentenceQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "number"], name="sentence_number_is_unique"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="sentence_start_before_end"),
            one_of("disposition", ["", *Disposition], table="sentence"),
            models.CheckConstraint(
                condition=Q(disposition="", decided_by=None, decided_at=None)
                | (~Q(disposition="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="sentence_decision_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["snapshot", "disposition"], name="sentence_disposition"),
            models.Index("snapshot", "disposition", F("score").desc(), "id", name="sentence_score"),
        ]

    def __str__(self) -> str:
        return f"Sentence {self.number} of snapshot {self.snapshot_id}"
