"""Keys and signatures are those of minisign: what we make it takes, and what it makes we take."""

import base64
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from claims.releases import signing
from claims.releases.script import verify
from claims.releases.script.verify import Statement, ed25519_holds, read_signature, signature_holds
from claims.releases.signing import BadKey, Signer, change_passphrase, generate, public_key
from tests.releases.building import HEAD, secret_key

PASSPHRASE = "correct horse battery"
SUMS = b"0" * 64 + b"  claims.csv\n"
STATEMENT = Statement("nato-3", 2, "2026-11-22T16:00:00Z", HEAD, HEAD)
minisign = pytest.mark.skipif(not shutil.which("minisign"), reason="the minisign program is not installed")


@pytest.fixture(scope="module")
def pair() -> tuple[str, signing.Key]:
    return generate(PASSPHRASE)


def run(*arguments: object, told: str = "") -> subprocess.CompletedProcess[str]:
    command = ["minisign", *map(str, arguments)]
    return subprocess.run(command, input=told, capture_output=True, text=True, timeout=60)


def test_a_secret_key_is_kept_encrypted_and_opens_with_its_passphrase(pair: tuple[str, signing.Key]) -> None:
    secret, public = pair
    with Signer.unlock(secret, PASSPHRASE) as signer:
        assert signer.key == public
        seed = bytes(signer._secret._keynum_sk.secret_key)
    assert seed not in base64.b64decode(secret.splitlines()[1])
    assert secret.startswith("untrusted comment: minisign encrypted secret key\n")


def test_the_line_of_a_secret_key_is_enough_for_an_environment_variable(pair: tuple[str, signing.Key]) -> None:
    with Signer.unlock(pair[0].splitlines()[1], PASSPHRASE) as signer:
        assert signer.key == pair[1]


