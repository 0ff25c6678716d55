"""What leans on a source or a document, and discrediting it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.actions import assessments, claims, evidence, releases
from claims.choices import Role, Stage
from claims.models import Claim, Document, Event, Evidence, Release, SigningKey, User
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def report(db: None) -> Document:
    return factories.document(source=factories.source("Harbour"), title="The report")


def resting_on(*documents: Document, **fields: Any) -> Claim:
    claim = factories.claim(**fields)
    for document in documents:
        factories.evidence_for(claim, document=document)
    return claim


def verified(claim: Claim) -> Claim:
    factories.submitted(claim, by=factories.user("maker"))
    assessments.approve(claim, by=factories.user("checker", "reviewer"), version=claim.version)
    return claim


def test_claims_are_listed_with_how_heavily_they_lean(signed_in: SignIn, reader: User, report: Document) -> None:
    other = factories.document()
    resting_on(report, assertion="Rests on it alone.")
    resting_on(report, other, other, assertion="Rests on three links.")
    factories.evidence_for(factories.claim(assertion="Has it as context."), document=report, stance="context")
    resting_on(other, assertion="Rests on another.")
    client = signed_in(reader)

    for url in ("source_leaning", "document_leaning"):
        record = report.source if url == "source_leaning" else report
        page = client.get(reverse(url, args=[record.pk])).content.decode()
        only = client.get(reverse(url, args=[record.pk]), {"weight": "only"}).content.decode()

        assert "Only evidence" in page
        assert "1 of 3 links" in page
        assert "Context only" in page
        assert "Rests on another." not in page
        assert "Rests on it alone." in only
        assert "Rests on three links." not in only
        assert "Has it as context." not in only


def test_claim_sets_with_such_claims_are_named(signed_in: SignIn, admin: User, report: Document) -> None:
    leaning, other = (resting_on(document) for document in (report, factories.document()))
    factories.claim_set(title="Both kinds", claims=(leaning, other, resting_on(report)))
    factories.claim_set(title="Of other things", claims=(other,))
    client = signed_in(admin)

    for url in ("source_leaning", "source_discredit"):
        page = client.get(reverse(url, args=[report.source.pk])).content.decode()

        assert "Both kinds" in page
        assert "2 claims</span>" in page
        assert "Of other things" not in page


def test_documents_that_came_out_of_it_are_named_and_their_claims_counted(
    signed_in: SignIn, reader: User, report: Document
) -> None:
    copy, copy_of_copy = factories.document(title="The copy"), factories.document(title="Copied twice")
    Document.objects.filter(pk=copy.pk).update(derived_from=report, derivation="wire")
    Document.objects.filter(pk=copy_of_copy.pk).update(derived_from=copy, derivation="quotation")
    resting_on(copy_of_copy, assertion="Cites the copy of the copy.")

    page = signed_in(reader).get(reverse("source_leaning", args=[report.source.pk])).content.decode()

    assert "The copy" in page
    assert "Copied twice" in page
    assert "Cites the copy of the copy." in page


def released(*held: Claim, title: str) -> Release:
    """A release of these claims; whether it has a file is nothing to these pages."""
    reviewer = factories.user("releaser", Role.REVIEWER)
    release = releases.begin(factories.claim_set(title=title, claims=held), by=reviewer)
    key, _ = SigningKey.objects.get_or_create(key_id="0" * 16, public_key="RWT")
    path = f"{release.serial}.zip"
    releases.mark_ready(release, path=path, size=9, sha256="a" * 64, signing_key=key, by=reviewer)
    return release


def test_releases_that_lean_on_it_are_named_with_how_many_of_their_claims(
    signed_in: SignIn, admin: User, report: Document
) -> None:
    one, two, other = (verified(resting_on(document)) for document in (report, report, factories.document()))
    released(one, two, other, title="Both kinds")
    released(other, title="Of other things")
    client = signed_in(admin)

    for url in ("source_leaning", "source_discredit"):
        page = client.get(reverse(url, args=[report.source.pk])).content.decode()

        assert "Both kinds, release 1" in page
        assert "2 of 3 claims" in page
        assert "Of other things" not in page


def test_a_release_goes_on_leaning_on_evidence_that_was_retracted_since(
    signed_in: SignIn, reader: User, report: Document
) -> None:
    claim = verified(resting_on(report))
    released(claim, title="Made before")
    evidence.retract_evidence(claim.evidence.get(), by=factories.user("maker"), reason="A forgery.")
    later = resting_on(factories.document())
    factories.evidence_for(later, document=report)
    released(verified(later), title="Of another claim")
    Evidence.objects.filter(claim=later, document=report).update(added_at=timezone.now())

    page = signed_in(reader).get(reverse("document_leaning", args=[report.pk])).content.decode()

    assert "Made before, release 1" in page
    assert "Of another claim, release" not in page


def test_after_a_discredit_what_was_released_before_is_listed_for_a_correction(
    signed_in: SignIn, admin: User, reader: User, report: Document
) -> None:
    ticked, unticked, other = (verified(resting_on(document)) for document in (report, report, factories.document()))
    release = released(ticked, unticked, other, title="Handed out")
    client, source = signed_in(admin), report.source
    assert "To be corrected" not in client.get(reverse("source_leaning", args=[source.pk])).content.decode()
    data = {"letter": "E", "reason": "Invented its figures.", "claim": [ticked.pk], "version": source.version}

    page = client.post(reverse("source_discredit", args=[source.pk]), data, follow=True).content.decode()

    assert "To be corrected in releases" in page
    for claim in (ticked, unticked):
        assert reverse("release_correct", args=[release.pk, claim.pk]) in page
    assert reverse("release_correct", args=[release.pk, other.pk]) not in page
    releases.write_correction(release, ticked, "It was invented.", by=admin)
    page = client.get(reverse("source_leaning", args=[source.pk])).content.decode()
    assert reverse("release_correct", args=[release.pk, ticked.pk]) not in page
    page = signed_in(reader).get(reverse("source_leaning", args=[source.pk])).content.decode()
    assert "To be corrected in releases" in page
    assert "/correct/" not in page


@pytest.mark.parametrize("rows", [2, 12])
def test_it_takes_the_same_queries_for_few_claims_as_for_many(
    signed_in: SignIn, analyst: User, report: Document, rows: int, django_assert_max_num_queries: Callable
) -> None:
    for row in range(rows):
        claim = verified(resting_on(report, factories.document()))
        released(claim, title=f"Set of row {row}")
        claims.reopen(claim, by=analyst, reason="Again.")
        verified(resting_on(report, factories.document()))
    client = signed_in(analyst)
    for url in ("document_leaning", "document_discredit"):
        with django_assert_max_num_queries(20):
            client.get(reverse(url, args=[report.pk]))


def test_a_forged_page_marker_is_refused(signed_in: SignIn, reader: User, report: Document) -> None:
    response = signed_in(reader).get(reverse("document_leaning", args=[report.pk]), {"after": "forged"})
    assert response.status_code == 400


def test_discrediting_shows_the_verified_claims_first(signed_in: SignIn, admin: User, report: Document) -> None:
    verified(resting_on(report, assertion="Stands on it."))
    resting_on(report, assertion="Still open.")
    page = signed_in(admin).get(reverse("source_discredit", args=[report.source.pk])).content.decode()
    assert "1 verified claim leans on it" in page
    assert "Stands on it." in page
    assert "Still open." not in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "main"}])
def test_ticked_claims_are_reopened_for_one_reason(
    signed_in: SignIn, admin: User, report: Document, headers: dict[str, str]
) -> None:
    ticked, unticked = verified(resting_on(report)), verified(resting_on(report))
    client, source = signed_in(admin), report.source
    data = {"letter": "E", "reason": "Invented its figures.", "claim": [ticked.pk], "version": source.version}

    response = client.post(reverse("source_discredit", args=[source.pk]), data, headers=headers)

    assert (response.status_code, response["Location"]) == (303, reverse("source_leaning", args=[source.pk]))
    assert Claim.objects.get(pk=ticked.pk).stage == Stage.OPEN
    assert Claim.objects.get(pk=unticked.pk).stage == Stage.VERIFIED
    page = client.get(response["Location"]).content.decode()
    assert "is graded E now; 1 claim reopened." in page
    assert "Invented its figures." in page


def test_claims_refused_are_told_first(signed_in: SignIn, admin: User, report: Document) -> None:
    one, opened = verified(resting_on(report)), resting_on(report)
    client = signed_in(admin)
    data = {"letter": "D", "reason": "Careless.", "claim": [one.pk, opened.pk], "version": report.version}
    page = client.post(reverse("document_discredit", args=[report.pk]), data, follow=True).content.decode()
    assert f"{opened.reference} not reopened" in page
    assert "1 claim reopened" in page


def test_what_is_missing_is_told_and_ticks_are_kept(signed_in: SignIn, analyst: User, report: Document) -> None:
    kept, dropped = verified(resting_on(report)), verified(resting_on(report))
    data = {"letter": "E", "reason": " ", "claim": [kept.pk], "version": report.version}
    response = signed_in(analyst).post(reverse("document_discredit", args=[report.pk]), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say why" in page
    assert f'name="claim" value="{kept.pk}" checked' in page
    assert f'name="claim" value="{dropped.pk}">' in page
    assert not Event.objects.of(report).filter(act="discredit").exists()


def test_a_grade_changed_meanwhile_stops_it(signed_in: SignIn, admin: User, report: Document) -> None:
    claim = verified(resting_on(report))
    data = {"letter": "E", "reason": "Invented.", "claim": [claim.pk], "version": 7}
    response = signed_in(admin).post(reverse("source_discredit", args=[report.source.pk]), data)
    assert response.status_code == 409
    assert Claim.objects.get(pk=claim.pk).stage == Stage.VERIFIED


def test_what_a_document_came_out_of_is_searched_and_said(signed_in: SignIn, analyst: User, report: Document) -> None:
    copy = factories.document(title="Agency copy")
    client, url = signed_in(analyst), reverse("document_origin", args=[copy.pk])

    assert "The report" in client.get(url, {"q": "REPORT"}).content.decode()
    assert "No other document" in client.get(url, {"q": "zebra"}).content.decode()
    assert client.post(url, {"origin": report.pk, "derivation": "", "version": copy.version}).status_code == 422
    assert client.post(url, {"origin": copy.pk, "derivation": "wire", "version": copy.version}).status_code == 422
    done = client.post(url, {"origin": report.pk, "derivation": "wire", "version": copy.version})
    assert done.status_code == 303
    copy.refresh_from_db()
    assert (copy.derived_from, copy.derivation) == (report, "wire")
    assert "It is its own" in client.get(url).content.decode()
    assert client.post(url, {"version": 1}).status_code == 409
    client.post(url, {"version": copy.version})
    copy.refresh_from_db()
    assert copy.derived_from is None


def test_a_letter_of_its_own_is_given_by_form(signed_in: SignIn, analyst: User, report: Document) -> None:
    client, url = signed_in(analyst), reverse("document_edit", args=[report.pk])
    data = {"title": "The report", "source": "Harbour", "reliability_override": "D", "version": report.version}
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "always carries its reason" in refused.content.decode()
    assert client.post(url, data | {"reliability_override_reason": "Unsigned."}).status_code == 303
    report.refresh_from_db()
    assert report.reliability == "D"
    page = client.get(reverse("document_leaning", args=[report.pk])).content.decode()
    assert "Unsigned." in page
