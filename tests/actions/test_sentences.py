"""Deciding what sentences are: one by one, many at once, and by making claims of them; and taking it back."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import limits
from claims.actions import claims, completion, sentences
from claims.actions.sentence_claims import claim_sentence, claims_of, sentences_of, take_back_claim
from claims.choices import Act, Disposition, RecordAct, Stage
from claims.models import Claim, Document, Event, Sentence, Snapshot, StaleVersion, User
from claims.reading import coverage_of
from claims.workflow import Refused
from tests import factories

OPINION, PREDICTION, NO_FACT = Disposition.OPINION, Disposition.PREDICTION, Disposition.NO_FACT


@pytest.fixture
def text(db: None) -> Snapshot:
    return factories.snapshot()


@pytest.fixture
def sentence(text: Snapshot) -> Sentence:
    return text.sentences.earliest("number")


def seen(text: Snapshot) -> dict[int, int]:
    """The version of every sentence, as somebody has them on the screen."""
    return dict(text.sentences.values_list("pk", "version"))


def dispositions(text: Snapshot) -> list[str]:
    return list(text.sentences.order_by("number").values_list("disposition", flat=True))


class TestOne:
    def test_a_decision_is_one_event_of_its_document(self, sentence: Sentence, analyst: User) -> None:
        sentences.dispose(sentence, OPINION, by=analyst, note="No fact in it.")
        assert (sentence.disposition, sentence.decided_by, sentence.version) == ("opinion", analyst, 2)
        event = Event.objects.of(sentence.snapshot.document).latest("number")
        assert (event.act, event.subject_id) == (RecordAct.DISPOSE, sentence.pk)
        told = {"disposition": ["", "opinion"], "note": ["", "No fact in it."], "sentence": [None, 1]}
        assert event.changes == told

    def test_it_can_be_taken_back_and_deciding_the_same_again_is_no_act(
        self, sentence: Sentence, analyst: User
    ) -> None:
        for disposition in (OPINION, OPINION, None, None):
            sentences.dispose(sentence, disposition, by=analyst)
        sentence.refresh_from_db()
        assert (sentence.disposition, sentence.decided_by, sentence.decided_at) == ("", None, None)
        assert Event.objects.filter(act=RecordAct.DISPOSE).count() == 2

    def test_what_is_undecided_carries_no_note(self, sentence: Sentence, analyst: User) -> None:
        sentences.dispose(sentence, OPINION, by=analyst, note="A matter of taste.")
        sentences.dispose(sentence, None, by=analyst, note="Left over.")
        assert sentence.note == ""

    def test_it_is_made_in_known_words_by_those_who_may(self, sentence: Sentence, analyst: User, reader: User) -> None:
        for wrong in ({"disposition": "joke"}, {"disposition": "opinion", "note": "x" * (limits.REASON + 1)}):
            with pytest.raises(ValidationError):
                sentences.dispose(sentence, by=analyst, **wrong)
        with pytest.raises(Refused):
            sentences.dispose(sentence, OPINION, by=reader)
        assert not Event.objects.filter(act=RecordAct.DISPOSE).exists()

    def test_a_decision_over_a_newer_one_is_refused_with_the_sentence_as_it_is(
        self, sentence: Sentence, analyst: User, reviewer: User
    ) -> None:
        mine, version = Sentence.objects.get(pk=sentence.pk), sentence.version
        sentences.dispose(sentence, OPINION, by=reviewer)
        with pytest.raises(StaleVersion) as caught:
            sentences.dispose(mine, PREDICTION, by=analyst, version=version)
        current = caught.value.current
        assert isinstance(current, Sentence)
        assert (current.disposition, current.decided_by) == ("opinion", reviewer)

    def test_two_people_who_agree_are_no_conflict(self, sentence: Sentence, analyst: User, reviewer: User) -> None:
        mine, version = Sentence.objects.get(pk=sentence.pk), sentence.version
        sentences.dispose(sentence, OPINION, by=reviewer)
        sentences.dispose(mine, OPINION, by=analyst, version=version)
        assert mine.decided_by == reviewer

    def test_a_single_decision_leaves_its_batch(self, text: Snapshot, sentence: Sentence, analyst: User) -> None:
        sentences.dispose_many(text, seen(text), OPINION, by=analyst)
        sentences.dispose(sentence, PREDICTION, by=analyst)
        assert sentence.batch is None


class TestMany:
    def test_each_sentence_gets_the_decision_and_an_event_of_its_own(self, text: Snapshot, analyst: User) -> None:
        batch = sentences.dispose_many(text, seen(text), NO_FACT, by=analyst, note="An aside.")
        assert (batch.done, batch.left) == (4, 0)
        for one in text.sentences.all():
            assert (one.disposition, one.note, one.decided_by) == ("no_fact", "An aside.", analyst)
            assert (one.batch, one.version) == (batch.key, 2)
        events = Event.objects.of(text.document).filter(act=RecordAct.DISPOSE)
        assert [event.changes["sentence"] for event in events] == [[None, number] for number in (1, 2, 3, 4)]
        assert {event.subject_id for event in events} == set(seen(text))
        assert_whole(text.document)

    def test_what_somebody_decided_since_is_left_as_it_is(
        self, text: Snapshot, sentence: Sentence, analyst: User, reviewer: User
    ) -> None:
        before = seen(text)
        sentences.dispose(sentence, PREDICTION, by=reviewer)
        batch = sentences.dispose_many(text, before, NO_FACT, by=analyst)
        assert (batch.done, batch.left) == (3, 1)
        assert dispositions(text) == ["prediction", "no_fact", "no_fact", "no_fact"]

    def test_what_somebody_decided_and_took_back_since_is_left_too(
        self, text: Snapshot, sentence: Sentence, analyst: User, reviewer: User
    ) -> None:
        before = seen(text)
        sentences.dispose(sentence, PREDICTION, by=reviewer)
        sentences.dispose(sentence, None, by=reviewer)
        assert sentences.dispose_many(text, before, NO_FACT, by=analyst).left == 1
        assert dispositions(text)[0] == ""

    def test_sentences_of_other_texts_are_left(self, text: Snapshot, analyst: User) -> None:
        other = factories.snapshot()
        batch = sentences.dispose_many(text, seen(other), NO_FACT, by=analyst)
        assert (batch.done, batch.left) == (0, 4)
        assert dispositions(other) == [""] * 4

    def test_claims_unknown_words_and_too_many_are_refused(self, text: Snapshot, analyst: User, reader: User) -> None:
        for wrong in ({"disposition": Disposition.CLAIM}, {"disposition": "joke"}, {"disposition": ""}):
            with pytest.raises(ValidationError):
                sentences.dispose_many(text, seen(text), by=analyst, **wrong)  # type: ignore[arg-type]
        with pytest.raises(ValidationError, match="At most 500"):
            sentences.dispose_many(text, dict.fromkeys(range(501), 1), OPINION, by=analyst)
        with pytest.raises(Refused):
            sentences.dispose_many(text, seen(text), OPINION, by=reader)
        assert dispositions(text) == [""] * 4

    def test_undone_the_sentences_are_undecided_but_those_touched_since(
        self, text: Snapshot, sentence: Sentence, analyst: User, reviewer: User
    ) -> None:
        batch = sentences.dispose_many(text, seen(text), NO_FACT, by=analyst, note="An aside.")
        sentences.dispose(sentence, PREDICTION, by=reviewer)
        assert sentences.undo_batch(text.document, batch.key, by=analyst) == 3
        assert sentences.undo_batch(text.document, batch.key, by=analyst) == 0
        assert dispositions(text) == ["prediction", "", "", ""]
        assert set(text.sentences.undecided().values_list("note", "batch")) == {("", None)}
        assert_whole(text.document)

    def test_the_batch_of_another_document_is_not_undone_here(self, text: Snapshot, analyst: User) -> None:
        batch = sentences.dispose_many(text, seen(text), NO_FACT, by=analyst)
        assert sentences.undo_batch(factories.snapshot().document, batch.key, by=analyst) == 0
        assert sentences.undo_batch(text.document, uuid.uuid4(), by=analyst) == 0
        assert dispositions(text) == ["no_fact"] * 4

    def test_undoing_ends_the_completeness_of_the_check(self, text: Snapshot, analyst: User) -> None:
        batch = sentences.dispose_many(text, seen(text), NO_FACT, by=analyst)
        completion.declare_complete(text.document, by=analyst)
        sentences.undo_batch(text.document, batch.key, by=analyst)
        assert not Document.objects.get(pk=text.document.pk).is_complete

    def test_the_number_of_queries_does_not_grow(self, analyst: User) -> None:
        counts = []
        for number in (5, 60):
            text = factories.snapshot(text=" ".join(f"Port {at} is old." for at in range(number)))
            before = seen(text)
            assert analyst.held_permissions  # looked up once
            with CaptureQueriesContext(connection) as done:
                batch = sentences.dispose_many(text, before, OPINION, by=analyst)
            with CaptureQueriesContext(connection) as undone:
                sentences.undo_batch(text.document, batch.key, by=analyst)
            counts.append((batch.done, len(done), len(undone)))
        assert [count[0] for count in counts] == [5, 60]
        assert counts[0][1:] == counts[1][1:]


class TestClaims:
    def make(self, sentence: Sentence, by: User, **fields: Any) -> Claim:
        values = {"assertion": "Japan's budget is the ninth.", "kind": "ranking", **fields}
        return claim_sentence(sentence, sentence.start, sentence.end, by=by, **values)

    def take_back(self, claim: Claim, sentence: Sentence, by: User, **fields: Any) -> None:
        versions = {one.pk: one.version for one in sentences_of(claim, sentence.snapshot)}
        take_back_claim(claim, sentence, by=by, **{"version": claim.version, "seen": versions, **fields})

    def test_a_sentence_becomes_a_claim_and_may_become_several(self, sentence: Sentence, analyst: User) -> None:
        first = self.make(sentence, analyst, version=1)
        fields = {"assertion": "Japan has a military budget.", "kind": "event"}
        second = claim_sentence(sentence, sentence.start, sentence.start + 5, by=analyst, version=2, **fields)
        assert (sentence.disposition, sentence.version) == ("claim", 2)
        assert [place.claim for place in claims_of(sentence)] == [first, second]
        assert second.appearances.get().exact == "Japan"

    def test_a_decision_meanwhile_is_not_overwritten_by_a_claim(
        self, sentence: Sentence, analyst: User, reviewer: User
    ) -> None:
        mine = Sentence.objects.get(pk=sentence.pk)
        sentences.dispose(sentence, OPINION, by=reviewer)
        with pytest.raises(StaleVersion):
            self.make(mine, analyst, version=1)
        assert not Claim.objects.exists()

    def test_a_claim_may_take_the_place_of_another_decision(self, sentence: Sentence, analyst: User) -> None:
        sentences.dispose(sentence, OPINION, by=analyst)
        self.make(sentence, analyst, version=2)
        assert sentence.disposition == Disposition.CLAIM

    def test_taken_back_the_claim_is_dismissed_and_the_sentence_is_what_it_was(
        self, sentence: Sentence, analyst: User
    ) -> None:
        sentences.dispose(sentence, OPINION, by=analyst, note="Taste.")
        claim = self.make(sentence, analyst)
        self.take_back(claim, sentence, analyst, before=OPINION, note="Taste.")
        sentence.refresh_from_db()
        assert (sentence.disposition, sentence.note) == ("opinion", "Taste.")
        assert Claim.objects.get().stage == Stage.DISMISSED
        assert [event.act for event in Event.objects.of(claim)][-1] == Act.DISMISS

    def test_a_sentence_with_another_claim_stays_one(self, sentence: Sentence, analyst: User) -> None:
        kept = self.make(sentence, analyst)
        claim = claim_sentence(
            sentence, sentence.start, sentence.start + 5, by=analyst, assertion="Japan has one.", kind="event"
        )
        self.take_back(claim, sentence, analyst)
        sentence.refresh_from_db()
        assert sentence.disposition == Disposition.CLAIM
        assert [place.claim for place in claims_of(sentence)] == [kept]

    def test_every_sentence_that_the_claim_had_words_of_is_undecided_again(
        self, text: Snapshot, sentence: Sentence, analyst: User
    ) -> None:
        claim = claim_sentence(sentence, 0, sentence.end + 10, by=analyst, assertion="Both.", kind="event")
        assert dispositions(text) == ["claim", "claim", "", ""]
        self.take_back(claim, sentence, analyst)
        assert dispositions(text) == [""] * 4

    def test_it_is_not_taken_back_over_what_others_did_since(
        self, sentence: Sentence, analyst: User, reviewer: User
    ) -> None:
        claim = self.make(sentence, analyst)
        mine = Claim.objects.get(pk=claim.pk)
        claims.take(claim, by=reviewer)
        with pytest.raises(StaleVersion):
            self.take_back(mine, sentence, analyst, version=mine.version)
        claims.release(claim, by=reviewer)
        versions = {sentence.pk: 2}
        sentences.dispose(sentence, PREDICTION, by=reviewer)
        with pytest.raises(StaleVersion):
            self.take_back(claim, sentence, analyst, seen=versions)
        claim.refresh_from_db()
        assert claim.stage == Stage.OPEN


def assert_whole(document: Document) -> None:
    """No link of the document's chain is missing, and each fits its hash."""
    previous = ""
    for number, event in enumerate(Event.objects.of(document), start=1):
        assert (event.number, event.previous_hash, event.hash) == (number, previous, event.expected_hash())
        previous = event.hash


