"""Events as lines that people read: who did what, what changed word by word, and why."""

from claims.models import Claim, Event


def timeline(claim: Claim, *, limit: int) -> list[Event]:
    """The newest lines of a claim's history, newest first."""
    return list(Event.objects.of(claim).select_related("by").order_by("-number")[:limit])
