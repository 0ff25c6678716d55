"""Events before and after an instant, and what the later ones say of the time before them."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from claims.models import Event


def undone(events: Iterable[Event], names: Container[str], *, prefix: str = "") -> dict[str, Any]:
    """What those of the fields that these events changed, the oldest first, were before them all.

    With a `prefix`, such as "working.", the fields are those so called in events.
    """
    old: dict[str, Any] = {}
    for event in events:
        for name, pair in event.changes.items():
            field = name.removeprefix(prefix)
            if name.startswith(prefix) and field in names:
                old.setdefault(field, pair[0])
    return old


@dataclass(frozen=True)
class Chain:
    """The history of one claim, parted at the instant: `told` was known then, `later` was not."""

    told: Sequence[Event]
    later: Sequence[Event]

    @classmethod
    def parted(cls, events: Iterable[Event], instant: datetime) -> "Chain":
        events = list(events)
        known = [event for event in events if event.at <= instant]
        return cls(known, events[len(known) :])

    def about(self, subject: models.Model) -> "Chain":
        """The part of it that is about a piece of evidence, a comment, an assessment, …"""
        kind, pk = subject._meta.model_name, subject.pk
        return self.where(lambda event: (event.subject_type, event.subject_id) == (kind, pk))

    def where(self, fits: Callable[[Event], bool]) -> "Chain":
        return Chain([event for event in self.told if fits(event)], [event for event in self.later if fits(event)])

    def subjects(self, *acts: str) -> set[int]:
        """Keys of what acts of these kinds had been about."""
        return {event.subject_id for event in self.told if event.act in acts and event.subject_id is not None}

    def last(self, name: str) -> Any:
        """The newest value that had been told of a field; None when none had."""
        pairs = (event.changes[name] for event in reversed(self.told) if name in event.changes)
        return next((pair[1] for pair in pairs), None)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