def replayed(document: Document) -> dict[int, tuple[str, str]]:
    """Disposition and note of each sentence as history tells them; fails when an event does not fit the one before."""
    known: dict[int, tuple[str, str]] = {}
    for event in Event.objects.of(document).filter(act=RecordAct.DISPOSE):
        assert event.subject_id is not None
        disposition, note = known.get(event.subject_id, ("", ""))
        pairs = [event.changes["disposition"], event.changes.get("note", [note, note])]
        assert [pair[0] for pair in pairs] == [disposition, note]
        known[event.subject_id] = (pairs[0][1], pairs[1][1])
    return known


NUMBERS = st.integers(1, 4)
DECISIONS = st.sampled_from([OPINION, PREDICTION, NO_FACT, None])
STEPS = st.one_of(
    st.tuples(st.just("decide"), NUMBERS, DECISIONS, st.sampled_from(["", "A note."]), st.booleans()),
    st.tuples(st.just("claim"), NUMBERS),
    st.tuples(st.just("bulk"), st.sets(NUMBERS), st.sampled_from([OPINION, NO_FACT]), st.booleans()),
    st.tuples(st.just("undo"), st.integers(0, 3)),
)


class Desk:
    """Two people at one text, each with what they have on their screen, and what can still be undone."""

    def __init__(self) -> None:
        self.text = factories.snapshot()
        self.people = [factories.user("first"), factories.user("second")]
        self.screens = [seen(self.text), seen(self.text)]
        self.undos: list[Any] = []

    def numbers(self) -> dict[int, Sentence]:
        return {one.number: one for one in self.text.sentences.select_related("snapshot__document")}

    def step(self, person: int, kind: str, *values: Any) -> None:
        try:
            getattr(self, kind)(self.people[person], self.screens[person], *values)
        except (StaleVersion, Refused):
            self.screens[person] = seen(self.text)  # told so, they look again

    def decide(
        self, by: User, screen: dict[int, int], number: int, wanted: Disposition | None, note: str, looks: bool
    ) -> None:
        one = self.numbers()[number]
        before = (one.disposition, one.note)
        screen.update(seen(self.text) if looks else {})
        sentences.dispose(one, wanted, by=by, note=note, version=screen[one.pk])
        undo = lambda by: sentences.dispose(  # noqa: E731
            one, Disposition(before[0]) if before[0] else None, by=by, note=before[1], version=version
        )
        version = one.version
        self.undos.append(undo)

    def claim(self, by: User, screen: dict[int, int], number: int) -> None:
        one = self.numbers()[number]
        place = (one.start, one.end)
        made = claim_sentence(one, *place, by=by, version=screen[one.pk], assertion="A fact.", kind="event")
        versions = {touched.pk: touched.version for touched in sentences_of(made, self.text)}
        version = made.version
        self.undos.append(lambda by: take_back_claim(made, one, by=by, version=version, seen=versions))

    def bulk(self, by: User, screen: dict[int, int], numbers: set[int], wanted: Disposition, looks: bool) -> None:
        screen.update(seen(self.text) if looks else {})
        chosen = {one.pk for one in self.text.sentences.filter(number__in=numbers)}
        batch = sentences.dispose_many(self.text, {pk: screen[pk] for pk in chosen}, wanted, by=by)
        assert batch.done + batch.left == len(chosen)
        self.undos.append(lambda by: sentences.undo_batch(self.text.document, batch.key, by=by))

    def undo(self, by: User, screen: dict[int, int], at: int) -> None:
        if self.undos:
            self.undos.pop(at % len(self.undos))(by)


