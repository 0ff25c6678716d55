"""`manage.py signing_key`, and which key signs: stored under a passphrase, or from the environment."""

import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from claims.actions import signing_keys
from claims.actions.signing_keys import NoKey, signer_in_use
from claims.choices import RecordAct
from claims.models import Event, SigningKey, User
from claims.releases import signing
from claims.workflow import Refused
from tests.releases.building import OTHER_SECRET, secret_key

pytestmark = pytest.mark.django_db

PASSPHRASE = "twelve or more characters"


@pytest.fixture(autouse=True)
def _stored_keys(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RELEASE_KEY, settings.RELEASE_KEY_PASSPHRASE = "", PASSPHRASE
    monkeypatch.setattr(signing, "OPERATIONS", 1 << 15)  # the least that scrypt takes: tests guess nothing
    monkeypatch.setattr(signing, "MEMORY", 1 << 24)


@pytest.fixture
def run() -> Callable[..., str]:
    def call(*words: str) -> str:
        out = io.StringIO()
        call_command("signing_key", *words, stdout=out)
        return out.getvalue()

    return call


def test_a_key_is_made_locked_away_and_signs(run: Callable[..., str]) -> None:
    told = run("create")

    key = SigningKey.objects.get()
    assert key.public_key in told
    assert PASSPHRASE not in key.private_key
    assert Event.objects.of(key).get().act == RecordAct.ADD
    with signer_in_use() as (row, signer):
        assert (row, signer.key.text) == (key, key.public_key)


def test_a_second_key_is_not_made_beside_the_first(run: Callable[..., str]) -> None:
    run("create")
    with pytest.raises(CommandError, match="rotate"):
        run("create")


def test_a_rotated_key_signs_no_more_forgets_its_private_half_and_stays_published(run: Callable[..., str]) -> None:
    run("create")
    old = SigningKey.objects.get()
    run("rotate")

    old.refresh_from_db()
    new = SigningKey.objects.in_use().get()
    assert (old.is_retired, old.private_key) == (True, "")
    with signer_in_use() as (row, _):
        assert row == new
    listed = run("list")
    assert old.public_key in listed
    assert f"retired {old.retired_at:%Y-%m-%d}" in listed
    assert listed.index(new.key_id) < listed.index(old.key_id)


def test_a_public_key_is_printed_as_minisign_reads_it(run: Callable[..., str]) -> None:
    run("create")
    key = SigningKey.objects.get()
    printed = run("public", key.key_id.lower())
    assert signing.public_key(printed).text == key.public_key


def test_a_passphrase_can_be_changed_and_the_old_one_opens_nothing_then(
    run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    run("create")
    monkeypatch.setattr("claims.management.commands.signing_key._asked_twice", lambda: "another of twelve")
    run("passphrase")

    with pytest.raises(NoKey, match="RELEASE_KEY_PASSPHRASE"), signer_in_use():
        pass
    settings.RELEASE_KEY_PASSPHRASE = "another of twelve"
    with signer_in_use():
        pass


def test_a_short_passphrase_makes_no_key(run: Callable[..., str], settings: Settings) -> None:
    settings.RELEASE_KEY_PASSPHRASE = "short"
    with pytest.raises(CommandError, match="12"):
        run("create")
    assert not SigningKey.objects.exists()


def test_without_a_key_it_is_said_how_one_is_made(run: Callable[..., str]) -> None:
    assert "create" in run("list")
    with pytest.raises(NoKey, match="signing_key create"), signer_in_use():
        pass


def test_the_key_of_the_environment_goes_first_and_is_published_on_first_use(
    run: Callable[..., str], settings: Settings
) -> None:
    run("create")
    settings.RELEASE_KEY = secret_key()
    with signer_in_use() as (row, signer):
        assert (row.public_key, row.private_key) == (signer.key.text, "")
    with signer_in_use() as (again, _):
        assert again == row
    assert "from the environment" in run("list")
    with pytest.raises(CommandError, match="known here already"):
        run("adopt")


def test_a_retired_key_of_the_environment_signs_no_more(run: Callable[..., str], settings: Settings) -> None:
    settings.RELEASE_KEY = OTHER_SECRET
    run("adopt")
    run("retire", SigningKey.objects.get().key_id)
    with pytest.raises(NoKey, match="retired"), signer_in_use():
        pass


def test_a_broken_key_of_the_environment_is_told(settings: Settings) -> None:
    settings.RELEASE_KEY = "no key"
    with pytest.raises(NoKey, match="RELEASE_KEY cannot be used"), signer_in_use():
        pass


def test_only_those_who_manage_the_desk_touch_keys(analyst: User, admin: User) -> None:
    with pytest.raises(Refused):
        signing_keys.create_key(PASSPHRASE, by=analyst)
    assert signing_keys.create_key(PASSPHRASE, by=admin).made_by == admin


@pytest.mark.parametrize("words", [["retire", "0" * 16], ["public", "x"], ["create", "--by", "nobody"]])
def test_what_is_not_there_is_named(run: Callable[..., str], words: list[str]) -> None:
    with pytest.raises(CommandError, match="There is"):
        run(*words)
