"""Two people press at the same moment: one thing happens, and the other is told so, on both databases.

Each race is run a few times, since chance decides who comes first. PostgreSQL only: SQLite lets one transaction
write at a time, and its test database lives in memory, where threads share one connection; see test_many_writers.py.
"""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import RequestFactory

from claims.actions import (
    assessments,
    claim_sets,
    claims,
    comments,
    confirmations,
    documents,
    drafts,
    evidence,
    quotes,
    relations,
    releases,
    sentences,
)
from claims.choices import Act, Disposition, QuoteStatus, RelationKind, Role, Stage
from claims.http import once
from claims.models import (
    Assessment,
    Claim,
    ClaimSet,
    Comment,
    Document,
    Event,
    Evidence,
    Relation,
    Release,
    StaleVersion,
    User,
    Verdict,
)
from claims.workflow import Refused
from tests import factories
from tests.actions.racing import failures, race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 5


def whole_chain(record: Claim | ClaimSet | Document) -> list[str]:
    """The acts of the record's history; fails when a link of the chain is missing or does not fit."""
    previous, acts = "", []
    for number, event in enumerate(Event.objects.of(record), start=1):
        assert (event.number, event.previous_hash) == (number, previous)
        assert event.hash == event.expected_hash()
        previous = event.hash
        acts.append(event.act)
    return acts


@pytest.fixture
def people() -> list[User]:
    return [factories.user(f"reviewer{number}", Role.REVIEWER) for number in range(4)]


def get(claim: Claim) -> Claim:
    return Claim.objects.with_pending().get(pk=claim.pk)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_approvals_are_one(_: int, people: list[User]) -> None:
    claim = factories.claim(by=people[0])
    factories.submitted(claim, by=people[0])
    seen = claim.version
    results = race([lambda by=by: assessments.approve(get(claim), by=by, version=seen) for by in people[1:]])
    assert len(failures(results)) == 2
    assert set(failures(results)) <= {StaleVersion, Refused}
    assert whole_chain(claim).count(Act.APPROVE) == 1
    assert get(claim).standing.decided_by in people[1:]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_approval_and_a_return_are_one_decision(_: int, people: list[User]) -> None:
    claim = factories.claim(by=people[0])
    factories.submitted(claim, by=people[0])
    seen = claim.version
    results = race(
        [
            lambda: assessments.approve(get(claim), by=people[1], version=seen),
            lambda: assessments.return_(get(claim), by=people[2], version=seen, reason="Which table?"),
        ]
    )
    assert len(failures(results)) == 1
    assert set(failures(results)) <= {StaleVersion, Refused}
    assert len({Act.APPROVE, Act.RETURN} & set(whole_chain(claim))) == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_approval_and_a_withdrawal_do_not_both_happen(_: int, people: list[User]) -> None:
    claim = factories.claim(by=people[0])
    factories.submitted(claim, by=people[0])
    seen = claim.version
    results = race(
        [
            lambda: assessments.approve(get(claim), by=people[1], version=seen),
            lambda: assessments.withdraw(get(claim), by=people[0]),
        ]
    )
    assert len(failures(results)) == 1
    assert set(failures(results)) <= {StaleVersion, Refused}
    assert get(claim).stage in {Stage.VERIFIED, Stage.IN_PROGRESS}


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_claim_is_taken_up_by_one_person(_: int, people: list[User]) -> None:
    claim = factories.claim()
    results = race([lambda by=by: claims.take(get(claim), by=by) for by in people])
    assert failures(results) == [Refused] * 3
    assert "Someone else is working" in str(next(result for result in results if isinstance(result, Refused)))
    assert whole_chain(claim) == [Act.CREATE, Act.TAKE]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_edits_of_one_version_are_one_and_a_stale_save(_: int, people: list[User]) -> None:
    claim = factories.claim()
    results = race(
        [lambda by=by: claims.edit_claim(get(claim), by=by, version=1, assertion=f"{by} says so.") for by in people]
    )
    assert failures(results) == [StaleVersion] * 3
    assert whole_chain(claim) == [Act.CREATE, Act.EDIT]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_submissions_are_one(_: int, people: list[User]) -> None:
    claim = factories.claim()
    results = race([lambda by=by: factories.submitted(get(claim), by=by) for by in people])
    assert len(failures(results)) == 3
    assert set(failures(results)) <= {StaleVersion, Refused}
    assert Assessment.objects.pending().filter(claim=claim).count() == 1
    assert Assessment.objects.filter(claim=claim).count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_saves_of_one_draft_keep_one_draft(_: int, people: list[User]) -> None:
    claim = factories.claim()
    verdict = factories.verdict()
    results = race(
        [
            lambda words=words: assessments.save_draft(get(claim), by=people[0], verdict=verdict, rationale=words)
            for words in ("First thought.", "Second thought.", "Third thought.")
        ]
    )
    assert failures(results) == []
    assert Assessment.objects.drafts().filter(claim=claim).count() == 1
    assert whole_chain(claim) == [Act.CREATE, *[Act.DRAFT] * 3]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_draft_saved_while_it_is_submitted_leaves_no_second_one(_: int, people: list[User]) -> None:
    claim = factories.claim()
    race(
        [
            lambda: factories.submitted(get(claim), by=people[0]),
            lambda: assessments.save_draft(get(claim), by=people[0], verdict=None, rationale="Late."),
        ]
    )
    assert Assessment.objects.filter(claim=claim).count() == 1
    assessments.withdraw(get(claim), by=people[0])


