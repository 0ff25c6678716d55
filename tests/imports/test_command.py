"""`manage.py import_claims`."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, User
from tests import factories


@pytest.fixture
def file(tmp_path: Path, admin: User) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text("Statement,kind\nOne.,event\nTwo.,rumour\n")
    return path


def test_it_brings_in_the_good_rows_and_names_the_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("import_claims", file)
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.out == "1 claim came in.\n1 row was refused.\n"
    assert told.err.startswith("line 3: Kind: “rumour” is none of")
    assert Claim.objects.get().added_by.username == "admin"


def test_a_dry_run_stores_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("import_claims", file, "--dry-run")
    assert "1 claim would come in." in capsys.readouterr().out
    assert not Claim.objects.exists()


def test_all_or_nothing_stores_nothing_when_a_row_is_refused(file: Path) -> None:
    with pytest.raises(SystemExit):
        call_command("import_claims", file, "--all-or-nothing")
    assert not Claim.objects.exists()


def test_columns_and_what_holds_for_all_rows_can_be_given(file: Path, analyst: User) -> None:
    options = ("--map", "kind=", "--kind", "policy", "--by", "analyst", "--tag", "may")
    call_command("import_claims", file, *options)
    assert set(Claim.objects.values_list("kind", "tags__name", "added_by__username")) == {("policy", "may", "analyst")}


def test_a_report_has_every_refused_row(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "refused.csv"
    with pytest.raises(SystemExit):
        call_command("import_claims", file, "--report", report)
    with report.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["line"] == "3"
    assert row["reason"].startswith("Kind:")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--by", "nobody"), "There is nobody called nobody."),
        (("--by", "reader"), "Your role reads."),
        (("--map", "kind"), "write FIELD=COLUMN"),
        (("--map", "kind=Kind"), "no column “Kind”"),
        (("--tag", "x" * 61), "A tag has at most 60 characters"),
    ],
)
def test_what_is_wrong_with_its_options_is_said(
    file: Path, reader: User, options: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("import_claims", file, *options)


def test_a_file_that_is_not_there_is_said(tmp_path: Path, admin: User) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_claims", tmp_path / "none.csv")


def test_without_an_admin_it_asks_who_imports(tmp_path: Path, db: None) -> None:
    factories.user("reader")
    path = tmp_path / "claims.csv"
    path.write_text("claim\nOne.\n")
    with pytest.raises(CommandError, match="no admin yet"):
        call_command("import_claims", path)
