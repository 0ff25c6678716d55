"""`manage.py import_release`."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, User
from tests.imports.test_releases import zipped
from tests.releases import contents

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return zipped(tmp_path / "release.zip", contents.content())


def test_it_says_what_came_in(path: Path, admin: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_release", str(path), "--accept-key", "0807060504030201")
    told = capsys.readouterr().out
    assert "Release japan-and-nato-1 of Claim Workbench, 1 claims, as of 2023-06-01T12:00:00Z." in told
    assert "1 claim came in." in told
    assert Claim.objects.get().added_by == admin


def test_an_unknown_key_has_an_exit_code_of_its_own_and_is_named(path: Path, admin: User) -> None:
    with pytest.raises(CommandError, match="--accept-key 0807060504030201") as problem:
        call_command("import_release", str(path))
    assert problem.value.returncode == 3
    assert not Claim.objects.exists()


def test_a_dry_run_stores_nothing(path: Path, admin: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_release", str(path), "--accept-key", "0807060504030201", "--dry-run")
    assert "1 claim would come in." in capsys.readouterr().out
    assert not Claim.objects.exists()


def test_what_is_no_release_is_told(tmp_path: Path, admin: User) -> None:
    path = tmp_path / "claims.zip"
    path.write_bytes(b"PK\x03\x04 and more")
    with pytest.raises(CommandError, match="not valid"):
        call_command("import_release", str(path))


def test_refused_claims_are_told_by_their_line(path: Path, admin: User, tmp_path: Path) -> None:
    from tests import factories

    factories.claim(key="CW-1", assertion="Something else.")
    report = tmp_path / "refused.csv"
    with pytest.raises(SystemExit):
        call_command("import_release", str(path), "--accept-key", "0807060504030201", "--report", str(report))
    assert "CW-1 is stored with another assertion" in report.read_text()
