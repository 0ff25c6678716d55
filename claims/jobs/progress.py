"""What a running job tells of itself, and how it stores what it made: once, and not after it was cancelled."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.choices import JobState
from claims.models import Job, Upload
from claims.models.base import lock

_EVERY = 0.5
"""Seconds between two reports of the same step; people read no faster, and each is a commit."""


class Failure(Exception):
    """The work cannot be done; `str()` of it says why, in words for the person who started it.

    `report` may say where to go instead: `url`, and `label` for the link.
    """

    def __init__(self, reason: str, **report: Any) -> None:
        super().__init__(reason)
        self.report = report


class Cancelled(Exception):
    """Somebody cancelled the job, or another worker has taken it up meanwhile."""


class Progress:
    """Reports of one attempt at a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._attempt = job.attempt
        self._reported = 0.0

    @property
    def is_current(self) -> bool:
        """Whether the job, as last read, is still at this attempt: not at another worker's, and not at its end."""
        return self.job.state == JobState.RUNNING and self.job.attempt == self._attempt

    def report(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done, and how much of it is. Raises Cancelled. Not to be called in a transaction.

        Cheap enough for a loop: the same step is written twice a second at most.
        """
        now = time.monotonic()
        if step == self.job.step and now - self._reported < _EVERY:
            return
        self._reported = now
        self.job.step, self.job.done, self.job.total = step, done, total
        mine = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, attempt=self._attempt, cancel_asked_at=None)
        if not mine.update(step=step, done=done, total=total, beat_at=timezone.now()):
            raise Cancelled

    @contextmanager
    def storing(self, **report: Any) -> Iterator[dict[str, Any]]:
        """The transaction in which the work is stored and the job is done: both happen, or neither.

        Yields the report, JSON, which may be added to. Raises Cancelled when nothing may be stored any more.
        """
        with transaction.atomic():
            lock(self.job)
            if self.job.cancel_asked_at or not self.is_current:
                raise Cancelled
            yield report
            end(self.job, JobState.DONE, report=report)


def end(job: Job, state: JobState, **values: Any) -> None:
    """The job is over. Its file is needed no longer, unless it is tried again. In a transaction that locked the job."""
    changes = {**values, "state": state, "finished_at": timezone.now()}
    for name, value in changes.items():
        setattr(job, name, value)
    job.save(update_fields=list(changes))
    if state == JobState.DONE:
        Upload.objects.filter(job=job).delete()
