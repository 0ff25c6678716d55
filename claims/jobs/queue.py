"""Starting jobs, cancelling them, and taking up those whose worker is gone."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission
from claims.choices import UNFINISHED, JobKind, JobState, Permission
from claims.jobs.progress import end
from claims.models import Document, Job, Upload, User
from claims.models.base import lock
from claims.text import clean_line
from claims.workflow import Refusal, RefusalKind, Refused

_FORGOTTEN = timedelta(days=1)


@transaction.atomic
def keep_upload(*, by: User, name: str, content_type: str, data: bytes) -> Upload:
    """Keep a file for a job to come. What its name and type say of it is not to be believed.

    A file that no job works on a day later, or that is to be tried again, is deleted.
    """
    check_permission(by, Permission.WORK)
    old = Upload.objects.filter(made_at__lt=timezone.now() - _FORGOTTEN)
    old.exclude(job__state__in=UNFINISHED).delete()
    # A column takes no NUL, and a name with line breaks is no name.
    name, content_type = clean_line(name.replace("\x00", "")), clean_line(content_type.replace("\x00", ""))
    return Upload.objects.create(by=by, name=name[:500], content_type=content_type[:200], content=data)


@transaction.atomic
def start(
    kind: JobKind,
    *,
    by: User,
    title: str,
    params: dict[str, Any] | None = None,
    upload: Upload | None = None,
    document: Document | None = None,
) -> Job:
    """Put a job in the queue; a worker takes it up once this transaction ends."""
    check_permission(by, Permission.WORK)
    job = Job.objects.create(kind=kind, started_by=by, title=title[:300], params=params or {}, document=document)
    if upload:
        Upload.objects.filter(pk=upload.pk).update(job=job)
    _enqueue(job)
    return job


@transaction.atomic
def cancel(job: Job, *, by: User) -> None:
    """End the job; at once if no worker is at it, else as soon as its worker asks. Nothing of it is stored.

    Raises Refused for somebody else's job, unless by an admin, and for one that has ended.
    """
    check_permission(by, Permission.WORK)
    if job.started_by_id != by.pk and not by.may(Permission.MANAGE_PEOPLE):
        raise Refused(Refusal(RefusalKind.RIGHT, "Only the one who started it, or an admin, can cancel it."))
    lock(job)
    if not job.is_unfinished:
        raise Refused(Refusal(RefusalKind.STAGE, "It has ended already."))
    job.cancel_asked_at = timezone.now()
    job.save(update_fields=["cancel_asked_at"])
    if job.state == JobState.WAITING or job.is_lost:
        end(job, JobState.CANCELLED)


def resume_lost() -> int:
    """Put running jobs whose worker is gone back into the queue; how many there were."""
    resumed = 0
    for job in Job.objects.lost():
        with transaction.atomic():
            lock(job)
            if not Job.objects.lost().filter(pk=job.pk).exists():
                continue  # its worker, or another's watch, was quicker
            if job.cancel_asked_at:
                end(job, JobState.CANCELLED)
                continue
            job.state = JobState.WAITING
            job.save(update_fields=["state"])
            _enqueue(job)
            resumed += 1
    return resumed


def _enqueue(job: Job) -> None:
    from claims.tasks import run_job  # the task imports what runs jobs, which starts some itself

    # What nobody sits waiting for lets the rest go first.
    run_job.using(priority=-10 if job.kind == JobKind.RESCORE else 0).enqueue(job.pk)
