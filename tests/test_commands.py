"""The commands as people call them: what they do, what they say, and what a second run does."""

import io
import json
import os
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from claims.choices import QuoteStatus, Role, Stage
from claims.exports import FORMATS
from claims.models import Claim, ClaimSet, Comment, Document, Event, Evidence, Source, User
from claims.reading.gradings import gradings
from claims.seeds import load
from claims.seeds.records import Desk, SeedError
from tests import factories

SEEDS = Path(settings.BASE_DIR) / "seeds"


def said(*args: object, **options: object) -> str:
    out = StringIO()
    call_command(*args, stdout=out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def test_the_seeds_make_a_desk_at_work_with_a_whole_history(db: None) -> None:
    loaded = said("load_seeds")
    assert loaded.startswith("Loaded: people 3, sources 77, documents 128, names and sites 3, mergers 1, ")
    assert "texts 3, claims 107, " in loaded
    stages = {stage: Claim.objects.filter(stage=stage).count() for stage in Stage}
    assert all(stages[stage] for stage in (Stage.OPEN, Stage.IN_PROGRESS, Stage.IN_REVIEW))
    assert stages[Stage.VERIFIED] > 60
    assert {"JN-51", "JN-52"} <= set(Claim.objects.verified().values_list("key", flat=True))
    synopsis = Document.objects.get(key="japan-nato-synopsis")
    assert not synopsis.snapshots.get().sentences.undecided().exists()
    newsletter = Document.objects.get(key="japan-nato-in-brief").latest_snapshot()
    assert newsletter is not None
    assert newsletter.sentences.undecided().exists()
    notice = Claim.objects.get(key="DN-1")
    assert (notice.evidence.get().still, bool(notice.due_at)) == ("changed", True)
    waiting = newsletter.reanchorings.pending().values_list("appearance__claim__key", "status")
    assert set(waiting) == {("JN-51", "reworded"), ("JN-66", "gone")}
    assert Claim.objects.due().count() == 4
    assert ClaimSet.objects.get(kind="hand").claims.count() == stages[Stage.VERIFIED] - 1
    assert Comment.objects.unresolved().exists()
    quoted = Claim.objects.get(key="DN-2")
    assert {piece.quote_status for piece in quoted.evidence.all()} == set(QuoteStatus) - {QuoteStatus.NONE}
    reopened = Claim.objects.get(key="DN-3")
    assert set(Claim.objects.filter(appearances=None)) == {notice, quoted, reopened}
    index = reopened.evidence.get().document.source
    assert (reopened.stage, index.reliability) == (Stage.OPEN, "E")
    assert [one.letter for one in gradings(index)] == ["E", "C", "F"]
    assert Source.objects.filter(retired_at__isnull=False, merged_into=None).count() == 1
    assert Evidence.objects.filter(provenance="supplied").exists()
    assert "History is whole" in said("verify_history")


def test_a_second_load_changes_nothing_and_says_so(db: None) -> None:
    said("load_seeds")
    claim = Claim.objects.get(key="JN-51")
    before = Event.objects.count(), Evidence.objects.count(), claim.version
    assert said("load_seeds") == "Nothing to do: all of the seeds are here already.\n"
    claim.refresh_from_db()
    assert (Event.objects.count(), Evidence.objects.count(), claim.version) == before


def test_a_load_keeps_what_is_on_the_desk_already(db: None) -> None:
    factories.source(name="SIPRI", key="sipri", reliability="C", reliability_reason="Ours.")
    said("load_seeds")
    assert Source.objects.get(key="sipri").reliability_reason == "Ours."


def test_seeds_whose_text_was_altered_are_refused_and_leave_nothing(db: None, tmp_path: Path) -> None:
    for name in ("desk.json", "japan-nato-synopsis.md"):
        (tmp_path / name).write_bytes((SEEDS / name).read_bytes())
    with (tmp_path / "japan-nato-synopsis.md").open("a") as text:
        text.write("One word more.\n")
    with pytest.raises(CommandError, match="does not have the SHA-256"):
        said("load_seeds", tmp_path)
    assert not Source.objects.exists()


def test_seeds_whose_offsets_do_not_fit_are_refused_and_leave_nothing(db: None) -> None:
    desk = Desk.read(SEEDS)
    desk.claims[5]["appearances"][0]["start"] += 1
    with pytest.raises(SeedError, match="has another exact"):
        load(desk)
    assert not Source.objects.exists()


def test_a_missing_folder_is_said_to_be_missing(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        said("load_seeds", tmp_path / "nowhere")


def test_a_new_person_gets_a_role_and_a_password_shown_once(db: None) -> None:
    text = said("create_user", "mori", role="reviewer", email="mori@example.org")
    person = User.objects.get(username="mori")
    assert person.role == Role.REVIEWER
    assert person.check_password(text.split()[-1])
    assert "Password" not in said("create_user", "mori", role="reviewer")
    assert User.objects.get(username="mori").email == "mori@example.org"


def test_a_role_is_changed_with_one_event_and_not_twice(db: None) -> None:
    said("create_user", "mori", role="reader")
    for _ in range(2):
        said("create_user", "mori", role="admin")
    person = User.objects.get(username="mori")
    assert (person.role, person.is_staff) == (Role.ADMIN, True)
    changes = list(Event.objects.of(person).values_list("changes__role", flat=True))
    assert changes == [[None, "reader"], ["reader", "admin"]]


def test_a_password_can_be_piped_in(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery staple\n"))
    assert "correct" not in said("create_user", "mori", role="analyst", password_stdin=True)
    assert User.objects.get(username="mori").check_password("correct horse battery staple")


def test_a_weak_password_or_an_impossible_name_makes_nobody(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("mori\n"))
    with pytest.raises(CommandError, match="too short"):
        said("create_user", "mori", role="analyst", password_stdin=True)
    with pytest.raises(CommandError, match="valid username"):
        said("create_user", "mori smith", role="analyst")
    assert not User.objects.exists()


def test_an_unknown_role_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("create_user", "mori", "--role", "king")


def test_a_device_is_written_to_and_not_replaced(db: None, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reading:
        said("export_claims", format="json", output=pipe)
        written, _ = reading.communicate(timeout=30)
    assert json.loads(written)
    assert pipe.is_fifo()


@pytest.mark.parametrize("format", FORMATS)
def test_claims_are_written_to_a_file_whole(db: None, tmp_path: Path, format: str) -> None:
    factories.verified_claim(assertion="Four members spend more.")
    target = tmp_path / "claims.out"
    target.write_text("old")
    said("export_claims", format=format, output=target)
    assert "Four members spend more." in target.read_text()
    assert os.listdir(tmp_path) == ["claims.out"]


def test_an_export_that_fails_leaves_the_old_file_and_no_other(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.verified_claim()

    def failing(claim: Claim) -> object:
        raise ValueError("broken")

    monkeypatch.setattr("claims.exports.records.claim_record", failing)
    target = tmp_path / "claims.json"
    target.write_text("old")
    with pytest.raises(ValueError, match="broken"):
        said("export_claims", format="json", output=target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["claims.json"]


def test_an_export_takes_the_filter_of_the_list(db: None) -> None:
    ranking, event = factories.verified_claim(kind="ranking"), factories.verified_claim(kind="event")
    waiting = factories.claim(kind="event")

    def references(**options: object) -> list[str]:
        return [claim["reference"] for claim in json.loads(said("export_claims", format="json", **options))["claims"]]

    assert references() == [ranking.reference, event.reference]
    assert references(filter="kind=event") == [event.reference]
    assert references(filter="kind=event&stage=open") == [waiting.reference]
    assert references(filter="kind=event", all_stages=True) == [event.reference, waiting.reference]
    assert references(set=factories.claim_set(claims=(event, ranking)).pk) == [event.reference, ranking.reference]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"filter": "stage=finished"}, "finished"),
        ({"filter": "assignee=me"}, "Give a user name"),
        ({"set": 999}, "There is no claim set 999"),
        ({"user": "nobody"}, "There is nobody called nobody"),
        ({"output": Path("/nowhere/claims.json")}, "cannot be written"),
    ],
)
def test_an_export_that_cannot_be_made_says_why(db: None, options: dict[str, object], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        said("export_claims", format="json", **options)


def manage(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with nothing of this one's settings in its environment."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=settings.BASE_DIR,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the demo has a database of its own, of SQLite")
def test_the_demo_sets_itself_up_once_and_prints_the_same_passwords_again(tmp_path: Path) -> None:
    first = manage("demo", "--no-serve", DATA_DIR=str(tmp_path), DATABASE_URL="postgres://nowhere/nothing")
    assert first.returncode == 0, first.stderr
    assert "claims 107" in first.stdout
    second = manage("demo", "--no-serve", DATA_DIR=str(tmp_path))
    assert "Nothing to do" in second.stdout
    passwords = json.loads((tmp_path / "demo-passwords.json").read_text())
    assert set(passwords) == {"analyst", "reviewer", "admin"}
    for run in (first, second):
        assert all(password in run.stdout for password in passwords.values())
    for name in ("demo-passwords.json", "secret-key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_without_a_secret_nothing_but_the_demo_starts(tmp_path: Path) -> None:
    run = manage("check", DATA_DIR=str(tmp_path))
    assert run.returncode != 0
    assert "SECRET_KEY is missing" in run.stderr
