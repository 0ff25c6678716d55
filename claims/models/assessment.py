from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from claims import limits
from claims.choices import Confidence, Decision
from claims.models.base import one_of
from claims.models.fields import PartialDateField
from claims.models.verdict import Verdict


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def drafts(self) -> Self:
        return self.filter(submitted_at=None)

    def pending(self) -> Self:
        """Submitted and waiting for a second person."""
        return self.filter(submitted_at__isnull=False, decision=None)

    def decided(self) -> Self:
        return self.filter(decision__isnull=False)

    def with_people(self) -> Self:
        return self.select_related("verdict", "author", "decided_by", "decisive__document")


class Assessment(models.Model):
    """One analyst's proposed verdict, then a second person's decision on it.

    Draft until `submitted_at` is set; pending until `decision` is; then final (a trigger refuses any change).
    """

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="assessments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments")
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, blank=True, related_name="assessments")
    confidence = models.CharField(max_length=10, choices=Confidence, blank=True)
    rationale = models.TextField(max_length=limits.TEXT, blank=True)
    as_of = PartialDateField(blank=True)
    decisive = models.ForeignKey("claims.Evidence", models.PROTECT, null=True, blank=True, related_name="decides")
    decisive_reason = models.TextField(max_length=limits.REASON, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(max_length=limits.REASON, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at=None) | (Q(verdict__isnull=False) & ~Q(rationale="") & ~Q(as_of="")),
                name="assessment_verdict_has_rationale_and_as_of",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None)
                | Q(decisive=None, decisive_reason="")
                | (Q(decisive__isnull=False) & ~Q(decisive_reason="")),
                name="assessment_decisive_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision=None, decided_by=None, decided_at=None)
                | Q(decision__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="assessment_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("author")), name="assessment_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(decision=None) | Q(submitted_at__isnull=False), name="assessment_decided_after_submission"
            ),
            models.CheckConstraint(
                condition=Q(decision=None) | ~Q(decision=Decision.RETURNED) | ~Q(decision_reason=""),
                name="assessment_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision=None) | Q(decision__in=sorted(Decision)), name="assessment_decision_is_known"
            ),
            one_of("confidence", ["", *Confidence], table="assessment"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(submitted_at__isnull=False, decision=None),
                name="assessment_one_pending_per_claim",
            ),
            models.UniqueConstraint(
                fields=["claim", "author"], condition=Q(submitted_at=None), name="assessment_one_draft_per_author"
            ),
        ]
        indexes = [
            models.Index(fields=["decided_at"], condition=Q(decision=Decision.APPROVED), name="assessment_approved"),
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(submitted_at__isnull=False, decision=None),
                name="assessment_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.author}"

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None

    @property
    def is_pending(self) -> bool:
        return self.submitted_at is not None and self.decision is None
