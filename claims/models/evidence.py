from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from claims import limits
from claims.characters import fold
from claims.choices import Credibility, Provenance, QuoteStatus, Stance, StillThere
from claims.differences import Piece, word_diff
from claims.models.base import Versioned, one_of
from claims.models.claim import Claim
from claims.models.document import LINEAGE, Document, Snapshot
from claims.models.verdict import Verdict
from claims.passages import reads_like


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def in_force(self) -> Self:
        return self.filter(retracted_at=None)

    def contested(self) -> bool:
        """Whether these pieces would lead to different verdicts, each on its own."""
        return self.exclude(alone_verdict=None).order_by().values("alone_verdict").distinct().count() > 1

    def with_document(self) -> Self:
        return self.select_related(
            "document__source", f"document__{LINEAGE}", "alone_verdict", "added_by", "retracted_by"
        )


class Evidence(Versioned):
    """A document, and if captured a passage in it, that bears on a claim."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    document = models.ForeignKey(Document, models.PROTECT, related_name="evidence")
    stance = models.CharField(max_length=10, choices=Stance)
    finding = models.TextField(
        max_length=limits.TEXT, blank=True, help_text="What it says about the claim, in the analyst's words."
    )
    quote = models.TextField(max_length=limits.TEXT, blank=True, help_text="The words themselves.")
    locator = models.CharField(max_length=200, blank=True, help_text="Page, table, paragraph, timestamp.")
    credibility = models.PositiveSmallIntegerField(choices=Credibility, default=Credibility.UNKNOWN)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.FOUND)
    was_read = models.BooleanField("read by the checker", default=True)
    accessed_on = models.DateField(null=True, blank=True)
    # Where the quote was found in the capture; computed by actions.quotes, never typed. See quote_status.
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, editable=False, related_name="evidence")
    start = models.PositiveIntegerField(null=True, editable=False)
    end = models.PositiveIntegerField(null=True, editable=False)
    exact = models.TextField(blank=True, editable=False, help_text="What the snapshot says there.")
    places = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How many places of the snapshot read like the quote."
    )
    still = models.CharField(
        max_length=12, choices=StillThere, blank=True, editable=False, help_text="What its newest sighting says."
    )
    # What it would mean on its own, and by which way of counting; see docs/working.md.
    method = models.CharField(max_length=120, blank=True, help_text="Whose way of counting, and for when.")
    alone_verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, blank=True, related_name="+")
    alone_says = models.CharField(max_length=300, blank=True, help_text="What the claim would be by this piece alone.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    retracted_at = models.DateTimeField(null=True, editable=False)
    retraction_reason = models.TextField(max_length=limits.REASON, blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "evidence"
        constraints = [
            one_of("stance", Stance, table="evidence"),
            one_of("credibility", Credibility, table="evidence"),
            one_of("provenance", Provenance, table="evidence"),
            one_of("still", ["", *StillThere], table="evidence"),
            models.CheckConstraint(condition=~Q(finding="") | ~Q(quote=""), name="evidence_has_finding_or_quote"),
            models.CheckConstraint(
                condition=Q(retracted_at=None, retracted_by=None, retraction_reason="")
                | (Q(retracted_at__isnull=False, retracted_by__isnull=False) & ~Q(retraction_reason="")),
                name="evidence_retraction_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None, exact="")
                | (
                    Q(start__isnull=False, end__isnull=False, snapshot__isnull=False, start__lt=F("end")) & ~Q(exact="")
                ),
                name="evidence_passage_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(places=0) | Q(snapshot__isnull=False), name="evidence_places_are_in_a_text"
            ),
        ]
        indexes = [models.Index(fields=["claim", "stance"], name="evidence_claim_stance")]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.document}"

    @property
    def is_retracted(self) -> bool:
        return self.retracted_at is not None

    @property
    def speaks_alone(self) -> bool:
        """Whether someone said what it would mean on its own."""
        return self.alone_verdict_id is not None or bool(self.alone_says)

    @property
    def grade(self) -> str:
        """Admiralty grade such as "B2": the document's letter, the information's digit, judged apart."""
        return f"{self.document.reliability}{self.credibility}"

    @property
    def quote_url(self) -> str:
        """Where the captured text is read, at the words quoted."""
        return f"{reverse('document_text', args=[self.document_id])}?quote={self.pk}#quote"

    @property
    def quote_pieces(self) -> list[Piece]:
        """The quote compared with what the capture says, but for quotation marks, dashes and spaces."""
        return word_diff(fold(self.quote).text.strip(), fold(self.exact).text.strip())

    @property
    def quote_status(self) -> QuoteStatus:
        """What the capture says to the quote: it follows from the two wordings, and no column says so."""
        if not self.quote:
            return QuoteStatus.NONE
        if self.snapshot_id is None:
            return QuoteStatus.NOT_CAPTURED
        if self.start is None:
            return QuoteStatus.SEVERAL if self.places > 1 else QuoteStatus.NOT_FOUND
        return QuoteStatus.FOUND if reads_like(self.quote, self.exact) else QuoteStatus.DIFFERS
