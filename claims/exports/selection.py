"""Which claims go into an export: those of a filter, and of these only verified ones unless others are asked for."""

from claims.filters import ClaimFilter
from claims.models import Claim, User
from claims.models.claim import ClaimQuerySet


def chosen_claims(chosen: ClaimFilter, user: User | None, *, all_stages: bool = False) -> ClaimQuerySet:
    """The claims of the filter as this person sees it. A filter that names stages has asked for them.

    Raises ValueError when the filter says "me" and there is no user.
    """
    claims = chosen.apply(Claim.objects.all(), user)
    return claims if all_stages or chosen.stages else claims.verified()
