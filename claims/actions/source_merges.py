"""Merging two sources that are one, in one act that can be taken back.

Locks are taken in the order documents, comments, sources, each by key: claims, which nobody changes here, come before.
A gate comes first of all: no document is given to either source meanwhile, see publishers.standing_now.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from claims.actions.changes import change, check_permission, required_reason, short_note
from claims.choices import Permission, RecordAct
from claims.models import (
    Comment,
    Document,
    Event,
    ReleaseCalendar,
    Source,
    SourceAlias,
    SourceDomain,
    SourceMerge,
    User,
)
from claims.models.base import Gate, lock, pass_gate
from claims.workflow import Refusal, RefusalKind, Refused

MOVING: dict[str, type[models.Model]] = {
    "documents": Document,
    "aliases": SourceAlias,
    "domains": SourceDomain,
    "comments": Comment,
    "calendars": ReleaseCalendar,
}
"""What a merger moves, each by its column `source`."""


def merge_refusal(source: Source, into: Source) -> str:
    """Why the one cannot be merged into the other now; empty when it can."""
    if source.pk == into.pk:
        return "A source cannot be merged with itself."
    if source.merged_into is not None:
        return f"{source} is merged into {source.merged_into} already."
    if into.merged_into is not None:
        return f"{into} is merged into {into.merged_into} itself. Choose that one."
    return "" if not into.is_retired else f"{into} is retired. Put it back in use first, or choose another."


@transaction.atomic
def merge_sources(source: Source, into: Source, *, by: User, reason: str) -> SourceMerge:
    """Everything of `source` becomes that of `into`, whose grade stays; `source` is retired, and its name remembered.

    One event on each of the two chains and one on that of each document, all with the reason. Raises ValidationError
    on `reason`, and on `into` when it is the same one; Refused when one of them is merged already.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    if source.pk == into.pk:
        raise ValidationError({"into": merge_refusal(source, into)})
    reason = required_reason(reason)
    pass_gate(Gate.PUBLISHERS)
    documents = _locked("documents", source, _keys("documents", source))
    _locked("comments", source, _keys("comments", source))
    _lock_both(source, into)
    if told := merge_refusal(source, into):
        raise Refused(Refusal(RefusalKind.STAGE, told))
    moved = {name: _keys(name, source) for name in MOVING} | {"documents": [one.pk for one in documents]}
    moved["calendars"] = list(_free_calendars(moved["calendars"], into).values_list("pk", flat=True))
    _move(moved, source, into)
    moved["new_aliases"] = _remember_name(source, into)
    merge = SourceMerge.objects.create(source=source, into=into, reason=reason, moved=moved, merged_by=by)
    _tell(merge, documents, by=by, reason=reason)
    return merge


def _tell(merge: SourceMerge, documents: Sequence[Document], *, by: User, reason: str) -> None:
    source, into = merge.source, merge.into
    values = {"merged_into": into, "retired_at": source.retired_at or merge.merged_at}
    sizes = {name: [None, len(merge.moved[name])] for name in MOVING if merge.moved[name]}
    change(source, RecordAct.MERGED, by=by, values=values, reason=reason, subject=into)
    changes: dict[str, list[Any]] = {"source": [None, source.name], **sizes}
    # Its version rises, too: whoever edits its names or sites at this moment has not seen those that came.
    change(into, RecordAct.MERGE, by=by, values={}, also=changes, reason=reason, subject=source)
    changed: dict[str, list[Any]] = {"source": [source.name, into.name], "source_id": [source.pk, into.pk]}
    Event.objects.append_each(documents, RecordAct.CHANGE, by=by, changes=changed, reason=reason)


@transaction.atomic
def undo_merge(merge: SourceMerge, *, by: User, reason: str = "") -> None:
    """Give back what the merger moved and is still there; what has gone elsewhere since stays where it is.

    Raises Refused when it was undone already, or while the source that took it in is merged into another.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    reason = short_note(reason)
    source, into = merge.source, merge.into
    moved: dict[str, list[int]] = dict.fromkeys(MOVING, []) | merge.moved
    documents = _locked("documents", into, moved["documents"])
    _locked("comments", into, moved["comments"])
    _lock_both(source, into)
    lock(merge)
    if merge.undone_at is not None:
        raise Refused(Refusal(RefusalKind.STAGE, f"{merge.undone_by} has undone this merger already."))
    if into.merged_into is not None:
        raise Refused(Refusal(RefusalKind.STAGE, f"{into} is merged into {into.merged_into}. Undo that first."))
    SourceAlias.objects.filter(pk__in=moved["new_aliases"], source=into).delete()
    moved["calendars"] = list(_free_calendars(moved["calendars"], source).values_list("pk", flat=True))
    _move(moved, into, source)
    merge.undone_by, merge.undone_at = by, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    _tell_undone(merge, documents, by=by, reason=reason)


def _tell_undone(merge: SourceMerge, documents: Sequence[Document], *, by: User, reason: str) -> None:
    source, into = merge.source, merge.into
    was_in_use = source.retired_at == merge.merged_at
    values: dict[str, Any] = {"merged_into": None, "retired_at": None if was_in_use else source.retired_at}
    change(source, RecordAct.UNMERGED, by=by, values=values, reason=reason, subject=into)
    given = {"source": [source.name, None]}
    change(into, RecordAct.UNMERGE, by=by, values={}, also=given, reason=reason, subject=source)
    changed: dict[str, list[Any]] = {"source": [into.name, source.name], "source_id": [into.pk, source.pk]}
    Event.objects.append_each(documents, RecordAct.CHANGE, by=by, changes=changed, reason=reason)


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """The keys, so many at a time as any database takes in one query."""
    return (keys[start : start + 1000] for start in range(0, len(keys), 1000))


def _rows(name: str, holder: Source, keys: Sequence[int]) -> models.QuerySet[Any]:
    return MOVING[name]._base_manager.filter(source=holder, pk__in=keys)


def _keys(name: str, holder: Source) -> list[int]:
    return list(MOVING[name]._base_manager.filter(source=holder).order_by("pk").values_list("pk", flat=True))


def _locked(name: str, holder: Source, keys: Sequence[int]) -> list[Any]:
    """Lock those of the rows that the source holds, by key."""
    found: list[Any] = []
    for part in _parts(keys):
        found += _rows(name, holder, part).order_by("pk").select_for_update(no_key=True)
    return found


def _lock_both(source: Source, into: Source) -> None:
    for one in sorted((source, into), key=lambda one: one.pk):
        lock(one)


def _move(moved: Mapping[str, Sequence[int]], holder: Source, to: Source) -> None:
    """Hand over the rows of these keys that `holder` still has."""
    # A guard keeps each reply on the same source as the remark that it answers, so remarks go first.
    for part in _parts(moved["comments"]):
        _rows("comments", holder, part).filter(parent=None).update(source=to)
    for name in MOVING:
        values: dict[str, Any] = {"source": to}
        if name == "documents":
            values |= {"version": F("version") + 1, "changed_at": timezone.now()}
        for part in _parts(moved[name]):
            _rows(name, holder, part).update(**values)


def _free_calendars(keys: Sequence[int], to: Source) -> models.QuerySet[ReleaseCalendar]:
    """Those of a name that the other source has no calendar of; one that it has stays where it is."""
    return ReleaseCalendar.objects.filter(pk__in=keys).exclude(name__in=to.calendars.values("name")).order_by("pk")


def _remember_name(source: Source, into: Source) -> list[int]:
    if SourceAlias.objects.filter(name__iexact=source.name).exists():
        return []
    return [SourceAlias.objects.create(source=into, name=source.name).pk]
