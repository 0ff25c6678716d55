"""A release is written whole or not at all, with the same bytes for the same content."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from claims.releases import verification
from claims.releases.archive import Member, Seal, instant, save_archive, write_archive
from claims.releases.script import verify
from claims.releases.signing import Signer
from tests.releases.building import HEAD, MEMBERS, build, manifest, member, secret_key

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import hashlib; from tests.releases.building import build; print(hashlib.sha256(build()[0]).hexdigest())"


def test_any_reader_of_zips_finds_the_members_in_order_then_what_belongs_to_a_release() -> None:
    data, sealed = build()
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        assert file.namelist() == [
            *("claims.csv", "captures/page-1.warc.gz", "empty.txt", "verify.py", "datapackage.json"),
            *("SHA256SUMS", "SHA256SUMS.minisig", "minisign.pub"),
        ]
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in file.infolist()} == {0o100644}
        assert file.read("verify.py") == Path(verify.__file__).read_bytes()
        sums = [line.split("  ") for line in file.read("SHA256SUMS").decode().splitlines()]
        assert all(hashlib.sha256(file.read(name)).hexdigest() == sha256 for sha256, name in sums)
        resources = json.loads(file.read("datapackage.json"))["resources"]
    assert [name for _, name in sums] == [file.name for file in sealed.files]
    assert [entry["path"] for entry in resources] == [file.name for file in sealed.files][:-1]


def test_the_writer_says_what_it_wrote_and_signed() -> None:
    data, sealed = build()
    assert (sealed.bytes, sealed.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert sealed.statement[:4] == ("nato-3", 2, "2026-11-22T16:00:00Z", HEAD)
    assert sealed.key.id == "0807060504030201"


@pytest.mark.parametrize("language", ["C", "tr_TR.UTF-8", "C.UTF-8"])
def test_two_processes_with_other_locale_time_zone_and_hash_seed_write_the_same_bytes(language: str) -> None:
    zone, seed = ("Asia/Tokyo", "1") if language == "C" else ("America/St_Johns", "77")
    around = {**os.environ, "LC_ALL": language, "LANG": language, "TZ": zone, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", BUILD]
    made = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=True)
    assert made.stdout.strip() == hashlib.sha256(build()[0]).hexdigest()


def test_the_way_in_which_content_comes_does_not_change_the_bytes() -> None:
    content = bytes(range(256)) * 2000
    in_bits = Member("a.bin", lambda: (content[at : at + 777] for at in range(0, len(content), 777)))
    assert build([in_bits])[0] == build([member("a.bin", content)])[0]


def test_content_is_taken_as_it_is_made_and_not_held_in_memory() -> None:
    """Sixty megabytes more pass through; the process may not grow by more than a few buffers."""
    code = (
        "import resource, random\n"
        "from tests.releases.building import *\n"
        "noise = random.Random(1).randbytes(1 << 20)\n"
        "class Null:\n"
        "    def write(self, data): pass\n"
        "import claims.releases.archive as a\n"
        "def run(count):\n"
        "    with Signer.unlock(secret_key()) as signer:\n"
        "        seal = Seal('x', 1, datetime(2026, 1, 1, tzinfo=UTC), HEAD, signer, manifest)\n"
        "        write_archive(Null(), [Member('a', lambda: (noise for _ in range(count)))], seal=seal)\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(-run(8) + run(68))\n"
    )
    made = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(made.stdout) < 8 * 1024  # KiB


def test_a_saved_release_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "nato-3.zip"
    seen: list[list[str]] = []

    def chunks() -> Iterator[bytes]:
        seen.append(sorted(os.listdir(tmp_path)))
        yield b"x"

    with Signer.unlock(secret_key()) as signer:
        sealed = save_archive(path, [Member("a.txt", chunks)], seal=seal_with(signer))
    assert path.name not in seen[0]
    assert os.listdir(tmp_path) == [path.name]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sealed.sha256


def test_when_a_member_fails_nothing_is_left(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise ConnectionError("the database went away")

    with Signer.unlock(secret_key()) as signer, pytest.raises(ConnectionError):
        save_archive(tmp_path / "a.zip", [*MEMBERS, Member("a.txt", chunks)], seal=seal_with(signer))
    assert os.listdir(tmp_path) == []


def test_what_a_killed_process_leaves_has_neither_the_name_nor_the_look_of_a_release(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib\n"
        "from tests.releases.building import *\n"
        "from claims.releases.archive import save_archive\n"
        "def chunks():\n"
        "    yield b'x' * 1000\n"
        "    os._exit(9)\n"
        "with Signer.unlock(secret_key()) as signer:\n"
        "    seal = Seal('x', 1, datetime(2026, 1, 1, tzinfo=UTC), HEAD, signer, manifest)\n"
        "    save_archive(pathlib.Path(sys.argv[1]), [*MEMBERS, Member('z', chunks)], seal=seal)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.zip")]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 9
    (left,) = tmp_path.iterdir()
    assert left.name.endswith(".part")
    assert not verification.verify(left).is_valid
    assert not zipfile.is_zipfile(left)


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../up.txt", "a/../../b", "C:x", "a\\b", "a//b", "", ".hidden", "ä.txt", "a b", "con.txt", "a.",
     "x/aux", "SHA256SUMS", "verify.py", "minisign.pub", "notes.zip", "a" * 201, "a\n"],
)  # fmt: skip
def test_a_name_that_some_system_takes_otherwise_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="."):
        build([member(name, b"x")])


@pytest.mark.parametrize("names", [("a.txt", "a.txt"), ("a.txt", "A.txt"), ("a", "a/b"), ("A/b", "a")])
def test_two_files_that_would_be_one_on_some_system_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="twice|case|folder"):
        build([member(name, b"x") for name in names])


def test_a_release_that_no_verifier_would_read_is_not_finished() -> None:
    with pytest.raises(ValueError, match="times its size"):
        build([Member("zeros.bin", lambda: (bytes(1 << 20) for _ in range(40)))])


def test_a_moment_without_a_time_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 1, 1))  # noqa: DTZ001
    assert instant(datetime.fromisoformat("2026-11-23T01:00:00.000250+09:00")) == "2026-11-22T16:00:00.000250Z"


@pytest.mark.parametrize("release", ["", "a b", "a\nb", "ä", "x" * 201])
def test_a_release_is_named_so_that_its_statement_can_be_read(release: str) -> None:
    with Signer.unlock(secret_key()) as signer, pytest.raises(ValueError, match="comment"):
        write_archive(io.BytesIO(), MEMBERS, seal=seal_with(signer, release=release))


def test_zip64_is_written_where_numbers_need_it_and_read_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threshold lowered for headers of files, so that they get the fields that four gigabytes would give them."""
    monkeypatch.setattr(verify.Entry, "is_wide", property(lambda entry: entry.size > 100))
    data, _ = build()
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        assert file.getinfo("claims.csv").extract_version == 45
        assert file.getinfo("empty.txt").extract_version == 20
    assert verification.verify(io.BytesIO(data)).findings == ()


def test_more_files_than_an_old_zip_counts_are_written_and_read_by_others() -> None:
    empty = [Member(f"captures/{number}", lambda: []) for number in range(65_536)]
    data, _ = build(empty)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert len(file.infolist()) == 65_541
    assert verification.verify(io.BytesIO(data)).findings == ()


def seal_with(signer: Signer, release: str = "nato-3") -> Seal:
    return Seal(release, 2, datetime.fromisoformat("2026-11-22T16:00:00Z"), HEAD, signer, manifest)
