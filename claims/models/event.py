"""The append-only log: one line per act, hash-chained per object. Triggers refuse update and delete."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import repeat
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claims import limits
from claims.choices import Act, RecordAct
from claims.models.base import lock
from claims.models.user import User

Changes = dict[str, list[Any]]


def type_name(record: models.Model) -> str:
    """The name under which a record appears in events: its model in lower case, such as "claim" or "claimset"."""
    return record._meta.model_name or ""


def check_stable(value: Any) -> None:
    """Raises ValueError unless `value` is JSON that SQLite and PostgreSQL give back unchanged.

    That leaves out fractions, which PostgreSQL keeps as decimals (1e16 comes back whole), and keys that are no text.
    """
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("history keeps values by names that are text")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            check_stable(item)
    elif not isinstance(value, str | int | None):
        raise ValueError(f"history cannot keep {value!r}: write it as text")


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, record: models.Model) -> Self:
        """The chain of one object, oldest first."""
        return self.filter(object_type=type_name(record), object_id=record.pk).order_by("number")

    def latest_first(self) -> Self:
        return self.order_by("-pk")


class EventManager(models.Manager["Event"]):
    def record(
        self,
        on: models.Model,
        act: Act | RecordAct,
        *,
        by: User | None,
        changes: Changes | None = None,
        reason: str = "",
        subject: models.Model | None = None,
        at: datetime | None = None,
    ) -> "Event":
        """Append one event to the chain of `on`; `changes` maps a field to [old, new], JSON values.

        Must run inside the transaction that makes the change. The object's row is locked first, so that
        two writers cannot append to the same chain at once (the unique key would refuse the second).
        """
        lock(on)
        return self.append(on, act, by=by, changes=changes, reason=reason, subject=subject, at=at)

    def append(
        self,
        on: models.Model,
        act: Act | RecordAct,
        *,
        by: User | None,
        changes: Changes | None = None,
        reason: str = "",
        subject: models.Model | None = None,
        at: datetime | None = None,
    ) -> "Event":
        """As `record`, for a transaction that has locked or updated the row of `on` already."""
        check_stable(changes)
        number, previous = self._head(on)
        event = Event(
            object_type=type_name(on),
            object_id=on.pk,
            number=number + 1,
            act=act,
            by=by,
            at=at or timezone.now(),
            changes=changes or {},
            reason=reason,
            subject_type=type_name(subject) if subject else "",
            subject_id=subject.pk if subject else None,
            previous_hash=previous,
        )
        event.hash = event.expected_hash()
        event.save(force_insert=True)
        return event

    def append_many(
        self,
        on: models.Model,
        act: Act | RecordAct,
        *,
        by: User | None,
        changes: Sequence[Changes],
        subjects: Sequence[models.Model],
        reason: str = "",
    ) -> None:
        """As `append`, one event for each of the `changes` with the subject at its place, all of one moment."""
        number, previous = self._head(on)
        at = timezone.now()
        events = []
        for change, subject in zip(changes, subjects, strict=True):
            check_stable(change)
            number += 1
            event = Event(object_type=type_name(on), object_id=on.pk, number=number, act=act, by=by, at=at)
            event.changes, event.reason, event.previous_hash = change, reason, previous
            event.subject_type, event.subject_id = type_name(subject), subject.pk
            event.hash = previous = event.expected_hash()
            events.append(event)
        self.bulk_create(events, batch_size=1000)

    def append_each(
        self, records: Sequence[models.Model], act: Act | RecordAct, *, by: User | None, changes: Changes, reason: str
    ) -> None:
        """The same event at the end of each of many chains; whoever asks has locked the records, all of one model."""
        check_stable(changes)
        at = timezone.now()
        events = []
        for head in self._heads(records):
            event = Event(object_type=head.object_type, object_id=head.object_id, number=head.number + 1, act=act)
            event.by, event.at, event.changes, event.reason = by, at, changes, reason
            event.previous_hash = head.hash
            event.hash = event.expected_hash()
            events.append(event)
        self.bulk_create(events, batch_size=1000)

    def _heads(self, records: Sequence[models.Model]) -> "Iterator[Event]":
        """The newest event of each chain. Every record has one: it was added."""
        for start in range(0, len(records), 1000):
            part = records[start : start + 1000]
            chain = EventQuerySet(self.model, using=self._db).filter(object_type=type_name(part[0]))
            later = chain.filter(object_id=OuterRef("object_id"), number__gt=OuterRef("number"))
            yield from chain.filter(~Exists(later), object_id__in=[record.pk for record in part])

    def start_chains(
        self,
        records: Sequence[models.Model],
        act: Act | RecordAct,
        *,
        by: User | None,
        changes: Iterable[Changes],
        reasons: Iterable[str] | None = None,
    ) -> "list[Event]":
        """Write the first event of each of many new objects at once, for imports."""
        at = timezone.now()
        events = []
        for (record, change), reason in zip(zip(records, changes, strict=True), reasons or repeat(""), strict=False):
            event = Event(object_type=type_name(record), object_id=record.pk, number=1, act=act, by=by, at=at)
            check_stable(change)
            event.changes, event.reason = change, reason
            event.hash = event.expected_hash()
            events.append(event)
        return self.bulk_create(events, batch_size=1000)

    def _head(self, on: models.Model) -> tuple[int, str]:
        """The number and the hash of the last event of its chain; 0 and none before the first."""
        return EventQuerySet(self.model, using=self._db).of(on).values_list("number", "hash").last() or (0, "")


class Event(models.Model):
    """Who did what to which object, when, old and new values, why.

    `object` is the record whose chain this is; `subject` the part of it that was touched (a piece of
    evidence, a comment, an assessment), so that a claim has one feed. No foreign keys to either:
    history never blocks and never vanishes.
    """

    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    number = models.PositiveIntegerField(help_text="Place in the chain of its object, from 1.")
    act = models.CharField(max_length=30)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    changes = models.JSONField(default=dict)
    reason = models.TextField(max_length=limits.REASON, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EventManager.from_queryset(EventQuerySet)()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id", "number"], name="event_chain_has_no_fork"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="event_number_starts_at_1"),
            models.CheckConstraint(
                condition=models.Q(number=1, previous_hash="") | (~models.Q(number=1) & ~models.Q(previous_hash="")),
                name="event_names_the_one_before",
            ),
        ]
        indexes = [models.Index(fields=["act", "-id"], name="event_act")]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}, event {self.number}: {self.act}"

    def expected_hash(self) -> str:
        """SHA-256 over the event's canonical JSON, the previous event's hash included."""
        content = {
            "object": [self.object_type, self.object_id],
            "number": self.number,
            "act": str(self.act),
            "by": self.by_id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "subject": [self.subject_type, self.subject_id],
            "changes": self.changes,
            "reason": self.reason,
            "previous": self.previous_hash,
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def followed_by(
        self, act: Act | RecordAct, *, changes: Changes, subject: models.Model, reason: str = ""
    ) -> "Event":
        """The next event of the chain, not stored yet, by the same person at the same time: see start_chains."""
        check_stable(changes)
        event = Event(object_type=self.object_type, object_id=self.object_id, number=self.number + 1, act=act)
        event.by_id, event.at, event.changes, event.previous_hash = self.by_id, self.at, changes, self.hash
        event.subject_type, event.subject_id, event.reason = type_name(subject), subject.pk, reason
        event.hash = event.expected_hash()
        return event

    @property
    def sentence(self) -> str:
        """The verb phrase of the act: "took up the claim"."""
        known = (
            {**dict(RecordAct.choices), **dict(Act.choices)} if self.object_type == "claim" else dict(RecordAct.choices)
        )
        return known.get(self.act, self.act)
