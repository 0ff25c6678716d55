"""Why preflight names a claim, in words, for the claims of one page."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.db.models import Exists, OuterRef

from claims.choices import Finding, Stage
from claims.models import Claim, Evidence, Reanchoring
from claims.models.evidence import EvidenceQuerySet
from claims.reading.hearing import hear
from claims.reading.preflight import stale_places, uncaptured

SHOWN = 80
"""Code points of a quote or title that a reason shows."""


_STALE = "“{}” stands in text {} of “{}”, not in text {}{}."
_UNDECIDED = ", and nobody has decided on it"


def why(finding: Finding, claims: Sequence[Claim]) -> dict[int, str]:
    """The reason by key of the claim; at most two queries, however many claims there are."""
    return _REASONS[finding](claims)


def _stage(claims: Sequence[Claim]) -> dict[int, str]:
    return {claim.pk: f"It is {Stage(claim.stage).label.lower()}." for claim in claims}


def _due(claims: Sequence[Claim]) -> dict[int, str]:
    changed = {claim.pk: claim.due_reason for claim in claims if claim.due_at}
    return {claim.pk: changed.get(claim.pk) or f"Its re-check date, {claim.recheck_on}, has come." for claim in claims}


def _places(claims: Sequence[Claim]) -> dict[int, str]:
    waiting = Reanchoring.objects.pending().filter(appearance=OuterRef("pk"))
    stale = stale_places().filter(claim__in=claims).annotate(waits=Exists(waiting)).order_by("pk")
    rows = stale.values_list("claim", "exact", "snapshot__document__title", "snapshot__number", "newest", "waits")
    return _joined(
        (claim, _STALE.format(_short(words), number, _short(title), newest, _UNDECIDED if waits else ""))
        for claim, words, title, number, newest, waits in rows
    )


def _quotes(claims: Sequence[Claim], *, several: bool) -> dict[int, str]:
    unplaced = Evidence.objects.in_force().filter(claim__in=claims, snapshot__isnull=False, start=None)
    evidence = unplaced.exclude(quote="").filter(**{"places__gt" if several else "places__lte": 1})
    told = "“{}” stands in several places of “{}”." if several else "“{}” was not found in “{}”."
    rows = evidence.order_by("pk").values_list("claim", "quote", "document__title")
    return _joined((claim, told.format(_short(quote), _short(title))) for claim, quote, title in rows)


def _uncaptured(claims: Sequence[Claim]) -> dict[int, str]:
    evidence: EvidenceQuerySet = Evidence.objects.in_force().filter(claim__in=claims)
    rows = uncaptured(evidence).order_by("pk").values_list("claim", "document__title")
    return _joined((claim, f"“{_short(title)}” is not captured.") for claim, title in rows)


def _voices(claims: Sequence[Claim]) -> dict[int, str]:
    keys = Claim.objects.filter(pk__in=[claim.pk for claim in claims])
    return {
        heard.claim: " ".join(f"{stance.label}: {side}." for stance, side in heard.sides.items())
        for heard in hear(keys)
    }


def _same(words: str, claims: Sequence[Claim]) -> dict[int, str]:
    return {claim.pk: words for claim in claims}


def _joined(parts: Iterable[tuple[int, str]]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for claim, words in parts:
        found.setdefault(claim, []).append(words)
    return {claim: " ".join(dict.fromkeys(several)) for claim, several in found.items()}


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1].rstrip()}…"


_REASONS: dict[Finding, Callable[[Sequence[Claim]], dict[int, str]]] = {
    Finding.NOT_VERIFIED: _stage,
    Finding.DUE: _due,
    Finding.BROKEN_ANCHOR: _places,
    Finding.QUOTE_NOT_FOUND: partial(_quotes, several=False),
    Finding.NO_EVIDENCE: partial(_same, "Nothing in force speaks for or against it."),
    Finding.NOT_CAPTURED: _uncaptured,
    Finding.AMBIGUOUS_QUOTE: partial(_quotes, several=True),
    Finding.ONE_SOURCE: _voices,
    Finding.LOW_CONFIDENCE: partial(_same, "The assessment that stands says so."),
    Finding.QUESTIONED: partial(_same, "Graded 1, confirmed by other sources, while there is no other source."),
}
