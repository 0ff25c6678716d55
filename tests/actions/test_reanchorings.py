"""Deciding what became of a passage in a new draft, and taking that back."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from claims.actions import assessments, claims, comments, drafts, reanchorings
from claims.choices import Act, Disposition, Found, Reanchored, RecordAct, Role, Stage
from claims.models import Appearance, Claim, Document, Event, Reanchoring, Snapshot, User
from claims.workflow import Refused
from tests import factories
from tests.actions.racing import failures, race

SAME, RECHECK, NEW_CLAIM, DROPPED = reanchorings.DECISIONS
OLD = "The office in Tokyo is to open in 2024. NATO has thirty-one members. Nobody doubts that."
NEW = "The office in Tokyo opened in May 2024. NATO has thirty-two members. Somebody doubts that."
OFFICE, MEMBERS = "The office in Tokyo is to open in 2024", "NATO has thirty-one members"
REASON = "The ministry confirms that it opened."


def waiting(quote: str = OFFICE, new: str = NEW, *, is_verified: bool = False) -> Reanchoring:
    """A passage of the old text that waits for a decision in the new one."""
    first = factories.snapshot(text=OLD)
    claim = factories.claim_in_text(snapshot=first, quote=quote, speaker="The ministry", as_of="2023")
    if is_verified:
        factories.submitted(claim, by=factories.user("maker"))
        assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)
    return next_draft(first, new).reanchorings.pending().get()


def next_draft(snapshot: Snapshot, text: str) -> Snapshot:
    return drafts.add_draft(Document.objects.get(pk=snapshot.document_id), text, by=factories.user("author"))


def again(row: Reanchoring) -> Reanchoring:
    """As another request would load it."""
    return Reanchoring.objects.get(pk=row.pk)


def decide(row: Reanchoring, decision: Reanchored, **fields: Any) -> Reanchoring:
    reanchorings.decide(again(row), decision, **{"by": factories.user("decider"), **fields})
    return again(row)


def take_back(row: Reanchoring, **fields: Any) -> list[str]:
    return reanchorings.take_back(again(row), **{"by": factories.user("decider"), **fields})


def sentence_of(row: Reanchoring, words: str = "The office") -> str:
    at = row.snapshot.text.index(words)
    return row.snapshot.sentences.get(start__lte=at, end__gt=at).disposition


def claim_acts(claim: Claim) -> list[str]:
    return list(Event.objects.of(claim).values_list("act", flat=True))


pytestmark = pytest.mark.django_db


def test_the_same_claim_stands_in_the_new_text() -> None:
    row = decide(waiting(), SAME)
    assert row.result is not None
    assert row.result.exact == "The office in Tokyo opened in May 2024"
    assert (row.result.claim, row.decided_by) == (row.appearance.claim, factories.user("decider"))
    assert row.result.claim.stage == Stage.OPEN
    assert sentence_of(row) == Disposition.CLAIM


def test_a_verdict_stands_only_with_a_reason() -> None:
    row = waiting(is_verified=True)
    with pytest.raises(ValidationError) as caught:
        decide(row, SAME, reason=" . ")
    assert set(caught.value.message_dict) == {"reason"}
    assert again(row).decision == ""
    assert decide(row, SAME, reason=REASON).appearance.claim.stage == Stage.VERIFIED


def test_a_verified_claim_is_opened_to_be_checked_again() -> None:
    row = waiting(is_verified=True)
    with pytest.raises(ValidationError) as caught:
        decide(row, RECHECK)
    assert set(caught.value.message_dict) == {"reason"}
    claim = decide(row, RECHECK, reason=REASON).appearance.claim
    assert (claim.stage, claim.verdict) == (Stage.OPEN, None)
    assert claim_acts(claim)[-2:] == [Act.REOPEN, RecordAct.REANCHOR]
    assert again(row).result is not None


def test_a_claim_without_a_verdict_can_be_checked_again_too() -> None:
    row = decide(waiting(), RECHECK)
    assert row.appearance.claim.stage == Stage.OPEN
    assert claim_acts(row.appearance.claim) == [Act.CREATE, Act.ADD_APPEARANCE, RecordAct.REANCHOR]


def test_another_claim_is_made_of_the_words_now_and_the_old_one_stays() -> None:
    row = waiting(is_verified=True)
    old = row.appearance.claim
    made = decide(row, NEW_CLAIM, assertion=" The office opened in 2024. ").result.claim
    assert (made.assertion, made.kind, made.speaker, made.as_of) == (
        *("The office opened in 2024.", old.kind),
        *("The ministry", "2023"),
    )
    assert (made.stage, Claim.objects.get(pk=old.pk).stage) == (Stage.OPEN, Stage.VERIFIED)
    assert claim_acts(made) == [Act.CREATE, RecordAct.REANCHOR]
    for claim in (old, made):
        event = Event.objects.of(claim).latest("number")
        assert event.changes["claim"] == [old.reference, made.reference]
        assert (event.subject_type, event.subject_id) == ("reanchoring", row.pk)


@pytest.mark.parametrize(("assertion", "field"), [("  ", "assertion"), ("x" * 1001, "assertion")])
def test_a_new_claim_says_something(assertion: str, field: str) -> None:
    row = waiting()
    with pytest.raises(ValidationError) as caught:
        decide(row, NEW_CLAIM, assertion=assertion)
    assert set(caught.value.message_dict) == {field}
    assert Claim.objects.count() == 1


def test_what_is_dropped_leaves_the_claim_with_the_old_text() -> None:
    row = decide(waiting(new="Fish, and nothing else."), DROPPED)
    claim = row.appearance.claim
    assert (row.status, row.result) == (Found.GONE, None)
    assert [one.snapshot.number for one in claim.appearances.all()] == [1]
    assert claim.stage == Stage.OPEN
    event = Event.objects.of(claim).latest("number")
    assert event.changes == {
        "decision": [None, "dropped"],
        "document": [None, row.snapshot.document.title],
        "draft": [None, 2],
        "exact": [OFFICE, None],
    }


def test_a_person_can_say_where_the_words_are_now() -> None:
    row = waiting(new="Fish, and nothing else. In Tokyo the bureau has begun its work.")
    with pytest.raises(ValidationError) as caught:
        decide(row, SAME)
    assert set(caught.value.message_dict) == {"quote"}
    start = row.snapshot.text.index("In Tokyo")
    row = decide(row, SAME, start=start, end=len(row.snapshot.text))
    assert row.result.exact == "In Tokyo the bureau has begun its work."
    assert (row.status, row.start) == (Found.GONE, None)


@pytest.mark.parametrize("place", [(0, 10_000), (5, 5), (9, 3), (3, 4)], ids=["outside", "empty", "backwards", "blank"])
def test_a_place_that_is_none_is_refused_at_the_quote(place: tuple[int, int]) -> None:
    row = waiting()
    with pytest.raises(ValidationError) as caught:
        decide(row, SAME, start=place[0], end=place[1])
    assert set(caught.value.message_dict) == {"quote"}
    assert again(row).decision == ""


@pytest.mark.parametrize("decision", [Reanchored.KEPT, Reanchored.SUPERSEDED, ""])
def test_what_only_the_machine_says_is_no_decision(decision: Reanchored) -> None:
    with pytest.raises(ValidationError):
        decide(waiting(), decision)


def test_a_reader_decides_nothing(reader: User) -> None:
    row = waiting()
    with pytest.raises(Refused):
        decide(row, DROPPED, by=reader)
    with pytest.raises(Refused):
        take_back(decide(row, DROPPED), by=reader)


def test_a_claim_that_is_known_to_appear_there_is_not_said_twice() -> None:
    row = waiting()
    claims.add_appearance(row.appearance.claim, row.snapshot, row.start, row.end, by=factories.user("maker"))
    with pytest.raises(ValidationError, match="already"):
        decide(row, SAME)
    assert decide(row, DROPPED).decision == DROPPED


def test_the_second_to_decide_is_told_what_the_first_decided() -> None:
    row = waiting()
    late = again(row)
    decide(row, DROPPED)
    with pytest.raises(reanchorings.Settled, match="decider has decided on this passage already: no longer in the"):
        reanchorings.decide(late, SAME, by=factories.user("late"))
    assert again(row).decision == DROPPED
    assert Appearance.objects.count() == 1


def test_a_decision_on_a_draft_that_was_overtaken_is_refused() -> None:
    row = waiting()
    next_draft(row.snapshot, f"{NEW} And more.")
    with pytest.raises(reanchorings.Settled, match="newer draft"):
        decide(row, SAME)


def test_a_decision_taken_back_waits_again_and_its_sentence_is_undecided() -> None:
    row = decide(waiting(), SAME)
    assert take_back(row) == []
    row = again(row)
    assert (row.decision, row.reason, row.decided_by, row.result) == ("", "", None, None)
    assert [one.snapshot.number for one in row.appearance.claim.appearances.all()] == [1]
    assert sentence_of(row) == ""
    assert Event.objects.of(row.appearance.claim).latest("number").changes["decision"] == ["same", None]
    assert decide(row, RECHECK).decision == RECHECK


def test_a_sentence_with_another_claim_stays_one() -> None:
    row = decide(waiting(), SAME)
    factories.claim_in_text(snapshot=row.snapshot, quote="opened in May 2024")
    take_back(row)
    assert sentence_of(row) == Disposition.CLAIM


def test_what_the_machine_kept_can_be_questioned() -> None:
    first = factories.snapshot(text=f"{OLD} {OLD[::-1]}")
    factories.claim_in_text(snapshot=first, quote=OLD)
    row = next_draft(first, f"One more line comes first.\n\n{first.text}").reanchorings.get()
    assert row.decision == Reanchored.KEPT
    take_back(row)
    assert again(row).decision == ""
    assert sentence_of(row) == ""


def test_a_claim_made_by_mistake_is_dismissed_and_stays_in_the_record() -> None:
    row = decide(waiting(), NEW_CLAIM, assertion="The office opened in 2024.")
    made = row.result.claim
    assert take_back(row) == [f"{made.reference} is dismissed."]
    made.refresh_from_db()
    assert (made.stage, made.appearances.count()) == (Stage.DISMISSED, 0)
    assert "taken back" in Event.objects.of(made).latest("number").reason
    assert decide(row, NEW_CLAIM, assertion="It did open.").result.claim != made


def test_a_claim_that_was_worked_on_since_is_not_taken_back() -> None:
    row = decide(waiting(), NEW_CLAIM, assertion="The office opened in 2024.")
    comments.add_comment(row.result.claim, by=factories.user("maker"), body="In which street?")
    with pytest.raises(reanchorings.Settled, match="worked on since"):
        take_back(row)
    assert again(row).result == row.result
    assert Claim.objects.get(pk=row.result.claim_id).stage == Stage.OPEN


def test_a_verdict_that_was_withdrawn_does_not_come_back_by_itself() -> None:
    row = decide(waiting(is_verified=True), RECHECK, reason=REASON)
    assert take_back(row) == [f"{row.appearance.claim.reference} stays open: its verdict is not put back."]


def test_what_a_newer_draft_was_built_on_is_not_taken_back() -> None:
    row = decide(waiting(), SAME)
    next_draft(row.snapshot, f"{NEW} And more.")
    with pytest.raises(reanchorings.Settled, match="newer draft"):
        take_back(row)


def test_only_the_decision_that_was_seen_is_taken_back() -> None:
    row = waiting()
    seen = decide(row, SAME).decided_at
    take_back(row, decided_at=seen)
    with pytest.raises(reanchorings.Settled, match="waits"):
        take_back(row, decided_at=seen)
    decide(row, DROPPED, by=factories.user("late"))
    with pytest.raises(reanchorings.Settled, match="late has decided anew"):
        take_back(row, decided_at=seen)


ROUNDS = 5
on_postgresql = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


class TestAtTheSameMoment:
    """PostgreSQL only, as in test_races.py; each race is run a few times."""

    pytestmark = on_postgresql

    def test_three_decisions_are_one_and_two_refusals(self) -> None:
        decisions = (SAME, RECHECK, DROPPED)
        for what in decisions:
            factories.user(f"by-{what}")
        for _ in range(ROUNDS):
            row = waiting()
            acts = [lambda row=row, what=what: decide(row, what, by=factories.user(f"by-{what}")) for what in decisions]
            assert failures(race(acts)) == [reanchorings.Settled] * 2
            assert claim_acts(row.appearance.claim).count(RecordAct.REANCHOR) == 1

    def test_a_decision_and_a_newer_draft_lose_no_claim(self) -> None:
        for number in range(ROUNDS):
            row = waiting()
            newest = f"{NEW} Draft {number}."
            results = race(
                [lambda row=row: decide(row, SAME), lambda row=row, text=newest: next_draft(row.snapshot, text)]
            )
            assert set(failures(results)) <= {reanchorings.Settled}
            third = Snapshot.objects.get(document=row.snapshot.document_id, number=3)
            assert third.reanchorings.get().appearance.claim == row.appearance.claim

    def test_of_two_drafts_of_one_text_one_comes_in(self) -> None:
        for _ in range(ROUNDS):
            first = factories.snapshot(text=OLD)
            factories.claim_in_text(snapshot=first, quote=OFFICE)
            results = race([lambda first=first: next_draft(first, NEW), lambda first=first: next_draft(first, NEW)])
            assert failures(results) == [ValidationError]
            assert Reanchoring.objects.filter(snapshot__document=first.document).count() == 1

    def test_of_two_drafts_the_second_is_compared_with_the_first(self) -> None:
        for _ in range(ROUNDS):
            first = factories.snapshot(text=OLD)
            factories.claim_in_text(snapshot=first, quote=OFFICE)
            texts = (f"{OLD} One more.", f"{OLD} And two more.")
            results = race([lambda first=first, text=text: next_draft(first, text) for text in texts])
            assert failures(results) == []
            second, third = first.document.snapshots.filter(number__gt=1)
            assert [row.appearance.snapshot_id for row in third.reanchorings.all()] == [second.pk]

    def test_a_claim_made_while_a_draft_comes_in_is_looked_for_in_it(self) -> None:
        for _ in range(ROUNDS):
            first = factories.snapshot(text=OLD)
            act = lambda first=first: factories.claim_in_text(snapshot=Snapshot.objects.get(pk=first.pk), quote=OFFICE)  # noqa: E731
            assert failures(race([act, lambda first=first: next_draft(first, NEW)])) == []
            assert Reanchoring.objects.filter(snapshot__document=first.document, snapshot__number=2).count() == 1
