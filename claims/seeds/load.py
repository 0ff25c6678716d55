"""The whole load, in one transaction: everything or nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from claims.actions import claim_sets, relations
from claims.actions.people import ensure_person
from claims.choices import RelationKind, Role, SetKind
from claims.models import Claim, ClaimSet, Document, Snapshot, Source, User
from claims.seeds import discredited, following, library, newsletter, notice, questions, registry, work
from claims.seeds.records import Desk, Record
from claims.seeds.workings import add_working

CLAIM_SET = "Japan and NATO: verified claims"


@transaction.atomic
def load(desk: Desk) -> Counter[str]:
    """Bring in whatever is not there yet; how many of each kind were new.

    Records are known by their key. What is there already is left as people have changed it since, together with
    everything that belongs to it, so a second load does nothing. Raises SeedError when the seeds disagree with
    themselves.
    """
    new: Counter[str] = Counter()
    people = _people(new)
    documents = _library(desk, people, new)
    if desk.registry:
        new += registry.load(desk.registry, people)
    snapshots = {key: _snapshot(documents[key], desk, people, new) for key in desk.texts}
    added = _claims(desk, snapshots, documents, people, new)
    _relations(desk, added, people, new)
    _workings(desk, added, people, new)
    _work(desk, added, people, new)
    if desk.following:
        new += following.load(desk.following, added, people)
    _claim_sets(list(added.values()), documents, desk, people, new)
    if desk.newsletter:
        new += newsletter.load(desk.newsletter, people)
    if desk.newsletter and desk.notice:
        new += notice.load(desk.notice, desk.newsletter.source, people)
    if desk.newsletter and desk.questions:
        new += questions.load(desk.questions, desk.newsletter.source, people)
    if desk.registry:
        new += discredited.load(desk.registry["discredited"], people)
    return +new


def _people(new: Counter[str]) -> dict[str, User]:
    people = {}
    for role in (Role.ANALYST, Role.REVIEWER, Role.ADMIN):
        # Someone of that name who is there already keeps the role that the desk gave them, if it can do the work.
        known = User.objects.filter(username=role).first()
        people[role.value], is_new = (known, False) if known else ensure_person(role.value, role)
        new["people"] += is_new
    return people


def _library(desk: Desk, people: Mapping[str, User], new: Counter[str]) -> dict[str, Document]:
    sources: dict[str, Source] = {}
    for record in desk.sources:
        sources[record["key"]], is_new = library.ensure_source(record, by=people["admin"])
        new["sources"] += is_new
    documents: dict[str, Document] = {}
    for record in desk.documents:
        source = sources[record["source"]]
        documents[record["key"]], is_new = library.ensure_document(record, source, by=people["analyst"])
        new["documents"] += is_new
    return documents


def _snapshot(document: Document, desk: Desk, people: Mapping[str, User], new: Counter[str]) -> Snapshot:
    if first := document.snapshots.filter(number=1).select_related("document").first():
        return first
    new["texts"] += 1
    return library.add_text(document, desk, by=people["analyst"])


def _claims(
    desk: Desk,
    snapshots: Mapping[str, Snapshot],
    documents: Mapping[str, Document],
    people: Mapping[str, User],
    new: Counter[str],
) -> dict[str, Claim]:
    """The new claims by key, with their appearances and evidence."""
    known = set(Claim.objects.filter(key__isnull=False).values_list("key", flat=True))
    added: dict[str, Claim] = {}
    for record in desk.claims:
        if record["key"] in known:
            continue
        claim = added[record["key"]] = work.add_claim(record, snapshots, by=people["analyst"])
        new["claims"] += 1
        new["pieces of evidence"] += work.add_evidence(claim, record, documents, by=people["analyst"])
    return added


def _relations(desk: Desk, added: Mapping[str, Claim], people: Mapping[str, User], new: Counter[str]) -> None:
    for record in desk.relations:
        # A relation that people removed from a claim they know does not come back.
        if record["a"] not in added:
            continue
        other = added.get(record["b"]) or Claim.objects.get(key=record["b"])
        kind = RelationKind(record["kind"])
        relations.relate(added[record["a"]], kind, other, by=people["analyst"], note=record["note"])
        new["relations"] += 1


def _workings(desk: Desk, added: Mapping[str, Claim], people: Mapping[str, User], new: Counter[str]) -> None:
    for record in desk.workings:
        if claim := added.get(record["claim"]):
            add_working(claim, record, by=people["analyst"])
            new["workings"] += 1


def _work(desk: Desk, added: Mapping[str, Claim], people: Mapping[str, User], new: Counter[str]) -> None:
    threads: defaultdict[str, list[Record]] = defaultdict(list)
    for record in desk.comments:
        threads[record["claim"]].append(record)
    position = 0
    for record in desk.claims:
        position += record["verdict"] is not None
        if claim := added.get(record["key"]):
            for thread in threads[record["key"]]:
                work.add_thread(claim, thread, people)
                new["comment threads"] += 1
            work.assess(claim, record, work.fate(record, position), people)


def _claim_sets(
    added: list[Claim], documents: Mapping[str, Document], desk: Desk, people: Mapping[str, User], new: Counter[str]
) -> None:
    """One of each kind: picked by hand, by a filter, and the claims of the text that is checked."""
    by = people["analyst"]
    told = "Every claim of the synopsis on which an analyst and a reviewer agreed."
    if made := _claim_set(CLAIM_SET, new, by=by, description=told, licence="BSD-3-Clause"):
        claim_sets.add_to_claim_set(made, [claim for claim in added if claim.standing_id], by=by)
    told = "What was found to be so, as it stands today: a claim that is reopened leaves the set."
    _claim_set("Supported now", new, by=by, description=told, kind=SetKind.FILTER, filter="verdict=supported")
    told = "Whatever the synopsis claims, in the order of its text."
    for key in list(desk.texts)[:1]:
        of_text = {"kind": SetKind.DOCUMENT, "document": documents[key]}
        _claim_set("The synopsis, claim by claim", new, by=by, description=told, **of_text)


def _claim_set(title: str, new: Counter[str], **fields: Any) -> ClaimSet | None:
    if ClaimSet.objects.filter(title=title).exists():
        return None
    new["claim sets"] += 1
    return claim_sets.add_claim_set(title=title, **fields)
