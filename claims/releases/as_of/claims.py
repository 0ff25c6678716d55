"""The claims themselves as they stood, and all of it put together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby, islice
from typing import Any

from django.utils import timezone

from claims.choices import Act, RecordAct, Stage
from claims.exports.records import CHUNK
from claims.models import Appearance, Assessment, Claim, Event, Evidence, ReleaseCalendar, Tag
from claims.partial_dates import PartialDate
from claims.releases.as_of.desk import Desk
from claims.releases.as_of.events import Chain, undone
from claims.releases.as_of.evidence import Looks, Past, pieces_as_of, restore_still
from claims.releases.as_of.library import Library, sources_as_of
from claims.releases.as_of.missing import NOT_KEPT, Gaps
from claims.releases.as_of.places import appearances_as_of, of_claims
from claims.releases.as_of.talk import assessments_as_of, comments_as_of
from claims.releases.as_of.workings import hold, premises_as_of, searches_as_of, workings_as_of
from claims.releases.content import Beside, Captures, ReleasedClaim, event_record, released_claim

PLAIN = frozenset({"assertion", "kind", "speaker", "as_of", "reference_period", "stage", "recheck_on"})
LINKED = frozenset({"standing", "verdict", "tags", "recheck_calendar", "recheck_calendar_id"})
_OF_DOCUMENT = ("source", "derived_from")


def claims_as_of(keys: Iterable[int], instant: datetime, *, with_comments: bool, gaps: Gaps) -> Iterator[ReleasedClaim]:
    """The claims with these keys as content.released_claims told them at the instant, in that order.

    One that was not made yet is missing, and passed over.
    """
    desk = Desk(instant)
    remaining, position = iter(keys), 0
    while wanted := list(islice(remaining, CHUNK)):
        chunk = Chunk.read(wanted, desk, gaps)
        comments = comments_as_of(desk, chunk.chains, gaps) if with_comments else {}
        for claim in chunk.in_order(wanted):
            position += 1
            events = [event_record(event, with_comments=with_comments) for event in chunk.chains[claim.pk].told]
            beside = Beside(events, chunk.assessments.get(claim.pk, []), comments.get(claim.pk, []), chunk.captures)
            yield {**released_claim(claim, position, beside), "is_due": was_due(claim, instant)}


def was_due(claim: Claim, instant: datetime) -> bool:
    """As Claim.is_due, on the day of the instant."""
    if claim.stage != Stage.VERIFIED:
        return False
    today = timezone.localdate(instant)
    return claim.due_at is not None or (claim.recheck_from is not None and claim.recheck_from <= today)


@dataclass
class Chunk:
    """Some claims as they stood, with all that a record of them is made of."""

    desk: Desk
    gaps: Gaps
    claims: Mapping[int, Claim]
    chains: Mapping[int, Chain]

    @classmethod
    def read(cls, keys: list[int], desk: Desk, gaps: Gaps) -> "Chunk":
        chains = _chains(keys, desk)
        claims = Claim.objects.filter(pk__in=chains).prefetch_related("tags").in_bulk()
        chunk = cls(desk, gaps, claims, chains)
        for key, claim in claims.items():
            _restore_columns(claim, chains[key], desk, gaps)
        chunk._bring_documents()
        chunk._bring_calendars()
        chunk._join()
        return chunk

    def in_order(self, keys: list[int]) -> Iterator[Claim]:
        for key in keys:
            if key in self.claims:
                yield self.claims[key]
            else:
                self.gaps.add(f"C-{key}", "all", "it was not made yet, or is not there")

    @cached_property
    def pieces(self) -> dict[int, list[Past]]:
        found = pieces_as_of(self.desk, self.chains)
        restore_still([past for group in found.values() for past in group], self.chains, self.desk)
        return found

    @cached_property
    def assessments(self) -> dict[int, list[Assessment]]:
        return assessments_as_of(self.desk, self.chains, self.gaps)

    @cached_property
    def appearances(self) -> dict[int, list[Appearance]]:
        decided = {
            event.subject_id
            for chain in self.chains.values()
            for event in chain.later
            if event.act == RecordAct.REANCHOR and event.subject_id
        }
        return appearances_as_of(*of_claims(self.chains.keys(), decided), self.desk.instant, self.gaps)

    @cached_property
    def captures(self) -> Captures:
        pieces = [past.piece for group in self.pieces.values() for past in group]
        looks = Looks.until(self.desk.instant, {piece.document_id for piece in pieces})
        return looks.captures(pieces)

    @cached_property
    def decisive(self) -> dict[int, Evidence]:
        """The pieces that decided, retracted ones among them, by key."""
        keys = {row.decisive_id for rows in self.assessments.values() for row in rows if row.decisive_id}
        return Evidence.objects.in_bulk(keys)

    def _bring_documents(self) -> None:
        self.library = Library(self.desk)
        keys = {past.piece.document_id for group in self.pieces.values() for past in group}
        keys |= {one.snapshot.document_id for key in self.claims for one in self.appearances.get(key, ())}
        self.library.bring(keys | {piece.document_id for piece in self.decisive.values()})

    def _bring_calendars(self) -> None:
        followed = {claim.recheck_calendar_id for claim in self.claims.values() if claim.recheck_calendar_id}
        calendars = {key: self.desk.calendars[key] for key in followed}
        sources = sources_as_of(self.desk, {one.source_id for one in calendars.values()}) if calendars else {}
        for calendar in calendars.values():
            calendar.source = sources[calendar.source_id]
        for claim in self.claims.values():
            claim.recheck_calendar = calendars.get(claim.recheck_calendar_id or 0)

    def _join(self) -> None:
        workings = workings_as_of(self.claims, self.chains, self.gaps)
        searches = searches_as_of(self.chains)
        premises = premises_as_of(self.claims, self.chains, self.gaps)
        for key, claim in self.claims.items():
            self._hold_assessments(claim)
            self._hold_evidence(claim)
            self._hold_appearances(claim)
            hold(claim, "searches", searches.get(key, []))
            hold(claim, "relations_from", premises.get(key, []))
            claim._state.fields_cache["working"] = workings.get(key)

    def _hold_assessments(self, claim: Claim) -> None:
        rows = self.assessments.get(claim.pk, [])
        for row in rows:
            row.decisive = self.decisive.get(row.decisive_id or 0)
            if row.decisive:
                row.decisive.document = self.library.documents[row.decisive.document_id]
        claim.standing = next((row for row in rows if row.pk == claim.standing_id), None)

    def _hold_evidence(self, claim: Claim) -> None:
        group = self.pieces.get(claim.pk, [])
        for number, past in enumerate(group):
            past.piece.document = self.library.documents[past.piece.document_id]
            lacking = past.lacking | self._lacking(past.piece.document)
            for name, why in lacking.items():
                self.gaps.add(claim.reference, f"evidence[{number}].{name}", why)
        hold(claim, "evidence", [past.piece for past in group])

    def _lacking(self, document: Any) -> dict[str, str]:
        lacking = self.library.lacks(document, *_OF_DOCUMENT)
        return lacking | ({"grade": lacking["source"]} if "source" in lacking else {})

    def _hold_appearances(self, claim: Claim) -> None:
        rows = self.appearances.get(claim.pk, [])
        for number, row in enumerate(rows):
            row.snapshot.document = self.library.documents[row.snapshot.document_id]
            for name, why in self.library.lacks(row.snapshot.document, "source").items():
                self.gaps.add(claim.reference, f"appearances[{number}].{name}", why)
        hold(claim, "appearances", rows)


def _chains(keys: list[int], desk: Desk) -> dict[int, Chain]:
    """The histories of those of the claims that were made by then. One query."""
    rows = Event.objects.filter(object_type="claim", object_id__in=keys).select_related("by")
    found = {}
    for key, events in groupby(rows.order_by("object_id", "number").iterator(CHUNK), lambda event: event.object_id):
        chain = Chain.parted(events, desk.instant)
        desk.rename(*(event.by for event in chain.told))
        if chain.told:
            found[key] = chain
    return found


def _restore_columns(claim: Claim, chain: Chain, desk: Desk, gaps: Gaps) -> None:
    later = [event for event in chain.later if event.act != Act.DRAFT]  # its changes are the assessment's
    old = undone(later, PLAIN | LINKED)
    for name in PLAIN & old.keys():
        setattr(claim, name, old[name])
    claim.recheck_from = _first_day(claim.recheck_on)
    _restore_due(claim, chain)
    _restore_calendar(claim, later, desk, gaps)
    if "standing" in old:
        claim.standing_id = old["standing"]
    verdict = desk.verdict(old["verdict"]) if "verdict" in old else desk.verdicts.get(claim.verdict_id or 0)
    claim.verdict = verdict
    hold(claim, "tags", [Tag(name=name) for name in old["tags"] or ()] if "tags" in old else list(claim.tags.all()))


def _first_day(recheck_on: str) -> date | None:
    return PartialDate.parse(recheck_on).first_day if recheck_on else None


def _restore_due(claim: Claim, chain: Chain) -> None:
    """What was told last: what an event calls the old value need not be the one that the event before calls new."""
    told = chain.where(lambda event: event.act != Act.DRAFT)
    due_at = told.last("due_at")
    claim.due_at = datetime.fromisoformat(due_at) if due_at else None
    claim.due_reason = told.last("due_reason") or ""


def _restore_calendar(claim: Claim, later: list[Event], desk: Desk, gaps: Gaps) -> None:
    names = ("recheck_calendar", "recheck_calendar_id")
    event = next((event for event in later if any(name in event.changes for name in names)), None)
    if event is None:
        return
    if "recheck_calendar_id" in event.changes:
        claim.recheck_calendar_id = event.changes["recheck_calendar_id"][0]
        return
    name = event.changes["recheck_calendar"][0]
    claim.recheck_calendar_id = desk.bearer(ReleaseCalendar, name) if name else None
    if name and claim.recheck_calendar_id is None:
        gaps.add(claim.reference, "recheck_follows", f"{NOT_KEPT}: several calendars have been called “{name}”")
