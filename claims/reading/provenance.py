"""Who brought the evidence: the author of the text, or its checkers."""

from dataclasses import dataclass

from django.db.models import Count, Q

from claims.choices import Provenance
from claims.models import Appearance, Document, Evidence


@dataclass(frozen=True)
class Supply:
    """Pieces of evidence for and against the claims of a document, by how they came in."""

    supplied: int
    found: int

    @property
    def total(self) -> int:
        return self.supplied + self.found

    @property
    def share(self) -> str:
        """How much was supplied, in whole percent rounded down: a piece among hundreds is not none."""
        percent = 100 * self.supplied // self.total if self.total else 0
        return "under 1 %" if self.supplied and not percent else f"{percent} %"


def supply_of(document: Document) -> Supply:
    """Of all claims that any of its texts makes. One query."""
    claims = Appearance.objects.filter(snapshot__document=document).order_by().values("claim")
    counts = (
        Evidence.objects.in_force()
        .filter(claim__in=claims)
        .aggregate(
            supplied=Count("pk", filter=Q(provenance=Provenance.SUPPLIED)),
            found=Count("pk", filter=Q(provenance=Provenance.FOUND)),
        )
    )
    return Supply(**counts)
