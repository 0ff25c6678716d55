"""Other weights in force: the undecided sentences of the latest texts are scored anew, and nothing else changes."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from claims.actions import sentences
from claims.choices import Disposition, JobKind, JobState
from claims.jobs import cancel, rescoring, start
from claims.jobs.progress import Progress
from claims.models import Job, Sentence, Snapshot, User, Weighting
from tests import factories

TEXT = "# Costs\n\nThe ship cost 40 million dollars. It was painted in 2012. Nobody knows."


@pytest.fixture
def weighting(db: None) -> Weighting:
    """Money counts for nothing in it."""
    return factories.weighting(money=0.0, quantity=0.0)


def scores(snapshot: Snapshot) -> list[float | None]:
    return list(snapshot.sentences.order_by("number").values_list("score", flat=True))


def rescored(weighting: Weighting, admin: User) -> Job:
    rescoring.put_in_force(weighting, by=admin)
    (job,) = factories.run_jobs()
    return job


def test_undecided_sentences_are_scored_with_the_weights_in_force(weighting, admin):
    snapshot = factories.snapshot(text=TEXT)
    before = scores(snapshot)
    job = rescored(weighting, admin)
    assert (job.state, job.report["lines"]) == (JobState.DONE, ["4 undecided sentences were scored anew."])
    after = scores(snapshot)
    assert after[1] < before[1]
    assert after[2:] == before[2:]
    names = [one["name"] for one in snapshot.sentences.get(number=2).signals]
    assert "money" not in names


def test_a_text_that_comes_in_later_is_scored_the_same(weighting, admin):
    snapshot = factories.snapshot(text=TEXT)
    rescored(weighting, admin)
    later = factories.snapshot(text=TEXT)
    assert scores(later) == scores(snapshot)
    assert later.sentences.get(number=2).signals == snapshot.sentences.get(number=2).signals


def test_decided_sentences_keep_the_score_they_were_decided_by(weighting, admin, analyst):
    snapshot = factories.snapshot(text=TEXT)
    before = scores(snapshot)
    sentences.dispose(snapshot.sentences.get(number=2), Disposition.NO_FACT, by=analyst)
    assert rescored(weighting, admin).report["lines"] == ["3 undecided sentences were scored anew."]
    assert scores(snapshot)[1] == before[1]


def test_neither_versions_nor_histories_change(weighting, admin):
    snapshot = factories.snapshot(text=TEXT)
    before = list(snapshot.sentences.values("pk", "version", "changed_at", "disposition"))
    rescored(weighting, admin)
    assert list(snapshot.sentences.values("pk", "version", "changed_at", "disposition")) == before


def test_earlier_texts_and_other_languages_keep_their_scores(weighting, admin):
    old = factories.snapshot(text=TEXT)
    foreign = factories.snapshot(text=TEXT, document=factories.document(language="ja"))
    Snapshot.objects.create(document=old.document, number=2, text="New.", origin="pasted", taken_by=admin)
    before = scores(old)
    assert rescored(weighting, admin).report["lines"] == ["0 undecided sentences were scored anew."]
    assert scores(old) == before
    assert scores(foreign) == [None] * 4


def test_texts_are_stored_in_batches_with_the_progress_told_between(weighting, admin, monkeypatch):
    monkeypatch.setattr(rescoring, "BATCH", 3)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(Progress, "report", lambda self, step, done, total: told.append((done, total)))
    snapshots = [factories.snapshot(text=TEXT) for _ in range(2)]
    assert rescored(weighting, admin).state == JobState.DONE
    assert told == [(3, 8), (6, 8)]
    assert len({tuple(scores(snapshot)) for snapshot in snapshots}) == 1


def test_a_decision_made_meanwhile_stays(weighting, admin, analyst, monkeypatch):
    snapshot = factories.snapshot(text=TEXT)
    store = rescoring._store

    def store_after_a_decision(batch):
        sentences.dispose(Sentence.objects.get(snapshot=snapshot, number=3), Disposition.OPINION, by=analyst)
        store(batch)

    monkeypatch.setattr(rescoring, "_store", store_after_a_decision)
    rescored(weighting, admin)
    decided = snapshot.sentences.get(number=3)
    assert (decided.disposition, decided.decided_by, decided.version) == (Disposition.OPINION, analyst, 2)


def test_one_that_was_cancelled_before_it_began_scores_nothing(weighting, admin):
    snapshot = factories.snapshot(text=TEXT)
    before = scores(snapshot)
    job = rescoring.put_in_force(weighting, by=admin)
    cancel(job, by=admin)
    assert factories.run_jobs() == []
    assert scores(snapshot) == before


def test_weights_that_fit_the_signals_no_longer_fail_in_words(weighting, admin):
    data = {**weighting.data, "signals": {"gone": 1.0}}
    columns = {"in_force": True, "accepted_by": admin, "accepted_at": timezone.now()}
    Weighting.objects.create(language="en", number=9, data=data, **columns)
    start(JobKind.RESCORE, by=admin, title="en", params={"language": "en"})
    (job,) = factories.run_jobs()
    assert job.state == JobState.FAILED
    assert "Signals and weights differ" in job.problem


def test_scoring_anew_lets_what_people_wait_for_go_first(analyst):
    jobs = [start(kind, by=analyst, title="Long work") for kind in (JobKind.RESCORE, JobKind.DOCUMENT)]
    queued = DBTaskResult.objects.order_by(*DBTaskResult._meta.ordering)
    assert [task.args_kwargs["args"][0] for task in queued] == [jobs[1].pk, jobs[0].pk]
