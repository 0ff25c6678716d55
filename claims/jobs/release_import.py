"""Bringing in a release in the background: checked while others can work, then stored at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.urls import reverse

from claims.choices import JobKind
from claims.imports import BadFile, Report
from claims.imports.releases import Imported, ReleaseFile, import_release, open_release
from claims.jobs.kept import discard, path_of
from claims.jobs.progress import Failure, Progress
from claims.jobs.queue import start
from claims.models import Job, Upload, User
from claims.workflow import Refused

VERIFYING, CHECKING, STORING = "Verifying the release", "Checking the claims", "Storing the claims"


def start_release_import(upload: Upload, release: ReleaseFile, options: dict[str, bool], *, by: User) -> Job:
    """Import a kept release; `options` are those of imports.releases.import_release: proposes, trusts_key, partial."""
    params: dict[str, Any] = {"release": True, "steps": [VERIFYING, CHECKING, STORING], "options": options}
    params["again"] = reverse("release_import_check", args=[upload.pk])
    return start(JobKind.CLAIMS, by=by, title=release.title, params=params, upload=upload)


def bring_in(job: Job, progress: Progress) -> None:
    """The work of JobKind.CLAIMS when the file is a release."""
    upload = job.file()
    if upload is None or not path_of(upload).exists():
        raise Failure("The file is not there any more.")
    progress.report(VERIFYING)
    try:
        release = open_release(path_of(upload))
        _import(job, progress, release)
    except (BadFile, Refused) as error:
        raise Failure(str(error)) from error
    discard(upload)


def _import(job: Job, progress: Progress, release: ReleaseFile) -> None:
    told: dict[str, Any] = {}

    @contextmanager
    def storing() -> Iterator[None]:
        progress.report(STORING)
        with progress.storing() as report:
            yield
            report |= told

    def on_stored(imported: Imported) -> None:
        told.update(_told(imported.report))
        if imported.claim_set:
            told.update(url=imported.claim_set.get_absolute_url(), label="See the claim set")

    def on_batch(report: Report) -> None:
        progress.report(CHECKING, report.rows, release.claims)

    chosen = job.params["options"]
    report = import_release(
        release,
        by=job.started_by,
        proposes=bool(chosen.get("proposes")),
        trusts_key=bool(chosen.get("trusts_key")),
        partial=bool(chosen.get("partial")),
        on_batch=on_batch,
        storing=storing,
        on_stored=on_stored,
    )
    if not report.stored:
        with progress.storing(**_told(report)):
            pass


def _told(report: Report) -> dict[str, Any]:
    return {
        "lines": report.lines,
        "warnings": report.warnings_and_left_out,
        "refused": [[refusal.line, refusal.reason] for refusal in report.refusals],
        "refused_total": report.refused,
    }
