"""Evidence: which document an address is, where a quote is found, what retracting leaves."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import assessments, documents, evidence
from claims.actions.publishers import source_for_url
from claims.choices import QuoteStatus, Stage
from claims.links import LinkError
from claims.models import Document, Event, Evidence, Source, StaleVersion, User
from claims.workflow import Refused
from tests import factories


def test_two_spellings_of_an_address_are_one_document(analyst: User) -> None:
    first = evidence.document_for_url("https://example.org/a?utm_source=x", by=analyst)

    again = evidence.document_for_url("http://EXAMPLE.org:80/a#part", by=analyst)

    assert first == again
    assert Document.objects.count() == 1


def test_a_new_site_becomes_one_ungraded_source(analyst: User) -> None:
    first = evidence.document_for_url("https://www.example.org/a", by=analyst)
    second = evidence.document_for_url("https://example.org/b", by=analyst)

    assert first.source == second.source
    assert (first.source.name, first.source.reliability) == ("example.org", "F")
    assert Event.objects.of(first.source).count() == 1


def test_a_refused_address_stores_nothing(analyst: User) -> None:
    with pytest.raises(LinkError):
        evidence.document_for_url("javascript:alert(1)", by=analyst)

    assert not Document.objects.exists()
    assert not Source.objects.exists()


def test_readers_store_nothing(reader: User) -> None:
    with pytest.raises(Refused):
        evidence.document_for_url("https://example.org/", by=reader)


@pytest.mark.parametrize(
    ("quote", "status"),
    [
        ("ninth-largest military budget", QuoteStatus.FOUND),
        ("tenth-largest military budget", QuoteStatus.DIFFERS),
        ("Nobody has any military", QuoteStatus.NOT_FOUND),
        ("", QuoteStatus.NONE),
    ],
)
def test_a_quote_is_looked_for_in_the_capture(analyst: User, quote: str, status: QuoteStatus) -> None:
    document = factories.snapshot().document

    piece = factories.evidence_for(factories.claim(), document=document, quote=quote)

    assert Evidence.objects.get(pk=piece.pk).quote_status == status


def test_a_quote_of_a_page_without_a_capture_is_not_assumed(analyst: User) -> None:
    piece = factories.evidence_for(factories.claim(), quote="Anything.")

    assert piece.quote_status == QuoteStatus.NOT_CAPTURED


def test_an_edited_quote_is_looked_for_again(analyst: User) -> None:
    document = factories.snapshot().document
    piece = factories.evidence_for(factories.claim(), document=document, quote="Not there.")

    evidence.edit_evidence(piece, by=analyst, version=1, quote="Four members")
    assert piece.quote_status == QuoteStatus.DIFFERS
    evidence.edit_evidence(piece, by=analyst, version=2, quote="four members")

    assert Evidence.objects.get(pk=piece.pk).quote_status == QuoteStatus.FOUND


def test_an_edit_that_changes_nothing_leaves_no_trace(analyst: User) -> None:
    piece = factories.evidence_for(factories.verified_claim(), finding="Same.")
    events = Event.objects.of(piece.claim).count()

    evidence.edit_evidence(piece, by=analyst, version=1, finding="Same.")

    assert Event.objects.of(piece.claim).count() == events


def test_an_edit_over_a_newer_one_is_refused(analyst: User) -> None:
    piece = factories.evidence_for(factories.claim())
    evidence.edit_evidence(piece, by=analyst, version=1, finding="First.")

    with pytest.raises(StaleVersion):
        evidence.edit_evidence(piece, by=analyst, version=1, finding="Second.")


@pytest.mark.parametrize("act", ["add", "edit", "retract"])
def test_a_verified_claim_falls_due_when_its_evidence_changes(analyst: User, act: str) -> None:
    claim = factories.claim()
    piece = factories.evidence_for(claim)
    factories.submitted(claim, by=analyst)
    checker = factories.user("checker", "reviewer")
    assessments.approve(claim, by=checker, version=claim.version)
    piece.claim = claim

    if act == "add":
        factories.evidence_for(claim)
    elif act == "edit":
        evidence.edit_evidence(piece, by=analyst, version=1, finding="Other.")
    else:
        evidence.retract_evidence(piece, by=analyst, reason="Wrong.")

    claim.refresh_from_db()
    assert claim.stage == Stage.VERIFIED
    assert claim.is_due


def test_retracted_evidence_stays_on_record_and_no_longer_counts(analyst: User) -> None:
    claim = factories.claim()
    piece = factories.evidence_for(claim)

    evidence.retract_evidence(piece, by=analyst, reason="Wrong year.")

    assert not claim.evidence.in_force().exists()
    assert claim.evidence.get().retraction_reason == "Wrong year."
    assert Event.objects.of(claim).latest_first()[0].reason == "Wrong year."


def test_two_people_cannot_retract_the_same_piece(analyst: User, reviewer: User) -> None:
    piece = factories.evidence_for(factories.claim())
    as_loaded_by_the_other = Evidence.objects.get(pk=piece.pk)
    evidence.retract_evidence(piece, by=analyst, reason="Wrong year.")

    with pytest.raises(Refused, match="Wrong year"):
        evidence.retract_evidence(as_loaded_by_the_other, by=reviewer, reason="Also wrong.")


def test_a_source_is_known_by_its_homepage(analyst: User) -> None:
    source = factories.source(homepage="https://www.sipri.org/")
    factories.source(homepage="https://notsipri.org/")

    assert source_for_url("https://sipri.org/databases") == source
    assert source_for_url("https://data.sipri.org/") is None


def test_a_document_keeps_its_own_letter(analyst: User) -> None:
    document = documents.add_document(
        by=analyst,
        source=factories.source(reliability="B"),
        title="Leak",
        reliability_override="D",
        reliability_override_reason="Unsigned.",
    )
    with pytest.raises(ValidationError, match="always carries its reason"):
        documents.edit_document(document, by=analyst, version=1, url="", reliability_override_reason=" ")

    assert factories.evidence_for(factories.claim(), document=document, credibility=3).grade == "D3"
