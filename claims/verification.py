"""Is the history whole? Every chain is walked, and what it tells is compared with what the tables say.

Events are read in order and in constant memory. A chain is broken by a number left out, a link to another event than
the one before, or a content that does not fit its hash. Whoever edits a table past the actions leaves a row that
differs from its replayed history; whoever cuts the end off a chain leaves a row that is newer than its last event.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from claims import guards
from claims.actions.changes import plain
from claims.actions.claims import recheck_fields
from claims.choices import Act, RecordAct
from claims.history import VERSIONED
from claims.keyset import Beyond
from claims.models import Claim, Event, Snapshot

CHUNK = 500
PAGE = 2000  # of events
WATCHED = (
    *("assertion", "kind", "speaker", "as_of", "reference_period", "how_to_check", "stage", "standing", "verdict"),
    *("assignee", "priority", "recheck_on", "due_at", "due_reason", "tags"),
)
"""Columns of a claim that its events carry."""

# Another save may come between the loading of a claim and the moment at which it falls due, so that what its event
# calls the old value need not be the one that the event before calls new.
_LOOSE = frozenset({"due_at", "due_reason"})


@dataclass(frozen=True)
class Break:
    """A place where the record does not hold together."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Tally:
    """How much was walked."""

    events: int = 0
    chains: int = 0
    claims: int = 0
    snapshots: int = 0


@dataclass
class Replay:
    """What a claim's events say of it so far."""

    fields: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    last_at: datetime | None = None

    def add(self, event: Event) -> str:
        """Follow one event. What does not fit what went before, in words; else empty."""
        self.version += event.act in VERSIONED
        self.last_at = event.at
        if event.act == Act.DRAFT:  # its changes are the assessment's
            return ""
        for name in WATCHED:
            if name not in event.changes:
                continue
            old, new = event.changes[name]
            known = self.fields.get(name)
            if name not in _LOOSE and event.number > 1 and not _same(known, old):
                return f"{name} was {known!r} after the event before, and {old!r} when this one happened"
            self.fields[name] = new
        return ""


def breaks(tally: Tally) -> Iterator[Break]:
    """Every break, in order: missing triggers, then chains by object and number, then texts. Counts into `tally`."""
    for name in guards.missing():
        yield Break("database", f"the trigger {name} is missing; `migrate` installs it")
    yield from _chains(tally)
    yield from _claims_without_history()
    yield from _snapshots(tally)


def _chains(tally: Tally) -> Iterator[Break]:
    replays: dict[int, Replay] = {}
    recorded: dict[int, str] = {}
    renamed = _renamed()
    for (kind, pk), chain in groupby(_events(), key=lambda event: (event.object_type, event.object_id)):
        tally.chains += 1
        replay = Replay()
        for event in _links(chain, tally):
            if isinstance(event, Break):
                yield event
                break
            if kind == "claim" and (misfit := replay.add(event)):
                yield Break(_place(event), f"{misfit}: the claim was changed in between without an event")
            if event.act == RecordAct.ADD_SNAPSHOT and event.subject_id is not None:
                recorded[event.subject_id] = event.changes["snapshot"][1]
        else:
            if kind == "claim":
                replays[pk] = replay
        if len(replays) >= CHUNK:
            yield from _compare_claims(replays, renamed, tally)
        if len(recorded) >= CHUNK:
            yield from _compare_snapshots(recorded)
    yield from _compare_claims(replays, renamed, tally)
    yield from _compare_snapshots(recorded)


def _events() -> Iterator[Event]:
    """All events by object and number, read by position: no cursor is held open for the length of the walk."""
    names = ("object_type", "object_id", "number")
    fields = [Event._meta.get_field(name) for name in names]
    page = list(Event.objects.order_by(*names)[:PAGE])
    while page:
        yield from page
        last = [getattr(page[-1], name) for name in names]
        page = list(Event.objects.filter(Beyond(names, fields, last, descending=False)).order_by(*names)[:PAGE])


