"""A claim set as it stood: which claims, in which order, what blocked, and what was left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from claims.choices import Finding, Mark, QuoteStatus, RecordAct, SetKind, Stage
from claims.exports.records import CHUNK
from claims.models import Claim, ClaimSet, Event, Omission, Release, Snapshot
from claims.releases.as_of.claims import Chunk, was_due
from claims.releases.as_of.desk import Desk
from claims.releases.as_of.events import undone
from claims.releases.as_of.missing import NOT_KEPT, Gaps
from claims.releases.as_of.places import appearances_as_of, of_document
from claims.releases.content import LeftOutRecord

DESCRIBED = frozenset({"title", "description", "licence", "is_private", "filter"})


class NotKnown(Exception):
    """Which claims the set held then cannot be told; says why, in words."""


@dataclass(frozen=True)
class PastSet:
    """`keys` are the claims that a release would have held, in order; `undecided` block, and nobody left them out."""

    title: str
    description: str
    licence: str
    keys: list[int]
    left_out: list[LeftOutRecord]
    undecided: Mapping[int, list[Finding]]


def set_as_of(claim_set: ClaimSet, instant: datetime, gaps: Gaps) -> PastSet:
    """Raises NotKnown for a set that was not there yet, and for one of a filter unless it was released then."""
    events = list(Event.objects.of(claim_set).select_related("by"))
    told = [event for event in events if event.at <= instant]
    if not told:
        raise NotKnown("This set was not made yet.")
    desk = Desk(instant)
    members = _members(claim_set, told, instant, gaps)
    blocked = blocked_as_of(members, desk, gaps)
    left_out = _left_out(claim_set, events, desk, blocked, gaps)
    described = {name: getattr(claim_set, name) for name in DESCRIBED} | undone(events[len(told) :], DESCRIBED)
    return PastSet(
        title=described["title"],
        description=described["description"],
        licence=described["licence"],
        keys=[key for key in members if key not in blocked],
        left_out=[left_out[key] for key in sorted(left_out)],
        undecided={key: findings for key, findings in blocked.items() if key not in left_out},
    )


def _members(claim_set: ClaimSet, told: list[Event], instant: datetime, gaps: Gaps) -> list[int]:
    match claim_set.kind:
        case SetKind.FILTER:
            return _released_then(claim_set, instant)
        case SetKind.DOCUMENT:
            return _in_text(claim_set, instant, gaps)
    return _picked(told, gaps)


def _released_then(claim_set: ClaimSet, instant: datetime) -> list[int]:
    """What a filter selected was kept nowhere, but by a release of that instant."""
    release = Release.objects.filter(claim_set=claim_set, frozen_at=instant).first()
    if release is None:
        raise NotKnown("What a filter selected then was not kept: a set of a filter is known as of its releases only.")
    return [*release.entries.order_by("position").values_list("claim", flat=True), *_left_out_keys(release)]


def _left_out_keys(release: Release) -> list[int]:
    return [one["claim"] for one in release.left_out]


def _in_text(claim_set: ClaimSet, instant: datetime, gaps: Gaps) -> list[int]:
    places = appearances_as_of(*of_document(claim_set.document_id or 0), instant, gaps)
    first = {key: min(one.start for one in rows) for key, rows in places.items() if rows}
    return sorted(first, key=lambda key: (first[key], key))


def _picked(told: list[Event], gaps: Gaps) -> list[int]:
    """What was put in, taken out and moved, done again."""
    held: list[int] = []
    for event in told:
        if event.act == RecordAct.ADD_CLAIMS:
            held += _keys(event, gaps)
        elif event.act == RecordAct.REMOVE_CLAIMS:
            gone = set(_keys(event, gaps))
            held = [key for key in held if key not in gone]
        elif event.act == RecordAct.ORDER_CLAIMS:
            old, new = event.changes["place"]
            held.insert(new - 1, held.pop(old - 1))
    return held


def _keys(event: Event, gaps: Gaps) -> list[int]:
    """The claims that an event of a set is about; by their short names where it does not have their keys."""
    if "keys" in event.changes:
        return list(event.changes["keys"][0] or event.changes["keys"][1])
    found = []
    names = next(event.changes[name] for name in ("claims", "left_out") if name in event.changes)
    for name in names[0] or names[1]:
        claims = list(Claim.objects.referred_to_as(name).values_list("pk", flat=True)[:2])
        found += claims if len(claims) == 1 else []
        if len(claims) != 1:
            gaps.add("", "claims", f"{NOT_KEPT}: which claim {name} is")
    return found


def blocked_as_of(keys: list[int], desk: Desk, gaps: Gaps) -> dict[int, list[Finding]]:
    """Those of the claims that something kept out of a release, with what, as reading.preflight finds it."""
    found: dict[int, list[Finding]] = {}
    for part in _parts(keys):
        chunk = Chunk.read(part, desk, gaps)
        newest = _newest(chunk)
        for claim in chunk.in_order(part):
            if findings := list(_findings(claim, newest, desk.instant)):
                found[claim.pk] = findings
    return found


def _parts(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _newest(chunk: Chunk) -> dict[int, int]:
    """The number of the newest text of each document in which the claims appeared."""
    documents = {one.snapshot.document_id for rows in chunk.appearances.values() for one in rows}
    texts = Snapshot.objects.filter(document__in=documents, taken_at__lte=chunk.desk.instant).order_by()
    return dict(texts.values("document").annotate(newest=Max("number")).values_list("document", "newest"))


def _findings(claim: Claim, newest: Mapping[int, int], instant: datetime) -> Iterator[Finding]:
    if claim.stage != Stage.VERIFIED:
        yield Finding.NOT_VERIFIED
    if was_due(claim, instant):
        yield Finding.DUE
    if any(one.snapshot.number < newest[one.snapshot.document_id] for one in claim.appearances.all()):
        yield Finding.BROKEN_ANCHOR
    evidence = list(claim.evidence.all())
    if any(piece.quote_status == QuoteStatus.NOT_FOUND for piece in evidence):
        yield Finding.QUOTE_NOT_FOUND
    in_vain = claim.verdict is not None and claim.verdict.mark == Mark.UNVERIFIABLE and bool(claim.searches.all())
    if not evidence and not in_vain:
        yield Finding.NO_EVIDENCE


def _left_out(
    claim_set: ClaimSet, events: list[Event], desk: Desk, blocked: Mapping[int, list[Finding]], gaps: Gaps
) -> dict[int, LeftOutRecord]:
    """Of the claims that blocked, those that a person had left out, by key."""
    omitted: dict[int, Event] = {}
    for event in (event for event in events if event.at <= desk.instant):
        if event.act == RecordAct.LEAVE_OUT:
            omitted |= dict.fromkeys(_keys(event, gaps), event)
        elif event.act == RecordAct.TAKE_BACK:
            for key in _keys(event, gaps):
                omitted.pop(key, None)
    held = {key: event for key, event in omitted.items() if key in blocked}
    moments = _moments(claim_set, events, held, desk, gaps)
    desk.rename(*(event.by for event in held.values()))
    references = {one.pk: one.reference for part in _parts(list(held)) for one in Claim.objects.filter(pk__in=part)}
    return {
        key: {
            "reference": references[key],
            "findings": [finding.value for finding in blocked[key]],
            "reason": event.reason,
            "by": event.by.username if event.by else "",
            "at": moments[key].astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        }
        for key, event in held.items()
    }


def _moments(
    claim_set: ClaimSet, events: list[Event], held: Mapping[int, Event], desk: Desk, gaps: Gaps
) -> dict[int, datetime]:
    """When each was left out: its row says, or the event that took it back since."""
    taken_back: dict[int, str] = {}
    for event in events:
        if event.at > desk.instant and "left_out_at" in event.changes:
            for key, at in zip(event.changes["keys"][0], event.changes["left_out_at"][0], strict=True):
                taken_back.setdefault(key, at)
    rows: dict[int, Any] = dict(Omission.objects.filter(claim_set=claim_set).values_list("claim", "left_out_at"))
    found: dict[int, datetime] = {}
    for key, event in held.items():
        if key in taken_back:
            found[key] = datetime.fromisoformat(taken_back[key])
        elif key in rows and rows[key] <= desk.instant:
            found[key] = rows[key]
        else:
            found[key] = event.at
            gaps.add("", "left_out.at", f"{NOT_KEPT}: it is that of the event, to the second")
    return found
