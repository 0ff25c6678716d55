import re
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from claims import limits
from claims.choices import DECIDABLE, UNRESOLVED, ClaimKind, Permission, Priority, Stage, Stance
from claims.models.assessment import Assessment
from claims.models.base import Versioned, one_of
from claims.models.fields import PartialDateField
from claims.models.user import User
from claims.models.verdict import Verdict
from claims.workflow import Facts


def numbered(name: str) -> int | None:
    """The number in the short name of a claim without a key, such as C-12. See also Claim.reference."""
    found = re.fullmatch("c-([0-9]{1,9})", name, re.IGNORECASE)
    return int(found[1]) if found else None


class Tag(models.Model):
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClaimQuerySet(models.QuerySet["Claim"]):
    """The query language of claims: adjectives filter, `with_*` add what a page shows."""

    def verified(self) -> Self:
        return self.filter(stage=Stage.VERIFIED)

    def unresolved(self) -> Self:
        return self.filter(stage__in=UNRESOLVED)

    def assigned_to(self, user: User) -> Self:
        return self.filter(assignee=user)

    def waiting_for_review_by(self, user: User) -> Self:
        """With an assessment, of a claim in review or of a verified one to be confirmed, that another wrote."""
        return self.filter(pk__in=Assessment.objects.pending().exclude(author=user).values("claim"))

    def due(self, on: date | None = None) -> Self:
        """Verified, and the re-check date has come or something it rests on changed. See also Claim.is_due."""
        today = on or timezone.localdate()
        # Two subqueries instead of OR: each reads its own index, and no verified claim that is not due.
        verified = Claim.objects.order_by().verified().values("pk")
        changed, expired = verified.filter(due_at__isnull=False), verified.filter(recheck_from__lte=today)
        return self.filter(pk__in=changed.union(expired, all=True))

    def ready(self, on: date | None = None) -> Self:
        """Verified and not due: what can be handed out, as far as the claim itself goes."""
        later = Q(recheck_from=None) | Q(recheck_from__gt=on or timezone.localdate())
        return self.verified().filter(later, due_at=None)

    def due_by_change(self) -> Self:
        """The part of `due` where something the claim rests on changed; `due_by_date` is the rest.

        Apart, each can be read from its own index in the order that the desk shows.
        """
        return self.verified().filter(due_at__isnull=False)

    def due_by_date(self, on: date | None = None) -> Self:
        """The part of `due` where only the re-check date has come."""
        return self.verified().filter(due_at=None, recheck_from__lte=on or timezone.localdate())

    def appearing_in(self, document_id: int) -> Self:
        from claims.models.appearance import Appearance

        return self.filter(pk__in=Appearance.objects.filter(snapshot__document=document_id).values("claim"))

    def from_source(self, source_id: int) -> Self:
        """Claims made in documents of this source."""
        from claims.models.appearance import Appearance

        return self.filter(pk__in=Appearance.objects.filter(snapshot__document__source=source_id).values("claim"))

    def resting_on_source(self, source_id: int) -> Self:
        """Claims for which a document of this source serves as evidence."""
        from claims.models.evidence import Evidence

        held = Evidence.objects.in_force().filter(document__source=source_id)
        return self.filter(pk__in=held.values("claim"))

    def referred_to_as(self, name: str) -> Self:
        """The claim of that short name, in whatever case. See also Claim.reference."""
        named = Q(key__in={name, name.lower(), name.upper()})
        if number := numbered(name):
            named |= Q(pk=number, key=None)
        return self.filter(named)

    def with_people(self) -> Self:
        return self.select_related("verdict", "assignee")

    def with_evidence_counts(self) -> Self:
        """Adds `supports_count` and `refutes_count` of the evidence in force."""
        in_force = Q(evidence__retracted_at=None)
        return self.annotate(
            supports_count=Count("evidence", filter=in_force & Q(evidence__stance=Stance.SUPPORTS)),
            refutes_count=Count("evidence", filter=in_force & Q(evidence__stance=Stance.REFUTES)),
        )

    def with_pending(self) -> Self:
        """Prefetches `pending_assessments`: the one that waits for a decision, or none."""
        pending = Assessment.objects.pending().with_people()
        return self.prefetch_related(Prefetch("assessments", queryset=pending, to_attr="pending_assessments"))


