"""A release as one ZIP: written as its content comes, the same bytes for the same content, signed at its end. Pure.

    seal = Seal(release="nato-3", claims=42, as_of=instant, head=sha256, signer=signer, describe=manifest)
    sealed = save_archive(path, [Member("claims.csv", rows), …], seal=seal)

After the members come `verify.py`, `datapackage.json` (made by `describe` of what was written), `SHA256SUMS`, its
signature and the public key. Every byte around the contents follows from them by the rules of `script/verify.py`, which
rebuilds and compares them. Memory does not grow with a member's size: what was compressed waits in a temporary file
until its header, which comes first, is known.
"""

import hashlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from claims.releases.script import verify
from claims.releases.script.verify import CHUNK, MANIFEST, PUBLIC_KEY, SIGNATURE, SUMS, Entry, Key, Limits, Statement
from claims.releases.signing import Signer

SCRIPT = "verify.py"
RESERVED = frozenset({SCRIPT, MANIFEST, *verify.TAIL})
LEVEL = 6
IN_MEMORY = 1 << 20  # bytes of a member, compressed, above which it waits on disk


class Sink(Protocol):
    """Where an archive is written to: a file, or what sends it on. It is never read or wound back."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True)
class Member:
    """A file to be: its name in the archive, and what yields its content, once."""

    name: str
    chunks: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Written:
    """A file that is in the archive: its length and hash, uncompressed."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Seal:
    """What is stated and signed of a release, and how its manifest is made.

    `release` is its name, of letters, digits and ._:/-; `as_of` an aware datetime; `head` a hash in hexadecimal over
    the claims' histories; `describe` gives the content of datapackage.json.
    """

    release: str
    claims: int
    as_of: datetime
    head: str
    signer: Signer
    describe: Callable[[Sequence[Written]], bytes]

    def statement(self, archive: str) -> Statement:
        return Statement(self.release, self.claims, instant(self.as_of), self.head, archive)


@dataclass(frozen=True)
class Sealed:
    """A finished archive: its files without sums, signature and key; its own length and hash; what was signed."""

    files: tuple[Written, ...]
    bytes: int
    sha256: str
    statement: Statement
    key: Key


def instant(moment: datetime) -> str:
    """Such as "2026-11-22T16:00:00Z", with six decimals when it is not a whole second. Raises ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError("An instant has a time zone.")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def save_archive(path: Path, members: Iterable[Member], *, seal: Seal) -> Sealed:
    """Write an archive to a file that has its name only once it is whole and on the disk. Raises as `write_archive`."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as file:
        try:
            sealed = write_archive(file, members, seal=seal)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
            raise
    _settle(path.parent)
    return sealed


def _settle(folder: Path) -> None:
    """See to it that a new name in a folder survives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_archive(stream: Sink, members: Iterable[Member], *, seal: Seal) -> Sealed:
    """Write members in the given order, and what belongs to every release.

    Raises ValueError for a name that a release may not have, or for more than a release may hold, and whatever the
    members raise. What was written until then lacks its end, and no reader takes it for an archive.
    """
    writer = _Writer(stream)
    for member in members:
        if member.name in RESERVED:
            raise ValueError(f"{member.name} is the archive's own.")
        writer.add(member.name, member.chunks())
    writer.add(SCRIPT, [Path(verify.__file__).read_bytes()])
    writer.add(MANIFEST, [seal.describe(tuple(writer.written))])
    files = tuple(writer.written)
    sums = "".join(verify.sums_line(file.name, file.sha256) for file in files).encode("ascii")
    writer.add(SUMS, [sums])
    statement = seal.statement(writer.whole.hexdigest())
    writer.add(SIGNATURE, [seal.signer.sign(sums, statement)])
    writer.add(PUBLIC_KEY, [seal.signer.key.file])
    writer.finish()
    return Sealed(files, writer.offset, writer.whole.hexdigest(), statement, seal.signer.key)


@dataclass
class _Writer:
    """The archive so far: the entries that its directory will have, the files' hashes, its own length and hash."""

    stream: Sink
    entries: list[Entry] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    offset: int = 0
    whole: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        if problem := verify.name_problem(name):
            raise ValueError(f"{verify.shown(name)} {problem}.")
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            packing = _Packing(spool, stored=name in verify.STORED)
            for chunk in _even(chunks):
                packing.add(chunk)
            entry = packing.finish(name, self.offset)
            self._put(verify.local_header(entry))
            spool.seek(0)
            while data := spool.read(CHUNK):
                self._put(data)
        self.entries.append(entry)
        self.written.append(Written(name, entry.size, packing.sha256.hexdigest()))

    def finish(self) -> None:
        """Write the directory. Raises ValueError when the archive is none that `verify.py` would read."""
        self._check()
        start = self.offset
        for entry in self.entries:
            self._put(verify.directory_record(entry))
        self._put(verify.end_records(len(self.entries), self.offset - start, start))

    def _check(self) -> None:
        limits = Limits()
        problems = [*verify.clashes([entry.name for entry in self.entries]), *verify.excesses(self.entries, limits)]
        if problems:
            raise ValueError("; ".join(problems[: verify.MOST_FINDINGS]))

    def _put(self, data: bytes) -> None:
        self.stream.write(data)
        self.whole.update(data)
        self.offset += len(data)


class _Packing:
    """One file on its way into a spool, compressed or not."""

    def __init__(self, spool: IO[bytes], *, stored: bool) -> None:
        self.spool = spool
        self.deflate = None if stored else zlib.compressobj(LEVEL, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY)
        self.sha256, self.crc, self.size = hashlib.sha256(), 0, 0

    def add(self, chunk: bytes) -> None:
        self.sha256.update(chunk)
        self.crc, self.size = zlib.crc32(chunk, self.crc), self.size + len(chunk)
        self.spool.write(self.deflate.compress(chunk) if self.deflate else chunk)

    def finish(self, name: str, offset: int) -> Entry:
        if self.deflate:
            self.spool.write(self.deflate.flush())
        return Entry(name, self.crc, self.spool.tell(), self.size, offset)


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one length, so that the compressed ones never depend on how they came."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)
