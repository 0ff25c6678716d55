"""Whether a document still says what is quoted from it, and what follows for the claims that rest on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from claims import drafts, limits, passages
from claims.actions.changes import touch
from claims.actions.claims import fall_due
from claims.actions.quotes import PLACE, moved, place_of, place_quote
from claims.choices import BROKEN, Act, Found, Health, Stage, StillThere
from claims.models import Capture, Claim, Document, Evidence, Sighting, User

_STATES = {
    Found.UNCHANGED: StillThere.SAME,
    Found.MOVED: StillThere.MOVED,
    Found.REWORDED: StillThere.CHANGED,
    Found.GONE: StillThere.GONE,
}
_WORST_FIRST = (StillThere.GONE, StillThere.CHANGED, StillThere.UNREACHABLE, StillThere.MOVED, StillThere.SAME)


@dataclass(frozen=True)
class Sight:
    """What a text says of one quote; `wording` is what stands at its place, "" when there is none."""

    state: StillThere
    start: int | None = None
    end: int | None = None
    wording: str = ""


def look(pieces: Iterable[Evidence], text: str) -> dict[int, Sight]:
    """What `text` says of each piece that has a place in an earlier text, by its key. Writes nothing.

    The pieces have their snapshot. What it says is compared with the words that the verdict was based on, not with
    those of the last look: a page that changed step by step has changed.
    """
    by_snapshot: defaultdict[int, list[Evidence]] = defaultdict(list)
    for piece in pieces:
        if piece.snapshot_id is not None and piece.start is not None:
            by_snapshot[piece.snapshot_id].append(piece)
    sights: dict[int, Sight] = {}
    for group in by_snapshot.values():
        sights |= _compared(group, text)
    return sights


def _compared(group: Sequence[Evidence], text: str) -> dict[int, Sight]:
    """The same for pieces that are quoted from one snapshot."""
    snapshot = group[0].snapshot
    old = snapshot.read() if snapshot else ""
    quoted = {piece.pk: passages.describe(old, piece.start or 0, piece.end or 0) for piece in group}
    return {pk: _sight(outcome, text) for pk, outcome in drafts.outcomes(old, text, quoted).items()}


def _sight(outcome: drafts.Outcome, text: str) -> Sight:
    state = _STATES[outcome.status]
    if outcome.match is None:
        return Sight(state)
    start, end = outcome.match.start, outcome.match.end
    return Sight(state, start, end, text[start:end][: limits.TEXT])


def store_sightings(capture: Capture, sights: Mapping[int, Sight], *, by: User) -> None:
    """Note what the capture said of each piece, by its key, and make the verified claims due that it no longer bears.

    A claim falls due when its piece is not in the same bad state, with the same words, as at the last look: somebody
    may have looked at it since. Whoever asks has locked the claims.
    """
    pieces = {piece.pk: piece for piece in Evidence.objects.filter(pk__in=sights).select_related("claim")}
    news = _news(pieces, sights)
    rows = [Sighting(evidence_id=pk, capture=capture, **vars(sights[pk])) for pk in pieces]
    Sighting.objects.bulk_create(rows, batch_size=500)
    for pk, piece in pieces.items():
        piece.still = sights[pk].state
    Evidence.objects.bulk_update(pieces.values(), ["still"], batch_size=500)
    broken = {piece.claim_id: piece for pk, piece in pieces.items() if pk in news and piece.still in BROKEN}
    _make_due(broken, capture, by=by)


def _news(pieces: Iterable[int], sights: Mapping[int, Sight]) -> set[int]:
    """The pieces of which the last look said something else, or that were never looked at."""
    last: dict[int, tuple[str, str]] = {}
    # One of a text no newer than that of the quote is of what was quoted before.
    earlier = Q(capture__snapshot__number__lte=F("evidence__snapshot__number"))
    looks = Sighting.objects.filter(evidence__in=list(pieces)).exclude(earlier)
    for pk, state, wording in looks.order_by("pk").values_list("evidence", "state", "wording"):
        if state != StillThere.UNREACHABLE:  # says nothing about the words
            last[pk] = (state, wording)
    return {pk for pk in pieces if last.get(pk) != (sights[pk].state, sights[pk].wording)}


def _make_due(broken: Mapping[int, Evidence], capture: Capture, *, by: User) -> None:
    """`broken` is by claim."""
    for claim in Claim.objects.filter(pk__in=broken, stage=Stage.VERIFIED, due_at=None).order_by("pk"):
        state = StillThere(broken[claim.pk].still)
        fall_due(claim, by=by, reason=_because(capture, state))


def _because(capture: Capture, state: StillThere) -> str:
    title = f"“{capture.document.title[:200]}”"
    if capture.snapshot_id is None and capture.reason:
        return f"{title}, given as evidence, is gone: {capture.reason}"
    what = {StillThere.CHANGED: "says something else now where it is quoted"}
    return f"{title}, given as evidence, {what.get(state, 'no longer says what is quoted from it')}."


def place_quotes_never_found(document: Document, *, by: User) -> int:
    """Look in the newest text for quotes that have no place yet; how many were found.

    Those that have one stay where the person saw them. Whoever asks has locked the claims, then the document.
    """
    waiting = document.evidence.in_force().exclude(quote="").filter(start=None).select_related("claim")
    found = 0
    for piece in waiting.order_by("claim", "pk"):
        piece.document = document
        before, was, place = piece.quote_status, piece.snapshot_id, place_of(piece)
        place_quote(piece)
        if piece.snapshot_id == was:
            continue
        Evidence.objects.filter(pk=piece.pk).update(**{name: getattr(piece, name) for name in PLACE})
        found += piece.start is not None
        changes = moved(place, piece)
        if before != piece.quote_status:
            changes["quote_status"] = [str(before), str(piece.quote_status)]
        touch(piece.claim, Act.PLACE_QUOTE, by=by, changes=changes, subject=piece)
    return found


def health_of(states: Iterable[str]) -> Health:
    """How the link is, by what its quotes came to."""
    present = set(states)
    worst = next((state for state in _WORST_FIRST if state in present), None)
    return Health(worst.value) if worst else Health.CAPTURED
