"""The desk's own check says whose key it was, and keeps old keys valid for what they signed in their time."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claims.releases.verification import UPLOAD_LIMITS, KnownKey, Outcome, verify
from tests.releases.building import OTHER_SECRET, build

DATA, SEALED = build()
OURS = KnownKey(SEALED.key, "Our desk")


def test_a_release_signed_with_a_known_key_is_valid_and_says_whose_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(DATA)
    _, other = build(secret=OTHER_SECRET)
    report = verify(tmp_path / "a.zip", [KnownKey(other.key, "Another desk"), OURS])
    assert (report.outcome, report.is_valid, report.known) == (Outcome.VALID, True, OURS)
    assert report.as_of == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert list(report.lines())[:3] == [
        "Valid: all 5 files are as they were signed.",
        "Release nato-3, 2 claims, as of 2026-11-22T16:00:00Z.",
        f"Signed with the key 0807060504030201 of Our desk: {SEALED.key.text}",
    ]


def test_a_key_that_nobody_here_knows_is_said_to_be_unknown() -> None:
    data, _ = build(secret=OTHER_SECRET)
    report = verify(io.BytesIO(data), [OURS])
    assert (report.outcome, report.is_valid, report.known, report.findings) == (Outcome.UNKNOWN_KEY, False, None, ())
    assert "the key is not known here" in report.headline


def test_what_is_wrong_is_told_even_with_a_known_key() -> None:
    report = verify(io.BytesIO(DATA[:-30]), [OURS])
    assert (report.outcome, report.statement) == (Outcome.NOT_VALID, None)
    assert list(report.lines()) == [
        "Not valid.",
        "- the end of a ZIP archive is missing: the file was cut off, or is no ZIP",
    ]


@pytest.mark.parametrize(("retired", "outcome"), [(23, Outcome.VALID), (21, Outcome.NOT_VALID)])
def test_a_retired_key_is_good_for_what_it_signed_before(retired: int, outcome: Outcome) -> None:
    key = KnownKey(SEALED.key, "Our desk", datetime(2026, 11, retired, tzinfo=UTC))
    report = verify(io.BytesIO(DATA), [key])
    assert report.outcome == outcome
    assert ("was retired on 2026-11-21" in " ".join(report.findings)) == (outcome == Outcome.NOT_VALID)


def test_an_unpacked_folder_is_checked_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(DATA)) as file:
        file.extractall(tmp_path)
    assert verify(str(tmp_path), [OURS]).is_valid
    (tmp_path / "claims.csv").write_text("x")
    assert not verify(tmp_path, [OURS]).is_valid


def test_a_dropped_file_is_held_to_the_limits_of_the_page() -> None:
    assert verify(io.BytesIO(DATA), [OURS], limits=UPLOAD_LIMITS).is_valid
    report = verify(io.BytesIO(DATA), [OURS], limits=UPLOAD_LIMITS._replace(total=10))
    assert "at most 10 are read" in report.findings[0]


def test_what_cannot_be_read_is_an_error_and_no_answer(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        verify(tmp_path / "gone.zip")
