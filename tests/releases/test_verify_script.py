"""verify.py as its reader runs it: on the ZIP, in the unpacked folder, offline, with whatever Python is there."""

import ast
import io
import os
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from claims.releases.script import verify
from tests.releases.building import OTHER_SECRET, build

DATA, SEALED = build()
SCRIPT = Path(verify.__file__)
NO_NETWORK = """
import runpy, sys
def guard(event, arguments):
    if event.startswith("socket."):
        raise SystemExit(77)
sys.addaudithook(guard)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(script: Path, *arguments: object, python: str = sys.executable, **around: str) -> tuple[int, str]:
    """Exit code and all that it said; any use of the network ends it with 77."""
    command = [python, "-c", NO_NETWORK, str(script), *map(str, arguments)]
    environment = {**os.environ, **around}
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=environment, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "nato-3.zip"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(DATA)) as file:
        file.extractall(tmp_path / "folder")
    return tmp_path / "folder"


def test_the_zip_is_valid_and_the_answer_says_what_was_signed_by_which_key(zipped: Path) -> None:
    code, said = run(SCRIPT, zipped)
    assert code == 0, said
    assert "VALID. All 5 files are as they were signed." in said
    assert "release nato-3, 2 claims, as of 2026-11-22T16:00:00Z" in said
    assert "Signed with the key 0807060504030201; the signature was checked by cryptography" in said
    assert f"Compare it with the one that the desk publishes:\n{SEALED.key.text}" in said


def test_the_copy_in_the_folder_checks_the_folder_it_lies_in(folder: Path) -> None:
    code, said = run(folder / "verify.py")
    assert code == 0, said
    assert "VALID" in said
    assert sorted(os.listdir(folder)) == sorted(
        ["SHA256SUMS", "SHA256SUMS.minisig", "captures", "claims.csv", "datapackage.json", "empty.txt"]
        + ["minisign.pub", "verify.py"]
    )


def test_with_the_desks_key_at_hand_it_must_be_that_key(zipped: Path, folder: Path, tmp_path: Path) -> None:
    other, sealed = build(secret=OTHER_SECRET)
    (tmp_path / "other.zip").write_bytes(other)
    for key in (SEALED.key.text, folder / "minisign.pub"):
        assert run(SCRIPT, zipped, "--key", key)[0] == 0
        code, said = run(SCRIPT, tmp_path / "other.zip", "--key", key)
        assert code == 1
        assert f"signed with the key {sealed.key.id}, not with the one asked for (0807060504030201)" in said
    assert run(SCRIPT, tmp_path / "other.zip", "--key", SEALED.key.text, "--key", sealed.key.text)[0] == 0


def test_what_cannot_be_checked_is_told_apart_from_what_is_wrong(zipped: Path, tmp_path: Path) -> None:
    assert run(SCRIPT, tmp_path / "gone.zip")[0] == 2
    assert run(SCRIPT, zipped, "--key", "nonsense")[0] == 2
    assert run(SCRIPT, "--nonsense")[0] == 2
    (tmp_path / "text").write_text("no ZIP")
    code, said = run(SCRIPT, tmp_path / "text")
    assert (code, said.splitlines()[0]) == (1, "NOT VALID.")


def test_flips_of_one_bit_end_with_exit_code_one(zipped: Path) -> None:
    chance = random.Random(1)
    for _ in range(12):
        at, bit = chance.randrange(len(DATA)), chance.randrange(8)
        zipped.write_bytes(DATA[:at] + bytes([DATA[at] ^ 1 << bit]) + DATA[at + 1 :])
        code, said = run(SCRIPT, zipped)
        assert code == 1, (at, bit, said)
        assert said.startswith("NOT VALID.\n- ")


@pytest.mark.parametrize("name", ["claims.csv", "verify.py", "datapackage.json", *verify.TAIL])
def test_a_flip_in_any_file_of_the_folder_is_found(folder: Path, name: str) -> None:
    chance, path = random.Random(2), folder / name
    content = path.read_bytes()
    for _ in range(60):
        at, bit = chance.randrange(len(content)), chance.randrange(8)
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
        assert verify.check_folder(str(folder)).wrong, (at, bit)


def test_a_file_missing_from_the_folder_is_named(folder: Path) -> None:
    (folder / "empty.txt").unlink()
    assert verify.check_folder(str(folder)).wrong == [
        '"empty.txt" is missing',
        'datapackage.json says other things of "empty.txt" than are so',
    ]
    (folder / "minisign.pub").unlink()
    assert verify.check_folder(str(folder)).wrong == ["minisign.pub is missing"]


def test_a_file_added_to_the_folder_is_named(folder: Path) -> None:
    (folder / "captures" / "more.txt").write_text("x")
    assert verify.check_folder(str(folder)).wrong == ['"captures/more.txt" was added: SHA256SUMS does not name it']


def test_links_in_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "claims.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "claims.csv").symlink_to(tmp_path / "elsewhere.csv")
    (folder / "more").symlink_to("/")
    found = verify.check_folder(str(folder)).wrong
    assert '"claims.csv" is not a plain file' in found
    assert '"more" is not a plain file' in found


def test_the_zip_beside_its_own_files_is_not_held_against_them(folder: Path) -> None:
    (folder / "nato-3.zip").write_bytes(DATA)
    code, said = run(folder / "verify.py")
    assert code == 0, said
    assert 'Note: "nato-3.zip" lies here too; it is not part of the release and was not checked' in said


def test_modules_that_came_with_a_release_are_not_loaded(folder: Path) -> None:
    for name in ("hashlib", "zlib", "cryptography", "argparse"):
        (folder / f"{name}.py").write_text("raise SystemExit(0)")
    done = subprocess.run([sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert '"hashlib.py" was added' in done.stdout


def test_without_library_and_program_the_script_says_that_it_did_the_arithmetic_itself(zipped: Path) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(zipped)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": ""})
    assert done.returncode == 0, done.stderr
    assert "checked by this script's own arithmetic (no cryptography, PyNaCl or minisign is here)" in done.stdout


def test_the_script_is_written_for_python_3_8_and_takes_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    modules = {
        name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    modules |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules - sys.stdlib_module_names == {"cryptography", "nacl"}


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.12", "3.13", "3.14"])
def test_the_script_runs_with_other_pythons(version: str, zipped: Path, folder: Path) -> None:
    command = [shutil.which(f"python{version}") or "false", "-c", "import sys; print(sys.executable)"]
    python = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    if not python:
        pytest.skip(f"Python {version} is not installed")
    assert run(SCRIPT, zipped, python=python)[0] == 0
    assert run(folder / "verify.py", python=python, PATH="")[0] == 0
    zipped.write_bytes(DATA.replace(b"PK\1\2", b"PK\1\3", 1))
    assert run(SCRIPT, zipped, python=python)[0] == 1


def test_a_terminal_that_knows_only_ascii_gets_its_answer(zipped: Path, tmp_path: Path) -> None:
    code, said = run(SCRIPT, tmp_path / "gené.zip", PYTHONIOENCODING="ascii")
    assert code == 2
    assert "gen\\xe9.zip" in said
    assert run(SCRIPT, zipped, PYTHONIOENCODING="ascii")[0] == 0


def test_a_hundred_findings_are_counted_not_listed(folder: Path) -> None:
    for number in range(100):
        (folder / f"{number}.txt").touch()
    _, said = run(SCRIPT, folder)
    assert said.splitlines()[21] == "- and 80 more"
