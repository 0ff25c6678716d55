"""`manage.py verify_release` holds a file against the keys of the desk, and says by its exit code what came of it."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from claims.models import SigningKey
from tests.releases.building import OTHER_SECRET, build

DATA, SEALED = build()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "nato-3.zip"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def signing_key(db: None) -> SigningKey:
    return SigningKey.objects.create(key_id=SEALED.key.id, public_key=SEALED.key.text)


def verify(*arguments: object) -> str:
    out = StringIO()
    call_command("verify_release", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments: object) -> int:
    with pytest.raises(CommandError) as caught:
        verify(*arguments)
    return caught.value.returncode


def test_a_release_of_this_desk_is_valid(signing_key: SigningKey, file: Path) -> None:
    said = verify(file)
    assert said.startswith("Valid: all 5 files are as they were signed.\nRelease nato-3, 2 claims")
    assert f"Signed with the key {SEALED.key.id} of {settings.DESK_NAME}" in said


def test_a_key_that_was_retired_since_still_vouches_for_it(signing_key: SigningKey, file: Path) -> None:
    SigningKey.objects.filter(pk=signing_key.pk).update(retired_at=datetime(2026, 12, 1, tzinfo=UTC))
    assert verify(file).startswith("Valid")


def test_a_changed_file_is_not_valid(signing_key: SigningKey, file: Path) -> None:
    file.write_bytes(DATA[:100] + b"\0" + DATA[101:])
    assert refused(file) == 1


def test_a_file_that_is_not_there_could_not_be_checked(signing_key: SigningKey, file: Path) -> None:
    assert refused(file.with_name("gone.zip")) == 2
    assert refused(file, "--key", "nonsense") == 2


def test_a_release_of_a_stranger_is_told_apart(signing_key: SigningKey, file: Path, tmp_path: Path) -> None:
    data, other = build(secret=OTHER_SECRET)
    file.write_bytes(data)
    (tmp_path / "theirs.pub").write_bytes(other.key.file)
    assert refused(file) == 3
    assert verify(file, "--key", other.key.text).startswith("Valid")
    assert verify(file, "-k", tmp_path / "theirs.pub").startswith("Valid")
    assert refused(file, "--key", SEALED.key.text) == 3
