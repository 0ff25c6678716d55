"""Importing a release on the web: the file, what to make of it, the job; and approving its verdicts at once."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from claims.choices import JobState, Stage
from claims.jobs.kept import folder, keep_file, path_of
from claims.models import Claim, ClaimSet, Job, Upload, User
from tests import factories
from tests.imports.test_releases import zipped
from tests.releases import contents

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
YES = {"trusts_key": "on", "proposes": "on"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    return zipped(tmp_path / "release.zip", contents.content([contents.claim(1), contents.claim(2)])).read_bytes()


def sent(client: Client, data: bytes) -> Any:
    return client.post("/claims/import/release/", {"file": SimpleUploadedFile("nato.zip", data)})


def body(response: Any) -> str:
    return str(response.content.decode())


class TestFile:
    def test_one_that_is_whole_is_kept_on_disk_and_leads_on(
        self, data: bytes, signed_in: SignIn, analyst: User
    ) -> None:
        answer = sent(signed_in(analyst), data)
        upload = Upload.objects.get()
        assert answer.url == f"/claims/import/release/{upload.pk}/"
        assert path_of(upload).read_bytes() == data
        assert upload.data == b"", "nothing of it is in the database"

    def test_one_that_was_changed_is_refused_with_what_is_wrong_and_not_kept(
        self, data: bytes, signed_in: SignIn, analyst: User
    ) -> None:
        changed = bytearray(data)
        changed[len(data) // 2] ^= 1
        answer = sent(signed_in(analyst), bytes(changed))
        assert answer.status_code == 422
        assert "This release is not valid" in body(answer)
        assert not list(folder().iterdir())

    def test_one_that_is_too_large_is_dropped(
        self, data: bytes, signed_in: SignIn, analyst: User, settings: Settings
    ) -> None:
        settings.VERIFY_MAX_BYTES = len(data) - 1
        answer = sent(signed_in(analyst), data)
        assert answer.status_code == 413
        assert "too large for this page" in body(answer)

    def test_a_form_of_another_site_is_refused(self, data: bytes, analyst: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(analyst, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
        assert sent(client, data).status_code == 403
        assert not Upload.objects.exists()


class TestWhatToMakeOfIt:
    @pytest.fixture
    def kept(self, data: bytes, analyst: User, tmp_path: Path) -> Upload:
        with (tmp_path / "release.zip").open("rb") as file:
            return keep_file(by=analyst, name="nato.zip", content_type="application/zip", file=file)

    def test_the_page_names_the_release_and_the_key_that_nobody_knows(
        self, kept: Upload, signed_in: SignIn, analyst: User
    ) -> None:
        shown = body(signed_in(analyst).get(f"/claims/import/release/{kept.pk}/"))
        assert "japan-and-nato-1" in shown
        assert "does not know the key 0807060504030201" in shown

    def test_without_a_yes_to_the_key_nothing_begins(self, kept: Upload, signed_in: SignIn, analyst: User) -> None:
        answer = signed_in(analyst).post(f"/claims/import/release/{kept.pk}/", {"proposes": "on"})
        assert answer.status_code == 422
        assert "Say yes to the key" in body(answer)
        assert not Job.objects.exists()

    def test_it_is_imported_in_the_background_and_the_file_is_gone_then(
        self, kept: Upload, signed_in: SignIn, analyst: User
    ) -> None:
        path = path_of(kept)
        answer: Any = signed_in(analyst).post(f"/claims/import/release/{kept.pk}/", YES)
        (job,) = factories.run_jobs()
        job.refresh_from_db()
        assert (job.state, job.problem, answer.url) == (JobState.DONE, "", job.get_absolute_url())
        assert job.report["lines"] == ["2 claims came in."]
        assert job.report["url"] == ClaimSet.objects.get().get_absolute_url()
        assert Claim.objects.filter(stage=Stage.IN_REVIEW).count() == 2
        assert not path.exists()

    def test_refused_claims_are_told_by_their_line_and_nothing_is_stored(
        self, kept: Upload, signed_in: SignIn, analyst: User
    ) -> None:
        factories.claim(key="CW-2", assertion="Something else.")
        signed_in(analyst).post(f"/claims/import/release/{kept.pk}/", YES)
        factories.run_jobs()
        job = Job.objects.get()
        ((line, reason),) = job.report["refused"]
        assert line == 2
        assert "CW-2 is stored with another assertion" in reason
        assert Claim.objects.count() == 1

    def test_somebody_elses_file_is_not_there(self, kept: Upload, signed_in: SignIn) -> None:
        assert signed_in(factories.user("other")).get(f"/claims/import/release/{kept.pk}/").status_code == 404

    def test_a_file_that_was_cut_off_meanwhile_fails_the_job_in_words(
        self, kept: Upload, signed_in: SignIn, analyst: User
    ) -> None:
        signed_in(analyst).post(f"/claims/import/release/{kept.pk}/", YES)
        path_of(kept).write_bytes(path_of(kept).read_bytes()[:-50])
        factories.run_jobs()
        job = Job.objects.get()
        assert job.state == JobState.FAILED
        assert "not valid" in job.problem
        assert not Claim.objects.exists()

    def test_too_many_claims_are_left_to_the_command(
        self, kept: Upload, signed_in: SignIn, analyst: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("claims.views.release_import.MOST", 1)
        answer = signed_in(analyst).post(f"/claims/import/release/{kept.pk}/", YES)
        assert answer.status_code == 422
        assert "manage.py import_release" in body(answer)


def test_a_reviewer_approves_the_verdicts_of_a_set_in_one_act(
    data: bytes, signed_in: SignIn, analyst: User, reviewer: User, tmp_path: Path
) -> None:
    client = signed_in(analyst)
    kept = sent(client, data).url
    client.post(kept, YES)
    factories.run_jobs()
    claim_set = ClaimSet.objects.get()
    address = claim_set.get_absolute_url()
    assert "/approve/" not in body(client.get(address)), "who proposed them is not asked"
    client = signed_in(reviewer)
    assert "Approve 2 verdicts" in body(client.get(address))
    assert client.post(f"{address}approve/").status_code == 303
    assert Claim.objects.filter(stage=Stage.VERIFIED).count() == 2
    assert "/approve/" not in body(client.get(address))


def test_files_whose_rows_are_gone_are_swept(data: bytes, analyst: User, tmp_path: Path) -> None:
    old = folder() / "999999"
    old.write_bytes(b"x")
    os.utime(old, (0, 0))
    with (tmp_path / "release.zip").open("rb") as file:
        keep_file(by=analyst, name="nato.zip", content_type="application/zip", file=file)
    assert not old.exists()
