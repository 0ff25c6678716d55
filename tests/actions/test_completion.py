"""A document is complete only while every sentence is decided and every claim in it verified or dismissed."""

import pytest

from claims.actions import assessments, claims, completion, sentences
from claims.choices import Disposition, Found, Origin, RecordAct
from claims.models import Claim, Document, Event, Reanchoring, Snapshot, User, sha256
from claims.workflow import Refused
from tests import factories

QUOTE = "ninth-largest military budget"


@pytest.fixture
def snapshot(analyst: User, reviewer: User) -> Snapshot:
    """A text of which nothing is missing: one claim, verified, and four decided sentences."""
    made = factories.snapshot(by=analyst)
    claim = factories.claim_in_text(snapshot=made, quote=QUOTE, by=analyst)
    verify(claim, analyst, reviewer)
    decide_all(made, analyst)
    return made


@pytest.fixture
def document(snapshot: Snapshot, analyst: User) -> Document:
    """A complete document."""
    completion.declare_complete(snapshot.document, by=analyst)
    return snapshot.document


def verify(claim: Claim, author: User, reviewer: User) -> None:
    factories.submitted(claim, by=author)
    assessments.approve(claim, by=reviewer, version=claim.version)


def decide_all(snapshot: Snapshot, by: User) -> None:
    for sentence in snapshot.sentences.undecided():
        sentences.dispose(sentence, Disposition.NO_FACT, by=by)


def claim_in(snapshot: Snapshot) -> Claim:
    return Claim.objects.get(appearances__snapshot=snapshot)


def pending_in(snapshot: Snapshot) -> Reanchoring:
    """A passage of the text that waits for a decision, as a new draft leaves it."""
    older = factories.claim_in_text(snapshot=factories.snapshot()).appearances.get()
    return Reanchoring.objects.create(snapshot=snapshot, appearance=older, status=Found.GONE)


def newer_text(document: Document, by: User) -> Snapshot:
    """A latest text of which nothing is missing, and in which nothing of the one before is left."""
    text = "Nothing of it is left."
    return Snapshot.objects.create(
        document=document,
        number=2,
        text=text,
        text_sha256=sha256(text.encode()),
        raw_sha256=sha256(text.encode()),
        origin=Origin.PASTED,
        taken_by=by,
    )


def lapses(document: Document) -> list[str]:
    """The reasons for which its completeness ended; fails while it is still complete."""
    document.refresh_from_db()
    assert not document.is_complete
    return [event.reason for event in Event.objects.of(document).filter(act=RecordAct.LAPSE)]


# --- declaring


def test_a_document_is_declared_complete_by_someone_at_a_time(snapshot, reviewer):
    completion.declare_complete(snapshot.document, by=reviewer)
    document = Document.objects.get(pk=snapshot.document.pk)
    assert document.is_complete
    assert document.completed_by == reviewer
    event = Event.objects.of(document).last()
    assert (event.act, event.by) == (RecordAct.COMPLETE, reviewer)
    assert event.changes["completed_by"] == [None, "reviewer"]


def test_declaring_it_again_is_no_act(document, reviewer):
    completion.declare_complete(document, by=reviewer)
    assert Event.objects.of(document).filter(act=RecordAct.COMPLETE).count() == 1
    assert Document.objects.get(pk=document.pk).completed_by.username == "analyst"


def test_a_reader_declares_nothing(snapshot, reader):
    with pytest.raises(Refused, match="Your role reads"):
        completion.declare_complete(snapshot.document, by=reader)


def test_it_is_refused_while_a_sentence_is_undecided(snapshot, analyst):
    sentence = snapshot.sentences.last()
    sentences.dispose(sentence, None, by=analyst)
    with pytest.raises(completion.Incomplete, match="1 sentence is undecided") as refused:
        completion.declare_complete(snapshot.document, by=analyst)
    assert refused.value.missing.sentences == [sentence]
    assert not Event.objects.of(snapshot.document).filter(act=RecordAct.COMPLETE).exists()


def test_it_is_refused_while_a_claim_is_unresolved(snapshot, analyst):
    claim = factories.claim_in_text(snapshot=snapshot, quote="the summit", by=analyst)
    with pytest.raises(completion.Incomplete, match="1 claim is neither verified nor dismissed") as refused:
        completion.declare_complete(snapshot.document, by=analyst)
    assert refused.value.missing.claims == [claim]


def test_a_dismissed_claim_is_resolved(snapshot, analyst):
    claim = factories.claim_in_text(snapshot=snapshot, quote="the summit", by=analyst)
    claims.dismiss(claim, by=analyst, reason="No fact.")
    completion.declare_complete(snapshot.document, by=analyst)
    assert snapshot.document.is_complete


def test_it_is_refused_while_a_passage_of_the_draft_waits_for_a_decision(snapshot, analyst):
    pending = pending_in(snapshot)
    with pytest.raises(completion.Incomplete, match="1 passage waits for a decision") as refused:
        completion.declare_complete(snapshot.document, by=analyst)
    assert refused.value.missing.passages == [pending]


