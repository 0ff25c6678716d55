#!/usr/bin/env python3
"""Is this release whole, is it what was signed, and by which key? Works offline, needs only Python 3.8 or later.

    python3 verify.py                   the unpacked folder in which this file lies
    python3 verify.py release.zip       the ZIP itself, every byte of it
    python3 verify.py … --key RWQ…      and was it signed with this key? (or the file that holds the key)

Exit codes: 0 valid, 1 not valid, 2 could not be checked.

The signature is checked by cryptography, PyNaCl or the minisign program, whichever is found first; where none is, by
the arithmetic of RFC 8032 at the end of this file. The answer says which.

A copy of this file lies in every release; whoever alters a release can alter the copy. To be sure, take this file, and
the key, from the desk that made the release, or use minisign: `minisign -Vm SHA256SUMS -P RWQ…`.
"""

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
if __name__ == "__main__":  # a release may not bring its own hashlib along: modules come from Python alone
    sys.path = [place for place in sys.path if place and os.path.abspath(place) != HERE]

import argparse
import base64
import binascii
import hashlib
import json
import re
import shutil
import stat
import struct
import subprocess
import tempfile
import zlib
from datetime import datetime
from typing import Any, BinaryIO, Callable, Iterator, NamedTuple, Sequence, Tuple

SUMS, SIGNATURE, PUBLIC_KEY, MANIFEST = "SHA256SUMS", "SHA256SUMS.minisig", "minisign.pub", "datapackage.json"
HEADER, CLAIMS = "release.json", "claims.jsonl"
TAIL = (SUMS, SIGNATURE, PUBLIC_KEY)  # the last files of an archive, in this order
STORED = (SIGNATURE, PUBLIC_KEY)  # without compression: no byte of the archive behind what is signed is free
WHOLE = (*TAIL, MANIFEST, HEADER)  # the files that are read as a whole
CHUNK = 1 << 16
LINE = 16 << 20  # bytes of a claim with its history
MOST_FINDINGS = 20  # more are counted only


class Limits(NamedTuple):
    """What an archive may ask of the machine that reads it. Sizes in bytes, unpacked; nothing unpacked is kept."""

    total: int = 64 << 30
    members: int = 100_000
    directory: int = 64 << 20
    ratio: int = 500  # unpacked to packed, beyond the first `free` bytes of a file
    free: int = 10 << 20
    text: int = 16 << 20  # each of the files that are read as a whole


class Broken(Exception):
    """What makes further reading useless, in words."""


# -- the archive: each of its bytes follows from its files ------------------------------------------------------------

WIDE, MANY = 0xFFFFFFFF, 0xFFFF  # from here on a number needs the fields of ZIP64
TIME, DATE = 0, (0 << 9) | (1 << 5) | 1  # 1980-01-01 00:00, the first moment that a ZIP knows
MADE_ON_UNIX, FILE_MODE = 3 << 8, (stat.S_IFREG | 0o644) << 16
DEFLATED = 8


class Entry(NamedTuple):
    """A file in an archive. `packed` and `size` are its bytes with and without compression."""

    name: str
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def method(self) -> int:
        return 0 if self.name in STORED else DEFLATED

    @property
    def is_wide(self) -> bool:
        return self.size >= WIDE or self.packed >= WIDE


def local_header(entry: Entry) -> bytes:
    """The bytes before a file's data."""
    name, sizes, extra = entry.name.encode("ascii"), (entry.packed, entry.size), b""
    if entry.is_wide:
        sizes, extra = (WIDE, WIDE), struct.pack("<HHQQ", 1, 16, entry.size, entry.packed)
    head = (45 if entry.is_wide else 20, 0, entry.method, TIME, DATE, entry.crc)
    return struct.pack("<4s5H3I2H", b"PK\3\4", *head, *sizes, len(name), len(extra)) + name + extra


