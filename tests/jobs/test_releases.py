"""Building a release in the background: what comes of it, and what is left when it is cancelled, fails or is lost."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from claims import jobs
from claims.actions import assessments
from claims.actions import claims as claim_actions
from claims.actions.signing_keys import NoKey
from claims.choices import JobState, ReleaseState
from claims.jobs import releases as work
from claims.jobs.releases import give_up_abandoned, start_release
from claims.jobs.run import run
from claims.models import ClaimSet, Event, IntegrityFault, Job, Release, User
from claims.releases.archive import Member
from claims.releases.desk_keys import known_keys
from claims.releases.files import check_file, content_of, folder, path_of, spool_of
from claims.releases.verification import verify
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim_set(analyst: User) -> ClaimSet:
    """Two claims, the later one first."""
    first, second = factories.sound_claim(), factories.sound_claim()
    return factories.claim_set(by=analyst, title="Japan & NATO", claims=(second, first))


def done(job: Job) -> Job:
    run(job.pk)
    job.refresh_from_db()
    return job


def parts() -> list[Path]:
    """What is left of work that is not done."""
    return [path for path in folder().iterdir() if path.name.startswith(".") and path.is_file()]


def test_a_release_is_frozen_built_and_signed(claim_set: ClaimSet, reviewer: User) -> None:
    job = done(start_release(claim_set, by=reviewer))

    release = Release.objects.get(job=job)
    assert (job.state, job.problem) == (JobState.DONE, "")
    assert (release.state, release.name) == (ReleaseState.READY, "japan-nato-1")
    assert path_of(release).stat().st_size == release.size
    report = verify(path_of(release), known_keys())
    assert report.is_valid, report.findings
    assert report.statement is not None
    assert (report.statement.release, report.statement.claims) == (release.name, 2)
    assert report.statement.head == release.head_hash
    content = content_of(release)
    keys = list(claim_set.items.values_list("claim", flat=True))
    assert [claim["head"]["claim"] for claim in content.claims()] == keys
    assert parts() == []


def test_what_was_frozen_is_built_whatever_changes_meanwhile(claim_set: ClaimSet, reviewer: User) -> None:
    job = start_release(claim_set, by=reviewer)
    frozen = work._freeze(job, Silent(job))
    claim = claim_set.items.first().claim  # type: ignore[union-attr]
    before = claim.assertion
    claim_actions.reopen(claim, by=reviewer, reason="A new figure.")
    claim_actions.edit_claim(claim, by=reviewer, version=claim.version, assertion="Something else.")

    done(job)

    frozen.refresh_from_db()
    assert frozen.state == ReleaseState.READY
    assert before in {told["assertion"] for told in content_of(frozen).claims()}


class Silent:
    """Progress that nobody reads."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def report(self, step: str, done: int = 0, total: int = 0) -> None:
        pass


def test_the_same_frozen_claims_make_the_same_file(claim_set: ClaimSet, reviewer: User) -> None:
    release = factories.release(claim_set, by=reviewer)
    again = factories.release(claim_set, by=reviewer)

    names = zipfile.ZipFile(path_of(release)).namelist()
    assert release.sha256 != again.sha256  # another number and instant
    assert set(names) < set(zipfile.ZipFile(path_of(again)).namelist())  # what changed since the first comes with it
    assert list(content_of(release).claims()) == list(content_of(again).claims())
    assert again.previous == release


def test_a_lost_worker_s_work_is_gone_on_with(claim_set: ClaimSet, reviewer: User) -> None:
    job = start_release(claim_set, by=reviewer)
    frozen = work._freeze(job, Silent(job))

    done(job)

    assert [release.pk for release in Release.objects.all()] == [frozen.pk]
    assert Release.objects.get().is_ready


def test_what_was_not_yet_on_the_disk_is_begun_anew_under_another_number(claim_set: ClaimSet, reviewer: User) -> None:
    job = start_release(claim_set, by=reviewer)
    spool_of(work._freeze(job, Silent(job))).unlink()

    done(job)

    states = Release.objects.order_by("pk").values_list("number", "state")
    assert list(states) == [(1, ReleaseState.FAILED), (2, ReleaseState.READY)]