def test_every_reason_is_told_at_once(analyst):
    snapshot = factories.snapshot()
    factories.claim_in_text(snapshot=snapshot)
    pending_in(snapshot)
    with pytest.raises(completion.Incomplete) as refused:
        completion.declare_complete(snapshot.document, by=analyst)
    assert refused.value.missing.reasons == [
        "3 sentences are undecided",
        "1 claim is neither verified nor dismissed",
        "1 passage waits for a decision",
    ]


def test_a_document_without_a_text_cannot_be_complete(analyst):
    with pytest.raises(completion.Incomplete, match="no text of it is stored"):
        completion.declare_complete(factories.document(), by=analyst)


def test_only_the_latest_text_counts(snapshot, analyst):
    newer_text(snapshot.document, analyst)
    sentences.dispose(snapshot.sentences.last(), None, by=analyst)
    claims.reopen(claim_in(snapshot), by=analyst, reason="A new table.")
    completion.declare_complete(snapshot.document, by=analyst)
    assert Document.objects.get(pk=snapshot.document.pk).is_complete


# --- how it ends


def test_someone_takes_it_back_with_a_reason(document, reviewer):
    completion.reopen(document, by=reviewer, reason=" The last paragraph was skipped. ")
    assert lapses(document) == ["The last paragraph was skipped."]


def test_taking_back_what_is_not_complete_is_no_act(snapshot, analyst):
    completion.reopen(snapshot.document, by=analyst)
    assert lapses(snapshot.document) == []


def test_a_reader_takes_nothing_back(document, reader):
    with pytest.raises(Refused):
        completion.reopen(document, by=reader)


def test_it_ends_when_a_sentence_is_undecided_again(document, snapshot, analyst):
    sentences.dispose(snapshot.sentences.get(number=2), None, by=analyst)
    assert lapses(document) == ["Sentence 2 is undecided again."]


def test_another_decision_on_a_sentence_does_not_end_it(document, snapshot, analyst):
    sentences.dispose(snapshot.sentences.get(number=2), Disposition.OPINION, by=analyst)
    document.refresh_from_db()
    assert document.is_complete


def test_it_ends_when_a_claim_is_made_in_it(document, snapshot, analyst):
    claim = factories.claim_in_text(snapshot=snapshot, quote="the summit", by=analyst)
    assert lapses(document) == [f"{claim.reference} was found in it."]


def test_it_ends_when_a_claim_known_elsewhere_is_found_in_it(document, snapshot, analyst):
    claim = factories.claim()
    claims.add_appearance(claim, snapshot, 0, 5, by=analyst)
    assert lapses(document) == [f"{claim.reference} was found in it."]


def test_it_ends_when_a_claim_in_it_is_reopened(document, snapshot, analyst):
    claim = claim_in(snapshot)
    claims.reopen(claim, by=analyst, reason="A new table.")
    assert lapses(document) == [f"{claim.reference} was reopened."]


def test_it_ends_when_a_claim_in_it_is_restored(snapshot, analyst):
    claim = factories.claim_in_text(snapshot=snapshot, quote="the summit", by=analyst)
    claims.dismiss(claim, by=analyst, reason="No fact.")
    completion.declare_complete(snapshot.document, by=analyst)
    claims.restore(claim, by=analyst)
    assert lapses(snapshot.document) == [f"{claim.reference} was restored."]


def test_a_claim_opened_anew_ends_it_in_every_document_that_makes_it(document, snapshot, analyst):
    other = factories.snapshot(text="It has the ninth-largest military budget.", by=analyst)
    claim = claim_in(snapshot)
    claims.add_appearance(claim, other, 0, 6, by=analyst)
    decide_all(other, analyst)
    completion.declare_complete(other.document, by=analyst)
    claims.reopen(claim, by=analyst, reason="A new table.")
    assert len(lapses(document)) == len(lapses(other.document)) == 1


def test_what_happens_in_an_older_text_does_not_end_it(document, snapshot, analyst):
    completion.reopen(document, by=analyst)
    newer_text(document, analyst)
    completion.declare_complete(document, by=analyst)
    sentences.dispose(snapshot.sentences.get(number=2), None, by=analyst)
    claims.reopen(Claim.objects.get(), by=analyst, reason="A new table.")
    document.refresh_from_db()
    assert document.is_complete


def test_a_claim_found_in_an_older_text_ends_it_as_its_passage_waits_in_the_latest(document, snapshot, analyst):
    completion.reopen(document, by=analyst)
    newer_text(document, analyst)
    completion.declare_complete(document, by=analyst)
    claim = factories.claim_in_text(snapshot=snapshot, quote="the summit", by=analyst)
    assert lapses(document)[-1] == f"{claim.reference} was found in an earlier text."
    with pytest.raises(completion.Incomplete, match="1 passage waits for a decision"):
        completion.declare_complete(document, by=analyst)


def test_its_chain_tells_the_whole_story(document, snapshot, analyst):
    sentences.dispose(snapshot.sentences.get(number=2), None, by=analyst)
    sentences.dispose(snapshot.sentences.get(number=2), Disposition.NO_FACT, by=analyst)
    completion.declare_complete(document, by=analyst)
    acts = list(Event.objects.of(document).values_list("act", flat=True))
    assert acts[-5:] == ["complete", "dispose", "lapse", "dispose", "complete"]
