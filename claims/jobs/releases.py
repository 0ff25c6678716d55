"""Building a release in the background: its claims are frozen first, then its file is made of what was frozen."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from claims import limits
from claims.actions.releases import Options, begin, check_ready, mark_failed, mark_ready, to_be_read
from claims.actions.signing_keys import NoKey, signer_in_use
from claims.choices import UNFINISHED, JobKind, ReleaseState
from claims.jobs.progress import Cancelled, Failure, Progress
from claims.jobs.queue import start
from claims.models import ClaimSet, IntegrityFault, Job, Release, SigningKey, User
from claims.reading.members import BrokenFilter
from claims.releases.archive import Sealed
from claims.releases.build import build, check_frozen, frozen_content
from claims.releases.files import folder, spool_of
from claims.releases.pdf import can_make_pdf
from claims.releases.shelf import prepare
from claims.releases.spool import Spool
from claims.workflow import Refused

READING, FREEZING, CHECKING = "Reading the claims", "Freezing them", "Checking what was frozen"
WRITING, ENTERING = "Writing the files", "Entering the release"
_FORESEEN = (ValidationError, BrokenFilter, Refused, NoKey, IntegrityFault, OSError, ValueError)
_UNFORESEEN = "Something went wrong that should not have. The log of the server says what."


def start_release(claim_set: ClaimSet, *, by: User, with_comments: bool = False, with_captures: bool = False) -> Job:
    """Release the set as it is when a worker comes to it. Raises what actions.releases.check_ready does, and NoKey."""
    check_ready(claim_set, by=by)
    with signer_in_use():
        pass  # that there is none is better said now than after minutes
    options = {"with_comments": with_comments, "with_captures": with_captures, "with_pdf": can_make_pdf()}
    params = {"claim_set": claim_set.pk, "options": options, "steps": [READING, FREEZING, CHECKING, WRITING, ENTERING]}
    params["again"] = claim_set.get_absolute_url()
    return start(JobKind.RELEASE, by=by, title=claim_set.title, params=params)


def build_release(job: Job, progress: Progress) -> None:
    """The work of JobKind.RELEASE. When a worker was lost midway, the next one goes on with what was frozen."""
    give_up_abandoned()
    release = None
    try:
        release = _frozen_before(job) or _freeze(job, progress)
        _build(release, progress)
    except Cancelled:
        job.refresh_from_db()
        if job.cancel_asked_at and release:  # else another worker goes on with it
            _give_up(release, "It was cancelled.")
        raise
    except _FORESEEN as problem:
        reason = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
        _give_up(release, reason)
        raise Failure(reason) from problem
    except Exception:
        _give_up(release, _UNFORESEEN)
        raise


def give_up_abandoned() -> None:
    """Releases that nothing builds any more, such as those whose job was cancelled when its worker was gone, failed."""
    for release in Release.objects.filter(state=ReleaseState.BUILDING).exclude(job__state__in=UNFINISHED):
        _give_up(release, "Nothing builds it any more.")


def _frozen_before(job: Job) -> Release | None:
    """The release that an earlier worker froze for this job, if what it froze is there."""
    release = job.releases.filter(state=ReleaseState.BUILDING).order_by("-pk").first()
    if release and not spool_of(release).exists():
        _give_up(release, "Its worker was gone before its claims were on the disk.")
        return None
    return release


def _freeze(job: Job, progress: Progress) -> Release:
    claim_set = ClaimSet.objects.get(pk=job.params["claim_set"])
    options = Options(**job.params["options"])
    with tempfile.TemporaryFile(dir=folder()) as file:
        spool = Spool(file)
        keys = to_be_read(claim_set)[: limits.RELEASED]
        for done in spool.read(keys, with_comments=options.with_comments):
            progress.report(READING, done, len(keys))
        progress.report(FREEZING)
        release = begin(claim_set, by=job.started_by, spool=spool, options=options, job=job)
        keys = list(release.entries.order_by("position").values_list("claim", flat=True))
        _keep(spool.lines(keys), spool_of(release))
    return release


def _keep(lines: Iterable[bytes], path: Path) -> None:
    """Write the lines to a file that has its name once it is whole and on the disk."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _build(release: Release, progress: Progress) -> None:
    content = frozen_content(release)
    check_frozen(release, content, told=lambda done: progress.report(CHECKING, done, release.claim_count))
    with signer_in_use() as (key, signer):
        sealed = build(release, content, signer, told=lambda name, done, of: progress.report(WRITING, done, of))
    progress.report(ENTERING)
    with progress.storing(**_leads_to(release)):
        _enter(release, sealed, key)
    spool_of(release).unlink(missing_ok=True)
    prepare(release)


def _enter(release: Release, sealed: Sealed, key: SigningKey) -> None:
    path = f"{release.name}.zip"
    mark_ready(release, path=path, size=sealed.bytes, sha256=sealed.sha256, signing_key=key, by=release.made_by)


def _give_up(release: Release | None, reason: str) -> None:
    """Nothing of it stays but its number and the reason."""
    if release is None:
        return
    release.refresh_from_db()
    if release.state != ReleaseState.BUILDING:
        return
    mark_failed(release, reason, by=release.made_by)
    spool_of(release).unlink(missing_ok=True)
    (folder() / f"{release.name}.zip").unlink(missing_ok=True)


def _leads_to(release: Release) -> dict[str, Any]:
    return {"url": release.get_absolute_url(), "label": "See the release"}