def directory_record(entry: Entry) -> bytes:
    """A file's bytes in the directory at the archive's end."""
    name, sizes, offset = entry.name.encode("ascii"), (entry.packed, entry.size), entry.offset
    wide: list[int] = []
    if entry.is_wide:
        sizes, wide = (WIDE, WIDE), [entry.size, entry.packed]
    if offset >= WIDE:
        offset, wide = WIDE, [*wide, entry.offset]
    extra = struct.pack(f"<HH{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version = 45 if wide else 20
    head = (MADE_ON_UNIX | version, version, 0, entry.method, TIME, DATE, entry.crc)
    rest = (len(name), len(extra), 0, 0, 0, FILE_MODE, offset)
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", *head, *sizes, *rest) + name + extra


def end_records(count: int, size: int, offset: int) -> bytes:
    """The bytes after the directory, which has `count` records in `size` bytes from `offset` on."""
    wide = b""
    if count >= MANY or size >= WIDE or offset >= WIDE:
        wide = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, MADE_ON_UNIX | 45, 45, 0, 0, count, count, size, offset)
        wide += struct.pack("<4sIQI", b"PK\6\7", 0, offset + size, 1)
    few = min(count, MANY)
    return wide + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, few, few, min(size, WIDE), min(offset, WIDE), 0)


_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\Z")
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)


