"""Learning from the desk's decisions: a proposal, measured on what was held out; nothing changes until accepted."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.actions import sentences, weightings
from claims.choices import Disposition, RecordAct
from claims.detection.language import language
from claims.models import Event, Job, Sentence, Snapshot, User, Weighting
from claims.reading.decisions import decisions
from tests import factories


def learn(*args: str) -> str:
    out = StringIO()
    call_command("learn_detection", *args, stdout=out)
    return out.getvalue()


def decided_text(by: User, number: int = 1, claims: int = 4) -> Snapshot:
    """A document whose sentences about fish were called claims, and whose numbers nobody here checks."""
    fishy = [f"The fish of pond {name} swim north." for name in "abcdefgh"[:claims]]
    numbers = [f"Ship {number}{at} cost {at + 2} million dollars in 2012." for at in range(4)]
    snapshot = factories.snapshot(text=" ".join(fishy + numbers), by=by)
    for sentence in snapshot.sentences.all():
        text = snapshot.text[sentence.start : sentence.end]
        wanted = Disposition.CLAIM if text.startswith("The fish") else Disposition.NO_FACT
        sentences.dispose(sentence, wanted, by=by)
    return snapshot


@pytest.fixture
def decided(analyst: User) -> list[Snapshot]:
    return [decided_text(analyst, number) for number in range(6)]


# --- what is learnt from


def test_every_decision_counts_with_its_words_and_its_document(analyst):
    snapshot = decided_text(analyst)
    found = list(decisions("en"))
    assert [example.text for example in found][0] == "The fish of pond a swim north."
    assert [example.is_worthy for example in found] == [True] * 4 + [False] * 4
    assert {example.group for example in found} == {str(snapshot.document_id)}


def test_undecided_sentences_and_other_languages_do_not_count(analyst):
    factories.snapshot()
    foreign = factories.snapshot(document=factories.document(language="ja"))
    sentences.dispose(foreign.sentences.first(), Disposition.OPINION, by=analyst)
    assert list(decisions("en")) == []


def test_a_heading_counts_as_one(analyst):
    snapshot = factories.snapshot(text="# A heading\n\nA sentence.")
    for sentence in snapshot.sentences.all():
        sentences.dispose(sentence, Disposition.NO_FACT, by=analyst)
    assert [example.is_heading for example in decisions("en")] == [True, False]


def carried(sentence: Sentence, by: User, disposition: str) -> Sentence:
    """The sentence in the next draft of its document."""
    later = Snapshot.objects.create(
        document=sentence.snapshot.document,
        number=sentence.snapshot.number + 1,
        text=sentence.snapshot.text,
        text_sha256=sentence.snapshot.text_sha256,
        origin="pasted",
        taken_by=by,
    )
    columns: dict[str, Any] = {"disposition": disposition}
    columns |= {"decided_by": by, "decided_at": sentence.decided_at} if disposition else {}
    return Sentence.objects.create(
        snapshot=later, number=1, start=sentence.start, end=sentence.end, carried_from=sentence, **columns
    )


def test_what_was_carried_over_counts_once_as_it_was_decided_last(analyst):
    sentence = factories.snapshot().sentences.first()
    sentences.dispose(sentence, Disposition.CLAIM, by=analyst)
    second = carried(sentence, analyst, Disposition.CLAIM)
    carried(second, analyst, Disposition.OPINION)
    assert [example.is_worthy for example in decisions("en")] == [False]


def test_what_is_undecided_in_the_new_draft_counts_as_it_was_decided_before(analyst):
    sentence = factories.snapshot().sentences.first()
    sentences.dispose(sentence, Disposition.CLAIM, by=analyst)
    carried(sentence, analyst, "")
    assert [example.is_worthy for example in decisions("en")] == [True]


# --- learning


def test_it_says_before_and_after_on_what_was_held_out(decided):
    said = learn("--terms", "5")
    assert "48 decided sentences of 6 documents: 24 claims." in said
    assert "Measured on held-out documents" in said
    before, after = next(line for line in said.splitlines() if line.startswith("average precision")).split()[2:]
    assert float(before) < float(after) == 1.0
    assert "Stored as weights 1. Nothing changes until someone accepts them" in said


def test_it_stores_a_proposal_and_changes_nothing(decided, analyst):
    in_force = Weighting.objects.weights_in_force("en")
    learn("--by", "analyst")
    weighting = Weighting.objects.get()
    assert (weighting.number, weighting.in_force, weighting.learnt_by) == (1, False, analyst)
    assert weighting.weights.signals["money"] < in_force.signals["money"]
    assert weighting.weights.terms == in_force.terms
    assert weighting.figures["base"] == 0
    assert Weighting.objects.weights_in_force("en") == in_force
    assert not Job.objects.exists()
    assert [event.act for event in Event.objects.of(weighting)] == [RecordAct.ADD]


def test_terms_can_be_chosen_anew(decided):
    learn("--terms", "3")
    assert (
        set(Weighting.objects.get().weights.terms) == {"fish", "of", "the"}
        or len(Weighting.objects.get().weights.terms) == 3
    )


def test_it_says_so_when_there_are_too_few_decisions(analyst):
    decided_text(analyst)
    with pytest.raises(CommandError, match="Too few decisions to learn from: 4 sentences are claims and 4 are not"):
        learn()
    assert not Weighting.objects.exists()


def test_it_says_so_when_there_are_too_few_documents_to_hold_one_out(analyst):
    for number in range(3):
        decided_text(analyst, number)
    assert "Measured on held-out sentences (there are too few documents)" in learn()


def test_it_says_so_when_little_is_to_be_gained(decided, admin):
    learn()
    weightings.accept(Weighting.objects.get(), by=admin)
    assert "there is little to gain" in learn()


def test_learning_again_starts_from_what_is_in_force(decided, admin):
    learn()
    weightings.accept(Weighting.objects.get(), by=admin)
    learn()
    assert Weighting.objects.get(number=2).figures["base"] == 1


def test_the_same_decisions_teach_the_same(decided):
    learn()
    learn()
    one, two = Weighting.objects.order_by("number")
    assert json.dumps(one.data) == json.dumps(two.data)
    assert one.figures == two.figures


# --- accepting


def test_an_admin_accepts_by_the_command(decided, admin):
    learn()
    said = learn("--accept", "1", "--by", "admin")
    weighting = Weighting.objects.get()
    assert (weighting.in_force, weighting.accepted_by) == (True, admin)
    job = Job.objects.get()
    assert f"job {job.pk}" in said
    assert (job.kind, job.params["language"], job.started_by) == ("rescore", "en", admin)
    assert Event.objects.of(weighting).last().act == RecordAct.ACCEPT


def test_nobody_else_accepts(decided, analyst):
    learn()
    with pytest.raises(CommandError, match="Admins manage people and settings"):
        learn("--accept", "1", "--by", "analyst")
    assert not Weighting.objects.filter(in_force=True).exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--accept", "1"], "--accept needs --by"),
        (["--accept", "1", "--by", "nobody"], "nobody called nobody"),
        (["--accept", "7", "--by", "admin"], "no weights 7 of en"),
        (["--accept", "x", "--by", "admin"], "a whole number"),
        (["--language", "xx"], "invalid choice"),
        (["--terms", "-1"], "--terms"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(admin, arguments: list[str], problem: str):
    with pytest.raises(CommandError, match=problem):
        learn(*arguments)


def test_the_weights_are_listed_with_what_is_in_force(admin):
    factories.weighting()
    assert "0  shipped  in force" in learn("--list")
    learn("--accept", "1", "--by", "admin")
    shipped, first = learn("--list").splitlines()
    assert "in force" not in shipped
    assert first.endswith("100 decisions, average precision 0.700, F1 0.650  in force")


def test_the_shipped_weights_can_be_put_back(admin):
    learned = factories.weighting(money=0.0)
    learn("--accept", "1", "--by", "admin")
    learn("--accept", "0", "--by", "admin")
    assert not Weighting.objects.filter(in_force=True).exists()
    assert Event.objects.of(learned).last().act == RecordAct.RETIRE


def test_only_one_is_in_force_and_older_ones_can_be_put_back(admin):
    one, two = factories.weighting(money=0.0), factories.weighting(money=2.0)
    for weighting in (one, two, one):
        weightings.accept(weighting, by=admin)
    assert list(Weighting.objects.filter(in_force=True)) == [one]
    assert [event.act for event in Event.objects.of(two)] == [RecordAct.ADD, RecordAct.ACCEPT, RecordAct.RETIRE]
    acts = [event.act for event in Event.objects.of(one)]
    assert acts == [RecordAct.ADD, RecordAct.ACCEPT, RecordAct.RETIRE, RecordAct.ACCEPT]


def test_putting_in_force_what_is_so_already_is_no_act(admin):
    weighting = factories.weighting()
    weightings.accept(weighting, by=admin)
    weightings.accept(weighting, by=admin)
    assert Event.objects.of(weighting).count() == 2


def test_weights_that_fit_the_signals_no_longer_are_refused(admin):
    data = factories.weighting().data
    odd = weightings.propose("en", {**data, "signals": {"gone": 1.0}}, factories.weighting().figures, by=None)
    with pytest.raises(CommandError, match="cannot be put in force any more"):
        learn("--accept", str(odd.number), "--by", "admin")
    assert not odd.in_force


def test_every_signal_of_a_language_stays_on_its_side(decided):
    learn()
    for name, weight in Weighting.objects.get().weights.signals.items():
        assert weight * language("en").rules[name].sign >= 0
