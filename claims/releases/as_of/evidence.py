"""Evidence as it stood: what was said of it, where its quote was found, and whether the page still said so."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from claims.choices import Act, RecordAct, StillThere
from claims.models import Capture, Event, Evidence, Sighting, Snapshot
from claims.releases.as_of.desk import Desk
from claims.releases.as_of.events import Chain, undone
from claims.releases.as_of.missing import NOT_KEPT
from claims.releases.content import Captures

SAID = frozenset(
    {
        *("stance", "finding", "quote", "locator", "credibility", "provenance", "was_read", "accessed_on"),
        *("method", "alone_verdict", "alone_says"),
    }
)
PLACED = ("start", "end", "exact", "places", "still")
_PLACING = (Act.CHOOSE_PLACE, Act.PLACE_QUOTE)
_STORED_WITHIN = timedelta(days=1)
"""A capture is stored soon after it ended; what took longer counts from when it ended."""


@dataclass
class Past:
    """A piece of evidence as it stood; `lacking` has the fields of its record that are not known, with why."""

    piece: Evidence
    lacking: dict[str, str] = field(default_factory=dict)


def pieces_as_of(desk: Desk, chains: Mapping[int, Chain]) -> dict[int, list[Past]]:
    """The pieces of each claim, by its key, that were on record and not retracted. Three queries."""
    found: dict[int, list[Past]] = defaultdict(list)
    for piece in Evidence.objects.filter(claim__in=chains).order_by("pk"):
        chain = chains[piece.claim_id].about(piece)
        if chain.subjects(Act.ADD_EVIDENCE) and not chain.subjects(Act.RETRACT_EVIDENCE):
            found[piece.claim_id].append(_restored(piece, chain, desk))
    everything = [past for group in found.values() for past in group]
    _find_snapshots(everything, desk.instant)
    return found


def _restored(piece: Evidence, chain: Chain, desk: Desk) -> Past:
    past = Past(piece)
    for name, value in undone(chain.later, SAID).items():
        if name == "alone_verdict":
            piece.alone_verdict = desk.verdict(value)
        else:
            setattr(piece, name, date.fromisoformat(value) if name == "accessed_on" and value else value)
    if piece.alone_verdict_id:
        piece.alone_verdict = desk.verdicts[piece.alone_verdict_id]
    _restore_place(past, chain)
    return past


def _restore_place(past: Past, chain: Chain) -> None:
    """Where the quote was found is in the first later event that moved it."""
    event = next((event for event in chain.later if _moves(event)), None)
    if event is None:
        return
    if "placed" not in event.changes:
        _lack_place(past, NOT_KEPT)
        return
    before: dict[str, Any] = event.changes["placed"][0]
    past.piece.snapshot_id = before["snapshot"]
    for name in PLACED:
        setattr(past.piece, name, before[name])


def _moves(event: Event) -> bool:
    return "placed" in event.changes or event.act in _PLACING or "quote" in _edited(event)


def _edited(event: Event) -> Collection[str]:
    return event.changes if event.act == Act.EDIT_EVIDENCE else ()


def _lack_place(past: Past, why: str) -> None:
    for name in ("quote_status", "quote_start", "quote_end", "snapshot_sha256"):
        past.lacking[name] = why


def _find_snapshots(everything: Iterable[Past], instant: datetime) -> None:
    everything = list(everything)
    keys = {past.piece.snapshot_id for past in everything if past.piece.snapshot_id}
    snapshots = Snapshot.objects.defer("text").in_bulk(keys)
    for past in everything:
        snapshot = snapshots.get(past.piece.snapshot_id or 0)
        past.piece.snapshot = snapshot
        if snapshot and snapshot.taken_at > instant:
            _lack_place(past, "the quote was looked for in a newer text without an event")


def restore_still(everything: Collection[Past], chains: Mapping[int, Chain], desk: Desk) -> None:
    """Set `still`: what the last look had said, unless the quote was placed anew since. Three queries."""
    documents = {past.piece.document_id for past in everything}
    looks = Looks.until(desk.instant, documents)
    sightings = _last_sightings([past.piece.pk for past in everything], looks)
    seen = looks.last_seen(documents)
    for past in everything:
        sighting = sightings.get(past.piece.pk)
        chain = chains[past.piece.claim_id].about(past.piece)
        placed_at = max((event.at for event in chain.told if _moves(event)), default=None)
        past.piece.still = _still(past.piece, sighting, placed_at, seen)


def _still(piece: Evidence, sighting: Sighting | None, placed_at: datetime | None, seen: Mapping[int, int]) -> str:
    if sighting is None or (placed_at and placed_at > sighting.capture.finished_at):
        return ""
    # Of a piece without a place, no sighting says that the page is back.
    was_away = piece.start is None and sighting.state in (StillThere.GONE, StillThere.UNREACHABLE)
    is_back = seen.get(piece.document_id, 0) > sighting.capture.number
    return "" if was_away and is_back else sighting.state


def _last_sightings(keys: list[int], looks: "Looks") -> dict[int, Sighting]:
    of_piece = Sighting.objects.filter(evidence=OuterRef("pk"), capture__finished_at__lte=looks.instant)
    newest = of_piece.exclude(capture__in=looks.late).order_by("-pk").values("pk")[:1]
    last = Evidence.objects.filter(pk__in=keys).annotate(last=Subquery(newest)).order_by().values("last")
    return {one.evidence_id: one for one in Sighting.objects.filter(pk__in=last).select_related("capture")}


@dataclass(frozen=True)
class Looks:
    """The captures that were stored at an instant: those that had ended, but for the `late`, by key."""

    instant: datetime
    late: frozenset[int]

    @classmethod
    def until(cls, instant: datetime, documents: Collection[int]) -> "Looks":
        """One query."""
        stored = Event.objects.filter(object_type="document", object_id__in=documents, act=RecordAct.CAPTURE)
        late = stored.filter(at__gt=instant, at__lte=instant + _STORED_WITHIN).order_by()
        return cls(instant, frozenset(key for key in late.values_list("subject_id", flat=True) if key))

    def last_seen(self, documents: Collection[int]) -> dict[int, int]:
        """The number of the newest capture that saw the page, by document."""
        seen = Capture.objects.seen().filter(document__in=documents, finished_at__lte=self.instant)
        newest = seen.exclude(pk__in=self.late).order_by().values("document").annotate(last=Max("number"))
        return dict(newest.values_list("document", "last"))

    def captures(self, pieces: Iterable[Evidence]) -> Captures:
        """What had been kept: see releases.content. Two queries."""
        return Captures.read(
            Capture.objects.kept().filter(finished_at__lte=self.instant).exclude(pk__in=self.late), pieces
        )
