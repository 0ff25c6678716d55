"""The working of a claim as it stood, and the searches and premises that it had."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from claims.choices import Act, RelationKind
from claims.models import Claim, Event, RankRow, Relation, Search, Working, WorkingInput
from claims.models.base import Versioned
from claims.releases.as_of.events import Chain, undone
from claims.releases.as_of.missing import NOT_KEPT, Gaps

_FIGURES = frozenset(
    {"kind", "expected", "formula", "unit", "tolerance", "tolerance_in", "subject", "order", "note", "parts"}
)
_ACTS = (Act.SET_WORKING, Act.EDIT_WORKING, Act.REMOVE_WORKING)
_WORDS = {"working.inputs", "working.rows"}


def workings_as_of(claims: Mapping[int, Claim], chains: Mapping[int, Chain], gaps: Gaps) -> dict[int, Working]:
    """The workings that were shown, by claim, with their parts. Three queries."""
    present = {one.claim_id: one for one in Working.objects.filter(claim__in=chains).prefetch_related("inputs", "rows")}
    found = {}
    for key, chain in chains.items():
        figures = chain.where(lambda event: event.act in _ACTS)
        if figures.told and figures.told[-1].act != Act.REMOVE_WORKING:
            row = present.get(key) or Working(claim=claims[key])
            found[key] = _restored(claims[key], row, figures, gaps)
    return found


def _restored(claim: Claim, present: Working, chain: Chain, gaps: Gaps) -> Working:
    """What was there until the first removal after the instant, if there was one, else what is there."""
    removed = next((number for number, event in enumerate(chain.later) if event.act == Act.REMOVE_WORKING), None)
    until = chain.later if removed is None else chain.later[: removed + 1]
    working = present if removed is None else Working(pk=chain.told[-1].subject_id, claim=claim)
    old = undone(until, _FIGURES, prefix="working.")
    parts = old.pop("parts", None)
    for name, value in old.items():
        setattr(working, name, value)
    if parts is None and (removed is not None or any(_WORDS & event.changes.keys() for event in until)):
        gaps.add(claim.reference, "working", f"{NOT_KEPT}: its inputs and rows")
    if parts is not None or removed is not None:
        _hold_parts(working, parts or [])
    return working


def _hold_parts(working: Working, parts: list[dict[str, Any]]) -> None:
    is_rank = [("place" in part) for part in parts]
    rows = [RankRow(working=working, **part) for part, ranks in zip(parts, is_rank, strict=True) if ranks]
    inputs = [WorkingInput(working=working, **part) for part, ranks in zip(parts, is_rank, strict=True) if not ranks]
    hold(working, "inputs", inputs)
    hold(working, "rows", rows)


def hold(record: Versioned, name: str, rows: list[Any]) -> None:
    """Make these the related rows of the record, as prefetching would."""
    model: Any = record._meta.get_field(name).related_model
    queryset = model._default_manager.all()
    queryset._result_cache, queryset._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset


def searches_as_of(chains: Mapping[int, Chain]) -> dict[int, list[Search]]:
    """The searches on record that were not retracted, by claim: they never change. One query."""
    found: dict[int, list[Search]] = defaultdict(list)
    known = {key: chain.subjects(Act.ADD_SEARCH) - chain.subjects(Act.RETRACT_SEARCH) for key, chain in chains.items()}
    for search in Search.objects.filter(claim__in=chains).order_by("pk"):
        if search.pk in known[search.claim_id]:
            found[search.claim_id].append(search)
    return found


def premises_as_of(claims: Mapping[int, Claim], chains: Mapping[int, Chain], gaps: Gaps) -> dict[int, list[Relation]]:
    """What the claims rested on, by claim, removed relations among it. Two queries."""
    held = {key: _held(chain) for key, chain in chains.items()}
    kept = Relation.objects.filter(pk__in=[pk for relations in held.values() for pk in relations]).in_bulk()
    removed = {pk: event for relations in held.values() for pk, event in relations.items() if pk not in kept}
    others = _others(kept.values(), removed, chains)
    found: dict[int, list[Relation]] = {}
    for key, relations in held.items():
        rows = [_relation(pk, event, kept.get(pk), others, claims[key], gaps) for pk, event in relations.items()]
        found[key] = [row for row in rows if row]
    return found


def _held(chain: Chain) -> dict[int, Event]:
    """By key of the relation, in their order, the event that made it."""
    held: dict[int, Event] = {}
    for event in chain.told:
        if event.subject_id is None or RelationKind.DEPENDS_ON not in event.changes:
            continue
        if event.act == Act.RELATE:
            held[event.subject_id] = event
        elif event.act == Act.UNRELATE:
            held.pop(event.subject_id, None)
    return dict(sorted(held.items()))


class _Others:
    """The claims that relations lead to: by key of the claim, and by the key of a relation that was removed since."""

    def __init__(self, by_key: Mapping[int, Claim], of_removed: Mapping[int, int]) -> None:
        self.by_key, self.of_removed = by_key, of_removed


def _others(kept: Collection[Relation], removed: Mapping[int, Event], chains: Mapping[int, Chain]) -> _Others:
    of_removed: dict[int, int] = {}
    for event in (event for pk in removed for event in _removal(chains[removed[pk].object_id], pk)):
        if event.subject_id and "other" in event.changes:
            of_removed[event.subject_id] = event.changes["other"][0]
    keys = {one.b_id for one in kept} | set(of_removed.values())
    return _Others(Claim.objects.only("pk", "key").in_bulk(keys), of_removed)


def _removal(chain: Chain, relation: int) -> list[Event]:
    return [event for event in chain.later if event.act == Act.UNRELATE and event.subject_id == relation]


def _relation(
    pk: int, made: Event, kept: Relation | None, others: _Others, claim: Claim, gaps: Gaps
) -> Relation | None:
    other = others.by_key.get(kept.b_id if kept else others.of_removed.get(pk, 0))
    if other is None:
        told = made.changes[RelationKind.DEPENDS_ON][1]
        gaps.add(claim.reference, "rests_on", f"{NOT_KEPT}: which claim {told} is")
        return None
    return Relation(pk=pk, kind=RelationKind.DEPENDS_ON, a=claim, b=other, note=kept.note if kept else made.reason)
