"""What leans on a source or a document: the claims for which it is evidence, and the documents that came out of it.

A document that was derived from another leans on it, and so do the claims that cite the copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from claims.choices import Stance
from claims.models import Claim, ClaimSet, Document, Evidence, Release, ReleaseClaim, Source
from claims.models.claim import ClaimQuerySet
from claims.models.claim_set import ClaimSetQuerySet
from claims.models.document import DocumentQuerySet
from claims.models.evidence import EvidenceQuerySet
from claims.models.release import ReleaseQuerySet
from claims.reading.recall import uncorrected

BEARING = (Stance.SUPPORTS, Stance.REFUTES)
"""What carries weight; context does not."""

# Written out, so that each database works it out once and for itself: the same as nested subqueries is planned by
# PostgreSQL as if they were empty when its statistics say so, and then runs for minutes.
_WITH_DERIVED = """
    WITH RECURSIVE own (id) AS (
        SELECT id FROM claims_document WHERE {first} = %s
        UNION
        SELECT copy.id FROM claims_document copy JOIN own ON copy.derived_from_id = own.id
    )
    SELECT id FROM own
"""


@dataclass(frozen=True)
class Leaning:
    """A claim, with how many of the links for and against it come from here, and how many others there are."""

    claim: Claim
    here: int
    elsewhere: int

    @property
    def is_only(self) -> bool:
        return self.here > 0 and not self.elsewhere

    @property
    def words(self) -> str:
        if not self.here:
            return "Context only"
        return "Only evidence" if self.is_only else f"{self.here} of {self.here + self.elsewhere} links"


def documents_of(record: Source | Document) -> DocumentQuerySet:
    """The document itself, or those of the source, and whatever came out of them, be it by several steps."""
    first = "source_id" if isinstance(record, Source) else "id"
    derived = RawSQL(_WITH_DERIVED.format(first=first), [record.pk])  # noqa: S611 - names of columns, no words of people
    return Document.objects.filter(pk__in=derived)


def derived_documents(record: Source | Document) -> DocumentQuerySet:
    """Documents that came out of it; of a source, only those that others published."""
    derived = documents_of(record).exclude(derived_from=None)
    return derived.exclude(source=record) if isinstance(record, Source) else derived.exclude(pk=record.pk)


def evidence_from(record: Source | Document) -> EvidenceQuerySet:
    return Evidence.objects.in_force().filter(document__in=documents_of(record).order_by().values("pk"))


def leaning_claims(record: Source | Document, *, only: bool = False) -> ClaimQuerySet:
    """Claims for which it is evidence; with `only`, those that have no other link for or against them."""
    claims = Claim.objects.filter(pk__in=evidence_from(record).order_by().values("claim"))
    if not only:
        return claims
    bearing = Evidence.objects.in_force().filter(claim=OuterRef("pk"), stance__in=BEARING)
    own = documents_of(record).order_by().values("pk")
    return claims.filter(Exists(bearing.filter(document__in=own)), ~Exists(bearing.exclude(document__in=own)))


def leaning_sets(record: Source | Document) -> ClaimSetQuerySet:
    """Claim sets with claims that lean on it, annotated with how many: `leaning`. The newest first."""
    items = Q(items__claim__in=leaning_claims(record).order_by().values("pk"))
    return ClaimSet.objects.filter(items).annotate(leaning=Count("items")).order_by("-pk")


def released_leaning(record: Source | Document) -> "QuerySet[ReleaseClaim]":
    """Claims in releases for which it was evidence when they were frozen, whatever became of that evidence since."""
    cited = Evidence.objects.filter(document__in=documents_of(record).order_by().values("pk")).order_by()
    frozen_at = OuterRef("release__frozen_at")
    in_force = Q(retracted_at=None) | Q(retracted_at__gt=frozen_at)
    then = cited.filter(in_force, claim=OuterRef("claim"), added_at__lte=frozen_at)
    return ReleaseClaim.objects.filter(Exists(then), claim__in=cited.values("claim")).order_by()


def leaning_releases(record: Source | Document) -> ReleaseQuerySet:
    """Releases that leaned on it, annotated with how many of their claims did: `leaning`. The newest first."""
    entries = Q(entries__in=released_leaning(record).values("pk"))
    return Release.objects.issued().filter(entries).annotate(leaning=Count("entries")).order_by("-pk")


def leaning_uncorrected(record: Source | Document) -> "QuerySet[ReleaseClaim]":
    """Those of `released_leaning` that want a correction, because of it or of anything else. Newest release first."""
    entries = uncorrected().filter(pk__in=released_leaning(record).values("pk"))
    return entries.select_related("release", "claim__verdict").order_by("-release_id", "position")


def weigh(claims: Sequence[Claim], record: Source | Document) -> list[Leaning]:
    """How heavily each claim leans on it. One query for all of them."""
    bearing = Evidence.objects.in_force().filter(claim__in=claims, stance__in=BEARING).order_by()
    own = Q(document__in=documents_of(record).order_by().values("pk"))
    counted = bearing.values_list("claim").annotate(here=Count("pk", filter=own), all=Count("pk"))
    known = {claim: (here, total - here) for claim, here, total in counted}
    return [Leaning(claim, *known.get(claim.pk, (0, 0))) for claim in claims]
