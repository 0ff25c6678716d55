"""Where quoted evidence stands in the capture of its document: looked for by the desk, never said by a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims import passages
from claims.actions.changes import check_permission, check_version, lock, overwrite, permit, touch
from claims.choices import Act, Found, Permission, QuoteStatus
from claims.models import Claim, Document, Event, Evidence, Snapshot, User
from claims.workflow import Refusal, RefusalKind, Refused

PLACE = ("snapshot", "start", "end", "exact", "places", "still")
"""The columns that hold where a quote was found, and whether it is there still: what other words came to is over."""


Placed = dict[str, Any]
"""PLACE as history keeps it, with the key of the snapshot."""


def place_of(evidence: Evidence) -> Placed:
    values = {name: getattr(evidence, name) for name in PLACE if name != "snapshot"}
    return {"snapshot": evidence.snapshot_id, **values, "still": str(evidence.still)}


def moved(before: Placed, evidence: Evidence) -> dict[str, list[Any]]:
    """For an event: where the quote was found before, and where now. Without it nobody could tell afterwards."""
    return {"placed": [before, place_of(evidence)]}


@dataclass(frozen=True)
class Replaced:
    """A piece of evidence whose quote was looked for in a newer snapshot, and what was said of it before."""

    evidence: Evidence
    before: QuoteStatus
    before_exact: str
    before_placed: Placed

    @property
    def is_changed(self) -> bool:
        """Whether the newer snapshot says something else there than the older one did, or nothing."""
        return self.before != self.evidence.quote_status or not passages.reads_like(
            self.before_exact, self.evidence.exact
        )


def place_quote(evidence: Evidence) -> None:
    """Look for the quote in the newest capture of the document, and note on the record where it is, if it is."""
    snapshot = evidence.document.latest_snapshot() if evidence.quote else None
    if snapshot and snapshot.is_excerpt:
        snapshot = None  # to find a quote among quotes says nothing
    found = passages.sight(evidence.quote, snapshot.read()) if snapshot else passages.QuotePlaces()
    _note(evidence, snapshot, found.place, len(found.places))


def _note(evidence: Evidence, snapshot: Snapshot | None, place: tuple[int, int] | None, places: int) -> None:
    evidence.snapshot, evidence.places = snapshot, places
    evidence.start, evidence.end = place or (None, None)
    evidence.exact = snapshot.text[slice(*place)] if snapshot and place else ""
    evidence.still = ""


@transaction.atomic
def choose_place(evidence: Evidence, start: int, *, by: User, version: int) -> None:
    """Say which of the places that read like the quote is meant. `start` is where it begins in the snapshot.

    A person chooses among what was found, and can choose nothing else: ValidationError on `start` then. Does nothing
    when it is chosen already.
    """
    claim = evidence.claim
    permit(Act.CHOOSE_PLACE, claim, by=by)
    lock(evidence)
    require_in_force(evidence)
    check_version(evidence, version)
    snapshot = evidence.snapshot
    found = passages.sight(evidence.quote, snapshot.read()).places if snapshot else ()
    place = next((place for place in found if place[0] == start), None)
    if snapshot is None or place is None:
        raise ValidationError({"start": "The quote was not found there. Choose one of the places shown."})
    if (evidence.start, evidence.end) == place:
        return
    words = snapshot.text[slice(*place)]
    values = {"start": place[0], "end": place[1], "exact": words, "places": len(found), "still": ""}
    before = place_of(evidence)
    changes = {"start": overwrite(evidence, values)["start"]} | moved(before, evidence)
    touch(claim, Act.CHOOSE_PLACE, by=by, changes=changes, subject=evidence)


def place_quotes(document: Document, *, by: User) -> list[Replaced]:
    """Look for all quotes from the document in its newest snapshot; those that were not looked for in it before.

    One event for each quote, on the chain of its claim. To be called on its own, after
    the transaction that stored the snapshot: here claims are locked first, and the search may take seconds.
    """
    check_permission(by, Permission.WORK)
    snapshot = document.latest_snapshot()
    if snapshot is None:
        return []
    placed = {piece.pk: piece for piece in _looked_for(_to_place(document, snapshot), snapshot)}
    return _store(placed, snapshot, by=by) if placed else []


def _to_place(document: Document, snapshot: Snapshot) -> list[Evidence]:
    quoted = document.evidence.in_force().exclude(quote="").exclude(snapshot=snapshot)
    return list(quoted.select_related("snapshot", "claim").order_by("pk"))


def _looked_for(pieces: Iterable[Evidence], snapshot: Snapshot) -> Iterable[Evidence]:
    """The pieces with their place in the snapshot, not saved yet."""
    text = snapshot.read()
    for piece in pieces:
        found = passages.sight(piece.quote, text)
        _note(piece, snapshot, _followed(piece, found, text), len(found.places))
        yield piece


def _followed(piece: Evidence, found: passages.QuotePlaces, text: str) -> tuple[int, int] | None:
    """Where the quote is now. Its old place and surroundings decide between several, and between merely alike ones."""
    if len(found.places) == 1 or piece.snapshot is None or piece.start is None or piece.end is None:
        return found.place
    old = piece.snapshot.read()
    match = passages.locate(passages.describe(old, piece.start, piece.end), text, old=old)
    if not found.places:
        return (match.start, match.end) if match and match.status == Found.REWORDED else found.place
    wanted = (match.start, match.end) if match and match.certain else None
    return wanted if wanted in found.places else None


@transaction.atomic
def _store(placed: dict[int, Evidence], snapshot: Snapshot, *, by: User) -> list[Replaced]:
    claims = {piece.claim_id for piece in placed.values()}
    list(Claim.objects.filter(pk__in=claims).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    stored = Evidence.objects.in_force().filter(pk__in=placed).select_for_update(no_key=True, of=("self",))
    replaced = []
    for was in stored.order_by("pk"):
        now = placed[was.pk]
        if was.version == now.version:  # else someone edited it meanwhile, and its quote was looked for then
            replaced.append(Replaced(now, was.quote_status, was.exact, place_of(was)))
    Evidence.objects.bulk_update([one.evidence for one in replaced], PLACE, batch_size=200)
    _tell(replaced, by=by)
    return replaced


def _tell(replaced: Sequence[Replaced], *, by: User) -> None:
    """Events on the chain of each claim: also of a quote that reads as before, but stands in another text now."""
    by_claim: defaultdict[Claim, list[Replaced]] = defaultdict(list)
    for one in replaced:
        by_claim[one.evidence.claim].append(one)
    for claim, ones in by_claim.items():
        pairs = [_changes(one) for one in ones]
        Event.objects.append_many(claim, Act.PLACE_QUOTE, by=by, changes=pairs, subjects=[one.evidence for one in ones])
    Claim.objects.filter(pk__in=[claim.pk for claim in by_claim]).update(changed_at=timezone.now())


def _changes(replaced: Replaced) -> dict[str, list[Any]]:
    pairs = {
        "quote_status": [str(replaced.before), str(replaced.evidence.quote_status)],
        "exact": [replaced.before_exact, replaced.evidence.exact],
    }
    told = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return told | moved(replaced.before_placed, replaced.evidence)


def require_in_force(evidence: Evidence) -> None:
    """Raises Refused, with who and why, once the piece is retracted."""
    if evidence.is_retracted:
        told = f"{evidence.retracted_by} retracted this evidence: “{evidence.retraction_reason}” It no longer changes."
        raise Refused(Refusal(RefusalKind.STAGE, told))
