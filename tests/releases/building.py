"""A small release to take apart: made in memory, with a key that is in this file and nowhere else."""

import base64
import hashlib
import io
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from claims.releases.archive import Member, Seal, Sealed, Written, write_archive
from claims.releases.script.verify import (
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    STORED,
    SUMS,
    Entry,
    Limits,
    Statement,
    directory_record,
    end_records,
    local_header,
    read_directory,
    sums_line,
)
from claims.releases.signing import Signer

HEAD = hashlib.sha256(b"heads").hexdigest()


def secret_key(seed: bytes = b"a seed of thirty-two bytes, open", number: bytes = b"\1\2\3\4\5\6\7\x08") -> str:
    """A secret key's file without encryption, always the same."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    checksum = hashlib.blake2b(b"Ed" + number + seed + public, digest_size=32).digest()
    data = b"Ed\0\0B2" + bytes(32 + 8 + 8) + number + seed + public + checksum
    return f"untrusted comment: minisign secret key\n{base64.b64encode(data).decode()}\n"


OTHER_SECRET = secret_key(b"another seed of thirty-two bytes", b"\x09" * 8)


def manifest(files: Sequence[Written]) -> bytes:
    resources = [
        {"name": f"r{at}", "path": file.name, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
        for at, file in enumerate(files)
    ]
    return json.dumps({"name": "small", "resources": resources}).encode()


def member(name: str, content: bytes) -> Member:
    return Member(name, lambda: [content])


MEMBERS = (
    member("claims.csv", b"id,assertion\r\n1,Japan has the world's ninth-largest military budget.\r\n" * 30),
    member("captures/page-1.warc.gz", bytes(range(256))),
    member("empty.txt", b""),
)
Describe = Callable[[Sequence[Written]], bytes]


def build(
    members: Sequence[Member] = MEMBERS, *, secret: str = "", claims: int = 2, describe: Describe = manifest
) -> tuple[bytes, Sealed]:
    """The bytes of a release, and what its writer says of it."""
    stream = io.BytesIO()
    with Signer.unlock(secret or secret_key()) as signer:
        instant = datetime(2026, 11, 22, 16, tzinfo=UTC)
        seal = Seal("nato-3", claims, instant, HEAD, signer, describe)
        sealed = write_archive(stream, members, seal=seal)
    return stream.getvalue(), sealed


def parts(data: bytes) -> list[tuple[Entry, bytes]]:
    """The entries of an archive, each with its packed data."""
    entries = read_directory(io.BytesIO(data), Limits())
    starts = [entry.offset + len(local_header(entry)) for entry in entries]
    return [(entry, data[start : start + entry.packed]) for entry, start in zip(entries, starts, strict=True)]


def assemble(pieces: Sequence[tuple[Entry, bytes]]) -> bytes:
    """An archive by the rules of the format, of entries that need not be those of a release."""
    body, directory = b"", b""
    for entry, data in pieces:
        directory += directory_record(entry._replace(offset=len(body)))
        body += local_header(entry) + data
    return body + directory + end_records(len(pieces), len(directory), len(body))


def pack(name: str, content: bytes) -> tuple[Entry, bytes]:
    """An entry and its packed data."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = content if name in STORED else deflate.compress(content) + deflate.flush()
    return Entry(name, zlib.crc32(content), len(packed), len(content), 0), packed


def forge(files: dict[str, bytes], *, sums: bytes | None = None, secret: str = "", order: Sequence[str] = ()) -> bytes:
    """An archive whose signature holds, by someone who has a key and keeps to no rule but those of the archive."""
    if MANIFEST not in files:
        digests = [Written(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()]
        files = {**files, MANIFEST: manifest(digests)}
    stated = "".join(sums_line(name, hashlib.sha256(data).hexdigest()) for name, data in files.items()).encode()
    pieces = [pack(name, data) for name, data in {**files, SUMS: stated if sums is None else sums}.items()]
    if order:
        pieces = [next(piece for piece in pieces if piece[0].name == name) for name in order]
    body = assemble(pieces)
    signed = hashlib.sha256(body[: directory_start(body)]).hexdigest()
    with Signer.unlock(secret or secret_key()) as signer:
        statement = Statement("forged", 1, "2026-11-22T16:00:00Z", HEAD, signed)
        signature = signer.sign(stated if sums is None else sums, statement)
        return assemble([*pieces, pack(SIGNATURE, signature), pack(PUBLIC_KEY, signer.key.file)])


def directory_start(data: bytes) -> int:
    start: int = struct.unpack("<I", data[-6:-2])[0]
    return start


def headers(data: bytes) -> list[int]:
    """Offsets of every byte that is no file's data, and of every byte of the signature and the key."""
    found = set(range(directory_start(data), len(data)))
    for entry, packed in parts(data):
        length = len(local_header(entry)) + (len(packed) if entry.name in (SIGNATURE, PUBLIC_KEY) else 0)
        found |= set(range(entry.offset, entry.offset + length))
    return sorted(found)
