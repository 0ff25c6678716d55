"""Our own exports of the demonstration desk, imported where nothing is stored yet, and where everything is."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from zeal import zeal_ignore

from claims.actions.calendars import add_calendar
from claims.actions.derivations import set_origin
from claims.actions.relations import relate
from claims.choices import Act, Derivation, RelationKind, Role
from claims.exports import FORMATS, claim_records, keys_of
from claims.models import Claim, Evidence, User, Working
from claims.models.event import Event
from claims.seeds import Desk, load
from claims.verification import Tally, breaks
from tests import factories
from tests.imports.files import imported, reasons

KEPT = ("assertion", "kind", "speaker", "as_of")
FILES = ("csv", "json", "jsonl", "claimreview")


@pytest.fixture(scope="module")
def exported(django_db_setup: None, django_db_blocker: Any) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
    """The desk's exports by format, and by key what they should bring back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load(Desk.read(Path(settings.BASE_DIR) / "seeds"))
        claims = Claim.objects.all()
        files = {name: "".join(FORMATS[name].write(claim_records(keys_of(claims)))) for name in FILES}
        told = {
            str(claim.key).upper(): wording(claim)
            for claim in claims.prefetch_related("tags").select_related("verdict")
        }
        with zeal_ignore():
            found = {str(claim.key).upper(): findings(claim) for claim in claims}
        transaction.set_rollback(True)
    return files, told, found


ALONE = ("method", "alone_says")
FIGURES = ("kind", "expected", "formula", "unit", "tolerance", "tolerance_in", "subject", "order", "note")


def findings(claim: Claim) -> dict[str, Any]:
    """What evidence means on its own, the working with its figures, and what was searched for in vain."""
    pieces = list(claim.evidence.in_force().select_related("document", "alone_verdict"))
    alone = [
        (piece.document.url, *(getattr(piece, name) for name in ALONE), piece.alone_verdict and piece.alone_verdict.key)
        for piece in pieces
        if piece.document.url
    ]
    searches = list(claim.searches.in_force().values_list("place", "searched_on", "words", "note"))
    return {"alone": alone, "searches": searches, "working": figures(Working.objects.filter(claim=claim).first())}


def figures(working: Working | None) -> Any:
    if working is None:
        return None
    inputs = working.inputs.values_list("name", "value", "unit", "year", "evidence__document__url")
    rows = working.rows.values_list("place", "name", "value", "evidence__document__url")
    return [getattr(working, name) for name in FIGURES], list(inputs), list(rows)


def wording(claim: Claim) -> dict[str, Any]:
    tags = sorted(tag.name for tag in claim.tags.all())
    return {name: getattr(claim, name) for name in KEPT} | {"tags": tags, "verdict": claim.verdict_id}


@pytest.mark.parametrize("name", FILES)
def test_an_export_comes_back_into_an_empty_desk(name: str, exported: Any, analyst: User) -> None:
    files, told, _ = exported
    report = imported(files[name], analyst, f"claims.{FORMATS[name].suffix}")
    assert reasons(report) == []
    expected = {key: one for key, one in told.items() if name != "claimreview" or one["verdict"]}
    back = {claim.reference: wording(claim) for claim in Claim.objects.prefetch_related("tags")}
    assert back == {key: {**one, "verdict": None} for key, one in expected.items()}
    assert Evidence.objects.count() > 100
    assert imported(files[name], analyst, f"claims.{FORMATS[name].suffix}").here == len(expected)


@pytest.mark.parametrize("name", ["csv", "json", "jsonl"])
def test_what_evidence_means_alone_workings_and_searches_come_back(name: str, exported: Any, analyst: User) -> None:
    files, _, found = exported
    report = imported(files[name], analyst, f"claims.{FORMATS[name].suffix}")
    with zeal_ignore():
        back = {claim.reference: findings(claim) for claim in Claim.objects.all()}
    assert back == found
    assert back["JN-51"]["working"]
    assert any(one["searches"] for one in back.values())
    assert not [what for what in report.left_out if "dependencies" in what]
    assert "workings whose figures or evidence do not come in" not in report.left_out
    for claim in Claim.objects.filter(working__isnull=False):
        assert Event.objects.of(claim).filter(act=Act.SET_WORKING).count() == 1
    assert not list(breaks(Tally()))


@pytest.mark.parametrize("name", FILES)
def test_an_export_changes_nothing_on_its_own_desk(name: str, analyst: User) -> None:
    factories.verified_claim(by=analyst, key="a-1", as_of="2023")
    text = "".join(FORMATS[name].write(claim_records(keys_of(Claim.objects.all()))))
    before = Event.objects.count()
    report = imported(text, analyst, f"claims.{FORMATS[name].suffix}")
    assert (report.here, report.rows) == (1, 1)
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", FILES)
def test_a_claim_without_a_key_is_known_by_the_address_of_its_desk(name: str, analyst: User) -> None:
    factories.verified_claim(by=analyst)
    text = "".join(FORMATS[name].write(claim_records(keys_of(Claim.objects.all()))))
    assert imported(text, analyst, f"claims.{FORMATS[name].suffix}").here == 1


