"""Scoring undecided sentences anew, when other weights are in force."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from claims.actions import weightings
from claims.choices import JobKind
from claims.detection.score import assess
from claims.detection.weights import Weights
from claims.intake.scoring import reasons
from claims.jobs.progress import Failure, Progress
from claims.jobs.queue import start
from claims.models import Job, Sentence, Snapshot, User, Weighting
from claims.models.document import SentenceQuerySet
from claims.reading.decisions import heading_starts, language_tags

SCORING = "Scoring sentences anew"
BATCH = 2000
"""Sentences that are stored at once."""


@transaction.atomic
def put_in_force(weighting: Weighting, *, by: User) -> Job:
    """Accept the weights, and start scoring with them. Raises as `weightings.accept`."""
    weightings.accept(weighting, by=by)
    return _start(weighting.language, f"with {weighting}", by=by)


@transaction.atomic
def put_shipped_in_force(code: str, *, by: User) -> Job:
    """The same for the weights that come with the language. Raises as `weightings.accept_shipped`."""
    weightings.accept_shipped(code, by=by)
    return _start(code, f"with the shipped weights of {code}", by=by)


def _start(code: str, title: str, *, by: User) -> Job:
    return start(JobKind.RESCORE, by=by, title=title, params={"language": code, "steps": [SCORING]})


def rescore(job: Job, progress: Progress) -> None:
    """The work of JobKind.RESCORE: the undecided sentences of every latest text in the language.

    Scores are no decisions, so they are stored as they come; who stops half-way can begin again.
    """
    code = job.params["language"]
    try:
        weights = Weighting.objects.weights_in_force(code)
    except (LookupError, ValueError) as error:
        raise Failure(str(error)) from error
    total = _undecided(code).count()
    scored = _scored(code, weights)
    done = 0
    while len(batch := list(islice(scored, BATCH))) == BATCH:
        _store(batch)
        done += BATCH
        progress.report(SCORING, done, total)
    with progress.storing(**_report(done + len(batch))):
        _store(batch)


def _report(done: int) -> dict[str, object]:
    sentences = "sentence was" if done == 1 else "sentences were"
    line = f"{done:,} undecided {sentences} scored anew."
    return {"lines": [line], "url": reverse("weighting_list"), "label": "To the weights"}


def _undecided(code: str) -> SentenceQuerySet:
    """The undecided sentences of the latest texts in the language."""
    newer = Snapshot.objects.filter(document=OuterRef("snapshot__document"), number__gt=OuterRef("snapshot__number"))
    return Sentence.objects.undecided().filter(~Exists(newer), snapshot__document__language__in=language_tags(code))


def _scored(code: str, weights: Weights) -> Iterator[Sentence]:
    """The undecided sentences with their new scores, not stored, text by text: no query is open while one is stored."""
    for pk in list(_undecided(code).order_by("snapshot").values_list("snapshot", flat=True).distinct()):
        text = Snapshot.objects.get(pk=pk).read()
        headings = heading_starts(text)
        for sentence in list(Sentence.objects.undecided().filter(snapshot=pk).only("start", "end").order_by("number")):
            words = text[sentence.start : sentence.end]
            found = assess(words, is_heading=sentence.start in headings, code=code, weights=weights)
            sentence.score, sentence.signals, sentence.assertions = found.score, reasons(found), found.assertions
            yield sentence


def _store(batch: Sequence[Sentence]) -> None:
    """Only the score: what somebody has decided meanwhile stays decided."""
    Sentence.objects.bulk_update(batch, ["score", "signals", "assertions"], batch_size=500)
