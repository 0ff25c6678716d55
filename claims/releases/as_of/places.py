"""Where claims appeared: the passages as they stood, in the texts of then."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from claims.choices import Reanchored, RecordAct
from claims.models import Appearance, Event, Reanchoring, Snapshot
from claims.models.appearance import AppearanceQuerySet
from claims.releases.as_of.missing import NOT_KEPT, Gaps

_WITHOUT_PLACE = (None, Reanchored.DROPPED)


@dataclass(frozen=True)
class Undone:
    """A passage that stood in a draft then, and whose making was taken back since. It is in no table any more."""

    appearance: Appearance
    carries_on: int  # key of the appearance of the earlier text that it came of


def appearances_as_of(
    appearances: AppearanceQuerySet, reanchored: "Q", instant: datetime, gaps: Gaps
) -> dict[int, list[Appearance]]:
    """Those of these appearances that no newer draft carried on then, by claim, in the order of the texts.

    `reanchored` chooses the rows of Reanchoring that are about the same claims. Four queries.
    """
    known = appearances.filter(added_at__lte=instant).select_related("snapshot").defer("snapshot__text")
    rows = list(Reanchoring.objects.filter(reanchored).select_related("appearance__claim", "result"))
    taken_back = _taken_back(rows, instant, gaps)
    carried_on = {row.appearance_id for row in rows if _carried(row, instant)}
    carried_on |= {one.carries_on for one in taken_back if one.carries_on}
    found = [*known, *(one.appearance for one in taken_back)]
    by_claim: dict[int, list[Appearance]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.snapshot_id, one.start, one.pk)):
        if one.pk not in carried_on:
            by_claim[one.claim_id].append(one)
    return by_claim


def of_claims(keys: Collection[int], reanchorings: Collection[int]) -> tuple[AppearanceQuerySet, Q]:
    """`reanchorings` are those that the histories of the claims name: what was taken back leads nowhere by itself."""
    rows = Q(appearance__claim__in=keys) | Q(result__claim__in=keys) | Q(pk__in=reanchorings)
    return Appearance.objects.filter(claim__in=keys), rows


def of_document(document: int) -> tuple[AppearanceQuerySet, Q]:
    return Appearance.objects.filter(snapshot__document=document), Q(snapshot__document=document)


def _carried(row: Reanchoring, instant: datetime) -> bool:
    result = row.result
    return result is not None and result.added_at <= instant and result.claim_id == row.appearance.claim_id


def _taken_back(rows: Iterable[Reanchoring], instant: datetime, gaps: Gaps) -> list[Undone]:
    """What the first later decision on each passage took back."""
    by_key = {row.pk: row for row in rows}
    first = _first_decisions(by_key, instant)
    taken = {key: event for key, event in first.items() if event.changes["decision"][0] not in _WITHOUT_PLACE}
    texts = Snapshot.objects.defer("text").in_bulk({by_key[key].snapshot_id for key in taken})
    found = []
    for key, event in taken.items():
        row = by_key[key]
        if texts[row.snapshot_id].taken_at > instant:
            continue
        if "passage" in event.changes:
            found += _undone(row, event, texts[row.snapshot_id], instant)
        else:
            gaps.add(row.appearance.claim.reference, "appearances", f"{NOT_KEPT}: a passage that was taken back")
    return found


def _first_decisions(by_key: Mapping[int, Reanchoring], instant: datetime) -> dict[int, Event]:
    """The first event after the instant of each row, if there is one.

    A decision on a new claim has its event on both chains; both say the same.
    """
    events = Event.objects.filter(act=RecordAct.REANCHOR, at__gt=instant, object_type="claim")
    found: dict[int, Event] = {}
    claims = {row.appearance.claim_id for row in by_key.values()}
    for event in events.filter(object_id__in=claims, subject_type="reanchoring").order_by("at", "number"):
        if event.subject_id is not None and event.subject_id in by_key:
            found.setdefault(event.subject_id, event)
    return found


def _undone(row: Reanchoring, event: Event, snapshot: Snapshot, instant: datetime) -> list[Undone]:
    """The passage that went, unless it came after the instant, too."""
    kept: dict[str, Any] = event.changes["passage"][0]
    if datetime.fromisoformat(kept["added_at"]) > instant:
        return []
    passage = {name: kept[name] for name in ("exact", "prefix", "suffix", "start", "end")}
    appearance = Appearance(pk=kept["appearance"], claim_id=kept["claim"], snapshot=snapshot, **passage)
    return [Undone(appearance, row.appearance_id if kept["claim"] == row.appearance.claim_id else 0)]
