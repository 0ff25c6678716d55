"""One attempt at a job: taken up, run, and ended, whatever happens on the way."""

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.choices import JobKind, JobState
from claims.jobs.progress import Cancelled, Failure, Progress, end
from claims.models import Job
from claims.models.base import lock

logger = logging.getLogger(__name__)

Work = Callable[[Job, Progress], None]

_WORK = {
    JobKind.DOCUMENT: "claims.jobs.documents.read_document",
    JobKind.DRAFT: "claims.jobs.documents.read_draft",
    JobKind.CLAIMS: "claims.jobs.claims.import_claims",
    JobKind.RESCORE: "claims.jobs.rescoring.rescore",
    JobKind.CAPTURE: "claims.jobs.captures.capture",
    JobKind.RELEASE: "claims.jobs.releases.build_release",
}
"""What does the work of each kind: takes the job and its progress, and ends with `with progress.storing():`."""

_UNFORESEEN = "Something went wrong that should not have, and nothing was stored. The log of the server says what."

running: set[int] = set()
"""The keys of the jobs that this process is at."""


def run(pk: int, *, worker: str = "") -> None:
    """Do the work of a waiting job, and end it: done, failed with the reason, or cancelled."""
    job = _take_up(pk, worker)
    if job is None:
        return
    progress = Progress(job)
    running.add(pk)
    try:
        work_of(JobKind(job.kind))(job, progress)
    except Cancelled:
        _end(progress, JobState.CANCELLED)
    except Failure as failure:
        _end(progress, JobState.FAILED, problem=str(failure), report=failure.report)
    except Exception:
        logger.exception("Job %s failed", pk)
        _end(progress, JobState.FAILED, problem=_UNFORESEEN)
    finally:
        running.discard(pk)


def work_of(kind: JobKind) -> Work:
    module, _, name = _WORK[kind].rpartition(".")
    work: Work = getattr(import_module(module), name)
    return work


def _take_up(pk: int, worker: str) -> Job | None:
    """The job, now running; None when it is not waiting any more."""
    with transaction.atomic():
        job = Job.objects.filter(pk=pk).first()
        if job is None:
            return None
        lock(job)
        if job.state != JobState.WAITING:
            return None
        job.state, job.worker, job.attempt = JobState.RUNNING, worker, job.attempt + 1
        job.started_at = job.beat_at = timezone.now()
        job.save(update_fields=["state", "worker", "attempt", "started_at", "beat_at"])
    return job


@transaction.atomic
def _end(progress: Progress, state: JobState, **values: Any) -> None:
    """Unless another worker has taken the job up, or it ended otherwise."""
    job = progress.job
    lock(job)
    if progress.is_current:
        end(job, state, **values)
