"""What stands in the way of a release of a claim set, and what a reader of it should be warned of.

A constant number of queries whatever the size of the set; lists of findings come in pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from claims import limits
from claims.choices import BLOCKING, KEPT, Confidence, Finding, Mark, Stage
from claims.models import Appearance, Capture, ClaimSet, Evidence, Omission, Search, Snapshot, Verdict
from claims.models.appearance import AppearanceQuerySet
from claims.models.claim import ClaimQuerySet
from claims.models.evidence import EvidenceQuerySet
from claims.reading.hearing import Heard, hear
from claims.reading.members import among, members

HEARD = (Finding.ONE_SOURCE, Finding.QUESTIONED)
"""Findings that follow from how many voices speak, which no query can say."""
LISTED = 1_000
"""Claims of each of these that can be listed."""


class TooManyClaims(Exception):
    """More claims than a release may hold; says so in words."""

    def __init__(self) -> None:
        super().__init__(
            f"A release holds at most {limits.RELEASED:,} claims, and this set has more. Narrow its filter."
        )


@dataclass(frozen=True)
class Preflight:
    """What was found in a set of `size` claims, by finding; `blocked` claims are kept out of a release by some finding.

    Of these `left_out` were left out by a person. Of `heard`, the first claims of the findings in HEARD, by key.
    """

    claim_set: ClaimSet
    claims: ClaimQuerySet
    size: int
    counts: Mapping[Finding, int]
    blocked: int
    left_out: int
    heard: Mapping[Finding, Sequence[int]]

    @property
    def released(self) -> int:
        """How many claims a release begun now would hold."""
        return self.size - self.blocked

    @property
    def undecided(self) -> int:
        """Claims that block and were not left out."""
        return self.blocked - self.left_out

    @property
    def is_clear(self) -> bool:
        return not self.undecided and self.released > 0

    def having(self, finding: Finding) -> ClaimQuerySet:
        """The claims of which this was found; of the findings in HEARD the first LISTED."""
        if finding in HEARD:
            return self.claims.filter(pk__in=self.heard.get(finding, ()))
        return self.claims.filter(conditions()[finding])


def preflight(claim_set: ClaimSet) -> Preflight:
    """Three queries. Raises BrokenFilter and TooManyClaims."""
    claims = among(members(claim_set))
    found = conditions()
    blocks = _any_of(found)
    omitted = Exists(Omission.objects.filter(claim_set=claim_set, claim=OuterRef("pk")))
    if claims.values("pk")[limits.RELEASED : limits.RELEASED + 1].exists():
        raise TooManyClaims
    counted = claims.aggregate(
        size=Count("pk"),
        blocked=Count("pk", filter=blocks),
        left_out=Count("pk", filter=blocks & Q(omitted)),
        **{finding.value: Count("pk", filter=Q(condition)) for finding, condition in found.items()},
    )
    totals, first = _listen(claims)
    counts = {finding: totals.get(finding, counted.get(finding.value, 0)) for finding in Finding}
    return Preflight(claim_set, claims, counted["size"], counts, counted["blocked"], counted["left_out"], first)


def blocked_claims(claim_set: ClaimSet, most: int = limits.LEFT_OUT) -> dict[int, list[Finding]]:
    """Claims of the set that something keeps out of a release, by key, with what; at most `most` of them."""
    claims = among(members(claim_set))
    found = conditions()
    keys = list(claims.filter(_any_of(found)).order_by("pk").values_list("pk", flat=True)[:most])
    blocked: dict[int, list[Finding]] = {key: [] for key in keys}
    for finding in BLOCKING:
        held = claims.filter(found[finding])
        last = keys[-1] if keys else 0
        for key in held.filter(pk__lte=last).order_by("pk").values_list("pk", flat=True):
            blocked.setdefault(key, []).append(finding)
    return blocked


def conditions(on: date | None = None) -> dict[Finding, Q]:
    """What is asked of a claim, by finding; all but those in HEARD."""
    today = on or timezone.localdate()
    evidence = Evidence.objects.in_force().filter(claim=OuterRef("pk")).order_by()
    unseen = evidence.exclude(quote="").filter(snapshot__isnull=False, start=None)
    return {
        Finding.NOT_VERIFIED: ~Q(stage=Stage.VERIFIED),
        Finding.DUE: Q(stage=Stage.VERIFIED) & (Q(due_at__isnull=False) | Q(recheck_from__lte=today)),
        Finding.BROKEN_ANCHOR: Q(Exists(stale_places().filter(claim=OuterRef("pk")))),
        Finding.QUOTE_NOT_FOUND: Q(Exists(unseen.filter(places__lte=1))),
        Finding.NO_EVIDENCE: ~Q(Exists(evidence)) & ~_searched_in_vain(),
        Finding.NOT_CAPTURED: Q(Exists(uncaptured(evidence))),
        Finding.AMBIGUOUS_QUOTE: Q(Exists(unseen.filter(places__gt=1))),
        Finding.LOW_CONFIDENCE: Q(standing__confidence=Confidence.LOW),
    }


def stale_places() -> AppearanceQuerySet:
    """Appearances that no newer text of their document carries on: gone, dropped, or waiting for a decision."""
    return Appearance.objects.last_known().with_newest().filter(snapshot__number__lt=F("newest")).order_by()


def uncaptured(evidence: EvidenceQuerySet) -> EvidenceQuerySet:
    """Those whose documents the desk keeps no copy of."""
    texts = Snapshot.objects.filter(document=OuterRef("document"))
    captures = Capture.objects.filter(document=OuterRef("document"), outcome__in=KEPT)
    return evidence.filter(~Exists(texts), ~Exists(captures))


def _searched_in_vain() -> Q:
    """Nothing can be had, and it is written down who looked where: what an unverifiable claim rests on."""
    unverifiable = Verdict.objects.filter(mark=Mark.UNVERIFIABLE).order_by().values("pk")
    searches = Search.objects.in_force().filter(claim=OuterRef("pk")).order_by()
    return Q(verdict__in=unverifiable) & Q(Exists(searches))


def _any_of(found: Mapping[Finding, Q]) -> Q:
    return reduce(or_, (found[finding] for finding in BLOCKING))


def _listen(claims: ClaimQuerySet) -> tuple[dict[Finding, int], dict[Finding, list[int]]]:
    """How often each of HEARD is found, and the first LISTED claims of each."""
    totals = dict.fromkeys(HEARD, 0)
    first: dict[Finding, list[int]] = {finding: [] for finding in HEARD}
    for heard in hear(claims):
        for finding in findings_of(heard):
            totals[finding] += 1
            if len(first[finding]) < LISTED:
                first[finding].append(heard.claim)
    return totals, first


def findings_of(heard: Heard) -> list[Finding]:
    found = [Finding.ONE_SOURCE] if heard.is_one_source else []
    return [*found, Finding.QUESTIONED] if heard.questioned else found
