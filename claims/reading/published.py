"""What readers without an account may see: releases with a public address, and what was made known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from heapq import nlargest

from django.db.models import Q, QuerySet

from claims.choices import ISSUED, ReleaseState, Visibility
from claims.models import Correction, Release


class News(Enum):
    """What can become known of a release."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Notice:
    """That something became known of a release, and when. A correction has its row."""

    news: News
    release: Release
    at: datetime
    correction: Correction | None = None

    @property
    def key(self) -> str:
        """Its name among the notices of its release; never another's."""
        return f"correction-{self.correction.pk}" if self.correction else self.news.value

    @property
    def title(self) -> str:
        if self.correction:
            return f"Correction: {self.correction.claim.reference} in {self.release}"
        return f"Withdrawn: {self.release}" if self.news == News.WITHDRAWN else str(self.release)


def published() -> "QuerySet[Release]":
    """Releases that somebody outside the desk may read, the withdrawn ones among them."""
    return Release.objects.filter(state__in=ISSUED).exclude(visibility=Visibility.NO).exclude(token=None)


def at_address(token: str) -> Release | None:
    """The release at a public address; None also when it is not published any more: nobody can tell these apart."""
    return published().select_related("signing_key").filter(token=token).first()


def newer(release: Release) -> Release | None:
    """The newest later release of the same set that everybody may find, unless it was withdrawn.

    An unlisted one is passed over: who has one address was not given the other.
    """
    later = published().filter(claim_set=release.claim_set_id, number__gt=release.number)
    return later.filter(state=ReleaseState.READY, visibility=Visibility.LISTED).order_by("-number").first()


def corrections_of(release: Release) -> "QuerySet[Correction]":
    """The newest first."""
    return Correction.objects.filter(release=release).select_related("claim").order_by("-pk")


def corrections_by_claim(release: Release, claims: Sequence[int]) -> dict[int, list[Correction]]:
    """The corrections of these claims by their keys, the newest first. One query."""
    found: dict[int, list[Correction]] = {}
    for correction in corrections_of(release).filter(claim__in=claims):
        found.setdefault(correction.claim_id, []).append(correction)
    return found


def notices(most: int, release: Release | None = None) -> list[Notice]:
    """What became known last of one release and of newer ones of its set, or of all that are listed. Three queries."""
    listed = Q(visibility=Visibility.LISTED)
    if release is not None:
        of_its_set = Q(claim_set=release.claim_set_id, number__gt=release.number)
        listed = Q(pk=release.pk) | (listed & of_its_set)
    return nlargest(most, _notices(most, listed), key=lambda notice: (notice.at, notice.release.pk, notice.key))


def _notices(most: int, condition: Q) -> Iterator[Notice]:
    releases = published().filter(condition)
    for release in releases.order_by("-published_at", "-pk")[:most]:
        if release.published_at:
            yield Notice(News.PUBLISHED, release, release.published_at)
    for release in releases.filter(state=ReleaseState.WITHDRAWN).order_by("-withdrawn_at", "-pk")[:most]:
        if release.withdrawn_at:
            yield Notice(News.WITHDRAWN, release, release.withdrawn_at)
    corrections = Correction.objects.filter(release__in=releases.values("pk")).select_related("release", "claim")
    for correction in corrections.order_by("-written_at", "-pk")[:most]:
        yield Notice(News.CORRECTED, correction.release, correction.written_at, correction)
