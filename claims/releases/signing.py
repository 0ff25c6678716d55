"""Keys that sign releases: Ed25519, in the formats of the minisign program, which takes and makes the same files. Pure.

    secret, public = generate("a passphrase")       # two texts: the first to lock away, the second to publish
    with Signer.unlock(secret, "a passphrase") as signer:
        signature = signer.sign(sums, statement)    # the content of SHA256SUMS.minisig

A secret key is kept encrypted, by scrypt and XOR as minisign does it; whoever has the text alone has nothing. One from
the environment may be without encryption. Public keys and signatures are read by `script/verify.py`, as anywhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import minisign

from claims.releases.script.verify import (
    UNTRUSTED_COMMENT,
    Broken,
    Key,
    Statement,
    read_key,
    read_signature,
    read_statement,
    signature_holds,
)

__all__ = ["BadKey", "Key", "Signer", "change_passphrase", "generate", "public_key"]

# OWASP's parameters for scrypt: N = 2^17, r = 8, p = 1. 128 MiB and some tenths of a second per guess.
OPERATIONS, MEMORY = 4 << 20, 128 << 20
MIN_PASSPHRASE = 12  # characters


class BadKey(ValueError):
    """A key that cannot be used, in words for people."""


def generate(passphrase: str) -> tuple[str, Key]:
    """A new pair: the secret key's file, encrypted, and the public key. Raises BadKey for a short passphrase."""
    secret = minisign.KeyPair.generate().secret_key
    while (public := _public(secret)).id.startswith("0"):  # minisign writes a key's number without leading zeros
        secret = minisign.KeyPair.generate().secret_key
    return _encrypted(secret, passphrase), public


def public_key(text: str) -> Key:
    """A public key from its line or its file. Raises BadKey."""
    try:
        return read_key(text)
    except Broken as problem:
        raise BadKey(str(problem)) from None


def change_passphrase(secret: str, old: str, new: str) -> str:
    """The same key's file under another passphrase. Raises BadKey."""
    with Signer.unlock(secret, old) as signer:
        return _encrypted(signer._secret, new)


def _encrypted(secret: minisign.SecretKey, passphrase: str) -> str:
    """The file of a secret key, which stays readable only in it. Raises BadKey."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise BadKey(f"A passphrase for a signing key has at least {MIN_PASSPHRASE} characters.")
    secret.encrypt(passphrase, opslimit=OPERATIONS, memlimit=MEMORY)
    secret.untrusted_comment = "minisign encrypted secret key"
    try:
        return bytes(secret).decode("ascii") + "\n"
    finally:
        secret.wipe()


def _read(secret: str) -> minisign.SecretKey:
    data = secret.strip().encode("ascii")
    return minisign.SecretKey.from_bytes(data) if b"\n" in data else minisign.SecretKey.from_base64(data)


def _public(secret: minisign.SecretKey) -> Key:
    return read_key(secret.get_public_key().to_base64().decode("ascii"))


@dataclass(frozen=True)
class Signer:
    """An open secret key. Its text form never leaves this module; `repr` tells the public key only."""

    _secret: minisign.SecretKey
    key: Key

    def __repr__(self) -> str:
        return f"Signer({self.key.id})"

    @classmethod
    @contextmanager
    def unlock(cls, secret: str, passphrase: str = "") -> Iterator["Signer"]:  # noqa: S107 -- no passphrase, no default one
        """The key for as long as the block lasts; then its memory is overwritten. Raises BadKey.

        `secret` is the file, or its second line alone, which an environment variable holds more easily.
        """
        try:
            opened = _read(secret)
            opened.decrypt(passphrase)
        except (minisign.ParseError, UnicodeEncodeError):
            raise BadKey("This is no secret key of minisign.") from None
        except minisign.Error:
            raise BadKey("The passphrase does not open this key.") from None
        try:
            yield cls(opened, _public(opened))
        finally:
            opened.wipe()

    def sign(self, sums: bytes, statement: Statement) -> bytes:
        """The content of SHA256SUMS.minisig; the same for the same input. Raises ValueError for a bad statement."""
        try:
            read_statement(statement.comment)
        except Broken as problem:
            raise ValueError(str(problem)) from None
        made = self._secret.sign(sums, trusted_comment=statement.comment, untrusted_comment=UNTRUSTED_COMMENT)
        signed = read_signature(bytes(made) + b"\n")
        holds, _ = signature_holds(self.key, signed, sums)
        if not holds:  # a fault of the machine must not leave the house as a signature
            raise RuntimeError(f"The signature that the key {self.key.id} made does not hold.")
        return signed.file