def name_problem(name: str) -> str:
    """Why a file of a release may not have this name; empty when it may."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name):
        return "is an absolute path"
    if ".." in parts:
        return "climbs out of the folder"
    if name.lower().endswith(_BESIDE):
        return "has a name that is not checked in an unpacked release"
    if not _NAME.match(name) or len(name) > 200 or any(_DEVICE.match(part) or part[-1] == "." for part in parts):
        return "has a name that no file of a release has"
    return ""


def clashes(names: Sequence[str]) -> Iterator[str]:
    """Names that are there twice, that differ only in case, or that are a file and a folder at once; in words."""
    seen: dict[str, str] = {}
    files = {name.lower() for name in names}
    for name in names:
        other = seen.get(name.lower())
        if other == name:
            yield f"{shown(name)} is there twice"
        elif other:
            yield f"{shown(other)} and {shown(name)} differ only in case"
        seen[name.lower()] = name
        folders = (name[:at] for at, letter in enumerate(name) if letter == "/")
        yield from (f"{shown(folder)} is a file and a folder at once" for folder in folders if folder.lower() in files)


def shown(name: str) -> str:
    """A name from outside, safe to print: ASCII, no control characters, not endless."""
    text = ascii(name)[1:-1]
    return f'"{text if len(text) <= 100 else text[:97] + "..."}"'


def read_directory(stream: BinaryIO, limits: Limits) -> list[Entry]:
    """The files of an archive, in its order, once nothing is wrong with its structure. Raises Broken."""
    length = stream.seek(0, os.SEEK_END)
    count, size, offset = _read_end(stream, length)
    if size > limits.directory or count > limits.members:
        raise Broken(f"the archive says that it has {count} files, more than a release may have")
    stream.seek(offset)
    found = list(_records(_exactly(stream, size), count))
    entries = [entry for entry, _ in found]
    checks = (_entry_problems(found), excesses(entries, limits), _gaps(entries, offset), _tail_problems(entries))
    for problems in checks:
        told = list(problems)
        if told:
            raise Broken("; ".join(told[:MOST_FINDINGS]))
    return entries


def _read_end(stream: BinaryIO, length: int) -> tuple[int, int, int]:
    """Number of files, bytes and offset of the directory."""
    stream.seek(max(0, length - (1 << 17)))
    tail = stream.read(1 << 17)
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < 22:
        raise Broken("the end of a ZIP archive is missing: the file was cut off, or is no ZIP")
    if len(tail) - end > 22:
        raise Broken(f"{len(tail) - end - 22} bytes follow the end of the archive")
    count, size, offset = struct.unpack("<H2I", tail[end + 10 : end + 20])
    wide = end - 76
    if count >= MANY or max(size, offset) >= WIDE:
        if wide < 0:
            raise Broken("the ZIP64 record at the end of the archive is missing")
        count, size, offset = struct.unpack("<3Q", tail[wide + 32 : wide + 56])
    expected = end_records(count, size, offset) if max(count, size, offset) < 1 << 63 else b""
    if not expected or tail[-len(expected) :] != expected:
        raise Broken("the end record of the archive is not as a release has it")
    surplus = length - offset - size - len(expected)
    if surplus:
        raise Broken(f"the archive has {surplus:+d} bytes beside what its directory says")
    return count, size, offset


def _records(directory: bytes, count: int) -> Iterator[tuple[Entry, bytes]]:
    """The entries of the directory, each with its bytes as they are. Raises Broken."""
    at = 0
    for number in range(1, count + 1):
        head = directory[at : at + 46]
        if len(head) < 46 or head[:4] != b"PK\1\2":
            raise Broken(f"entry {number} of the directory is not readable")
        crc, packed, size, name_length, extra_length, comment_length = struct.unpack("<3I3H", head[16:34])
        end = at + 46 + name_length + extra_length + comment_length
        raw = directory[at:end]
        name, extra = raw[46 : 46 + name_length], raw[46 + name_length : 46 + name_length + extra_length]
        size, packed, offset = _widened(extra, size, packed, struct.unpack("<I", head[42:])[0])
        yield Entry(name.decode("latin-1"), crc, packed, size, offset), raw
        at = end
    if at != len(directory):
        raise Broken("the directory is not as long as its entries")


def _widened(extra: bytes, *values: int) -> list[int]:
    """Numbers with those taken from the ZIP64 field that did not fit into their own."""
    numbers = max(0, len(extra) - 4) // 8
    wide = iter(struct.unpack(f"<{numbers}Q", extra[4 : 4 + 8 * numbers]))
    return [next(wide, value) if value == WIDE else value for value in values]


def _entry_problems(found: Sequence[tuple[Entry, bytes]]) -> Iterator[str]:
    for entry, raw in found:
        problem = name_problem(entry.name) or _record_problem(entry, raw)
        if problem:
            yield f"{shown(entry.name)} {problem}"
    yield from clashes([entry.name for entry, _ in found])


def _record_problem(entry: Entry, raw: bytes) -> str:
    """How a directory record differs from what it must be, in the plainest words there are for it."""
    if len(raw) >= 46 and raw == directory_record(entry):
        return ""
    flags, method = struct.unpack("<2H", raw[8:12])
    comment_length = struct.unpack("<H", raw[32:34])[0]
    if flags & 1:
        return "is encrypted"
    if stat.S_ISLNK(struct.unpack("<I", raw[38:42])[0] >> 16):
        return "is a symbolic link"
    if comment_length:
        return "carries a comment"
    if method != entry.method:
        return "is packed by another method than in a release"
    return "is not entered in the directory as a release's files are (dates, permissions, extra fields)"


def excesses(entries: Sequence[Entry], limits: Limits) -> Iterator[str]:
    """Files that are larger than they may be, by themselves, beside their packed size, or all together."""
    for entry in entries:
        if entry.size > limits.free + limits.ratio * entry.packed:
            yield f"{shown(entry.name)} would unpack to {entry.size // max(1, entry.packed)} times its size"
        if entry.name in WHOLE and entry.size > limits.text:
            yield f"{shown(entry.name)} is larger than such a file may be"
    if len(entries) > limits.members:
        yield f"there are {len(entries)} files; at most {limits.members} are read"
    total = sum(entry.size for entry in entries)
    if total > limits.total:
        yield f"the files would unpack to {total} bytes; at most {limits.total} are read"


def _gaps(entries: Sequence[Entry], directory: int) -> Iterator[str]:
    """Bytes that belong to no file, or to two."""
    end = 0
    for entry in entries:
        if entry.offset < end:
            yield f"{shown(entry.name)} overlaps with the file before it"
        elif entry.offset > end:
            yield f"{entry.offset - end} bytes before {shown(entry.name)} belong to no file"
        end = entry.offset + len(local_header(entry)) + entry.packed
    if end != directory:
        yield f"{abs(directory - end)} bytes between the last file and the directory fit neither"


def _tail_problems(entries: Sequence[Entry]) -> Iterator[str]:
    names = [entry.name for entry in entries]
    missing = [name for name in TAIL if name not in names]
    if missing:
        yield "missing: " + ", ".join(missing)
    elif tuple(names[-3:]) != TAIL:
        yield ", ".join(TAIL) + " are not the last files of the archive"


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise Broken("the file ends too early")
    return data


def unpacked(stream: BinaryIO, entry: Entry, archive: Any = None) -> Iterator[bytes]:
    """A file's content in pieces. Feeds `archive`, a hash, with the bytes as they stand. Raises Broken."""
    header = _exactly(stream, len(local_header(entry)))
    if header != local_header(entry):
        raise Broken("what stands before its data differs from what the directory says of it")
    if archive:
        archive.update(header)
    inflate = zlib.decompressobj(-15) if entry.method else None
    left, size, crc = entry.packed, 0, 0
    while left:
        packed = _exactly(stream, min(left, CHUNK))
        left -= len(packed)
        if archive:
            archive.update(packed)
        for piece in _inflated(inflate, packed) if inflate else (packed,):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > entry.size:
                raise Broken("it is longer than the archive says")
            yield piece
    if inflate and not inflate.eof or size != entry.size or crc != entry.crc:
        raise Broken("its content is damaged")


