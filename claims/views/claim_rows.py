"""The lines of a table of claims: whatever the rows show, from four queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from claims.choices import Stage, Stance
from claims.models import Appearance, Assessment, Claim, Evidence, Verdict


@dataclass(frozen=True)
class ClaimRow:
    """A claim with its evidence counted, the title of a document that makes it, and the verdict in review."""

    claim: Claim
    supports: int = 0
    refutes: int = 0
    document: str = ""
    more_documents: int = 0
    proposed: Verdict | None = None


def claim_rows(claims: Sequence[Claim]) -> list[ClaimRow]:
    """A row for each claim, in their order. Load the claims with their verdict and assignee (`with_people`)."""
    balances = _balances(claims)
    titles = _titles(claims)
    proposed = _proposed(claim for claim in claims if claim.stage == Stage.IN_REVIEW)
    return [
        ClaimRow(
            claim,
            supports=balances.get((claim.pk, Stance.SUPPORTS), 0),
            refutes=balances.get((claim.pk, Stance.REFUTES), 0),
            document=next(iter(titles.get(claim.pk, [])), ""),
            more_documents=max(len(titles.get(claim.pk, [])) - 1, 0),
            proposed=proposed.get(claim.pk),
        )
        for claim in claims
    ]


def _balances(claims: Iterable[Claim]) -> dict[tuple[int, str], int]:
    """How many pieces of evidence are in force, by claim and stance."""
    found = Evidence.objects.in_force().filter(claim__in=claims).order_by()
    return {(claim, stance): n for claim, stance, n in found.values_list("claim", "stance").annotate(n=Count("pk"))}


def _titles(claims: Iterable[Claim]) -> dict[int, list[str]]:
    """Titles of the documents that make each claim, the first appearance first."""
    places = Appearance.objects.filter(claim__in=claims).order_by("pk")
    titles: dict[int, dict[int, str]] = {}
    fields = ("claim", "snapshot__document", "snapshot__document__title")
    for claim, document, title in places.values_list(*fields):
        titles.setdefault(claim, {})[document] = title
    return {claim: list(documents.values()) for claim, documents in titles.items()}


def _proposed(claims: Iterable[Claim]) -> dict[int, Verdict | None]:
    pending = Assessment.objects.pending().filter(claim__in=list(claims)).select_related("verdict")
    return {assessment.claim_id: assessment.verdict for assessment in pending}