def _links(chain: Iterable[Event], tally: Tally) -> Iterator[Event | Break]:
    """The events of one chain, up to the first that does not follow from the one before."""
    number, previous = 0, ""
    for event in chain:
        tally.events += 1
        if event.number != number + 1:
            yield Break(_place(event), f"event {number + 1} is missing before it")
            return
        if event.previous_hash != previous:
            yield Break(_place(event), "it does not name the hash of the event before it")
            return
        if event.hash != event.expected_hash():
            yield Break(_place(event), "its content does not fit its hash")
            return
        number, previous = event.number, event.hash
        yield event


def _place(event: Event) -> str:
    return f"{event.object_type} {event.object_id}, event {event.number}"


def _compare_claims(replays: dict[int, Replay], renamed: dict[str, str], tally: Tally) -> Iterator[Break]:
    """Compare claims with their replayed history, and empty `replays`."""
    claims = Claim.objects.select_related("assignee", "verdict", "standing").prefetch_related("tags")
    found = claims.in_bulk(list(replays))
    for pk, replay in replays.items():
        tally.claims += 1
        claim = found.get(pk)
        what = _difference(claim, replay, renamed) if claim else "it has a history, but is not in the table"
        if what:
            yield Break(f"claim {pk}", what)
    replays.clear()


def _difference(claim: Claim, replay: Replay, renamed: dict[str, str]) -> str:
    """The first difference between a claim and its history, in words; empty when there is none."""
    for name in WATCHED:
        stored, told = _stored(claim, name), replay.fields.get(name)
        if name == "assignee":
            told = renamed.get(str(told), told)
        if not _same(stored, told):
            return f"{name} is {stored!r} in the table, but {told!r} by its history"
    if claim.recheck_from != recheck_fields(claim.recheck_on)["recheck_from"]:
        return f"recheck_from is {plain(claim.recheck_from)!r}, which is not the first day of {claim.recheck_on!r}"
    if claim.version != replay.version:
        return f"it is at version {claim.version} in the table, but at {replay.version} by its history"
    if replay.last_at and claim.changed_at > replay.last_at:
        return "it was changed after its last event: the end of its history is missing"
    return ""


def _stored(claim: Claim, name: str) -> Any:
    return sorted(tag.name for tag in claim.tags.all()) if name == "tags" else plain(getattr(claim, name))


def _same(one: Any, other: Any) -> bool:
    """Equal, where every way of being empty counts as one: the first event of an object leaves empty values out."""
    return one == other or (one in (None, "", []) and other in (None, "", []))


def _renamed() -> dict[str, str]:
    """Former username to the present one, of people who were renamed."""
    names: dict[str, str] = {}
    changes = Event.objects.filter(object_type="user", act=RecordAct.CHANGE, changes__has_key="username")
    for old, new in changes.order_by("pk").values_list("changes__username", flat=True):
        names = {former: new if current == old else current for former, current in names.items()} | {old: new}
    return names


def _claims_without_history() -> Iterator[Break]:
    recorded = Event.objects.filter(object_type="claim", number=1).values("object_id")
    for claim in Claim.objects.exclude(pk__in=recorded).order_by("pk").only("pk")[:CHUNK]:
        yield Break(f"claim {claim.pk}", "it has no history")


def _compare_snapshots(recorded: dict[int, str]) -> Iterator[Break]:
    """Compare the hashes of texts with those in history, and empty `recorded`."""
    stored = dict(Snapshot.objects.filter(pk__in=recorded).values_list("pk", "text_sha256"))
    for pk, text_hash in recorded.items():
        if stored.get(pk) != text_hash:
            yield Break(f"snapshot {pk}", "its hash is not the one that history gives for it")
    recorded.clear()


def _snapshots(tally: Tally) -> Iterator[Break]:
    """Texts that no longer have their hash, read one by one: each may have millions of characters."""
    snapshot = Snapshot.objects.order_by("pk").first()
    while snapshot is not None:
        tally.snapshots += 1
        if not snapshot.is_intact:
            yield Break(f"snapshot {snapshot.pk}", "its text does not have its hash")
        snapshot = Snapshot.objects.filter(pk__gt=snapshot.pk).order_by("pk").first()
    recorded = Event.objects.filter(act=RecordAct.ADD_SNAPSHOT, subject_type="snapshot").values("subject_id")
    for pk in Snapshot.objects.exclude(pk__in=recorded).order_by("pk").values_list("pk", flat=True)[:CHUNK]:
        yield Break(f"snapshot {pk}", "it has no history")
