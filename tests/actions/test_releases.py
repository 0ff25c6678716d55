"""Releases: begun with what is ready, built or failed, withdrawn, sent, corrected; and what became of their claims."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims import limits
from claims.actions import assessments, claim_sets, claims, discredit, evidence, releases
from claims.choices import Finding, RecordAct, ReleaseState, Role, Since
from claims.exports.canonical import canonical, record_sha256
from claims.exports.records import claim_record
from claims.models import Claim, ClaimSet, Event, Release, ReleaseClaim, SigningKey, User
from claims.reading.recall import recall_counts, recalled, since_of
from claims.workflow import Refused
from tests import factories


def last_event(release: Release) -> Event:
    return Event.objects.of(release).latest("number")


def ready(claim_set: ClaimSet, by: User) -> Release:
    release = releases.begin(claim_set, by=by)
    key, _ = SigningKey.objects.get_or_create(key_id="0" * 16, public_key="RWT")
    path = f"{release.serial}.zip"
    releases.mark_ready(release, path=path, size=9, sha256="a" * 64, signing_key=key, by=by)
    return release


@pytest.fixture
def claim_set(analyst: User) -> ClaimSet:
    """Two claims, the later one first."""
    first, second = factories.sound_claim(), factories.sound_claim()
    return factories.claim_set(by=analyst, claims=(second, first))


def test_a_release_freezes_what_the_set_says_and_how_far_histories_came(claim_set: ClaimSet, reviewer: User) -> None:
    release = releases.begin(claim_set, by=reviewer)
    entries = list(release.entries.order_by("position"))
    assert [entry.claim_id for entry in entries] == list(claim_set.items.values_list("claim", flat=True))
    for entry in entries:
        head = Event.objects.of(entry.claim).latest("number")
        assert (entry.event_number, entry.event_hash) == (head.number, head.hash)
        assert entry.verdict_key == "supported"
        assert entry.record_sha256 == record_sha256(claim_record(entry.claim))
    lines = "".join(f"{entry.claim_id} {entry.event_number} {entry.event_hash}\n" for entry in entries)
    assert release.head_hash == hashlib.sha256(lines.encode()).hexdigest()
    assert (release.state, release.claim_count, release.left_out) == (ReleaseState.BUILDING, 2, [])
    assert release.frozen_at >= max(Event.objects.filter(object_type="claim").values_list("at", flat=True))
    assert last_event(release).act == RecordAct.ADD


def test_numbers_count_in_the_set_and_in_the_desk(claim_set: ClaimSet, reviewer: User) -> None:
    other = factories.claim_set(claims=(factories.sound_claim(),))
    made = [releases.begin(one, by=reviewer) for one in (claim_set, other, claim_set)]
    assert [(release.number, release.serial) for release in made] == [(1, 1), (1, 2), (2, 3)]


def test_what_the_set_is_called_later_is_not_what_the_release_says(claim_set: ClaimSet, reviewer: User) -> None:
    release = releases.begin(claim_set, by=reviewer)
    claim_sets.edit_claim_set(claim_set, by=reviewer, version=claim_set.version, title="Another")
    release.refresh_from_db()
    assert release.title != "Another"


def test_nothing_is_released_while_a_claim_blocks(claim_set: ClaimSet, reviewer: User) -> None:
    claim_sets.add_to_claim_set(claim_set, [factories.claim()], by=reviewer)
    with pytest.raises(ValidationError, match="1 claim blocks the release"):
        releases.begin(claim_set, by=reviewer)
    assert not Release.objects.exists()


def test_what_was_left_out_is_told_with_why_and_by_whom(claim_set: ClaimSet, analyst: User, reviewer: User) -> None:
    blocking = factories.claim()
    claim_sets.add_to_claim_set(claim_set, [blocking], by=analyst)
    claim_sets.leave_out(claim_set, None, by=analyst, reason="It is not checked yet.", seen=1)
    release = releases.begin(claim_set, by=reviewer)
    told = release.left_out[0]
    assert told.pop("at").endswith("Z")
    assert told == {
        "claim": blocking.pk,
        "reference": blocking.reference,
        "findings": [Finding.NOT_VERIFIED, Finding.NO_EVIDENCE],
        "reason": "It is not checked yet.",
        "by": "analyst",
    }
    assert release.claim_count == release.entries.count() == 2
    assert last_event(release).changes["left_out"] == [None, 1]


def test_a_claim_left_out_is_released_once_nothing_blocks_it(claim_set: ClaimSet, reviewer: User) -> None:
    late = factories.claim()
    factories.evidence_for(late)
    claim_sets.add_to_claim_set(claim_set, [late], by=reviewer)
    claim_sets.leave_out(claim_set, None, by=reviewer, reason="It is not checked yet.", seen=1)
    factories.submitted(late, by=factories.user("maker"))
    _approve(late)
    release = releases.begin(claim_set, by=reviewer)
    assert (release.claim_count, release.left_out) == (3, [])


def test_a_set_of_which_all_is_left_out_is_not_released(reviewer: User) -> None:
    claim_set = factories.claim_set(claims=(factories.claim(),))
    claim_sets.leave_out(claim_set, None, by=reviewer, reason="Later.", seen=1)
    with pytest.raises(ValidationError, match="No claim of this set"):
        releases.begin(claim_set, by=reviewer)


def test_a_private_set_is_not_released(reviewer: User) -> None:
    claim_set = claim_sets.add_claim_set(by=reviewer, title="Mine", is_private=True)
    claim_sets.add_to_claim_set(claim_set, [factories.sound_claim()], by=reviewer)
    with pytest.raises(ValidationError, match="Share it first"):
        releases.begin(claim_set, by=reviewer)


def test_more_claims_than_a_release_holds_are_refused(
    claim_set: ClaimSet, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RELEASED", 1)
    with pytest.raises(ValidationError, match="at most 1 claims"):
        releases.begin(claim_set, by=reviewer)


def test_readers_begin_no_release(claim_set: ClaimSet, reader: User) -> None:
    with pytest.raises(Refused):
        releases.begin(claim_set, by=reader)


def test_a_release_becomes_ready_once(claim_set: ClaimSet, reviewer: User) -> None:
    release = ready(claim_set, reviewer)
    assert release.is_ready
    assert last_event(release).act == RecordAct.FINISH
    with pytest.raises(Refused):
        releases.mark_failed(release, "No room.", by=reviewer)


def test_a_release_that_fails_says_why_and_its_number_is_not_given_again(claim_set: ClaimSet, reviewer: User) -> None:
    release = releases.begin(claim_set, by=reviewer)
    releases.mark_failed(release, "The disk is full.", by=reviewer)
    release.refresh_from_db()
    assert (release.state, release.problem) == (ReleaseState.FAILED, "The disk is full.")
    assert releases.begin(claim_set, by=reviewer).number == 2


def test_a_release_is_withdrawn_with_a_reason(claim_set: ClaimSet, reviewer: User) -> None:
    release = ready(claim_set, reviewer)
    with pytest.raises(ValidationError, match="Say why"):
        releases.withdraw(release, by=reviewer, reason=" ")
    releases.withdraw(release, by=reviewer, reason="The table was wrong.")
    release.refresh_from_db()
    assert (release.is_withdrawn, release.withdrawn_by, release.path) == (True, reviewer, "1.zip")
    event = last_event(release)
    assert (event.act, event.reason, event.changes) == (
        RecordAct.WITHDRAW,
        "The table was wrong.",
        {"state": ["ready", "withdrawn"]},
    )
    with pytest.raises(Refused):
        releases.withdraw(release, by=reviewer, reason="Again.")


def test_recipients_are_noted_of_what_was_built(claim_set: ClaimSet, reviewer: User, reader: User) -> None:
    unbuilt, release = releases.begin(claim_set, by=reviewer), ready(claim_set, reviewer)
    releases.record_recipient(release, " The editor, by mail. ", by=reviewer)
    assert release.recipients.get().text == "The editor, by mail."
    assert last_event(release).act == RecordAct.SEND
    with pytest.raises(ValidationError):
        releases.record_recipient(release, " ", by=reviewer)
    with pytest.raises(Refused):
        releases.record_recipient(unbuilt, "The editor.", by=reviewer)
    with pytest.raises(Refused):
        releases.record_recipient(release, "The editor.", by=reader)


def test_a_correction_is_about_a_claim_of_the_release(claim_set: ClaimSet, reviewer: User) -> None:
    release, stranger = ready(claim_set, reviewer), factories.claim()
    claim = release.entries.select_related("claim").first().claim  # type: ignore[union-attr]
    correction = releases.write_correction(release, claim, "It ranks tenth.", by=reviewer)
    event = last_event(release)
    assert (event.act, event.subject_id) == (RecordAct.CORRECT, correction.pk)
    with pytest.raises(ValidationError, match="not in this release"):
        releases.write_correction(release, stranger, "It ranks tenth.", by=reviewer)
    with pytest.raises(ValidationError, match="Say why"):
        releases.write_correction(release, claim, "…", by=reviewer)


def test_a_record_does_not_depend_on_the_day_or_the_address(db: None, settings: Any) -> None:
    claim = factories.sound_claim(recheck_on="2030")
    before = canonical(claim_record(claim))
    settings.PUBLIC_URL = "https://other.example"
    claim.recheck_from = timezone.localdate() - timedelta(days=1)
    assert claim.is_due
    assert canonical(claim_record(claim)) == before


# --- what became of the claims


@pytest.fixture
def release(reviewer: User) -> Release:
    return ready(factories.claim_set(claims=tuple(factories.sound_claim() for _ in range(3))), reviewer)


def told(release: Release) -> dict[int, list[Since]]:
    return {entry.claim_id: since_of(entry) for entry in recalled(release)}


def first(release: Release) -> Claim:
    return Claim.objects.get(pk=release.entries.order_by("position").values("claim")[:1])


def test_nothing_is_told_of_a_release_whose_claims_stand(release: Release) -> None:
    assert told(release) == {}
    assert set(recall_counts(release).values()) == {0}


def test_a_reopened_claim_is_told_until_it_has_its_verdict_again(release: Release, analyst: User) -> None:
    claim = first(release)
    claims.reopen(claim, by=analyst, reason="A new table.")
    assert told(release) == {claim.pk: [Since.REOPENED]}
    factories.submitted(claim, by=analyst)
    _approve(claim)
    assert told(release) == {}


def test_another_verdict_is_told(release: Release, analyst: User) -> None:
    claim = first(release)
    claims.reopen(claim, by=analyst, reason="A new table.")
    factories.submitted(claim, by=analyst, verdict_key="refuted")
    _approve(claim)
    assert told(release) == {claim.pk: [Since.VERDICT_CHANGED]}
    assert recall_counts(release)[Since.VERDICT_CHANGED] == 1


def _approve(claim: Claim) -> None:
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)


def test_lost_evidence_is_told(release: Release, analyst: User) -> None:
    claim = first(release)
    piece = claim.evidence.get()
    evidence.retract_evidence(piece, by=analyst, reason="The page is a forgery.")
    assert Since.LOST_EVIDENCE in told(release)[claim.pk]


def test_evidence_retracted_before_the_release_is_none_of_its_losses(reviewer: User) -> None:
    claim = factories.claim()
    factories.evidence_for(claim)
    evidence.retract_evidence(factories.evidence_for(claim), by=reviewer, reason="The page is a forgery.")
    factories.submitted(claim, by=factories.user("maker"))
    _approve(claim)
    release = ready(factories.claim_set(claims=(claim,)), reviewer)
    assert told(release) == {}


def test_a_discredited_source_is_told_also_behind_a_copy(reviewer: User, admin: User) -> None:
    source = factories.source()
    first_hand = factories.document(source=source)
    copy = factories.document(derived_from=first_hand, derivation="wire")
    documents = (first_hand, copy, factories.document())
    direct, behind, other = (factories.sound_claim(document=document) for document in documents)
    release = ready(factories.claim_set(claims=(direct, behind, other)), reviewer)
    discredit.discredit(source, [], by=admin, version=source.version, letter="E", reason="It made figures up.")
    assert told(release) == {direct.pk: [Since.DISCREDITED], behind.pk: [Since.DISCREDITED]}


def test_recall_is_one_query_whatever_the_size(
    release: Release, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        recall_counts(release)
    with django_assert_num_queries(1):
        list(recalled(release))


def test_freezing_is_set_wise(reviewer: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    few = factories.claim_set(claims=(factories.sound_claim(),))
    many = factories.claim_set(claims=tuple(factories.sound_claim() for _ in range(12)))
    with django_assert_max_num_queries(60) as counted:
        releases.begin(few, by=reviewer)
    with django_assert_max_num_queries(len(counted)):
        releases.begin(many, by=reviewer)
    assert ReleaseClaim.objects.count() == 13