def _inflated(inflate: Any, packed: bytes) -> Iterator[bytes]:
    """Unpacked pieces, none larger than sixteen chunks, whatever the ratio."""
    most, piece = CHUNK << 4, b""
    try:
        while packed or len(piece) == most:  # after a full piece there may be more, though all input is used up
            if packed and inflate.eof:
                raise Broken("bytes follow its content")
            piece = inflate.decompress(packed, most)
            yield piece
            packed = inflate.unused_data or inflate.unconsumed_tail
    except zlib.error:
        raise Broken("its content is damaged") from None


# -- hashes -----------------------------------------------------------------------------------------------------------


class Content(NamedTuple):
    """What is in a release. `texts`: the files read as a whole. `archive`: the hash of a ZIP up to its signature."""

    hashes: dict[str, str]
    sizes: dict[str, int]
    texts: dict[str, bytes]
    histories: Histories
    archive: str | None = None


def nothing_yet() -> Content:
    return Content({}, {}, {}, Histories())


def take_in(content: Content, name: str, pieces: Iterator[bytes]) -> None:
    """Hash a file. Keep it when it is one that will be read as a whole; check the histories in that of the claims."""
    digest, size, kept = hashlib.sha256(), 0, []
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if name in WHOLE:
            kept.append(piece)
        elif name == CLAIMS:
            content.histories.feed(piece)
    content.hashes[name], content.sizes[name] = digest.hexdigest(), size
    if name in WHOLE:
        content.texts[name] = b"".join(kept)


def sums_line(name: str, sha256: str) -> str:
    return f"{sha256}  {name}\n"


def read_sums(text: bytes) -> list[tuple[str, str]]:
    """Pairs of name and hash of SHA256SUMS. Raises Broken."""
    pairs = []
    for number, line in enumerate(text.decode("latin-1").split("\n")[:-1], 1):
        sha256, name = line[:64], line[66:]
        if not re.match("[0-9a-f]{64}  .", line) or name_problem(name):
            raise Broken(f"line {number} of {SUMS} is not a hash and the name of a file")
        pairs.append((name, sha256))
    twice = list(clashes([name for name, _ in pairs]))
    if twice:
        raise Broken(f"{SUMS}: " + "; ".join(twice[:MOST_FINDINGS]))
    if "".join(sums_line(*pair) for pair in pairs).encode("latin-1") != text:
        raise Broken(f"{SUMS} does not end with a whole line")
    return pairs


def hash_problems(content: Content) -> Iterator[str]:
    """How the files differ from SHA256SUMS."""
    try:
        stated = dict(read_sums(content.texts.get(SUMS, b"")))
    except Broken as problem:
        yield str(problem)
        return
    for name, sha256 in stated.items():
        if name not in content.hashes:
            yield f"{shown(name)} is missing"
        elif content.hashes[name] != sha256:
            yield f"{shown(name)} is not what it was: its SHA-256 differs"
    for name in content.hashes:
        if name not in stated and name not in TAIL:
            yield f"{shown(name)} was added: {SUMS} does not name it"
    for name in sorted(set(stated) & set(TAIL)):
        yield f"{SUMS} names {name}, which it cannot"