class Claim(Versioned):
    """One atomic, standalone assertion that can be true or false.

    Verified if and only if an approved assessment stands: a CHECK ties stage, `standing` and `verdict`
    together, and a trigger that the standing assessment is this claim's, approved, with this verdict.
    """

    key = models.SlugField(max_length=80, unique=True, null=True, blank=True, help_text="Key in an imported data set.")
    assertion = models.TextField(max_length=limits.ASSERTION)
    kind = models.CharField(max_length=20, choices=ClaimKind)
    speaker = models.CharField(max_length=200, blank=True)
    as_of = PartialDateField(blank=True, help_text="The time for which it is judged.")
    reference_period = models.CharField(max_length=200, blank=True, help_text="The time it speaks about.")
    how_to_check = models.TextField(max_length=limits.GUIDE, blank=True)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.OPEN, editable=False)
    standing = models.OneToOneField(
        Assessment, models.PROTECT, null=True, blank=True, editable=False, related_name="standing_for"
    )
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, blank=True, editable=False, related_name="claims")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned_claims"
    )
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    tags = models.ManyToManyField(Tag, blank=True, related_name="claims")
    recheck_on = PartialDateField(blank=True, help_text="When to look again.")
    recheck_from = models.DateField(null=True, editable=False, help_text="First day of recheck_on.")
    recheck_calendar = models.ForeignKey(
        "claims.ReleaseCalendar", models.PROTECT, null=True, blank=True, editable=False, related_name="claims"
    )
    due_at = models.DateTimeField(null=True, editable=False, help_text="When its evidence or premise changed.")
    due_reason = models.CharField(max_length=300, blank=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    pending_assessments: list[Assessment]  # of with_pending
    supports_count: int  # of with_evidence_counts, as is the next
    refutes_count: int

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [(permission.value, permission.label) for permission in Permission]
        constraints = [
            models.CheckConstraint(condition=~Q(assertion=""), name="claim_has_an_assertion"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("assertion"), limits.ASSERTION), name="claim_assertion_is_short"
            ),
            one_of("stage", Stage, table="claim"),
            one_of("kind", ClaimKind, table="claim"),
            one_of("priority", Priority, table="claim"),
            models.CheckConstraint(
                condition=(Q(stage=Stage.VERIFIED) & Q(standing__isnull=False) & Q(verdict__isnull=False))
                | (~Q(stage=Stage.VERIFIED) & Q(standing=None) & Q(verdict=None)),
                name="claim_verified_iff_assessment_stands",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.IN_PROGRESS) | Q(assignee__isnull=False),
                name="claim_in_progress_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(recheck_on="", recheck_from=None) | (~Q(recheck_on="") & Q(recheck_from__isnull=False)),
                name="claim_recheck_has_its_first_day",
            ),
            models.CheckConstraint(
                condition=Q(recheck_calendar=None) | ~Q(recheck_on=""), name="claim_that_follows_has_a_recheck"
            ),
        ]
        indexes = [
            models.Index(F("changed_at").desc(), F("id").desc(), name="claim_changed"),
            models.Index("stage", F("changed_at").desc(), F("id").desc(), name="claim_stage_changed"),
            models.Index("verdict", F("changed_at").desc(), F("id").desc(), name="claim_verdict_changed"),
            models.Index("kind", F("changed_at").desc(), F("id").desc(), name="claim_kind_changed"),
            models.Index("stage", "kind", F("changed_at").desc(), F("id").desc(), name="claim_stage_kind_changed"),
            models.Index("assignee", F("changed_at").desc(), F("id").desc(), name="claim_assignee_changed"),
            models.Index("as_of", "id", name="claim_as_of"),
            models.Index("priority", "id", name="claim_priority"),
            models.Index("recheck_from", "id", name="claim_recheck"),
            models.Index("stage", "recheck_from", "id", name="claim_stage_recheck"),
            models.Index("stage", "id", name="claim_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.assertion

    def get_absolute_url(self) -> str:
        return reverse("claim_detail", args=[self.pk])

    @property
    def reference(self) -> str:
        """The short name people use: the imported key in capitals, else "C-" and the number."""
        return self.key.upper() if self.key else f"C-{self.pk}"

    @property
    def is_due(self) -> bool:
        """See also ClaimQuerySet.due."""
        if self.stage != Stage.VERIFIED:
            return False
        return self.due_at is not None or (self.recheck_from is not None and self.recheck_from <= timezone.localdate())

    @property
    def pending(self) -> Assessment | None:
        """The assessment that waits for a decision: the one that `with_pending` prefetched, else looked up once."""
        if self.stage in DECIDABLE and "pending_assessments" not in self.__dict__:
            self.pending_assessments = list(Assessment.objects.pending().filter(claim=self.pk).with_people()[:1])
        return next(iter(self.__dict__.get("pending_assessments", [])), None)

    def forget_pending(self) -> None:
        """Look the pending assessment up anew when it is next asked for."""
        self.__dict__.pop("pending_assessments", None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.forget_pending()
        super().refresh_from_db(*args, **kwargs)

    def facts_for(self, user: Any) -> Facts:
        """What the workflow needs to know to say whether this person may act on this claim."""
        pending = self.pending
        return Facts(
            stage=Stage(self.stage),
            actor=user.pk,
            permissions=user.held_permissions,
            assignee=self.assignee_id,
            author=pending.author_id if pending else None,
        )
