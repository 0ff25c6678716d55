"""Releases that come in again: on a desk that knows nothing of them, on the one that made them, and hostile ones."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from zeal import zeal_ignore

from claims.actions import assessments, claim_sets
from claims.actions.calendars import add_calendar
from claims.actions.carried import approve_carried, carried_claims
from claims.actions.derivations import set_origin
from claims.actions.relations import relate
from claims.choices import Act, Derivation, RelationKind, Role, Stage
from claims.imports import BadFile
from claims.imports.releases import NotTrusted, ReleaseFile, import_release, open_release
from claims.models import Claim, ClaimSet, Comment, Document, Event, SigningKey, Snapshot, Source, User
from claims.models.event import type_name
from claims.reading.preflight import preflight
from claims.releases.archive import Member, Seal, save_archive
from claims.releases.content import Content, ReleasedClaim
from claims.releases.files import path_of
from claims.releases.formats import members
from claims.releases.reader import read_content
from claims.releases.signing import Signer
from claims.releases.verification import KnownKey
from claims.verification import Tally, breaks
from claims.workflow import Refused
from tests import factories
from tests.releases import contents
from tests.releases.building import manifest, secret_key

pytestmark = pytest.mark.django_db


def zipped(path: Path, content: Content, lines: Iterable[bytes] | None = None) -> Path:
    """The ZIP of the content; `lines` stand in claims.jsonl instead of its claims."""
    files = [
        Member(one.name, lambda: lines) if lines is not None and one.name == "claims.jsonl" else one
        for one in members(content)
        if one.name in ("release.json", "claims.jsonl")
    ]
    instant = datetime(2023, 6, 1, 12, tzinfo=UTC)
    with Signer.unlock(secret_key()) as signer:
        seal = Seal(content.header["name"], content.header["claims"], instant, content.header["head"], signer, manifest)
        save_archive(path, files, seal=seal)
    return path


def opened(path: Path, content: Content) -> ReleaseFile:
    """A release of these contents, by a key that is known."""
    with Signer.unlock(secret_key()) as signer:
        return open_release(zipped(path / "release.zip", content), keys=[KnownKey(signer.key, "Us")])


def unchecked(path: Path, content: Content, lines: Iterable[bytes]) -> ReleaseFile:
    """As if the check had let these lines through."""
    return replace(opened(path, content), path=zipped(path / "hostile.zip", content, lines))


@pytest.fixture
def small(tmp_path: Path) -> ReleaseFile:
    return opened(tmp_path, contents.content())


def everything() -> dict[str, int]:
    return {kind.__name__: kind.objects.count() for kind in (Claim, Document, Source, ClaimSet, Event, Snapshot)}


# What another desk cannot know or say: its own names and addresses, its people and days, what it has of the texts.
OURS = {
    *("reference", "url", "position", "head", "captures", "assessments", "comments", "history", "is_due"),
}
PEOPLE = {"assessed_by", "assessed_at", "approved_by", "approved_at", "approval_note"}
PLACED = {"snapshot", "snapshot_sha256", "start", "end"}
LOOKED = {"quote_status", "quote_start", "quote_end", "snapshot_sha256", "still", "grade"}


def compared(claim: ReleasedClaim) -> dict[str, Any]:
    """What a release says of a claim that every desk that has it says alike."""
    told: dict[str, Any] = {name: value for name, value in claim.items() if name not in OURS}
    told["assessment"] = {name: value for name, value in told["assessment"].items() if name not in PEOPLE}
    told["appearances"] = [{n: v for n, v in one.items() if n not in PLACED} for one in told["appearances"]]
    told["evidence"] = [
        {n: v for n, v in one.items() if n not in LOOKED} | {"credibility": one["grade"][1]} for one in told["evidence"]
    ]
    told["rests_on"] = [one["note"] for one in told["rests_on"]]
    return told


def rich_desk() -> ClaimSet:
    """Claims with all that a claim can have, in an order that is not that of their keys."""
    maker, checker = factories.user("maker"), factories.user("checker", Role.REVIEWER)
    first = factories.claim_in_text(by=maker, speaker="NATO", as_of="2023-05", reference_period="2022")
    second = factories.claim(by=maker, key="jn-2", recheck_on="2091-04", assertion="It was tenth in 2022.")
    about = {"published_on": "2023-04", "language": "en-GB"}
    page = factories.document(by=maker, title="Trends", url="https://www.sipri.org/trends", **about)
    Document.objects.filter(snapshots__appearances__claim=first).update(language="ja")
    press = factories.document(by=maker, title="Press release", url="https://agency.example.org/1")
    set_origin(page, press, Derivation.PRESS_RELEASE, by=maker)
    book = factories.document(by=maker, title="The Military Balance")
    said = {"quote": "10. Japan 46.0", "locator": "p. 2", "credibility": 2, "method": "At market rates"}
    piece = factories.evidence_for(first, by=maker, document=page, stance="refutes", **said)
    factories.evidence_for(first, by=maker, document=book, finding="It says tenth.", provenance="supplied")
    factories.evidence_for(second, by=maker, document=book)
    factories.working(second, by=maker, piece=second.evidence.get())
    from claims.actions.searches import add_search

    add_search(first, by=maker, place="Jane’s", words="Japan rank", searched_on=datetime(2023, 5, 2).date())
    calendar = add_calendar(page.source, by=factories.user("root", Role.ADMIN), name="Yearbook", rule="every April")
    Claim.objects.filter(pk=second.pk).update(recheck_calendar=calendar)
    relate(first, RelationKind.DEPENDS_ON, second, by=maker, note="By that count.")
    factories.comment(first, by=checker, body="Ninth by whose count, @maker?")
    for claim, key in ((first, "outdated"), (second, "supported")):
        claim.refresh_from_db()
        decides = {"decisive": piece, "decisive_reason": "It counts all."} if claim == first else {}
        factories.submitted(claim, by=maker, verdict_key=key, rationale=f"As the **table** of {key} says.", **decides)
        assessments.approve(claim, by=checker, version=claim.version)
    claim_set = claim_sets.add_claim_set(by=maker, title="Japan, NATO", description="Budgets.", licence="CC-BY-4.0")
    claim_sets.add_to_claim_set(claim_set, [second, first], by=maker)
    return claim_set


@pytest.fixture
def released(tmp_path: Path, django_user_model: Any) -> tuple[Path, list[ReleasedClaim]]:
    """The ZIP of a rich desk, and what it says; the desk itself is gone, the key is known."""
    path = tmp_path / "in.zip"
    with transaction.atomic(), zeal_ignore():
        release = factories.release(rich_desk(), with_comments=True)
        path.write_bytes(path_of(release).read_bytes())
        key = SigningKey.objects.values().get(pk=release.signing_key_id) if release.signing_key_id else None
        transaction.set_rollback(True)
    assert not Claim.objects.exists()
    if key:
        people = factories.user("keykeeper", Role.ADMIN)
        SigningKey.objects.create(**{**key, "made_by_id": people.pk})
    return path, list(read_content(path).claims())


def test_a_release_comes_into_an_empty_desk_and_is_released_there_with_the_same_claims(
    released: Any, admin: User, reviewer: User
) -> None:
    path, before = released
    with zeal_ignore():
        report = import_release(open_release(path), by=admin, trusts_key=True)
        assert (report.new, report.refused, report.left_out) == (2, 0, {})
        claim_set = ClaimSet.objects.get()
        assert approve_carried(claim_set, by=admin) == 0, "nobody approves what they proposed"
        assert approve_carried(claim_set, by=reviewer) == 2
        assert preflight(claim_set).is_clear
        after = list(read_content(path_of(factories.release(claim_set, by=reviewer))).claims())
    assert [compared(claim) for claim in after] == [compared(claim) for claim in before]
    assert (claim_set.title, claim_set.description, claim_set.licence) == ("Japan, NATO", "Budgets.", "CC-BY-4.0")
    assert not list(breaks(Tally()))


def test_importing_a_release_twice_makes_nothing_twice(released: Any, admin: User) -> None:
    path, _ = released
    with zeal_ignore():
        import_release(open_release(path), by=admin, trusts_key=True)
        before = everything()
        report = import_release(open_release(path), by=admin, trusts_key=True)
    assert (report.new, report.here) == (0, 2)
    assert everything() == before


def test_on_the_desk_that_made_it_every_claim_is_here_already(analyst: User) -> None:
    with zeal_ignore():
        release = factories.release(rich_desk())
        before = Claim.objects.count(), Snapshot.objects.count()
        report = import_release(open_release(path_of(release)), by=analyst)
    assert (report.new, report.here, report.refused) == (0, 2, 0)
    assert (Claim.objects.count(), Snapshot.objects.count()) == before


class TestWhatComesIn:
    def test_a_verdict_is_a_proposal_of_who_imports_and_no_claim_is_verified(
        self, small: ReleaseFile, analyst: User
    ) -> None:
        import_release(small, by=analyst)
        claim = Claim.objects.get()
        assert (claim.stage, claim.verdict) == (Stage.IN_REVIEW, None)
        pending = claim.pending
        assert pending
        assert pending.verdict
        assert (pending.author, pending.verdict.key, pending.as_of) == (analyst, "outdated", "2023-05")
        assert pending.rationale == "It was ninth in 2021 and **tenth** in 2022."

    def test_the_history_names_the_release_the_file_the_key_and_who_gave_the_verdict(
        self, small: ReleaseFile, analyst: User
    ) -> None:
        import_release(small, by=analyst)
        created, *_, submitted = Event.objects.of(Claim.objects.get())
        assert "From release japan-and-nato-1 of Claim Workbench, where it is CW-1" in created.reason
        assert small.sha256 in created.reason
        assert f"signed with the key {small.key_id}, which is known here" in created.reason
        assert submitted.act == Act.SUBMIT
        assert "assessed by Ana Lyst on 2023-05-02, approved by Rev Iewer on 2023-05-03" in submitted.reason

    def test_of_a_text_that_is_not_here_the_quoted_passages_become_a_snapshot_that_says_so(
        self, small: ReleaseFile, analyst: User
    ) -> None:
        import_release(small, by=analyst)
        place = Claim.objects.get().appearances.get()
        told = contents.appearance()
        assert (place.exact, place.prefix, place.suffix) == (told["quote"], told["prefix"], told["suffix"])
        assert place.snapshot.is_excerpt
        assert place.snapshot.text[place.start : place.end] == place.exact
        assert place.snapshot.document.title == "NATO and Japan"

    def test_a_quote_is_not_found_among_quotes(self, tmp_path: Path, analyst: User) -> None:
        same = contents.evidence(url=contents.appearance()["url"], quote=contents.appearance()["quote"])
        import_release(opened(tmp_path, contents.content([contents.claim(evidence=[same])])), by=analyst)
        assert Claim.objects.get().evidence.get().quote_status == "not_captured"

    def test_a_second_release_adds_its_passages_to_those_of_the_first(self, tmp_path: Path, analyst: User) -> None:
        import_release(opened(tmp_path, contents.content()), by=analyst)
        more = contents.claim(2, appearances=[contents.appearance(quote="Only four members spend more", start=90)])
        (tmp_path / "2").mkdir()
        release = opened(tmp_path / "2", contents.content([contents.claim(), more], name="japan-and-nato-2"))
        report = import_release(release, by=analyst)
        assert (report.new, report.here, report.left_out) == (1, 1, {})
        (first, second) = Claim.objects.order_by("pk")
        assert second.appearances.get().exact == "Only four members spend more"
        newest = second.appearances.get().snapshot
        assert newest.number == 2
        assert first.appearances.filter(snapshot=newest).exists(), "the places of the first are kept in the next draft"

    def test_a_source_that_is_here_is_left_as_it_is_and_a_new_one_gets_the_grade_as_a_proposal(
        self, tmp_path: Path, analyst: User
    ) -> None:
        known = factories.source("SIPRI", reliability="A")
        pieces = [
            contents.evidence(),
            contents.evidence(source="Jane’s", url="https://janes.example.org/1", grade="C3"),
        ]
        import_release(opened(tmp_path, contents.content([contents.claim(evidence=pieces)])), by=analyst)
        known.refresh_from_db()
        assert known.reliability == "A"
        new = Source.objects.get(name="Jane’s")
        assert new.reliability == "F"
        assert "grades “Trends in military expenditure” C: fairly reliable" in Comment.objects.get(source=new).body
        assert [piece.grade for piece in Claim.objects.get().evidence.all()] == ["A2", "F3"]

    def test_remarks_come_with_their_author_as_text_and_nobody_here_is_told(
        self, tmp_path: Path, analyst: User
    ) -> None:
        factories.user("maker")
        remark = contents.comment(body="Ask @maker.")
        content = contents.content([contents.claim(comments=[remark])], with_comments=True)
        import_release(opened(tmp_path, content), by=analyst)
        comment = Claim.objects.get().comments.get()
        assert comment.body == "Rev Iewer, 2023-05-02, in japan-and-nato-1 of Claim Workbench:\n\nAsk @maker."
        assert not comment.mentioned.exists()

    def test_a_verdict_that_the_scale_does_not_have_leaves_the_claim_open_and_is_counted(
        self, tmp_path: Path, analyst: User
    ) -> None:
        odd = contents.claim(verdict={"key": "pants-on-fire", "name": "Pants on fire", "rating": 1})
        report = import_release(opened(tmp_path, contents.content([odd])), by=analyst)
        assert Claim.objects.get().stage == Stage.OPEN
        assert sum(report.left_out.values()) == 1

    def test_without_proposals_the_claims_come_in_open(self, small: ReleaseFile, analyst: User) -> None:
        import_release(small, by=analyst, proposes=False)
        assert Claim.objects.get().stage == Stage.OPEN

    def test_texts_that_break_files_come_in_as_they_were(self, tmp_path: Path, analyst: User) -> None:
        report = import_release(opened(tmp_path, contents.hostile()), by=analyst, partial=True)
        assert report.new + report.refused == len(contents.HOSTILE)
        assert report.refused <= 2, "what no claim can hold: more than 1,000 characters"
        assert Claim.objects.filter(assertion=contents.HOSTILE[0]).exists()


class TestWhatIsRefused:
    def test_a_key_that_nobody_knows_needs_a_yes_and_the_history_tells(self, tmp_path: Path, analyst: User) -> None:
        release = open_release(zipped(tmp_path / "release.zip", contents.content()), keys=[])
        with pytest.raises(NotTrusted, match="0807060504030201"):
            import_release(release, by=analyst)
        assert not Claim.objects.exists()
        import_release(release, by=analyst, trusts_key=True)
        reason = Event.objects.of(Claim.objects.get())[0].reason
        assert "which is not known here; who imported it said yes to it" in reason

    def test_one_changed_byte_refuses_the_whole_with_what_is_wrong(self, tmp_path: Path) -> None:
        path = zipped(tmp_path / "release.zip", contents.content())
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        with pytest.raises(BadFile, match="not valid, and nothing of it was read"):
            open_release(path)

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"[1, 2]", "no object"),
            (b'{"assertion": ' + b"[" * 100_000, "nested too deeply"),
            (b'{"assertion": {"a": 1}, "reference": "X-1"}', "no text"),
            (b'{"assertion": "It is so.", "as_of": "yesterday"}', "As of"),
            (b'{"assertion": "It is so.", "as_of": NaN}', "NaN"),
            (b"{", "no JSON"),
        ],
    )
    def test_a_hostile_line_is_told_and_nothing_is_stored(
        self, line: bytes, reason: str, tmp_path: Path, analyst: User
    ) -> None:
        good = json.dumps(contents.claim()).encode()
        content = contents.content([contents.claim(1), contents.claim(2)])
        release = unchecked(tmp_path, content, [good + b"\n", line + b"\n"])
        before = everything()
        report = import_release(release, by=analyst)
        assert {refusal.line for refusal in report.refusals} == {2}
        assert reason in report.refusals[0].reason
        assert everything() == before

    def test_parts_of_the_wrong_type_never_stop_the_rest(self, tmp_path: Path, analyst: User) -> None:
        names = ("assessment", "verdict", "appearances", "evidence", "searches", "working", "rests_on", "comments")
        odd = [
            contents.claim(number, **{name: value})
            for number, (name, value) in enumerate(product(names, ("text", 7, [7], [[]], {"a": [1]}, True)), start=1)
        ]
        two = contents.content([contents.claim(number) for number, _ in enumerate(odd, start=1)])
        release = unchecked(tmp_path, two, [json.dumps(claim).encode() + b"\n" for claim in odd])
        report = import_release(release, by=analyst, dry_run=True)
        assert (report.rows, report.refused) == (len(odd), 0)

    def test_a_line_too_many_is_told(self, tmp_path: Path, analyst: User) -> None:
        good = json.dumps(contents.claim()).encode() + b"\n"
        two = contents.content([contents.claim(1), contents.claim(2)])
        with pytest.raises(BadFile, match="says that it has 2 claims, and has 1"):
            import_release(unchecked(tmp_path, two, [good]), by=analyst)

    @pytest.mark.parametrize("wrong", [{"title": ["a"]}, {"title": ""}, {"desk": "us"}, {"claims": "1"}])
    def test_a_header_of_the_wrong_types_is_no_release(self, wrong: Any, tmp_path: Path) -> None:
        content = contents.content()
        content.header.update(wrong)
        path = tmp_path / "release.zip"
        sealed = contents.content()
        zipped(path, sealed)
        header = json.dumps(content.header).encode()
        with Signer.unlock(secret_key()) as signer:
            seal = Seal(
                "japan-and-nato-1", 1, datetime(2023, 6, 1, 12, tzinfo=UTC), content.header["head"], signer, manifest
            )
            files = [Member("release.json", lambda: [header]), *list(members(sealed))[1:2]]
            save_archive(path, files, seal=seal)
        with pytest.raises(BadFile, match="does not say what it is|is not valid"):
            open_release(path)

    def test_a_claim_that_is_stored_with_other_words_keeps_the_whole_out_unless_a_part_is_wanted(
        self, tmp_path: Path, analyst: User
    ) -> None:
        factories.claim(by=analyst, key="CW-1", assertion="Something else.")
        release = opened(tmp_path, contents.content([contents.claim(1), contents.claim(2)]))
        assert import_release(release, by=analyst).new == 1
        assert Claim.objects.count() == 1
        report = import_release(release, by=analyst, partial=True)
        assert (report.new, report.refused) == (1, 1)
        assert [item.claim.key for item in ClaimSet.objects.get().items.select_related("claim")] == ["CW-2"]

    def test_a_reader_may_not(self, small: ReleaseFile, reader: User) -> None:
        with pytest.raises(Refused):
            import_release(small, by=reader)


class TestApprovingAtOnce:
    def test_a_proposal_that_was_written_anew_is_not_among_them(
        self, small: ReleaseFile, analyst: User, reviewer: User
    ) -> None:
        import_release(small, by=analyst)
        claim, claim_set = Claim.objects.get(), ClaimSet.objects.get()
        assert list(carried_claims(claim_set, reviewer)) == [claim]
        assessments.withdraw(claim, by=analyst)
        claim.refresh_from_db()
        factories.submitted(claim, by=analyst)
        assert not carried_claims(claim_set, reviewer)

    def test_an_analyst_may_not(self, small: ReleaseFile, analyst: User) -> None:
        import_release(small, by=analyst)
        with pytest.raises(Refused):
            approve_carried(ClaimSet.objects.get(), by=factories.user("other"))

    def test_each_claim_is_verified_by_an_event_of_its_own(
        self, small: ReleaseFile, analyst: User, reviewer: User
    ) -> None:
        import_release(small, by=analyst)
        claim = Claim.objects.get()
        approve_carried(ClaimSet.objects.get(), by=reviewer)
        claim.refresh_from_db()
        assert (claim.stage, claim.verdict and claim.verdict.key) == (Stage.VERIFIED, "outdated")
        events = Event.objects.filter(object_type=type_name(claim), object_id=claim.pk, act=Act.APPROVE)
        assert [event.by for event in events] == [reviewer]