@pytest.mark.parametrize("_", range(ROUNDS))
def test_evidence_that_comes_with_the_approval_makes_the_claim_due(_: int, people: list[User]) -> None:
    claim, page = factories.claim(by=people[0]), factories.document()
    factories.submitted(claim, by=people[0])
    results = race(
        [
            lambda: assessments.approve(get(claim), by=people[1], version=2),
            lambda: factories.evidence_for(get(claim), document=page, by=people[2]),
        ]
    )
    assert failures(results) == []
    acts = whole_chain(claim)
    came_after = acts.index(Act.ADD_EVIDENCE) > acts.index(Act.APPROVE)
    assert get(claim).is_due == came_after


@pytest.mark.parametrize("_", range(ROUNDS))
def test_people_who_comment_at_once_do_not_wait_for_each_other_for_ever(_: int, people: list[User]) -> None:
    claim = factories.claim()
    results = race([lambda by=by: factories.comment(get(claim), by=by) for by in people])
    assert failures(results) == []
    assert whole_chain(claim) == [Act.CREATE, *[Act.COMMENT] * 4]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_thread_is_resolved_once_while_others_answer(_: int, people: list[User]) -> None:
    claim = factories.claim()
    thread = factories.comment(claim, by=people[0])

    def load() -> Comment:
        return Comment.objects.get(pk=thread.pk)

    results = race(
        [
            lambda: comments.resolve_thread(load(), by=people[1]),
            lambda: comments.resolve_thread(load(), by=people[2]),
            lambda: comments.add_comment(get(claim), by=people[3], body="But…", parent=load()),
        ]
    )
    assert failures(results) == []
    # The answer opens it again if it was resolved, and then the second may resolve it again.
    turns = [act for act in whole_chain(claim) if act in (Act.RESOLVE_COMMENT, Act.REOPEN_COMMENT)]
    assert turns == [Act.RESOLVE_COMMENT, Act.REOPEN_COMMENT, Act.RESOLVE_COMMENT][: len(turns)]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_claim_goes_into_a_set_once(_: int, people: list[User]) -> None:
    made, new = factories.claim_set(), [factories.claim() for _ in range(3)]
    results = race(
        [lambda by=by: claim_sets.add_to_claim_set(ClaimSet.objects.get(pk=made.pk), new, by=by) for by in people]
    )
    assert sorted(results) == [0, 0, 0, 3]
    assert list(made.items.values_list("position", flat=True)) == [1, 2, 3]
    assert whole_chain(made) == ["add", "add_claims"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_releases_begun_at_once_get_numbers_of_their_own(_: int) -> None:
    reviewers = [factories.user(f"reviewer{number}", Role.REVIEWER) for number in range(4)]
    sets = [factories.claim_set(claims=(factories.sound_claim(),)) for _ in range(2)]
    results = race(
        [
            lambda by=by, pk=pk: releases.begin(ClaimSet.objects.get(pk=pk), by=by)
            for by, pk in zip(reviewers, [sets[0].pk, sets[0].pk, sets[1].pk, sets[1].pk], strict=True)
        ]
    )
    assert failures(results) == []
    made = Release.objects.order_by("serial").values_list("claim_set", "number", "serial")
    assert [serial for _, _, serial in made] == [1, 2, 3, 4]
    assert sorted((pk, number) for pk, number, _ in made) == [(one.pk, number) for one in sets for number in (1, 2)]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_release_holds_a_claim_as_it_was_before_or_after_it_was_reopened(_: int) -> None:
    reviewer, analyst = factories.user("reviewer0", Role.REVIEWER), factories.user("analyst0")
    claim = factories.sound_claim()
    claim_set = factories.claim_set(claims=(claim,))
    begun, reopened = race(
        [
            lambda: releases.begin(ClaimSet.objects.get(pk=claim_set.pk), by=reviewer),
            lambda: claims.reopen(Claim.objects.get(pk=claim.pk), by=analyst, reason="A new table."),
        ]
    )
    assert not isinstance(reopened, Exception)
    if isinstance(begun, Exception):
        assert isinstance(begun, ValidationError)
        assert "blocks the release" in str(begun)
        return
    entry = begun.entries.get()
    later = Event.objects.of(claim).filter(number__gt=entry.event_number)
    assert [event.act for event in later] == [Act.REOPEN]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_one_address_is_stored_once(_: int, people: list[User]) -> None:
    results = race(
        [lambda by=by: evidence.document_for_url("https://example.org/table?utm_source=x", by=by) for by in people]
    )
    assert failures(results) == []
    document = Document.objects.get()
    assert results == [document] * 4
    assert whole_chain(document) == ["add"]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_an_article_added_twice_at_once_is_told_so(_: int, people: list[User]) -> None:
    address = "https://example.org/article"
    results = race(
        [
            lambda by=by: documents.add_article(by=by, title="An article", text=factories.TEXT, url=address)
            for by in people
        ]
    )
    assert failures(results) == [ValidationError] * 3
    assert Document.objects.get().snapshots.count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_new_texts_of_a_document_are_two_snapshots(_: int, people: list[User]) -> None:
    document = factories.document()
    results = race(
        [
            lambda by=by: drafts.add_draft(Document.objects.get(pk=document.pk), f"{by} wrote this.", by=by)
            for by in people
        ]
    )
    assert failures(results) == []
    assert list(document.snapshots.values_list("number", flat=True)) == [1, 2, 3, 4]
    whole_chain(document)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_half_a_circle_each_is_no_circle(_: int, people: list[User]) -> None:
    a, b, c, d = (factories.claim() for _ in range(4))
    relations.relate(b, RelationKind.DEPENDS_ON, c, by=people[0])
    relations.relate(d, RelationKind.DEPENDS_ON, a, by=people[0])
    results = race(
        [
            lambda: relations.relate(get(a), RelationKind.DEPENDS_ON, get(b), by=people[0]),
            lambda: relations.relate(get(c), RelationKind.DEPENDS_ON, get(d), by=people[1]),
        ]
    )
    assert failures(results) == [ValidationError]
    assert Relation.objects.count() == 3


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_claims_that_are_made_to_rest_on_each_other_are_no_circle(_: int, people: list[User]) -> None:
    a, b = (factories.claim() for _ in range(2))
    results = race(
        [
            lambda: relations.relate(get(a), RelationKind.DEPENDS_ON, get(b), by=people[0]),
            lambda: relations.relate(get(b), RelationKind.DEPENDS_ON, get(a), by=people[1]),
        ]
    )
    assert failures(results) == [ValidationError]
    assert Relation.objects.count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_confirmation_is_decided_once_or_the_claim_reopened_first(_: int, people: list[User]) -> None:
    claim = factories.verified_claim()
    confirmations.confirm(claim, by=people[0], rationale="It still says so.", as_of="2026-11")
    seen = claim.version
    results = race(
        [
            lambda: confirmations.approve_confirmation(get(claim), by=people[1], version=seen),
            lambda: confirmations.return_confirmation(get(claim), by=people[2], version=seen, reason="Which table?"),
            lambda: claims.reopen(get(claim), by=people[3], reason="A newer table."),
        ]
    )
    assert set(failures(results)) <= {StaleVersion, Refused}
    assert results[2] is None
    assert get(claim).stage == Stage.OPEN
    assert not Assessment.objects.pending().filter(claim=claim).exists()
    whole_chain(claim)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_quotes_are_placed_while_one_of_them_is_edited(_: int, people: list[User]) -> None:
    page = factories.snapshot(text="Japan comes tenth. Korea comes ninth.").document
    pieces = [factories.evidence_for(factories.claim(), document=page, quote="Japan comes tenth") for _ in range(3)]
    factories.snapshot(text="Korea comes ninth. Japan comes eighth.", document=page)
    results = race(
        [
            lambda: quotes.place_quotes(Document.objects.get(pk=page.pk), by=people[0]),
            lambda: quotes.place_quotes(Document.objects.get(pk=page.pk), by=people[1]),
            lambda: evidence.edit_evidence(
                Evidence.objects.get(pk=pieces[1].pk), by=people[2], version=1, quote="Korea comes ninth"
            ),
        ]
    )
    assert failures(results) == []
    found = [piece.quote_status for piece in Evidence.objects.order_by("pk")]
    assert found == [QuoteStatus.DIFFERS, QuoteStatus.FOUND, QuoteStatus.DIFFERS]
    for piece in pieces:
        whole_chain(piece.claim)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_sentence_decided_twice_tells_both_in_order(_: int, people: list[User]) -> None:
    sentence = factories.snapshot().sentences.first()
    kinds = [Disposition.OPINION, Disposition.PREDICTION, Disposition.NO_FACT]
    results = race(
        [
            lambda kind=kind: sentences.dispose(type(sentence).objects.get(pk=sentence.pk), kind, by=people[0])
            for kind in kinds
        ]
    )
    assert failures(results) == []
    pairs = [event.changes["disposition"] for event in Event.objects.filter(act="dispose").order_by("number")]
    assert [pair[0] for pair in pairs] == ["", *[pair[1] for pair in pairs[:-1]]]
    whole_chain(sentence.snapshot.document)


def test_a_retirement_and_a_submission_settle_one_after_the_other(people: list[User]) -> None:
    from claims.actions.verdicts import retire_verdict

    claim, admin = factories.claim(), factories.user("admin", Role.ADMIN)

    def retire() -> None:
        with transaction.atomic():
            retire_verdict(Verdict.objects.get(key="supported"), by=admin)

    results = race([retire, retire, lambda: factories.submitted(get(claim), by=people[0])])
    assert set(failures(results)) <= {ValidationError}
    assert Event.objects.filter(object_type="verdict").count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_one_form_sent_twice_at_once_is_one_act(_: int, people: list[User]) -> None:
    token = uuid.uuid4()

    def press() -> str | None:
        request = RequestFactory().post("/", {"token": str(token)})
        request.user = people[0]
        with once(request) as attempt:
            if not attempt.repeated:
                attempt.location = factories.claim(by=people[0]).get_absolute_url()
        return attempt.repeated

    results = race([press] * 3)
    assert failures(results) == []
    assert sorted(results, key=str) == sorted([None, *[Claim.objects.get().get_absolute_url()] * 2], key=str)