def test_a_key_has_a_number_that_minisign_writes_with_all_its_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minisign leaves leading zeros out, and then its number of the key would look like another than ours."""
    numbers = iter([b"1234567\0", b"1234567\x0f", b"1234567\x10"])
    monkeypatch.setattr("minisign.minisign.secrets.token_bytes", lambda length: next(numbers))
    monkeypatch.setattr(signing, "_encrypted", lambda secret, passphrase: "")
    assert generate(PASSPHRASE)[1].id == "1037363534333231"


def test_an_open_key_is_overwritten_when_its_block_ends() -> None:
    with Signer.unlock(secret_key()) as signer:
        opened = signer._secret
        assert any(opened._keynum_sk.secret_key)
    assert not any(opened._keynum_sk.secret_key)
    assert repr(signer) == "Signer(0807060504030201)"


@pytest.mark.parametrize("passphrase", ["", "correct horse batterx"])
def test_a_wrong_passphrase_says_so(pair: tuple[str, signing.Key], passphrase: str) -> None:
    with pytest.raises(BadKey, match="passphrase does not open"), Signer.unlock(pair[0], passphrase):
        pass


@pytest.mark.parametrize("text", ["", "x", "a\nb", "ä\nb", "untrusted comment: minisign secret key\nRWQ="])
def test_what_is_no_secret_key_says_so(text: str) -> None:
    with pytest.raises(BadKey, match="no secret key"), Signer.unlock(text):
        pass


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BadKey, match="at least 12"):
        generate("short")


def test_the_passphrase_can_be_changed_and_the_key_stays(pair: tuple[str, signing.Key]) -> None:
    secret = change_passphrase(pair[0], PASSPHRASE, "another passphrase")
    with Signer.unlock(secret, "another passphrase") as signer:
        assert signer.key == pair[1]
    with pytest.raises(BadKey), Signer.unlock(secret, PASSPHRASE):
        pass


def test_a_public_key_is_read_from_its_line_or_its_file(pair: tuple[str, signing.Key]) -> None:
    public = pair[1]
    assert public_key(public.text) == public
    assert public_key(public.file.decode()) == public
    assert public_key(f"  {public.file.decode()}\r\n".replace("\n", "\r\n")) == public


@pytest.mark.parametrize("text", ["", "RWQ", "é", "RWQ" + "A" * 52 + "=", "RUQ" + "A" * 53])
def test_what_is_no_public_key_says_so(text: str) -> None:
    with pytest.raises(BadKey, match="no public key"):
        public_key(text)


def test_the_same_statement_has_the_same_signature() -> None:
    with Signer.unlock(secret_key()) as signer:
        assert signer.sign(SUMS, STATEMENT) == signer.sign(SUMS, STATEMENT)


@pytest.mark.parametrize("as_of", ["2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "now"])
def test_an_instant_that_no_calendar_has_is_neither_signed_nor_believed(as_of: str) -> None:
    with Signer.unlock(secret_key()) as signer, pytest.raises(ValueError, match="comment"):
        signer.sign(SUMS, STATEMENT._replace(as_of=as_of))


@minisign
def test_minisign_verifies_our_signature_and_shows_the_comment(pair: tuple[str, signing.Key], tmp_path: Path) -> None:
    with Signer.unlock(pair[0], PASSPHRASE) as signer:
        signature = signer.sign(SUMS, STATEMENT)
    (tmp_path / "SHA256SUMS").write_bytes(SUMS)
    (tmp_path / "SHA256SUMS.minisig").write_bytes(signature)
    (tmp_path / "minisign.pub").write_bytes(pair[1].file)
    by_file = run("-V", "-m", tmp_path / "SHA256SUMS", "-p", tmp_path / "minisign.pub")
    by_line = run("-V", "-Q", "-m", tmp_path / "SHA256SUMS", "-P", pair[1].text)
    assert (by_file.returncode, by_line.returncode) == (0, 0)
    assert by_line.stdout.strip() == STATEMENT.comment
    (tmp_path / "SHA256SUMS").write_bytes(SUMS + b"\n")
    assert run("-V", "-m", tmp_path / "SHA256SUMS", "-P", pair[1].text).returncode == 1


@minisign
def test_minisign_opens_our_secret_key_with_its_passphrase(pair: tuple[str, signing.Key], tmp_path: Path) -> None:
    (tmp_path / "key").write_text(pair[0])
    made = run("-R", "-s", tmp_path / "key", "-p", tmp_path / "pub", told=f"{PASSPHRASE}\n")
    assert made.returncode == 0, made.stderr
    assert public_key((tmp_path / "pub").read_text()) == pair[1]


@minisign
def test_a_key_that_minisign_made_signs_releases(tmp_path: Path) -> None:
    assert run("-G", "-W", "-s", tmp_path / "key", "-p", tmp_path / "pub").returncode == 0
    with Signer.unlock((tmp_path / "key").read_text()) as signer:
        assert signer.key == public_key((tmp_path / "pub").read_text())
        signed = read_signature(signer.sign(SUMS, STATEMENT))
    assert signature_holds(signer.key, signed, SUMS)[0]


# RFC 8032, section 7.1: key, message, signature.
RFC = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC)
def test_the_scripts_own_arithmetic_gives_the_answers_of_the_standard(key: str, message: str, signature: str) -> None:
    point, text, right = (bytes.fromhex(value) for value in (key, message, signature))
    assert ed25519_holds(point, right, text)
    assert not ed25519_holds(point, right, text + b"x")


def test_the_scripts_own_arithmetic_agrees_with_the_library() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    _, library = verify._cryptography()
    for number in range(20):
        private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        point, message = private.public_key().public_bytes_raw(), os.urandom(number)
        right = private.sign(message)
        bad = bytes([right[0] ^ 1]) + right[1:], right[:40] + bytes([right[40] ^ 4]) + right[41:]
        for signature in (right, *bad):
            assert ed25519_holds(point, signature, message) == library(point, signature, message)


def test_a_signature_shifted_by_the_order_of_the_group_does_not_hold() -> None:
    """The same point reached by a larger number: one signature must not have two forms."""
    point, message, right = (bytes.fromhex(value) for value in RFC[1])
    larger = int.from_bytes(right[32:], "little") + verify.ORDER
    assert not ed25519_holds(point, right[:32] + larger.to_bytes(32, "little"), message)


@pytest.mark.parametrize(
    "key", [b"", b"\xff" * 32, (verify.P + 1).to_bytes(32, "little"), b"\2" + bytes(31), bytes(31)]
)
def test_what_is_no_point_of_the_curve_signs_nothing(key: bytes) -> None:
    assert not ed25519_holds(key, bytes.fromhex(RFC[0][2]), b"")


def absent() -> tuple[str, verify.Check]:
    raise ImportError


@pytest.mark.parametrize("way", ["cryptography", "nacl", "the minisign program", "own arithmetic"])
def test_each_way_to_check_a_signature_says_its_name_and_finds_a_false_one(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "nacl":
        pytest.importorskip("nacl")
    if way == "the minisign program" and not shutil.which("minisign"):
        pytest.skip("the minisign program is not installed")
    if way != "cryptography":
        monkeypatch.setattr(verify, "_cryptography", absent)
    if way not in ("cryptography", "nacl"):
        monkeypatch.setattr(verify, "_nacl", absent)
    if way == "own arithmetic":
        monkeypatch.setattr(verify.shutil, "which", lambda name: None)
    with Signer.unlock(secret_key()) as signer:
        signed = read_signature(signer.sign(SUMS, STATEMENT))
    holds, name = signature_holds(signer.key, signed, SUMS)
    assert holds
    assert way in name.lower().replace("pynacl", "nacl")
    assert not signature_holds(signer.key, signed, SUMS + b"x")[0]
    assert not signature_holds(signer.key, signed._replace(comment=signed.comment + "9"), SUMS)[0]


def test_a_program_that_came_with_the_release_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "minisign"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(verify, "HERE", str(tmp_path))
    assert verify._minisign() is None
