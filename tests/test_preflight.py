"""What preflight finds of the claims of a set, in the database and by counting voices."""

from collections.abc import Callable
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from claims import limits
from claims.actions import assessments, claim_sets, evidence, searches
from claims.choices import BLOCKING, Confidence, Credibility, Finding, Role
from claims.models import Claim, ClaimSet, Evidence, User
from claims.reading.hearing import hear
from claims.reading.members import members
from claims.reading.preflight import TooManyClaims, blocked_claims, preflight
from claims.reading.voices import own_traits, voices
from claims.reading.why import why
from tests import factories


def approved(claim: Claim, *, verdict_key: str = "supported", **fields: object) -> Claim:
    factories.submitted(claim, by=factories.user("maker"), verdict_key=verdict_key, **fields)
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)
    return claim


def two_sources(claim: Claim, **content: object) -> Claim:
    """Evidence of two captured documents that have nothing to do with each other."""
    for _ in range(2):
        factories.evidence_for(claim, document=factories.snapshot().document, **content)
    return claim


def flawless() -> Claim:
    return approved(two_sources(factories.claim()))


def due() -> Claim:
    claim = flawless()
    Claim.objects.filter(pk=claim.pk).update(recheck_on="2020", recheck_from=date(2020, 1, 1))
    return claim


def left_behind() -> Claim:
    claim = factories.claim_in_text()
    document = claim.appearances.get().snapshot.document
    approved(two_sources(claim))
    factories.snapshot(document=document, text="Nothing of the kind.")
    return claim


def misquoted() -> Claim:
    claim = two_sources(factories.claim())
    factories.evidence_for(claim, document=factories.snapshot().document, quote="The moon is made of cheese.")
    return approved(claim)


def ambiguous() -> Claim:
    page = factories.snapshot(text="Japan is ninth.\n\nJapan is ninth.").document
    claim = two_sources(factories.claim())
    factories.evidence_for(claim, document=page, quote="Japan is ninth.")
    return approved(claim)


def uncaptured() -> Claim:
    claim = two_sources(factories.claim())
    factories.evidence_for(claim)
    return approved(claim)


def from_one_source() -> Claim:
    claim, page = factories.claim(), factories.snapshot().document
    factories.evidence_for(claim, document=page)
    factories.evidence_for(claim, document=page, finding="It says so again.")
    return approved(claim)


def questioned() -> Claim:
    claim = factories.claim()
    page = factories.snapshot().document
    factories.evidence_for(claim, document=page, credibility=Credibility.CONFIRMED)
    return approved(claim)


CASES: dict[str, tuple[Callable[[], Claim], set[Finding]]] = {
    "flawless": (flawless, set()),
    "open": (lambda: two_sources(factories.claim()), {Finding.NOT_VERIFIED}),
    "due": (due, {Finding.DUE}),
    "left behind": (left_behind, {Finding.BROKEN_ANCHOR, Finding.DUE}),
    "misquoted": (misquoted, {Finding.QUOTE_NOT_FOUND}),
    "nothing": (factories.verified_claim, {Finding.NO_EVIDENCE}),
    "ambiguous": (ambiguous, {Finding.AMBIGUOUS_QUOTE}),
    "uncaptured": (uncaptured, {Finding.NOT_CAPTURED}),
    "one source": (from_one_source, {Finding.ONE_SOURCE}),
    "questioned": (questioned, {Finding.ONE_SOURCE, Finding.QUESTIONED}),
    "unsure": (
        lambda: approved(two_sources(factories.claim()), confidence=Confidence.LOW),
        {Finding.LOW_CONFIDENCE},
    ),
}


def found_of(claim: Claim) -> set[Finding]:
    found = preflight(factories.claim_set(claims=(claim,)))
    return {finding for finding in Finding if found.having(finding).exists()}


