"""The page that checks a release: what it says of good, altered, foreign and strange files, and that it keeps none."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from claims.actions.publishing import publish
from claims.actions.releases import withdraw, write_correction
from claims.choices import Visibility
from claims.models import Release, User
from claims.releases.files import path_of
from claims.releases.signing import Signer
from tests import factories
from tests.releases.building import OTHER_SECRET, build, secret_key
from tests.views.test_published import _quickly_made  # noqa: F401  # the same quick releases

pytestmark = pytest.mark.django_db
FOREIGN, _ = build(secret=OTHER_SECRET)


def other_key() -> str:
    with Signer.unlock(OTHER_SECRET) as signer:
        return signer.key.text


def ask(client: Client, data: bytes, status: int = 200, **fields: str) -> str:
    file = io.BytesIO(data)
    file.name = "japan.zip"
    response = client.post("/verify/", {"release": file, **fields})
    assert response.status_code == status
    assert response.cookies == {}
    assert "no-store" in response.headers["Cache-Control"]
    return str(response.content.decode())


def published(reviewer: User) -> Release:
    release = factories.release(by=reviewer)
    publish(release, Visibility.LISTED, by=reviewer)
    return release


def test_a_release_of_this_desk_is_valid_and_what_became_of_it_is_told(
    client: Client, reviewer: User, settings: Settings
) -> None:
    release = published(reviewer)
    data = path_of(release).read_bytes()
    answer = ask(client, data)
    assert '<h2 id="outcome">Valid</h2>' in answer
    assert f'<dt>As of</dt><dd><time datetime="{release.frozen_at:%Y-%m-%dT%H:%M:%SZ}">' in answer
    assert release.name in answer
    assert f"<dd>{release.claim_count}</dd>" in answer
    assert settings.DESK_NAME in answer
    assert f"/published/{release.token}/" in answer
    write_correction(release, release.entries.select_related("claim")[0].claim, "It was tenth.", by=reviewer)
    assert "1 correction was made known since." in ask(client, data)
    withdraw(release, by=reviewer, reason="A table was misread.")
    assert "A table was misread." in ask(client, data)


def test_an_unpublished_release_is_valid_and_its_address_is_not_told(client: Client, reviewer: User) -> None:
    release = published(reviewer)
    publish(release, Visibility.NO, by=reviewer)
    answer = ask(client, path_of(release).read_bytes())
    assert '<h2 id="outcome">Valid</h2>' in answer
    assert str(release.token) not in answer


def test_one_changed_bit_is_found(client: Client, reviewer: User) -> None:
    data = bytearray(path_of(published(reviewer)).read_bytes())
    data[len(data) // 2] ^= 1
    answer = ask(client, bytes(data))
    assert '<h2 id="outcome">Not valid</h2>' in answer
    assert "findings" in answer


def test_an_unknown_key_is_an_outcome_of_its_own_and_can_be_held_against_another(client: Client) -> None:
    assert "Whole, but the key is not known here" in ask(client, FOREIGN)
    answer = ask(client, FOREIGN, key=other_key())
    assert '<h2 id="outcome">Valid</h2>' in answer
    assert "the key that you gave" in answer
    with Signer.unlock(secret_key()) as signer:
        assert "Whole, but signed with another key" in ask(client, FOREIGN, key=signer.key.file.decode())


def test_a_release_of_the_desk_held_against_another_key_is_told_whose_it_is(
    client: Client, reviewer: User, settings: Settings
) -> None:
    answer = ask(client, path_of(published(reviewer)).read_bytes(), key=other_key())
    assert f"it is one of {settings.DESK_NAME}" in answer


def test_what_is_no_release_is_said_to_be_none(client: Client) -> None:
    for data in (b"", b"Hello", b"PK\x05\x06" + bytes(18), b"<script>alert(1)</script>"):
        answer = ask(client, data)
        assert '<h2 id="outcome">Not valid</h2>' in answer
        assert "<script" not in answer


def test_a_form_without_a_file_or_with_a_strange_key_comes_back(client: Client) -> None:
    response = client.post("/verify/", {"key": "RWnothing"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "Choose the ZIP of a release." in text
    assert "This is no public key of minisign." in text
    assert "RWnothing" in text
    assert client.post("/verify/", b"no form", content_type="text/plain").status_code == 422


def test_a_file_that_is_too_large_is_not_read_to_its_end(client: Client, settings: Settings) -> None:
    settings.VERIFY_MAX_BYTES = len(FOREIGN) - 1
    assert "is not checked on this page" in ask(client, FOREIGN, 413)
    settings.VERIFY_MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10, 10
    response = client.post("/verify/", {"release": io.BytesIO(FOREIGN)})
    assert response.status_code == 413
    assert response.cookies == {}


def test_who_asks_too_often_waits(client: Client, settings: Settings) -> None:
    settings.VERIFY_PER_MINUTE = 2
    cache.clear()
    answers = [client.post("/verify/").status_code for _ in range(3)]
    assert answers in ([422, 422, 429], [422, 422, 422])  # the last one when a minute ended in between
    other: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.post("/verify/", **other).status_code == 422


def test_nothing_is_kept_and_no_token_is_needed(reviewer: User, tmp_path: Path, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    strict = Client(enforce_csrf_checks=True)
    assert "Whole" in ask(strict, FOREIGN)
    assert list(tmp_path.iterdir()) == []
