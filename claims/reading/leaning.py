"""What leans on a source or a document: the claims for which it is evidence, and the documents that came out of it.

A document that was derived from another leans on it, and so do the claims that cite the copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from claims.choices import Stance
from claims.models import Claim, ClaimSet, Document, Evidence, Source
from claims.models.claim import ClaimQuerySet
from claims.models.claim_set import ClaimSetQuerySet
from claims.models.document import DERIVATION_STEPS, DocumentQuerySet
from claims.models.evidence import EvidenceQuerySet

BEARING = (Stance.SUPPORTS, Stance.REFUTES)
"""What carries weight; context does not."""


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
    level: QuerySet[Document] = _first(record).order_by()
    levels = [level.values("pk")]
    for _ in range(DERIVATION_STEPS):
        level = Document.objects.filter(derived_from__in=level.values("pk")).order_by()
        levels.append(level.values("pk"))
    # A union of subqueries, each of which reads an index: OR would read every document.
    return Document.objects.filter(pk__in=levels[0].union(*levels[1:], all=True))


def _first(record: Source | Document) -> DocumentQuerySet:
    return Document.objects.filter(source=record) if isinstance(record, Source) else _itself(record)


def _itself(document: Document) -> DocumentQuerySet:
    return Document.objects.filter(pk=document.pk)


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


def weigh(claims: Sequence[Claim], record: Source | Document) -> list[Leaning]:
    """How heavily each claim leans on it. One query for all of them."""
    bearing = Evidence.objects.in_force().filter(claim__in=claims, stance__in=BEARING).order_by()
    own = Q(document__in=documents_of(record).order_by().values("pk"))
    counted = bearing.values_list("claim").annotate(here=Count("pk", filter=own), all=Count("pk"))
    known = {claim: (here, total - here) for claim, here, total in counted}
    return [Leaning(claim, *known.get(claim.pk, (0, 0))) for claim in claims]
