"""Many new claims at once, with what belongs to them: a fixed number of queries for a batch."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from claims.actions.anchors import follow
from claims.actions.changes import check_permission, initial, lock
from claims.actions.claims import WORDING, recheck_fields, stored_tags
from claims.actions.completion import lapse_text
from claims.actions.evidence import CONTENT
from claims.actions.new_claims import NewAssessment, NewClaim, NewWorking
from claims.actions.new_documents import documents_of
from claims.actions.quotes import place_quote
from claims.actions.searches import CONTENT as SEARCHED
from claims.actions.sentences import dispose_all
from claims.actions.values import unique
from claims.actions.workings import as_set
from claims.choices import Act, Disposition, Permission, Stage
from claims.models import (
    Appearance,
    Assessment,
    Claim,
    Comment,
    Event,
    Evidence,
    RankRow,
    Search,
    Snapshot,
    User,
    Working,
    WorkingInput,
)
from claims.search import index_claims

_MADE = (*WORDING, "stage", "priority", "recheck_on", "recheck_calendar")

_PROPOSED = ("verdict", "confidence", "rationale", "as_of", "decisive", "decisive_reason")


@dataclass
class _Batch:
    """The claims made, each with the newest event of its chain, and the events that follow."""

    by: User
    new: Sequence[NewClaim]
    claims: list[Claim]
    heads: list[Event]
    events: list[Event] = field(default_factory=list)

    def follow(self, number: int, act: Act, subject: models.Model, changes: dict[str, Any], reason: str = "") -> None:
        self.heads[number] = self.heads[number].followed_by(act, changes=changes, subject=subject, reason=reason)
        self.events.append(self.heads[number])


@transaction.atomic
def create_claims(new: Sequence[NewClaim], *, by: User) -> list[Claim]:
    """Open claims; those that come with a proposal are in review. What `new` holds was checked as actions.values does.

    Raises ValidationError when a claim has one of the keys.
    """
    check_permission(by, Permission.WORK)
    with unique("key", "Claims with some of these keys were stored by someone else meanwhile."):
        claims = Claim.objects.bulk_create([_claim(one, by) for one in new], batch_size=2000)
    changes = ({**initial(claim, *_MADE), **_tagged(one)} for claim, one in zip(claims, new, strict=True))
    reasons = [one.reason for one in new]
    heads = Event.objects.start_chains(claims, Act.CREATE, by=by, changes=changes, reasons=reasons)
    batch = _Batch(by, new, claims, heads)
    _add_tags(batch)
    pieces = _add_evidence(batch)
    _add_searches(batch)
    _add_workings(batch, pieces)
    _add_places(batch)
    _add_comments(batch)
    _propose(batch, pieces)
    Event.objects.bulk_create(batch.events, batch_size=1000)
    index_claims([claim.pk for claim in claims])
    return claims


def _claim(new: NewClaim, by: User) -> Claim:
    first_day = recheck_fields(new.columns.get("recheck_on", ""))["recheck_from"]
    return Claim(**new.columns, added_by=by, recheck_from=first_day)


def _tagged(new: NewClaim) -> dict[str, list[Any]]:
    return {"tags": [None, sorted(new.tags)]} if new.tags else {}


def _add_tags(batch: _Batch) -> None:
    names = {name for one in batch.new for name in one.tags}
    if not names:
        return
    keys = dict(stored_tags(names).values_list("name", "pk"))
    through = Claim.tags.through
    pairs = zip(batch.claims, batch.new, strict=True)
    through.objects.bulk_create(
        [through(claim_id=claim.pk, tag_id=keys[name]) for claim, one in pairs for name in one.tags], batch_size=5000
    )


def _add_evidence(batch: _Batch) -> dict[int, list[Evidence]]:
    """The pieces of each claim, by its number in the batch."""
    documents = documents_of([item for one in batch.new for item in one.evidence], by=batch.by)
    rows: list[tuple[int, Evidence, str]] = []
    for number, (claim, one) in enumerate(zip(batch.claims, batch.new, strict=True)):
        for item in one.evidence:
            content = {name: getattr(item, name) for name in CONTENT}
            piece = Evidence(claim=claim, document=documents[item.page], added_by=batch.by, **content)
            place_quote(piece)
            rows.append((number, piece, item.told))
    Evidence.objects.bulk_create([piece for _, piece, _ in rows], batch_size=1000)
    for number, piece, told in rows:
        changes = {"document": [None, piece.document.title], **initial(piece, *CONTENT)}
        changes |= {"said_there": [None, told]} if told else {}
        batch.follow(number, Act.ADD_EVIDENCE, piece, changes)
    pieces: dict[int, list[Evidence]] = {}
    for number, piece, _ in rows:
        pieces.setdefault(number, []).append(piece)
    return pieces


def _add_searches(batch: _Batch) -> None:
    rows = [
        (number, Search(claim=claim, added_by=batch.by, **asdict(search)))
        for number, (claim, one) in enumerate(zip(batch.claims, batch.new, strict=True))
        for search in one.searches
    ]
    Search.objects.bulk_create([search for _, search in rows], batch_size=1000)
    for number, search in rows:
        batch.follow(number, Act.ADD_SEARCH, search, initial(search, *SEARCHED))


def _add_workings(batch: _Batch, pieces: Mapping[int, Sequence[Evidence]]) -> None:
    made: list[tuple[int, Working, list[WorkingInput | RankRow]]] = []
    for number, (claim, one) in enumerate(zip(batch.claims, batch.new, strict=True)):
        if one.working is not None:
            working = Working(claim=claim, added_by=batch.by, **one.working.columns)
            made.append((number, working, list(_parts(working, one.working, pieces.get(number, ())))))
    Working.objects.bulk_create([working for _, working, _ in made], batch_size=1000)
    parts = [part for _, _, found in made for part in found]
    WorkingInput.objects.bulk_create([part for part in parts if isinstance(part, WorkingInput)], batch_size=1000)
    RankRow.objects.bulk_create([part for part in parts if isinstance(part, RankRow)], batch_size=1000)
    for number, working, found in made:
        batch.follow(number, Act.SET_WORKING, working, as_set(working, found))


def _parts(working: Working, new: NewWorking, pieces: Sequence[Evidence]) -> Iterator[WorkingInput | RankRow]:
    for kind, records in ((WorkingInput, new.inputs), (RankRow, new.rows)):
        for record in records:
            piece = pieces[record["evidence"]] if record["evidence"] is not None else None
            yield kind(**{**record, "evidence": piece, "working": working})


def _add_comments(batch: _Batch) -> None:
    """Remarks that were made elsewhere. Nobody here is told of them, though they may name people."""
    rows = [
        (number, Comment(claim=claim, author=batch.by, body=body))
        for number, (claim, one) in enumerate(zip(batch.claims, batch.new, strict=True))
        for body in one.comments
    ]
    Comment.objects.bulk_create([comment for _, comment in rows], batch_size=1000)
    for number, comment in rows:
        batch.follow(number, Act.COMMENT, comment, {})


def _propose(batch: _Batch, pieces: Mapping[int, Sequence[Evidence]]) -> None:
    """Submit the assessments that come along, in the name of who imports them."""
    rows = [
        (number, one.proposal, _assessment(batch, number, one.proposal, pieces.get(number, ())))
        for number, one in enumerate(batch.new)
        if one.proposal
    ]
    Assessment.objects.bulk_create([assessment for _, _, assessment in rows], batch_size=1000)
    claims = Claim.objects.filter(pk__in=[assessment.claim_id for _, _, assessment in rows])
    claims.update(stage=Stage.IN_REVIEW, assignee=batch.by, version=F("version") + 1, changed_at=timezone.now())
    for number, proposal, assessment in rows:
        said = initial(assessment, *_PROPOSED)
        changes: dict[str, Any] = {"stage": [Stage.OPEN.value, Stage.IN_REVIEW.value]}
        changes |= {"assignee": [None, batch.by.username]}
        changes |= {f"assessment.{name}": pair for name, pair in said.items()}
        batch.follow(number, Act.SUBMIT, assessment, changes, proposal.reason)


def _assessment(batch: _Batch, number: int, new: NewAssessment, pieces: Sequence[Evidence]) -> Assessment:
    now = batch.heads[number].at  # by which actions.carried knows it from one that was submitted anew
    values = {name: getattr(new, name) for name in _PROPOSED}
    values["decisive"] = pieces[new.decisive] if new.decisive is not None else None
    return Assessment(claim=batch.claims[number], author=batch.by, saved_at=now, submitted_at=now, **values)


def _add_places(batch: _Batch) -> None:
    """Say where the claims appear; undecided sentences that a place touches become sentences with a claim."""
    rows: list[tuple[int, Appearance]] = []
    for number, (claim, one) in enumerate(zip(batch.claims, batch.new, strict=True)):
        for snapshot, passage in dict.fromkeys(one.places):
            place = Appearance(claim=claim, snapshot=snapshot, added_by=batch.by, **asdict(passage))
            rows.append((number, place))
    _lock_documents(place.snapshot for _, place in rows)
    Appearance.objects.bulk_create([place for _, place in rows], batch_size=1000)
    for number, place in rows:
        changes = {"document": [None, place.snapshot.document.title], "exact": [None, place.exact]}
        batch.follow(number, Act.ADD_APPEARANCE, place, changes)
    for snapshot in sorted({place.snapshot for _, place in rows}, key=lambda one: one.document_id):
        _settle(snapshot, [place for _, place in rows if place.snapshot_id == snapshot.pk], by=batch.by)


def _lock_documents(snapshots: Iterable[Snapshot]) -> None:
    """A draft that is coming at this moment finds the places, or has come and is found by `_settle`."""
    documents = {snapshot.document_id: snapshot.document for snapshot in snapshots}
    for pk in sorted(documents):
        lock(documents[pk])


def _settle(snapshot: Snapshot, places: Sequence[Appearance], *, by: User) -> None:
    """What new claims mean for the text: it is no longer completely checked, and the sentences are decided.

    Where a newer draft has come meanwhile, the claims are looked for in it.
    """
    if snapshot.later().exists():
        for place in places:
            follow(place, by=by)
    lapse_text(snapshot, by=by, reason="Claims in it were imported.")
    touched = [
        sentence
        for sentence in snapshot.sentences.undecided().order_by("number")
        if any(place.start < sentence.end and place.end > sentence.start for place in places)
    ]
    dispose_all(snapshot.document, touched, Disposition.CLAIM, "", by=by)
