"""Importing claims in the background: every row is checked while others can work, then all are stored at once."""

import io
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from claims.choices import JobKind
from claims.imports import BadFile, Plan, Report, Table, open_table, run
from claims.jobs.progress import Failure, Progress
from claims.jobs.queue import start
from claims.jobs.release_import import bring_in
from claims.models import Job, Upload, User
from claims.workflow import Refused

CHECKING, STORING = "Checking the rows", "Storing the claims"
_PLAN = ("kind", "document", "tag")


def start_import(upload: Upload, columns: Mapping[str, str], options: Mapping[str, Any], *, by: User) -> Job:
    """Import a kept file. `columns` say for each field which column holds it; `options` are those of Plan, and
    `all_or_nothing`.
    """
    params = {"columns": dict(columns), "steps": [CHECKING, STORING], **options}
    params["again"] = reverse("claim_import_map", args=[upload.pk])
    return start(JobKind.CLAIMS, by=by, title=upload.name or "Claims", params=params, upload=upload)


def import_claims(job: Job, progress: Progress) -> None:
    """The work of JobKind.CLAIMS. Its report has `refused`, of [line, reason], and `refused_total`."""
    if job.params.get("release"):
        bring_in(job, progress)
        return
    upload = job.file()
    if upload is None:
        raise Failure("The file is not there any more.")
    try:
        table = open_table(io.BytesIO(upload.data), upload.name)
        _import(job, progress, table, plan_of(table, job.params))
    except (BadFile, Refused) as error:
        raise Failure(str(error)) from error


def plan_of(table: Table, params: Mapping[str, Any]) -> Plan:
    """The plan with which the job was started. Raises BadFile when the file is another."""
    options = {name: params[name] for name in _PLAN}
    return Plan.guess(table).mapped(params["columns"], table).with_options(**options)


def _import(job: Job, progress: Progress, table: Table, plan: Plan) -> None:
    total = sum(1 for _ in table.rows())
    options: dict[str, Any] = {"by": job.started_by, "all_or_nothing": job.params["all_or_nothing"]}
    progress.report(CHECKING, 0, total)
    run(table, plan, dry_run=True, on_batch=lambda report: progress.report(CHECKING, report.rows, total), **options)
    progress.report(STORING)
    # Checked again as it is stored: the desk may have changed meanwhile, and a transaction is no place for reports.
    with progress.storing() as report:
        report |= _told(run(table, plan, **options), plan)


def _told(report: Report, plan: Plan) -> dict[str, Any]:
    query = QueryDict(mutable=True)
    query["sort"] = "created"
    if plan.tag:
        query["tag"] = plan.tag
    leads = {"url": f"{reverse('claim_list')}?{query.urlencode()}", "label": "See the claims"} if report.new else {}
    return leads | {
        "lines": report.lines,
        "warnings": report.warnings_and_left_out,
        "refused": [[refusal.line, refusal.reason] for refusal in report.refusals],
        "refused_total": report.refused,
    }