@pytest.mark.parametrize(("make", "expected"), CASES.values(), ids=CASES)
def test_it_finds_what_is_there_and_nothing_else(db: None, make: Callable[[], Claim], expected: set[Finding]) -> None:
    claim = make()
    found = found_of(claim) - ({Finding.DUE} if Finding.BROKEN_ANCHOR in expected else set())
    assert found == expected - ({Finding.DUE} if Finding.BROKEN_ANCHOR in expected else set())
    for finding in found:
        assert why(finding, [Claim.objects.get(pk=claim.pk)])[claim.pk]


def test_an_unverifiable_claim_may_rest_on_searches_in_vain(analyst: User) -> None:
    claim, guess = factories.claim(), factories.verified_claim(verdict_key="unverifiable")
    searches.add_search(claim, by=analyst, place="The archive", words="Japan", searched_on=date(2026, 11, 1))
    approved(claim, verdict_key="unverifiable")
    assert Finding.NO_EVIDENCE not in found_of(claim)
    assert Finding.NO_EVIDENCE in found_of(guess)


def test_retracted_evidence_counts_for_nothing(analyst: User) -> None:
    claim = approved(two_sources(factories.claim()))
    for piece in claim.evidence.all():
        evidence.retract_evidence(piece, by=analyst, reason="A forgery.")
    assert {Finding.NO_EVIDENCE} <= found_of(claim)
    assert Finding.ONE_SOURCE not in found_of(claim)


def test_voices_of_a_set_are_those_of_each_claim(db: None) -> None:
    source = factories.source()
    first = factories.document(source=source)
    copy = factories.document(derived_from=first, derivation="wire")
    sister = factories.document(source=source)
    made = factories.claim_in_text()
    author = made.appearances.get().snapshot.document
    for claim, documents in (
        (factories.claim(), [first, copy, sister]),
        (factories.claim(), [copy, factories.document()]),
        (made, [author, factories.document(source=author.source), factories.document()]),
    ):
        for document in documents:
            factories.evidence_for(claim, document=document)
    for heard in hear(Claim.objects.all()):
        claim = Claim.objects.get(pk=heard.claim)
        pieces = list(Evidence.objects.in_force().filter(claim=claim).with_document().order_by("pk"))
        assert list(heard.sides.values()) == [voices(pieces, own_traits(claim))]


def test_the_number_of_queries_does_not_grow(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for size in (1, 6):
        claim_set = factories.claim_set(claims=tuple(factories.claim_in_text() for _ in range(size)))
        with django_assert_num_queries(4):
            preflight(claim_set)


def test_what_blocks_is_named_claim_by_claim(db: None) -> None:
    fine, bare, unsound = flawless(), factories.claim(), factories.verified_claim()
    claim_set = factories.claim_set(claims=(fine, bare, unsound))
    assert blocked_claims(claim_set) == {
        bare.pk: [Finding.NOT_VERIFIED, Finding.NO_EVIDENCE],
        unsound.pk: [Finding.NO_EVIDENCE],
    }
    assert list(blocked_claims(claim_set, 1)) == [bare.pk]
    found = preflight(claim_set)
    assert (found.size, found.blocked, found.released, found.is_clear) == (3, 2, 1, False)


def test_a_set_beyond_what_a_release_holds_is_not_looked_at(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RELEASED", 1)
    with pytest.raises(TooManyClaims):
        preflight(factories.claim_set(claims=(factories.claim(), factories.claim())))


def test_every_finding_blocks_or_warns_and_has_words(db: None) -> None:
    assert set(BLOCKING) < set(Finding)
    for finding in Finding:
        assert why(finding, []) == {}


def test_a_set_of_a_document_keeps_what_its_latest_text_dropped(analyst: User) -> None:
    claim = left_behind()
    document = claim.appearances.get().snapshot.document
    claim_set: ClaimSet = claim_sets.add_claim_set(by=analyst, title="Text", kind="document", document=document)
    assert list(members(claim_set)) == [claim]
    assert preflight(claim_set).counts[Finding.BROKEN_ANCHOR] == 1
