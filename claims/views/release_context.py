"""What the pages of releases show. Each list is bounded; a constant number of queries for each page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from claims import history
from claims.choices import Finding, Permission, Since, Visibility
from claims.forms.releases import RecipientForm
from claims.http import Request
from claims.keyset import capped_count, cursor_in, keyset_page
from claims.models import ClaimSet, Correction, Release, ReleaseClaim, User, Verdict
from claims.models.release import ReleaseQuerySet
from claims.reading.recall import recall_counts, recalled, uncorrected, with_since
from claims.reading.released import lines

PAGE_SIZE = 50
SHOWN = 5
"""Of each record beside the claims: recipients, corrections, claims left out, events, other releases."""


@dataclass(frozen=True)
class Share:
    """How many claims of a release had a verdict; `width` in percent of the largest share."""

    verdict: Verdict
    count: int
    width: int


@dataclass(frozen=True)
class Left:
    """A claim that was left out, with what blocked it in words."""

    claim: int
    reference: str
    findings: str
    reason: str
    by: str


def releases() -> ReleaseQuerySet:
    return Release.objects.with_people().select_related("claim_set", "previous", "job")


def release_for(pk: int) -> Release:
    return get_object_or_404(releases(), pk=pk)


def detail(request: Request, release: Release, form: RecipientForm | None = None) -> dict[str, Any]:
    """`since` in the address narrows the claims to those to which that happened, `any` to all of these."""
    context: dict[str, Any] = {
        "release": release,
        "shows_set": may_see(request.user, release.claim_set),
        "may_act": request.user.may(Permission.RELEASE),
        "public_url": public_url(release),
        "left_out": left_out(release)[:SHOWN],
        "siblings": list(release.claim_set.releases.order_by("-number")[: SHOWN + 1]),
        "events": history.timeline(release, limit=SHOWN),
        "shares": _shares(release),
        **_claims(request, release),
    }
    if release.sha256:
        context |= {"recipient_form": form or RecipientForm(), **_records(release)}
    return context


def public_url(release: Release) -> str:
    """Where people outside read it; empty when nobody else can."""
    if release.token is None or release.visibility == Visibility.NO:
        return ""
    return reverse("published_release", args=[release.token])


def may_see(user: User, claim_set: ClaimSet) -> bool:
    """As ClaimSetQuerySet.visible_to."""
    return not claim_set.is_private or claim_set.added_by_id == user.pk


def _records(release: Release) -> dict[str, Any]:
    return {
        **recipients(release),
        "corrections": list(corrections(release)[:SHOWN]),
        "correction_count": capped_count(release.corrections.all()),
    }


def recipients(release: Release) -> dict[str, Any]:
    """The newest of those it was sent to, and how many they are."""
    rows = release.recipients.select_related("sent_by").order_by("-pk")
    return {"recipients": list(rows[:SHOWN]), "recipient_count": capped_count(release.recipients.all())}


def all_recipients(request: Request, release: Release, form: RecipientForm) -> dict[str, Any]:
    rows = release.recipients.select_related("sent_by")
    found = keyset_page(rows, ("-pk",), cursor_in(request.GET), PAGE_SIZE)
    return {"release": release, "page": found, "recipient_form": form}


def corrections(release: Release) -> "QuerySet[Correction]":
    """Those of the release, the newest first."""
    return Correction.objects.filter(release=release).select_related("claim", "written_by").order_by("-pk")


def _claims(request: Request, release: Release) -> dict[str, Any]:
    counts = recall_counts(release) if release.sha256 else dict.fromkeys(Since, 0)
    since = request.GET.get("since", "")
    chosen = since if since == "any" or since in Since.values else ""
    entries = recalled(release) if chosen else with_since(release)
    if chosen in Since.values:
        entries = entries.filter(**{chosen: True})
    entries = entries.select_related("claim__verdict", "claim__assignee")
    page = keyset_page(entries, ("position",), cursor_in(request.GET), PAGE_SIZE)
    return {
        "since": chosen,
        "counts": [(one, counts[one]) for one in Since],
        "touched": capped_count(recalled(release)) if any(counts.values()) else None,
        "untold": capped_count(uncorrected().filter(release=release)) if any(counts.values()) else None,
        "page": page,
        "lines": lines(release, page.rows),
    }


def _shares(release: Release) -> list[Share]:
    """By verdict, in the order of the scale."""
    rows = ReleaseClaim.objects.filter(release=release).order_by()
    counted = dict(rows.values_list("verdict_key").annotate(number=Count("pk")))
    most = max(counted.values(), default=1)
    scale = [verdict for verdict in Verdict.objects.all() if verdict.key in counted]
    return [Share(one, counted[one.key], max(1, counted[one.key] * 100 // most)) for one in scale]


def left_out(release: Release) -> Sequence[Left]:
    return [_left(one) for one in release.left_out]


def _left(told: Mapping[str, Any]) -> Left:
    findings = ", ".join(Finding(name).label.lower() for name in told["findings"]).capitalize()
    return Left(told["claim"], told["reference"], findings, told["reason"], told["by"])
