"""Releases that need a correction: something happened to a claim in them that no correction has told yet."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from claims.actions import assessments, claims, discredit, evidence, releases
from claims.choices import Role
from claims.models import Claim, ClaimSet, Release, SigningKey, User
from claims.reading.recall import releases_to_correct, uncorrected
from tests import factories


def ready(*held: Claim, by: User, claim_set: ClaimSet | None = None) -> Release:
    """A release of these claims without a file: what became of them is in the database alone."""
    release = releases.begin(claim_set or factories.claim_set(claims=held), by=by)
    key, _ = SigningKey.objects.get_or_create(key_id="0" * 16, public_key="RWT")
    path = f"{release.serial}.zip"
    releases.mark_ready(release, path=path, size=9, sha256="a" * 64, signing_key=key, by=by)
    return release


@pytest.fixture
def claim(db: None) -> Claim:
    return factories.sound_claim()


@pytest.fixture
def release(claim: Claim, reviewer: User) -> Release:
    ready(factories.sound_claim(), by=reviewer)
    return ready(claim, factories.sound_claim(), by=reviewer)


def reverify(claim: Claim, *, by: User, verdict_key: str = "supported") -> None:
    claim.refresh_from_db()
    factories.submitted(claim, by=by, verdict_key=verdict_key)
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)


def correct(release: Release, claim: Claim, by: User) -> None:
    releases.write_correction(release, claim, "This does not hold any more.", by=by)


def to_correct() -> list[Any]:
    return list(releases_to_correct())


def test_releases_whose_claims_stand_need_none(release: Release) -> None:
    assert to_correct() == []


def test_a_reopened_claim_needs_one_until_it_is_written(release: Release, claim: Claim, reviewer: User) -> None:
    claims.reopen(claim, by=reviewer, reason="A new table.")
    assert to_correct() == [release]
    assert [entry.claim for entry in uncorrected()] == [claim]
    correct(release, claim, reviewer)
    assert to_correct() == []


def test_the_same_verdict_again_needs_none_and_another_one_needs_a_second(
    release: Release, claim: Claim, analyst: User, reviewer: User
) -> None:
    claims.reopen(claim, by=reviewer, reason="A new table.")
    reverify(claim, by=analyst)
    assert to_correct() == []
    claims.reopen(claim, by=reviewer, reason="A newer table.")
    correct(release, claim, reviewer)
    reverify(claim, by=analyst, verdict_key="refuted")
    assert to_correct() == [release]
    correct(release, claim, reviewer)
    assert to_correct() == []


def test_a_claim_that_fell_due_needs_one(release: Release, claim: Claim, reviewer: User) -> None:
    claims.fall_due(claim, by=reviewer, reason="Its page changed.")
    assert to_correct() == [release]
    correct(release, claim, reviewer)
    assert to_correct() == []


def test_lost_evidence_needs_one(release: Release, claim: Claim, reviewer: User) -> None:
    evidence.retract_evidence(claim.evidence.get(), by=reviewer, reason="The page is a forgery.")
    assert to_correct() == [release]


def test_a_discredited_source_needs_one_for_each_release_with_its_claims(
    release: Release, claim: Claim, admin: User, reviewer: User
) -> None:
    second = ready(claim, by=reviewer)
    document = claim.evidence.get().document
    discredit.discredit(document.source, [], by=admin, version=document.source.version, letter="E", reason="Made up.")
    assert to_correct() == [second, release]
    correct(second, claim, reviewer)
    assert to_correct() == [release]


def test_what_happened_before_a_release_needs_none(claim: Claim, admin: User, analyst: User, reviewer: User) -> None:
    claims.reopen(claim, by=reviewer, reason="A new table.")
    reverify(claim, by=analyst, verdict_key="refuted")
    document = claim.evidence.get().document
    discredit.discredit(document.source, [], by=admin, version=document.source.version, letter="E", reason="Made up.")
    ready(claim, by=reviewer)
    assert to_correct() == []


def test_a_withdrawn_release_needs_none(release: Release, claim: Claim, reviewer: User) -> None:
    claims.reopen(claim, by=reviewer, reason="A new table.")
    releases.withdraw(release, by=reviewer, reason="Wrong throughout.")
    assert to_correct() == []


def test_it_is_one_query_however_many_releases_there_are(
    release: Release, claim: Claim, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ready(by=reviewer, claim_set=release.claim_set)
    claims.reopen(claim, by=reviewer, reason="A new table.")
    with django_assert_num_queries(1):
        assert len(list(releases_to_correct())) == 2
