"""`manage.py release SET --as-of INSTANT`: sets as they stood, held against the releases that were made then."""

import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions import claim_sets, claims, comments, documents, evidence
from claims.choices import Finding, SetKind
from claims.models import Claim, ClaimSet, Document, Release, User
from claims.releases.as_of import Gaps, claims_as_of, set_as_of
from claims.releases.files import path_of
from tests import factories

pytestmark = pytest.mark.django_db


def as_of(claim_set: ClaimSet, instant: Any, **options: Any) -> str:
    out = StringIO()
    call_command("release", str(claim_set.pk), f"--as-of={instant.isoformat()}", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def table(analyst: User) -> Document:
    return factories.document(title="The table")


@pytest.fixture
def sound(table: Document) -> list[Claim]:
    return [factories.sound_claim(document=table) for _ in range(3)]


@pytest.fixture
def released(sound: list[Claim]) -> Release:
    claim_set = factories.claim_set(title="Budgets", claims=tuple(sound))
    factories.comment(sound[0], body="Says who?")
    return factories.release(claim_set, with_comments=True)


def go_on(release: Release, sound: list[Claim], table: Document, analyst: User, reviewer: User) -> None:
    """What happens on a desk after a release."""
    documents.edit_document(table, by=analyst, version=table.version, url="", title="Another title")
    piece = sound[0].evidence.get()
    evidence.retract_evidence(piece, by=analyst, reason="The wrong table.")
    claims.reopen(Claim.objects.get(pk=sound[1].pk), by=reviewer, reason="It was wrong.")
    claim = Claim.objects.get(pk=sound[1].pk)
    claims.edit_claim(claim, by=analyst, version=claim.version, assertion="It is otherwise.")
    comments.add_comment(sound[0], by=analyst, body="I do.")
    claim_sets.remove_from_claim_set(release.claim_set, [sound[2]], by=analyst)
    claim_set = ClaimSet.objects.get(pk=release.claim_set_id)
    claim_sets.edit_claim_set(claim_set, by=analyst, version=claim_set.version, title="Military budgets")


def test_a_release_is_made_at_the_command_line(sound: list[Claim], reviewer: User) -> None:
    claim_set = factories.claim_set(title="Budgets", claims=tuple(sound))
    out = StringIO()

    call_command("release", "Budgets", by="reviewer", stdout=out)

    release = Release.objects.get(claim_set=claim_set)
    assert (release.is_ready, release.made_by) == (True, reviewer)
    assert str(path_of(release)) in out.getvalue()
    claim_sets.add_to_claim_set(claim_set, [factories.claim()], by=reviewer)
    with pytest.raises(CommandError, match="blocks") as caught:
        call_command("release", "Budgets", by="reviewer")
    assert caught.value.returncode == 2


def test_what_was_released_is_rebuilt_byte_for_byte_whatever_happened_since(
    released: Release, sound: list[Claim], table: Document, analyst: User, reviewer: User, tmp_path: Path
) -> None:
    go_on(released, sound, table, analyst, reviewer)

    told = as_of(released.claim_set, released.frozen_at, out=tmp_path / "again.zip")

    assert "Equal to release 1." in told
    made, again = path_of(released).read_bytes(), (tmp_path / "again.zip").read_bytes()
    with zipfile.ZipFile(path_of(released)) as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        assert one.read("SHA256SUMS") == other.read("SHA256SUMS")
    assert made == again
    whole_second = released.frozen_at.replace(microsecond=0)
    assert "Equal to release 1." in as_of(released.claim_set, whole_second)


def test_what_was_changed_past_the_actions_is_named(released: Release, table: Document, tmp_path: Path) -> None:
    Document.objects.filter(pk=table.pk).update(title="Another title")
    out = StringIO()

    options: dict[str, Any] = {"as_of": released.frozen_at, "out": tmp_path / "again.zip"}
    with pytest.raises(CommandError, match="differs from release 1") as caught:
        call_command("release", str(released.claim_set_id), **options, stdout=out)

    assert caught.value.returncode == 1
    assert 'evidence[0].title: "The table" in the release, rebuilt as "Another title"' in out.getvalue()
    assert not (tmp_path / "again.zip").exists()


def test_what_older_histories_do_not_hold_is_said_and_not_guessed(
    analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = factories.snapshot(text="Japan comes tenth. France comes eighth.").document
    claim = factories.claim()
    piece = factories.evidence_for(claim, document=document, quote="Japan comes tenth.")
    claim_set, then = factories.claim_set(claims=(claim,)), timezone.now()
    monkeypatch.setattr("claims.actions.evidence.moved", lambda *_: {})  # as events were written before
    evidence.edit_evidence(piece, by=analyst, version=piece.version, quote="France comes eighth.")

    gaps = Gaps()
    (told,) = claims_as_of([claim.pk], then, with_comments=False, gaps=gaps)

    assert told["evidence"][0]["quote"] == "Japan comes tenth."
    names = {(missing.claim, missing.field) for missing in gaps.found}
    assert (claim.reference, "evidence[0].quote_start") in names
    assert (claim.reference, "evidence[0].quote_status") in names
    with pytest.raises(CommandError):
        as_of(claim_set, then)


def test_a_set_that_was_picked_has_its_claims_its_order_and_what_was_left_out(
    sound: list[Claim], analyst: User
) -> None:
    first, second, third = sound
    blocking = factories.claim()
    claim_set = factories.claim_set(title="Budgets", claims=(first, second, third, blocking))
    claim_sets.move_in_claim_set(claim_set, third, by=analyst, step=-2)
    claim_sets.leave_out(claim_set, None, by=analyst, reason="Later.", seen=1)
    omission = claim_set.omissions.get()
    then = timezone.now()
    claim_sets.take_back(claim_set, None, by=analyst)
    claim_sets.remove_from_claim_set(claim_set, [first, third], by=analyst)
    claim_sets.add_to_claim_set(claim_set, [first], by=analyst)
    claim_sets.edit_claim_set(claim_set, by=analyst, version=claim_set.version, title="Other")

    gaps = Gaps()
    past = set_as_of(ClaimSet.objects.get(pk=claim_set.pk), then, gaps)

    assert (past.title, past.keys, dict(past.undecided)) == ("Budgets", [third.pk, first.pk, second.pk], {})
    (left_out,) = past.left_out
    assert (left_out["reference"], left_out["reason"]) == (blocking.reference, "Later.")
    assert left_out["findings"] == [Finding.NOT_VERIFIED, Finding.NO_EVIDENCE]
    assert left_out["at"] == omission.left_out_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    assert list(gaps.found) == []


def test_the_set_of_a_document_has_the_claims_of_the_text_of_then(analyst: User) -> None:
    snapshot = factories.snapshot(text="Japan comes tenth. France comes eighth. Ukraine comes last.")
    second = factories.claim_in_text(snapshot=snapshot, quote="France comes eighth")
    first = factories.claim_in_text(snapshot=snapshot, quote="Japan comes tenth")
    made = claim_sets.add_claim_set(by=analyst, title="Text", kind=SetKind.DOCUMENT, document=snapshot.document)
    then = timezone.now()
    factories.claim_in_text(snapshot=snapshot, quote="Ukraine comes last")

    past = set_as_of(made, then, Gaps())

    assert list(past.undecided) == [first.pk, second.pk]


def test_the_set_of_a_filter_is_known_as_of_its_releases_only(sound: list[Claim], analyst: User) -> None:
    made = claim_sets.add_claim_set(by=analyst, title="Ready", kind=SetKind.FILTER, filter="stage=verified")
    release = factories.release(made)
    claims.fall_due(Claim.objects.get(pk=sound[0].pk), by=analyst, reason="A newer table came.")
    factories.sound_claim()

    assert "Equal to release 1." in as_of(made, release.frozen_at)
    with pytest.raises(CommandError, match="What a filter selected then was not kept") as caught:
        as_of(made, timezone.now())
    assert caught.value.returncode == 2


def test_a_set_cannot_be_had_before_it_was_made(analyst: User) -> None:
    before = timezone.now()
    claim_set = factories.claim_set()
    with pytest.raises(CommandError, match="not made yet"):
        as_of(claim_set, before)
    with pytest.raises(CommandError, match="no set of this title"):
        call_command("release", "Nothing of the kind", "--as-of=2026-01-01T00:00:00Z")
    with pytest.raises(CommandError, match="invalid"):
        call_command("release", str(claim_set.pk), "--as-of=2026-01-01T00:00:00")


def test_the_cost_of_rebuilding_does_not_grow_with_the_claims(table: Document, analyst: User) -> None:
    def cost(many: int) -> int:
        made = [factories.sound_claim(document=table) for _ in range(many)]
        then = timezone.now()
        for claim in made:
            piece = claim.evidence.get()
            evidence.edit_evidence(piece, by=analyst, version=piece.version, finding="It says otherwise.")
        with CaptureQueriesContext(connection) as queries:
            assert len(list(claims_as_of([one.pk for one in made], then, with_comments=True, gaps=Gaps()))) == many
        return len(queries)

    assert cost(2) == cost(9) <= 45