@pytest.mark.django_db
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 1), STEPS), max_size=14))
def test_whatever_two_people_do_history_tells_how_the_sentences_stand(steps: list[tuple[int, tuple[Any, ...]]]) -> None:
    desk = Desk()
    for person, step in steps:
        desk.step(person, *step)
    told = replayed(desk.text.document)
    rows = list(desk.text.sentences.values_list("pk", "disposition", "note"))
    assert {pk: told.get(pk, ("", "")) for pk, *_ in rows} == {pk: (kind, note) for pk, kind, note in rows}
    assert_whole(desk.text.document)
    coverage = coverage_of([desk.text.pk])[desk.text.pk]
    assert (coverage.decided, coverage.sentences) == (sum(1 for _, kind, _ in rows if kind), 4)
    assert coverage.percent == 100 * coverage.decided // 4


@pytest.mark.parametrize("before", [0, 1, 3])
def test_many_events_continue_the_chain_of_their_object(before: int, analyst: User, text: Snapshot) -> None:
    claim = factories.claim(by=analyst) if before else Claim(pk=99)
    for number in range(before - 1):
        Event.objects.record(claim, Act.COMMENT, by=analyst, changes={"n": [None, number]})
    subjects = list(text.sentences.all())
    changes: list[dict[str, list[Any]]] = [{"sentence": [None, one.number]} for one in subjects]
    Event.objects.append_many(claim, Act.COMMENT, by=analyst, changes=changes, subjects=subjects, reason="Because.")
    chain = list(Event.objects.of(claim))
    assert [event.number for event in chain] == list(range(1, before + 5))
    assert all(event.hash == event.expected_hash() for event in chain)
    assert [event.previous_hash for event in chain] == ["", *[event.hash for event in chain[:-1]]]
    written = chain[before:]
    assert [(event.subject_type, event.subject_id) for event in written] == [("sentence", one.pk) for one in subjects]
    assert {(event.reason, event.at) for event in written} == {("Because.", written[0].at)}


def test_many_events_need_a_subject_each_and_values_that_history_can_keep(analyst: User, text: Snapshot) -> None:
    subjects = list(text.sentences.all())
    for wrong in ([{"a": [None, 1]}], [{"a": [None, 0.5]}] * 4):
        with pytest.raises(ValueError, match="history cannot keep|zip"):
            Event.objects.append_many(text.document, Act.COMMENT, by=analyst, changes=wrong, subjects=subjects)
    Event.objects.append_many(text.document, Act.COMMENT, by=analyst, changes=[], subjects=[])
    assert not Event.objects.filter(act=Act.COMMENT).exists()
