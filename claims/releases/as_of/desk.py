"""What of the desk is the same for all claims, as it stood: people, the verdict scale, calendars, names of sources.

Read once: these are few, and their changes are fewer.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from claims.choices import RecordAct
from claims.models import Event, ReleaseCalendar, Source, SourceMerge, User, Verdict
from claims.releases.as_of.events import undone

PERSON = ("username", "first_name", "last_name")
SCALE = ("key", "name", "rating", "mark")


@dataclass(frozen=True)
class Move:
    """A merger of sources that took calendars along, and when it was undone."""

    source: int
    into: int
    at: datetime
    undone_at: datetime | None
    calendars: frozenset[int]


@dataclass(frozen=True)
class Desk:
    instant: datetime

    def rename(self, *people: User | None) -> None:
        """Give people the names that they had; the loaded objects change."""
        for person in people:
            if person is not None:
                _set(person, self._former_names.get(person.pk, {}))

    @cached_property
    def _former_names(self) -> dict[int, dict[str, Any]]:
        return self._undone("user", PERSON)

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """By key of the row."""
        former = self._undone("verdict", SCALE)
        found = {verdict.pk: verdict for verdict in Verdict.objects.all()}
        for pk, verdict in found.items():
            _set(verdict, former.get(pk, {}))
        return found

    def verdict(self, key: str | None) -> Verdict | None:
        """The verdict that history calls so: a verdict's key stays once an assessment has used it."""
        return self._by_key.get(key) if key else None

    @cached_property
    def _by_key(self) -> dict[str, Verdict]:
        found: dict[str, Verdict] = {}
        for event in Event.objects.filter(object_type="verdict", changes__has_key="key").order_by("pk"):
            if event.object_id in self.verdicts:
                found |= {key: self.verdicts[event.object_id] for key in event.changes["key"] if key}
        return found | {verdict.key: verdict for verdict in self.verdicts.values()}

    def bearer(self, model: type[Source] | type[ReleaseCalendar], name: str) -> int | None:
        """The only source or calendar that ever had this name, by key; None when there are several, or none."""
        bearers = (self._sources_named if model is Source else self._calendars_named).get(name, set())
        return next(iter(bearers)) if len(bearers) == 1 else None

    @cached_property
    def _sources_named(self) -> dict[str, set[int]]:
        return _bearers(
            Source.objects.order_by().values_list("pk", "name"),
            Event.objects.filter(object_type="source", act=RecordAct.CHANGE, changes__has_key="name"),
            "name",
        )

    @cached_property
    def _calendars_named(self) -> dict[str, set[int]]:
        renamed = Event.objects.filter(object_type="source", changes__has_key="calendar.name")
        return _bearers(ReleaseCalendar.objects.order_by().values_list("pk", "name"), renamed, "calendar.name")

    @cached_property
    def calendars(self) -> dict[int, ReleaseCalendar]:
        """By key, each with the key of the source that it belonged to."""
        later: dict[int, list[Event]] = defaultdict(list)
        for event in self._later("source").filter(subject_type="releasecalendar"):
            later[event.subject_id or 0].append(event)
        found = {calendar.pk: calendar for calendar in ReleaseCalendar.objects.all()}
        for pk, calendar in found.items():
            _set(calendar, undone(later[pk], ("name", "rule"), prefix="calendar."))
            calendar.source_id = self._holder(pk, calendar.source_id)
        return found

    def _holder(self, calendar: int, source: int) -> int:
        """Whose the calendar was: mergers after the instant taken back, the newest first."""
        moves = [move for move in self._moves if calendar in move.calendars]
        steps = [(at, move, at == move.undone_at) for move in moves for at in (move.at, move.undone_at) if at]
        for at, move, is_undo in sorted(steps, key=lambda step: step[0], reverse=True):
            if at > self.instant:
                source = _before(move, source, is_undo=is_undo)
        return source

    @cached_property
    def _moves(self) -> list[Move]:
        rows = SourceMerge.objects.order_by("pk").iterator(100)
        moves = (Move(one.source_id, one.into_id, one.merged_at, one.undone_at, _taken(one)) for one in rows)
        return [move for move in moves if move.calendars]

    def _undone(self, kind: str, names: Iterable[str]) -> dict[int, dict[str, Any]]:
        later: dict[int, list[Event]] = defaultdict(list)
        for event in self._later(kind).filter(act=RecordAct.CHANGE):
            later[event.object_id].append(event)
        wanted = frozenset(names)
        return {pk: undone(events, wanted) for pk, events in later.items()}

    def _later(self, kind: str) -> Any:
        return Event.objects.filter(object_type=kind, at__gt=self.instant).order_by("pk")


def _set(record: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _taken(merge: SourceMerge) -> frozenset[int]:
    return frozenset(merge.moved.get("calendars", ()))


def _before(move: Move, source: int, *, is_undo: bool) -> int:
    if is_undo:
        return move.into if source == move.source else source
    return move.source if source == move.into else source


def _bearers(present: Iterable[tuple[int, str]], renamings: Iterable[Event], field: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for pk, name in present:
        found[name].add(pk)
    for event in renamings:
        bearer = event.object_id if field == "name" else event.subject_id
        for name in filter(None, event.changes[field]):
            found[name].add(bearer or 0)
    return found
