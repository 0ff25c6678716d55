"""Somebody declares a document complete while another opens something in it: it is never left so. See test_races.py."""

import pytest
from django.db import connection

from claims.actions import assessments, claims, completion, drafts, sentences
from claims.choices import Disposition, RecordAct, Role
from claims.models import Claim, Document, Event, Snapshot, User
from tests import factories
from tests.actions.racing import Act, failures, race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 8


@pytest.fixture
def analyst() -> User:
    return factories.user("analyst")


@pytest.fixture
def reviewer() -> User:
    return factories.user("reviewer", Role.REVIEWER)


def ready(author: User, reviewer: User) -> tuple[int, int]:
    """A document of which nothing is missing, and the verified claim in it, by their keys."""
    snapshot = factories.snapshot(by=author)
    claim = factories.claim_in_text(snapshot=snapshot, by=author)
    factories.submitted(claim, by=author)
    assessments.approve(claim, by=reviewer, version=claim.version)
    for sentence in snapshot.sentences.undecided():
        sentences.dispose(sentence, Disposition.NO_FACT, by=author)
    return snapshot.document_id, claim.pk


def declare(document: int, by: User) -> Act:
    return lambda: completion.declare_complete(Document.objects.get(pk=document), by=by)


def reopen(claim: int, by: User) -> Act:
    return lambda: claims.reopen(Claim.objects.get(pk=claim), by=by, reason="A new table.")


def check_not_complete(results: list[object]) -> None:
    """Whoever came too late was told what is missing, and nothing else went wrong."""
    assert set(failures(results)) <= {completion.Incomplete}
    assert not Document.objects.filter(completed_at__isnull=False).exists()


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_claim_reopened_at_that_moment(_: int, analyst: User, reviewer: User) -> None:
    document, claim = ready(analyst, reviewer)
    check_not_complete(race([declare(document, analyst), reopen(claim, reviewer), declare(document, reviewer)]))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_claim_restored_at_that_moment(_: int, analyst: User, reviewer: User) -> None:
    document, _verified = ready(analyst, reviewer)
    snapshot = Snapshot.objects.get(document=document)
    claim = factories.claim_in_text(snapshot=snapshot, quote="the summit", by=analyst)
    claims.dismiss(claim, by=analyst, reason="No fact.")

    def restore() -> None:
        claims.restore(Claim.objects.get(pk=claim.pk), by=reviewer)

    check_not_complete(race([declare(document, analyst), restore, declare(document, reviewer)]))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_claim_made_at_that_moment(_: int, analyst: User, reviewer: User) -> None:
    document, _claim = ready(analyst, reviewer)

    def make() -> None:
        factories.claim_in_text(snapshot=Snapshot.objects.get(document=document), by=reviewer)

    check_not_complete(race([declare(document, analyst), make, declare(document, reviewer)]))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_sentence_made_undecided_at_that_moment(_: int, analyst: User, reviewer: User) -> None:
    document, _claim = ready(analyst, reviewer)

    def undecide() -> None:
        sentence = Snapshot.objects.get(document=document).sentences.get(number=2)
        sentences.dispose(sentence, None, by=reviewer)

    check_not_complete(race([declare(document, analyst), undecide, declare(document, reviewer)]))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_draft_that_comes_at_that_moment(_: int, analyst: User, reviewer: User) -> None:
    document, _claim = ready(analyst, reviewer)

    def add() -> None:
        drafts.add_draft(Document.objects.get(pk=document), f"{factories.TEXT} It goes on.", by=reviewer)

    check_not_complete(race([declare(document, analyst), add, declare(document, reviewer)]))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_draft_and_a_reopened_claim_at_that_moment(_: int, analyst: User, reviewer: User) -> None:
    document, claim = ready(analyst, reviewer)

    def add() -> None:
        drafts.add_draft(Document.objects.get(pk=document), f"{factories.TEXT} It goes on.", by=reviewer)

    check_not_complete(race([declare(document, analyst), add, reopen(claim, reviewer)]))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_claims_of_the_same_documents_reopened_at_once_do_not_block_each_other(
    _: int, analyst: User, reviewer: User
) -> None:
    (one, first), (two, second) = ready(analyst, reviewer), ready(analyst, reviewer)
    for claim, document in ((first, two), (second, one)):
        snapshot = Snapshot.objects.get(document=document)
        claims.add_appearance(Claim.objects.get(pk=claim), snapshot, 0, 5, by=analyst)
    acts = [reopen(first, analyst), reopen(second, reviewer), declare(one, analyst), declare(two, reviewer)]
    check_not_complete(race(acts))


@pytest.mark.parametrize("_", range(ROUNDS))
def test_declaring_it_twice_at_once_is_one_act(_: int, analyst: User, reviewer: User) -> None:
    document, _claim = ready(analyst, reviewer)
    assert failures(race([declare(document, analyst), declare(document, reviewer)])) == []
    assert Event.objects.filter(act=RecordAct.COMPLETE).count() == 1
    assert Document.objects.get(pk=document).is_complete