def manifest_problems(content: Content) -> Iterator[str]:
    """How the files differ from datapackage.json, in number, size and hash."""
    if MANIFEST not in content.texts:
        yield f"{MANIFEST} is missing"
        return
    try:
        resources = json.loads(content.texts[MANIFEST].decode("utf-8"), object_pairs_hook=_once, parse_int=_size)[
            "resources"
        ]
        stated = [(str(entry["path"]), entry["bytes"], entry["hash"]) for entry in resources if "path" in entry]
    except Broken as problem:
        yield f"{MANIFEST} {problem}"
        return
    except (ValueError, KeyError, TypeError, RecursionError):
        yield f"{MANIFEST} is not readable as a manifest"
        return
    yield from (f"{MANIFEST}: {clash}" for clash in clashes([path for path, _, _ in stated]))
    for path, size, sha256 in stated:
        if content.sizes.get(path) != size or f"sha256:{content.hashes.get(path)}" != sha256:
            yield f"{MANIFEST} says other things of {shown(path)} than are so"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are there once."""
    if len(dict(pairs)) != len(pairs):
        raise Broken("says the same thing twice")
    return dict(pairs)


def _size(digits: str) -> int:
    """A number that may be a size; the conversion of a million digits would take its time."""
    return int(digits) if len(digits) < 20 else -1


# -- the claims' histories: each event names the hash of the one before it, and is covered by its own ------------------


class Histories:
    """Checks claims.jsonl line by line as it is read. Knows nothing of a release that has no such file."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.claims = self.events = self.withheld = 0
        self.head = hashlib.sha256()  # over the newest event of each claim
        self._line = bytearray()

    def feed(self, piece: bytes) -> None:
        if len(self._line) > LINE:  # said already
            return
        self._line += piece
        if b"\n" in piece:
            *lines, rest = self._line.split(b"\n")
            self._line = rest
            for line in lines:
                self._check(bytes(line))
        if len(self._line) > LINE:
            self._say(f"line {self.claims + 1} of {CLAIMS} is longer than that of a claim may be")

    def _say(self, problem: str) -> None:
        if len(self.wrong) <= MOST_FINDINGS:
            self.wrong.append(problem)

    def _check(self, line: bytes) -> None:
        self.claims += 1
        try:
            claim = json.loads(line.decode("utf-8"), parse_int=_whole)
            head, events = claim["head"], claim["history"]
            key, number, sha256 = head["claim"], head["number"], head["hash"]
            if not (type(key) is int and type(number) is int and re.match("[0-9a-f]{64}\\Z", sha256)):
                raise ValueError
            self.head.update(f"{key} {number} {sha256}\n".encode("ascii"))
            problem = chain_problem(key, events)
            last = events[-1] if events else {}
            if not problem and (last.get("number"), last.get("hash")) != (number, sha256):
                problem = "it does not end with the event that the release names as its head"
            if problem:
                self._say(f"history of {shown(str(claim['reference']))}: {problem}")
            self.events += len(events)
            self.withheld += sum(map(is_withheld, events))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._say(f"line {self.claims} of {CLAIMS} is not readable as a claim with its history")

    def problems(self, content: Content) -> Iterator[str]:
        """What does not fit, once all was read; also between the claims and release.json."""
        if CLAIMS not in content.hashes:
            return
        yield from self.wrong
        if self._line and len(self._line) <= LINE:
            yield f"{CLAIMS} does not end with a whole line"
        stated = _header(content)
        if stated.get("head") != self.head.hexdigest():
            yield f"the heads of the claims' histories do not come to the head in {HEADER}"
        if stated.get("claims") != self.claims:
            yield f"{HEADER} states another number of claims than {CLAIMS} has"

    def notes(self) -> Iterator[str]:
        if self.claims:
            yield f"the histories of the claims, {self.events} events, follow from one another up to the stated head"
        if self.withheld:
            yield f"{self.withheld} of these events are withheld (comments, drafts): only their links were checked"


def chain_problem(claim: int, events: Sequence[dict[str, Any]]) -> str:
    """Why these are not the events of the claim with that key, from the first on; empty when they are."""
    previous = ""
    for number, event in enumerate(events, 1):
        if event["number"] != number:
            return f"event {number} is missing"
        if event["previous_hash"] != previous:
            return f"event {number} does not name the hash of the event before it"
        if not is_withheld(event) and event["hash"] != event_hash(claim, event):
            return f"the content of event {number} does not fit its hash"
        previous = event["hash"]
    return ""


def is_withheld(event: dict[str, Any]) -> bool:
    """Whether a release keeps to itself what the event changed: only of drafts and comments, and then all of it."""
    is_private = event["act"] == "draft" or event["subject"][0] == "comment"
    return is_private and event["changes"] is None and event["reason"] is None


