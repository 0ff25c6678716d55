"""Work in the background as people see it: what they started, how far it is, what came of it."""

from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from claims import jobs
from claims.choices import JobKind, JobState, Permission
from claims.exports.lists import JOBS
from claims.http import Request, needs, page, toast
from claims.keyset import cursor_in, keyset_page
from claims.models import Job
from claims.views.list_csv import list_csv
from claims.workflow import Refusal, RefusalKind, Refused

LIST_SIZE = 25
PATIENCE = timedelta(seconds=15)
"""A job that waits longer with nobody before it waits for a worker that is not there."""


class Step(NamedTuple):
    name: str
    state: str  # "past", "now", "stopped" or "to_come"


@require_safe
@needs(Permission.WORK)
def job_list(request: Request) -> HttpResponseBase:
    """The person's own jobs, the newest first; everybody's for an admin."""
    shown = Job.objects.select_related("started_by").defer("params", "report")
    sees_all = request.user.may(Permission.MANAGE_PEOPLE)
    if not sees_all:
        shown = shown.filter(started_by=request.user)
    if download := list_csv(request, "background", JOBS, shown, ["-id"]):
        return download
    rows = keyset_page(shown, ["-id"], cursor_in(request.GET), LIST_SIZE)
    return page(request, "jobs/list.html", {"page": rows, "sees_all": sees_all})


@require_safe
@needs(Permission.WORK)
def job_detail(request: Request, pk: int) -> HttpResponseBase:
    """How far a job is. Its fragment `job` asks for itself while the job runs, and leads on when nothing is to be read.

    `seen` in the address is what the page said last: what a screen reader is told comes only when that changes.
    """
    job = _job(request, pk)
    if request.htmx.target == "job" and _leads_on(job):
        return HttpResponseClientRedirect(job.report["url"])
    state = f"{job.state}:{job.step}:{bool(job.cancel_asked_at)}:{job.is_lost}"
    context = {
        "job": job,
        "steps": _steps(job),
        "took": in_words((job.finished_at or timezone.now()) - job.made_at),
        "before": _before(job),
        "again_url": _again(job),
        "poll_url": f"{job.get_absolute_url()}?seen={quote(state)}",
        "oob": request.htmx.target == "job",
        "is_news": request.GET.get("seen") != state,
    }
    return page(request, "jobs/detail.html", context, fragments=("job",))


@require_POST
@needs(Permission.WORK)
def job_cancel(request: Request, pk: int) -> HttpResponse:
    job = _job(request, pk)
    jobs.cancel(job, by=request.user)
    if job.is_unfinished:
        toast(request, "It is being cancelled: it stops with the step at hand.")
    return redirect(job)


def _job(request: Request, pk: int) -> Job:
    """Raises Refused for somebody else's job, unless for an admin."""
    job = get_object_or_404(Job.objects.select_related("started_by"), pk=pk)
    if job.started_by_id != request.user.pk and not request.user.may(Permission.MANAGE_PEOPLE):
        raise Refused(Refusal(RefusalKind.RIGHT, "Only the one who started this work, or an admin, can see it."))
    return job


def _leads_on(job: Job) -> bool:
    """Whether nothing about the job needs to be read before going on."""
    report = job.report
    return job.state == JobState.DONE and "url" in report and not report.get("warnings") and not report.get("lines")


def _steps(job: Job) -> list[Step]:
    """The steps of the work as far as it says which there are; else the one it is at."""
    names: list[str] = job.params.get("steps", [])
    if job.step and job.step not in names:
        names = [job.step]
    if job.state == JobState.DONE:
        return [Step(name, "past") for name in names]
    at = names.index(job.step) if job.step else -1
    return [Step(name, _state(index, at, job)) for index, name in enumerate(names)]


def _state(index: int, at: int, job: Job) -> str:
    if index < at:
        return "past"
    if index > at or job.state == JobState.WAITING:
        return "to_come"
    return "now" if job.is_unfinished else "stopped"


def _before(job: Job) -> dict[str, Any]:
    """What a waiting job waits for: `ahead`, the number of jobs before it, and `is_stuck`, when no worker comes."""
    if job.state != JobState.WAITING:
        return {}
    ahead = Job.objects.unfinished().filter(pk__lt=job.pk).count()
    return {"ahead": ahead, "is_stuck": not ahead and timezone.now() - job.made_at > PATIENCE}


def _again(job: Job) -> str:
    """Where the same can be tried again, with what was typed; empty when there is no such form."""
    match job.kind:
        case JobKind.DOCUMENT:
            return f"{reverse('document_add')}?again={job.pk}"
        case JobKind.DRAFT:
            return f"{reverse('draft_add', args=[job.document_id])}?again={job.pk}"
        case JobKind.CAPTURE:
            return reverse("document_captures", args=[job.document_id])
        case JobKind.CLAIMS:
            return str(job.params.get("again") or reverse("claim_import"))
        case JobKind.RELEASE:
            return str(job.params["again"])
    return ""


def in_words(passed: timedelta) -> str:
    """12 s, 2 min 5 s, 1 h 3 min."""
    seconds = max(0, int(passed.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