def test_what_was_frozen_is_not_believed_when_it_was_altered(claim_set: ClaimSet, reviewer: User) -> None:
    job = start_release(claim_set, by=reviewer)
    spool = spool_of(work._freeze(job, Silent(job)))
    spool.write_bytes(spool.read_bytes().replace(b"supported", b"refuted!!", 1))

    done(job)

    assert job.state == JobState.FAILED
    assert "damaged" in job.problem
    assert Release.objects.get().state == ReleaseState.FAILED
    assert parts() == []


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), RuntimeError("A fault of ours.")])
def test_a_release_that_cannot_be_written_says_so_and_leaves_no_file(
    problem: Exception, claim_set: ClaimSet, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(content: Any) -> Iterator[Member]:
        yield Member("claims.csv", lambda: iter([b"half"]))

        def broken() -> Iterator[bytes]:
            yield b"half"
            raise problem

        yield Member("evidence.csv", broken)

    monkeypatch.setattr("claims.releases.build.members", breaking)

    job = done(start_release(claim_set, by=reviewer))

    release = Release.objects.get()
    assert (job.state, release.state) == (JobState.FAILED, ReleaseState.FAILED)
    assert release.problem
    assert not (folder() / f"{release.name}.zip").exists()
    assert parts() == []


def test_a_cancelled_release_leaves_its_number_and_no_file(
    claim_set: ClaimSet, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start_release(claim_set, by=reviewer)

    def cancelling(content: Any) -> Iterator[Member]:
        def chunks() -> Iterator[bytes]:
            jobs.cancel(Job.objects.get(pk=job.pk), by=reviewer)
            yield b"half"

        yield Member("claims.csv", chunks)

    monkeypatch.setattr("claims.releases.build.members", cancelling)
    monkeypatch.setattr("claims.jobs.progress._EVERY", 0)

    done(job)

    release = Release.objects.get()
    assert (job.state, release.state) == (JobState.CANCELLED, ReleaseState.FAILED)
    assert release.problem == "It was cancelled."
    assert not (folder() / f"{release.name}.zip").exists()
    assert parts() == []


def test_a_release_whose_job_ended_without_it_is_given_up(claim_set: ClaimSet, reviewer: User) -> None:
    job = start_release(claim_set, by=reviewer)
    work._freeze(job, Silent(job))
    jobs.cancel(job, by=reviewer)

    give_up_abandoned()

    assert Release.objects.get().state == ReleaseState.FAILED
    assert parts() == []


def test_what_blocks_is_said_before_anything_is_started(analyst: User, reviewer: User) -> None:
    claim_set = factories.claim_set(by=analyst, claims=(factories.claim(),))
    with pytest.raises(ValidationError, match="1 claim blocks"):
        start_release(claim_set, by=reviewer)
    assert not Job.objects.exists()


def test_a_claim_that_came_to_block_meanwhile_fails_the_release_in_words(claim_set: ClaimSet, reviewer: User) -> None:
    job = start_release(claim_set, by=reviewer)
    claim = claim_set.items.first().claim  # type: ignore[union-attr]
    claim_actions.reopen(claim, by=reviewer, reason="A new figure.")

    done(job)

    assert job.state == JobState.FAILED
    assert "1 claim blocks" in job.problem
    assert not Release.objects.exists()


def test_without_a_key_nothing_is_started(claim_set: ClaimSet, reviewer: User, settings: Settings) -> None:
    settings.RELEASE_KEY = ""
    with pytest.raises(NoKey):
        start_release(claim_set, by=reviewer)
    assert not Job.objects.exists()


def test_a_file_that_was_altered_is_not_read(claim_set: ClaimSet, reviewer: User) -> None:
    release = factories.release(claim_set, by=reviewer)
    data = bytearray(path_of(release).read_bytes())
    data[100] ^= 1
    path_of(release).write_bytes(data)

    with pytest.raises(IntegrityFault, match="altered"):
        check_file(release)
    path_of(release).unlink()
    with pytest.raises(IntegrityFault, match="cannot be read"):
        content_of(release)


def test_each_act_is_in_the_history_of_the_release(claim_set: ClaimSet, reviewer: User) -> None:
    release = factories.release(claim_set, by=reviewer)
    assert list(Event.objects.of(release).values_list("act", flat=True)) == ["add", "finish"]


@pytest.mark.parametrize("quote", ["Japan ranks ninth", ""])
def test_captures_come_along_when_asked_for(quote: str, analyst: User, reviewer: User) -> None:
    page = factories.document()
    factories.capture(document=page, data=b"Something else before.")
    capture = factories.capture(document=page)
    claim = factories.claim()
    factories.evidence_for(claim, document=page, quote=quote)
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    claim_set = factories.claim_set(by=analyst, claims=(claim,))

    without = factories.release(claim_set, by=reviewer)
    release = factories.release(claim_set, by=reviewer, with_captures=True)

    def held(one: Release) -> dict[str, bytes]:
        archive = zipfile.ZipFile(path_of(one))
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("captures/")}

    assert held(without) == {}
    assert held(release) == {f"captures/{capture.raw_sha256}.txt": b"Japan ranks ninth."}
