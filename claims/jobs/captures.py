"""Capturing documents in the background, when evidence leads to them and whenever somebody wants to look again."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.timezone import localtime

from claims.actions.captures import failures_since, last_seen, prepare, store_capture
from claims.choices import JobKind
from claims.intake.capturing import WAITING, Attempt, fetch_page, read_upload
from claims.intake.incoming import FETCHING, READING, STORING, Report
from claims.intake.turns import host_of, left_alone_until
from claims.jobs.progress import Failure, Progress
from claims.jobs.queue import start
from claims.models import Capture, Document, IntegrityFault, Job, Upload, User

LOOKING = "Looking for what is quoted"
_FETCHED, _UPLOADED = [WAITING, FETCHING, READING, LOOKING, STORING], [READING, LOOKING, STORING]


class LeftAlone(Exception):
    """The site is busy, and asked, or has to be given time; `str()` of it says until when."""


def start_capture(document: Document, *, by: User, upload: Upload | None = None) -> Job:
    """Capture the document from its address, or from `upload`. One that waits or runs already is the one."""
    unfinished = Job.objects.unfinished().filter(kind=JobKind.CAPTURE, document=document)
    if upload is None and (known := unfinished.first()):
        return known
    params = {"steps": _UPLOADED if upload else _FETCHED}
    return start(JobKind.CAPTURE, by=by, title=document.title, params=params, upload=upload, document=document)


def start_captures(documents: Iterable[Document], *, by: User) -> int:
    """Capture each from its address; how many of them were not waiting for that already."""
    before = set(Job.objects.unfinished().filter(kind=JobKind.CAPTURE).values_list("pk", flat=True))
    return len({start_capture(document, by=by).pk for document in documents} - before)


def being_captured(document: str = "document") -> Exists:
    """For annotations: whether a capture of the document in that column waits or runs."""
    return Exists(Job.objects.unfinished().filter(kind=JobKind.CAPTURE, document=OuterRef(document)))


def capture(job: Job, progress: Progress) -> None:
    """The work of JobKind.CAPTURE. A site that did not give the page is a result too: it is stored, and said."""
    document = job.document
    if document is None:
        raise Failure("The document that is to be captured was not named.")
    try:
        attempt = _attempt(job, document, progress.report)
        progress.report(LOOKING)
        prepared = prepare(document, attempt)
    except (LeftAlone, IntegrityFault) as error:
        raise Failure(str(error)) from error
    progress.report(STORING)
    with progress.storing(url=document.get_absolute_url(), label="Open the document") as report:
        report |= _told(store_capture(document, prepared, by=job.started_by))


def _attempt(job: Job, document: Document, report: Report) -> Attempt:
    upload = job.file()
    if upload:
        return read_upload(upload.data, report, filename=upload.name, content_type=upload.content_type)
    if not document.url:
        raise Failure("The document has no address, and the file is not there any more.")
    return visit(document, report)


def visit(document: Document, report: Report) -> Attempt:
    """Ask for the document's page again. Raises LeftAlone when its site is not to be asked yet."""
    if until := left_alone_until(host_of(document.url)):
        raise LeftAlone(f"{host_of(document.url)} was busy. It is left alone until {localtime(until):%-d %B, %H:%M}.")
    seen = last_seen(document)
    return fetch_page(document.url, seen, report, failures=failures_since(document, seen))


def _told(capture: Capture) -> dict[str, Any]:
    warnings = [*capture.warnings, *([capture.reason] if capture.reason else [])]
    lines = [] if capture.is_seen else [f"{capture.get_outcome_display()}. The attempt is on record."]
    return {
        "warnings": warnings,
        "lines": lines,
        "url": reverse("document_captures", args=[capture.document_id]),
        "label": "See what was captured",
    }
