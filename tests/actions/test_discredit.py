"""Discrediting: the letter falls and the chosen claims are reopened, in one act with one reason."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import assessments
from claims.actions.discredit import discredit, lower_letters
from claims.choices import RecordAct, Reliability, Stage
from claims.models import Claim, Document, Event, Source, StaleVersion, User
from claims.workflow import Refused
from tests import factories


@pytest.fixture
def source() -> Source:
    return factories.source("Harbour", reliability="B")


@pytest.fixture
def document(db: None, source: Source) -> Document:
    return factories.document(source=source, title="Report")


def resting_on(document: Document) -> Claim:
    """A claim verified with this document as evidence."""
    claim = factories.claim()
    factories.evidence_for(claim, document=document)
    factories.submitted(claim, by=factories.user("maker"))
    assessments.approve(claim, by=factories.user("checker", "reviewer"), version=claim.version)
    return claim


def test_the_letter_falls_and_the_chosen_claims_are_reopened(document: Document, source: Source, admin: User) -> None:
    chosen, kept = resting_on(document), resting_on(document)

    outcome = discredit(source, [chosen], by=admin, version=1, letter="E", reason="Invented its figures.")

    assert (outcome.reopened, outcome.refused) == ([chosen], {})
    assert Claim.objects.get(pk=chosen.pk).stage == Stage.OPEN
    assert Claim.objects.get(pk=kept.pk).stage == Stage.VERIFIED
    source.refresh_from_db()
    assert (source.reliability, source.reliability_reason) == ("E", "Invented its figures.")
    event = Event.objects.of(source).get()
    assert (event.act, event.reason) == (RecordAct.DISCREDIT, "Invented its figures.")
    assert event.changes["claims_reopened"] == [None, 1]
    reason = Event.objects.of(chosen).last().reason
    assert reason == "“Harbour” was discredited: Invented its figures."


def test_a_document_is_discredited_apart_from_its_source(document: Document, source: Source, analyst: User) -> None:
    claim = resting_on(document)

    discredit(document, [claim], by=analyst, version=document.version, letter="E", reason="A forgery.")

    document.refresh_from_db()
    source.refresh_from_db()
    assert (document.reliability, source.reliability) == (Reliability.E, "B")
    assert document.reliability_override_reason == "A forgery."


def test_claims_that_cannot_be_reopened_are_told_one_by_one(document: Document, source: Source, admin: User) -> None:
    good, open_again, elsewhere = resting_on(document), resting_on(document), factories.verified_claim()
    seen = Claim.objects.get(pk=open_again.pk)
    discredit(document, [open_again], by=admin, version=document.version, letter="D", reason="Doubtful.")

    outcome = discredit(source, [good, seen, elsewhere], by=admin, version=1, letter="D", reason="Careless.")

    assert outcome.reopened == [good]
    assert sorted(claim.pk for claims in outcome.refused.values() for claim in claims) == [seen.pk, elsewhere.pk]
    assert any("open" in told for told in outcome.refused)
    assert "It does not rest on this any more." in outcome.refused


def test_claims_that_cite_a_copy_lean_on_the_original(document: Document, source: Source, admin: User) -> None:
    copy = factories.document()
    Document.objects.filter(pk=copy.pk).update(derived_from=document, derivation="wire")
    claim = resting_on(copy)

    assert discredit(source, [claim], by=admin, version=1, letter="E", reason="Invented.").reopened == [claim]


def test_someone_elses_change_meanwhile_stops_the_whole_act(document: Document, source: Source, admin: User) -> None:
    claim = resting_on(document)
    with pytest.raises(StaleVersion):
        discredit(source, [claim], by=admin, version=7, letter="E", reason="Invented.")
    assert Claim.objects.get(pk=claim.pk).stage == Stage.VERIFIED


@pytest.mark.parametrize(("letter", "reason"), [("A", "So."), ("B", "So."), ("F", "So."), ("", "So."), ("E", " ")])
def test_what_is_no_discredit_is_refused(
    document: Document, source: Source, admin: User, letter: str, reason: str
) -> None:
    claim = resting_on(document)
    with pytest.raises(ValidationError):
        discredit(source, [claim], by=admin, version=1, letter=letter, reason=reason)
    assert Claim.objects.get(pk=claim.pk).stage == Stage.VERIFIED
    assert not Event.objects.of(source).exists()


@pytest.mark.parametrize(("letter", "lower"), [("A", "BCDE"), ("C", "DE"), ("D", "E"), ("E", "E"), ("F", "DE")])
def test_what_a_letter_can_be_lowered_to(letter: str, lower: str) -> None:
    assert "".join(lower_letters(Reliability(letter))) == lower


def test_it_takes_the_right(document: Document, source: Source, reviewer: User, reader: User) -> None:
    with pytest.raises(Refused, match="Admins manage sources"):
        discredit(source, [], by=reviewer, version=1, letter="E", reason="Invented.")
    with pytest.raises(Refused):
        discredit(document, [], by=reader, version=1, letter="E", reason="Invented.")
