"""The searches for a claim that found nothing, as its pages show them."""

from typing import Any

from claims.choices import Act, Mark
from claims.models import Claim, User
from claims.workflow import refusal

SHOWN = 50


def search_context(claim: Claim, user: User) -> dict[str, Any]:
    """`searches` in force and `retracted_searches`, at most SHOWN together; `search_refusal` says why not to add one;
    `lacks_searches` whether the claim is called unverifiable, or is to be, with no search on record."""
    rows = list(claim.searches.with_people()[:SHOWN])
    in_force = [row for row in rows if not row.is_retracted]
    verdicts = [claim.verdict, claim.pending.verdict if claim.pending else None]
    unverifiable = any(verdict is not None and verdict.mark == Mark.UNVERIFIABLE for verdict in verdicts)
    return {
        "searches": in_force,
        "retracted_searches": [row for row in rows if row.is_retracted],
        "search_refusal": refusal(Act.ADD_SEARCH, claim.facts_for(user)),
        "lacks_searches": unverifiable and not in_force,
    }
