"""Two people decide on the same sentences at the same moment: nobody overwrites anybody, and history is whole.

PostgreSQL only, as test_races.py.
"""

import pytest
from django.db import connection

from claims.actions.sentence_claims import claim_sentence
from claims.actions.sentences import Batch, dispose, dispose_many, undo_batch
from claims.choices import Disposition, RecordAct
from claims.models import Claim, Document, Event, Sentence, Snapshot, StaleVersion, User
from tests import factories
from tests.actions.racing import failures, race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 5
OPINION, PREDICTION, NO_FACT = Disposition.OPINION, Disposition.PREDICTION, Disposition.NO_FACT


@pytest.fixture
def people() -> list[User]:
    return [factories.user(f"analyst{number}") for number in range(4)]


@pytest.fixture
def text() -> Snapshot:
    return factories.snapshot(text=" ".join(f"Port {number} is old." for number in range(40)))


def fresh(text: Snapshot) -> Snapshot:
    return Snapshot.objects.select_related("document").get(pk=text.pk)


def first(text: Snapshot) -> Sentence:
    return Sentence.objects.select_related("snapshot__document").filter(snapshot=text).earliest("number")


def seen(text: Snapshot) -> dict[int, int]:
    return dict(text.sentences.values_list("pk", "version"))


def assert_told(document: Document) -> None:
    """The chain is whole, and says of each sentence how it stands."""
    previous = ""
    known: dict[int | None, str] = {}
    for number, event in enumerate(Event.objects.of(document), start=1):
        assert (event.number, event.previous_hash, event.hash) == (number, previous, event.expected_hash())
        previous = event.hash
        if event.act == RecordAct.DISPOSE:
            old, new = event.changes["disposition"]
            assert old == known.get(event.subject_id, "")
            known[event.subject_id] = new
    rows = Sentence.objects.filter(snapshot__document=document).values_list("pk", "disposition")
    assert all(known.get(pk, "") == disposition for pk, disposition in rows)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_two_decisions_on_what_both_saw_one_is_refused(_: int, text: Snapshot, people: list[User]) -> None:
    results = race(
        [
            lambda by=by, kind=kind: dispose(first(text), kind, by=by, version=1)
            for by, kind in zip(people, (OPINION, PREDICTION, NO_FACT), strict=False)
        ]
    )
    assert failures(results) == [StaleVersion] * 2
    assert first(text).version == 2
    assert_told(text.document)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_of_two_claims_of_one_sentence_one_is_refused(_: int, text: Snapshot, people: list[User]) -> None:
    def claim(by: User) -> Claim:
        one = first(text)
        fields = {"assertion": f"{by} says so.", "kind": "event"}
        return claim_sentence(one, one.start, one.end, by=by, version=1, **fields)

    results = race([lambda by=by: claim(by) for by in people[:3]])
    assert failures(results) == [StaleVersion] * 2
    assert Claim.objects.count() == 1
    assert_told(text.document)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_batch_leaves_out_what_others_decide_at_that_moment(_: int, text: Snapshot, people: list[User]) -> None:
    screen = seen(text)
    results = race(
        [
            lambda: dispose_many(fresh(text), screen, NO_FACT, by=people[0]),
            lambda: dispose_many(fresh(text), screen, OPINION, by=people[1]),
            lambda: dispose(first(text), PREDICTION, by=people[2], version=1),
        ]
    )
    batches = [one for one in results if isinstance(one, Batch)]
    assert set(failures(results)) <= {StaleVersion}
    assert [batch.done + batch.left for batch in batches] == [40, 40]
    single = 0 if failures(results) else 1
    assert sum(batch.done for batch in batches) + single == 40
    assert set(text.sentences.values_list("version", flat=True)) == {2}
    assert_told(text.document)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_batch_undone_twice_at_once_is_undone_once(_: int, text: Snapshot, people: list[User]) -> None:
    batch = dispose_many(fresh(text), seen(text), NO_FACT, by=people[0])
    results = race(
        [
            lambda: undo_batch(fresh(text).document, batch.key, by=people[0]),
            lambda: undo_batch(fresh(text).document, batch.key, by=people[0]),
            lambda: dispose(first(text), PREDICTION, by=people[1]),
        ]
    )
    assert failures(results) == []
    assert sorted(one for one in results if isinstance(one, int))[0] == 0
    assert first(text).disposition == PREDICTION
    assert_told(text.document)