@pytest.mark.parametrize("name", FILES)
def test_places_come_back_where_the_text_is_stored(name: str, analyst: User, reviewer: User) -> None:
    claim = factories.claim_in_text(by=analyst, key="a-1")
    factories.submitted(claim, by=analyst)
    from claims.actions.assessments import approve

    approve(claim, by=reviewer, version=claim.version)
    text = "".join(FORMATS[name].write(claim_records([claim.pk])))
    report = imported(text.replace("A-1", "B-1"), analyst, f"claims.{FORMATS[name].suffix}")
    assert reasons(report) == []
    old, new = claim.appearances.get(), Claim.objects.get(key="B-1").appearances.get()
    assert (new.snapshot, new.start, new.end, new.exact) == (old.snapshot, old.start, old.end, old.exact)


class TestWhatBelongsTogether:
    """Relations, derivations and calendars: what a claim rests on beside itself."""

    @pytest.fixture(params=["csv", "json", "jsonl"])
    def back(self, request: Any, analyst: User) -> Claim:
        """A claim that rests on another, follows a calendar, and whose evidence came out of another document, as it
        came in again by an admin under other keys."""
        claim, premise = (
            factories.claim(by=analyst, key=key, assertion=f"{key} is so.", recheck_on="2031-04")
            for key in ("a-1", "a-2")
        )
        copy = factories.document(by=analyst, url="https://copy.example.org/1")
        piece = factories.evidence_for(claim, by=analyst, document=copy)
        origin = factories.document(by=analyst, title="The agency report", url="https://agency.example.org/1")
        set_origin(piece.document, origin, Derivation.WIRE, by=analyst)
        relate(claim, RelationKind.DEPENDS_ON, premise, by=analyst, note="It counts from there.")
        admin = factories.user("keeper", Role.ADMIN)
        calendar = add_calendar(factories.source("SIPRI"), by=admin, name="Yearbook, tables", rule="every April")
        Claim.objects.filter(pk=claim.pk).update(recheck_calendar=calendar)
        text = "".join(FORMATS[request.param].write(claim_records([claim.pk, premise.pk])))
        for old, new in (
            ("A-1", "B-1"),
            ("A-2", "B-2"),
            ("copy.example.org", "again.example.org"),
            ("SIPRI", "SIPRI2"),
        ):
            text = text.replace(old, new)
        report = imported(text, admin, f"claims.{FORMATS[request.param].suffix}")
        assert (reasons(report), report.new, report.left_out) == ([], 2, {})
        self.premise_note = "" if request.param == "csv" else "It counts from there."
        return Claim.objects.get(key="B-1")

    def test_it_rests_on_the_claim_that_came_with_it(self, back: Claim) -> None:
        relation = back.relations_from.get()
        assert (relation.b.key, relation.kind) == ("B-2", RelationKind.DEPENDS_ON)
        assert relation.note == self.premise_note
        assert Event.objects.of(back).filter(act=Act.RELATE).count() == 1

    def test_it_follows_a_calendar_of_a_source_that_is_new(self, back: Claim) -> None:
        calendar = back.recheck_calendar
        assert calendar
        assert (str(calendar), calendar.source.name) == ("Yearbook, tables, every April", "SIPRI2")
        assert back.recheck_on == "2031-04"

    def test_its_evidence_came_out_of_the_same_document(self, back: Claim) -> None:
        document = back.evidence.get().document
        assert document.url == "https://again.example.org/1"
        assert document.derived_from
        assert (document.derived_from.title, document.derivation) == ("The agency report", Derivation.WIRE)


def test_an_analyst_makes_no_calendar_and_is_told(analyst: User) -> None:
    record: dict[str, Any] = {"reference": "X-1", "assertion": "It is so.", "stage": "open", "verdict": None}
    record |= {
        "appearances": [],
        "evidence": [],
        "url": "",
        "recheck_on": "2031-04",
        "recheck_follows": "SIPRI: Yearbook, every April",
    }
    report = imported(json.dumps(record), analyst, "claims.jsonl")
    assert report.left_out == {"release calendars that are not here, which an admin has to make": 1}
    assert Claim.objects.get().recheck_on == "2031-04"


def test_a_circle_of_claims_comes_in_without_the_step_that_closes_it(analyst: User) -> None:
    common: dict[str, Any] = {"stage": "open", "verdict": None, "appearances": [], "evidence": [], "url": ""}
    lines = [
        {**common, "reference": name, "assertion": f"{name} is so.", "rests_on": [{"reference": other, "url": ""}]}
        for name, other in (("X-1", "X-2"), ("X-2", "X-1"), ("X-3", "X-9"))
    ]
    report = imported("\n".join(map(json.dumps, lines)), analyst, "claims.jsonl")
    assert report.new == 3
    assert sorted(report.left_out) == [
        "dependencies on claims that are not here",
        "dependencies that would lead round in a circle",
    ]


def test_evidence_without_an_address_comes_back_by_its_title_and_source(analyst: User) -> None:
    claim = factories.claim(by=analyst, key="a-1")
    book = factories.document(by=analyst, title="The Military Balance", url="")
    factories.evidence_for(claim, by=analyst, document=book)
    text = "".join(FORMATS["jsonl"].write(claim_records([claim.pk]))).replace("A-1", "B-1")
    report = imported(text, analyst, "claims.jsonl")
    assert report.left_out == {}
    assert Claim.objects.get(key="B-1").evidence.get().document == book