def event_hash(claim: int, event: dict[str, Any]) -> str:
    """SHA-256 over the event as JSON with sorted names and no blanks, in UTF-8."""
    content = {
        "object": ["claim", claim],
        "number": event["number"],
        "act": event["act"],
        "by": event["by_key"],
        "at": event["at"],
        "subject": event["subject"],
        "changes": event["changes"],
        "reason": event["reason"],
        "previous": event["previous_hash"],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _whole(digits: str) -> int:
    """The conversion of a million digits would take its time."""
    if len(digits) > 1000:
        raise ValueError
    return int(digits)


def _header(content: Content) -> dict[str, Any]:
    """What release.json states; nothing when it is not there or not readable."""
    try:
        stated = json.loads(content.texts.get(HEADER, b"").decode("utf-8"), object_pairs_hook=_once, parse_int=_size)
    except (Broken, ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def statement_problems(content: Content, statement: Statement) -> Iterator[str]:
    """How what was signed differs from what release.json states."""
    stated = _header(content)
    signed = {"name": statement.release, "claims": statement.claims, "as_of": statement.as_of, "head": statement.head}
    for name, value in signed.items():
        if CLAIMS in content.hashes and stated.get(name) != value:
            yield f'{HEADER} states another "{name}" than was signed'


# -- signature: minisign's format --------------------------------------------------------------------------------------


class Key(NamedTuple):
    """A public key. `text` is its one line, as the desk publishes it and minisign takes it."""

    number: bytes
    point: bytes

    @property
    def id(self) -> str:
        return self.number[::-1].hex().upper()

    @property
    def text(self) -> str:
        return base64.b64encode(b"Ed" + self.number + self.point).decode("ascii")

    @property
    def file(self) -> bytes:
        return (f"untrusted comment: minisign public key {self.id}\n{self.text}\n").encode("ascii")


def read_key(text: str) -> Key:
    """A public key from its line, or from the lines of its file. Raises Broken."""
    line = text.strip().split("\n")[-1].strip()
    try:
        data = base64.b64decode(line.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        data = b""
    key = Key(data[2:10], data[10:])
    if len(data) != 42 or data[:2] != b"Ed" or key.text != line:
        raise Broken(f"{shown(text)} is no public key of minisign")
    return key


class Statement(NamedTuple):
    """What the desk states of a release in the trusted comment, which is signed with the hashes.

    `as_of` is an instant in UTC, such as "2026-11-22T16:00:00Z"; `head` the hash over the claims' histories, and
    `archive` that of the ZIP's bytes up to its signature, in hexadecimal.
    """

    release: str
    claims: int
    as_of: str
    head: str
    archive: str

    @property
    def comment(self) -> str:
        return (
            f"claim-workbench release={self.release} claims={self.claims} as-of={self.as_of}"
            f" head={self.head} archive={self.archive}"
        )


_STATEMENT = re.compile(
    r"claim-workbench release=([A-Za-z0-9][A-Za-z0-9._:/-]{0,199}) claims=(0|[1-9][0-9]{0,11})"
    r" as-of=([0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:\.[0-9]{6})?Z)"
    r" head=([0-9a-f]{64}) archive=([0-9a-f]{64})\Z"
)


def read_statement(comment: str) -> Statement:
    """Raises Broken."""
    match = _STATEMENT.match(comment)
    if not match:
        raise Broken(f"the signed comment is not that of a release: {shown(comment)}")
    release, claims, as_of, head, archive = match.groups()
    try:
        datetime.strptime(as_of[:19], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        raise Broken(f"the signed comment has an instant that no calendar has: {as_of}") from None
    return Statement(release, int(claims), as_of, head, archive)


UNTRUSTED_COMMENT = "signature of a release of Claim Workbench"  # always this: no byte of the file is free


class Signed(NamedTuple):
    """A signature file, taken apart."""

    number: bytes  # of the key
    signature: bytes  # of the BLAKE2b hash of SHA256SUMS
    comment: str
    comment_signature: bytes  # of the signature and the comment

    @property
    def file(self) -> bytes:
        lines = (
            "untrusted comment: " + UNTRUSTED_COMMENT,
            base64.b64encode(b"ED" + self.number + self.signature).decode("ascii"),
            "trusted comment: " + self.comment,
            base64.b64encode(self.comment_signature).decode("ascii"),
        )
        return "".join(line + "\n" for line in lines).encode("latin-1")


def read_signature(text: bytes) -> Signed:
    """Raises Broken."""
    lines = text.decode("latin-1").split("\n")
    try:
        signed, last = (base64.b64decode(lines[line].encode("latin-1"), validate=True) for line in (1, 3))
        signature = Signed(signed[2:10], signed[10:], lines[2][len("trusted comment: ") :], last)
    except (IndexError, ValueError, binascii.Error):
        raise Broken(f"{SIGNATURE} is no signature") from None
    if signature.file != text or len(signed) != 74 or len(last) != 64:
        raise Broken(f"{SIGNATURE} is not written as the signature of a release is")
    return signature


def signature_holds(key: Key, signed: Signed, message: bytes) -> tuple[bool, str]:
    """Whether both signatures hold, and what worked that out."""
    for library in (_cryptography, _nacl):
        try:
            name, check = library()
        except Exception:  # noqa: S112 -- not there, or too old: the next one
            continue
        break
    else:
        program = _minisign()
        if program:
            return _holds_by_program(program, key, signed, message), "the minisign program"
        name, check = "this script's own arithmetic (no cryptography, PyNaCl or minisign is here)", ed25519_holds
    pairs = (
        (signed.signature, hashlib.blake2b(message).digest()),
        (signed.comment_signature, signed.signature + signed.comment.encode("latin-1")),
    )
    return all(check(key.point, signature, data) for signature, data in pairs), name


Check = Callable[[bytes, bytes, bytes], bool]


def _cryptography() -> tuple[str, Check]:
    import cryptography
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def holds(point: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(point).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    return f"cryptography {cryptography.__version__}", holds


def _nacl() -> tuple[str, Check]:
    import nacl
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey

    def holds(point: bytes, signature: bytes, message: bytes) -> bool:
        try:
            VerifyKey(point).verify(message, signature)
        except (BadSignatureError, ValueError):
            return False
        return True

    return f"PyNaCl {nacl.__version__}", holds


def _minisign() -> str | None:
    """The path of the program; not one in the folder at hand, which may have come with the release."""
    program = shutil.which("minisign")
    return program if program and os.path.dirname(os.path.abspath(program)) not in (HERE, os.getcwd()) else None


def _holds_by_program(program: str, key: Key, signed: Signed, message: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, SUMS)
        for name, data in ((path, message), (path + ".minisig", signed.file)):
            with open(name, "wb") as file:
                file.write(data)
        command = [program, "-V", "-q", "-P", key.text, "-m", path]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0  # noqa: S603


# -- the answer --------------------------------------------------------------------------------------------------------


class Result(NamedTuple):
    """What was found. Valid when nothing is wrong. The statement and the key are there only if the signature holds."""

    wrong: list[str]
    notes: list[str]
    files: int = 0
    statement: Statement | None = None
    key: Key | None = None
    checked_by: str = ""


def check_archive(stream: BinaryIO, keys: Sequence[Key] = (), limits: Limits = Limits()) -> Result:  # noqa: B008
    """Check a ZIP, all its bytes. With `keys`, it must be signed with one of them."""
    content, archive, wrong = nothing_yet(), hashlib.sha256(), []
    try:
        entries = read_directory(stream, limits)
    except Broken as problem:
        return Result([str(problem)], [])
    for entry in entries:
        try:
            stream.seek(entry.offset)
            take_in(content, entry.name, unpacked(stream, entry, None if entry.name in STORED else archive))
        except Broken as problem:
            wrong.append(f"{shown(entry.name)}: {problem}")
    if wrong:
        return Result(wrong, [])
    result = check_content(content._replace(archive=archive.hexdigest()), keys)
    if not result.wrong and list(content.hashes)[:-3] != [name for name, _ in read_sums(content.texts[SUMS])]:
        return result._replace(wrong=[f"the files stand in another order than in {SUMS}"])
    return result


# What people and their systems put beside a release's files.
_BESIDE = (".zip", ".ds_store", "thumbs.db", "desktop.ini")


def check_folder(folder: str, keys: Sequence[Key] = ()) -> Result:
    """Check an unpacked release. Raises OSError when the folder cannot be read."""
    content, wrong, notes = nothing_yet(), [], []
    for name, path in _files(folder):
        if os.path.islink(path) or not os.path.isfile(path):
            wrong.append(f"{shown(name)} is not a plain file")
        elif "/" not in name and name.lower().endswith(_BESIDE):
            notes.append(f"{shown(name)} lies here too; it is not part of the release and was not checked")
        elif name in WHOLE and os.path.getsize(path) > Limits().text:
            wrong.append(f"{shown(name)} is larger than such a file may be")
        else:
            with open(path, "rb") as file:
                take_in(content, name, _pieces(file))
    result = check_content(content, keys)
    return result._replace(wrong=wrong + result.wrong, notes=notes + result.notes)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while True:
        piece = file.read(CHUNK)
        if not piece:
            return
        yield piece


def _files(folder: str) -> Iterator[tuple[str, str]]:
    """Names, relative and with slashes, and paths. A link is not followed, but named."""

    def fail(error: OSError) -> None:
        raise error

    for place, folders, files in os.walk(folder, onerror=fail):
        for name in sorted(files + [name for name in folders if os.path.islink(os.path.join(place, name))]):
            path = os.path.join(place, name)
            yield os.path.relpath(path, folder).replace(os.sep, "/"), path
        folders.sort()


def check_content(content: Content, keys: Sequence[Key]) -> Result:
    """Hashes, manifest, signature and key."""
    missing = [f"{name} is missing" for name in TAIL if name not in content.texts]
    if missing:
        return Result(missing, [])
    wrong = [*hash_problems(content), *manifest_problems(content), *content.histories.problems(content)]
    files = len(content.hashes) - len(TAIL)
    try:
        key, statement, checked_by = check_signature(content.texts)
    except Broken as problem:
        return Result([*wrong, str(problem)], [], files)
    if content.archive and statement.archive != content.archive:
        wrong.append("the bytes of the archive are not those that were signed")
    wrong += statement_problems(content, statement)
    if keys and key not in keys:
        named = ", ".join(known.id for known in keys)
        wrong.append(f"it is signed with the key {key.id}, not with the one asked for ({named})")
    notes = [] if wrong else list(content.histories.notes())
    return Result(wrong, notes, files, statement, key, checked_by)


def check_signature(texts: dict[str, bytes]) -> tuple[Key, Statement, str]:
    """The key that signed, what it states, and what checked it. Raises Broken."""
    key = read_key(texts[PUBLIC_KEY].decode("latin-1"))
    if key.file != texts[PUBLIC_KEY]:
        raise Broken(f"{PUBLIC_KEY} is not written as that of a release is")
    signed = read_signature(texts[SIGNATURE])
    if signed.number != key.number:
        raise Broken(f"the signature is of another key than the one in {PUBLIC_KEY}")
    holds, checked_by = signature_holds(key, signed, texts[SUMS])
    if not holds:
        raise Broken(f"the signature does not hold: {SUMS} or the signed comment was changed, or the key is wrong")
    return key, read_statement(signed.comment), checked_by


def words(result: Result, asked: bool) -> Iterator[str]:
    """The answer in lines. `asked`: whether a key was named that it had to be signed with."""
    if result.wrong:
        yield "NOT VALID."
        yield from ("- " + problem for problem in result.wrong[:MOST_FINDINGS])
        if len(result.wrong) > MOST_FINDINGS:
            yield f"- and {len(result.wrong) - MOST_FINDINGS} more"
    stated = result.statement
    if stated and result.key:
        if not result.wrong:
            yield f"VALID. All {result.files} files are as they were signed."
        yield f"Signed: release {stated.release}, {stated.claims} claims, as of {stated.as_of}."
        yield f"Signed: head of the claims' histories {stated.head}."
        yield f"Signed with the key {result.key.id}; the signature was checked by {result.checked_by}."
        if not asked:
            yield "The key came with the release. Whose is it? Compare it with the one that the desk publishes:"
            yield result.key.text
    yield from ("Note: " + note for note in result.notes)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a release of Claim Workbench, offline.")
    parser.add_argument("path", nargs="?", default=HERE, help="a ZIP or a folder; else the folder of this file")
    parser.add_argument("--key", action="append", default=[], help="the key it must be signed with, or its file")
    options = parser.parse_args(arguments)
    try:
        keys = [read_key(_content(key) if os.path.isfile(key) else key) for key in options.key]
        if os.path.isdir(options.path):
            result = check_folder(options.path, keys)
        else:
            with open(options.path, "rb") as file:
                result = check_archive(file, keys)
    except (OSError, Broken) as problem:
        print(f"Could not be checked: {problem}".encode("ascii", "backslashreplace").decode(), file=sys.stderr)
        return 2
    for line in words(result, bool(keys)):
        print(line)
    return 1 if result.wrong else 0


def _content(path: str) -> str:
    with open(path, encoding="latin-1") as file:
        return file.read(10_000)


# -- Ed25519 by RFC 8032, sections 5.1 and 6: only verification, which knows no secrets --------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = Tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    A, B = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    C, E = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _packed(point: Point) -> bytes:
    z = pow(point[2], P - 2, P)
    x, y = point[0] * z % P, point[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is that of `message` by the public key."""
    public, base = _point(key), _point(bytes([0x58]) + b"\x66" * 31)
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or public is None or base is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    x, y, z, t = _times(h, public)
    return _packed(_add(_times(s, base), (P - x, y, z, P - t))) == signature[:32]


if __name__ == "__main__":
    sys.exit(main())
