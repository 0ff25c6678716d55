"""What was captured of the evidence, as it came: web pages as WARC, other files as they were sent. Each once, under the
SHA-256 by which claims.jsonl names it.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from claims.releases.archive import Member
from claims.releases.content import CaptureRecord, Content

FOLDER = "captures"
_OFFICE = "application/vnd.openxmlformats-officedocument"
SUFFIXES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/plain": "txt",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.wordprocessingml.document": "docx",
}
"""Of what opens without running anything. What else a file calls itself, its name here does not invite to open it."""


def path_of(capture: CaptureRecord) -> str:
    """The name in the release of what was captured."""
    if capture["warc_sha256"]:
        return f"{FOLDER}/{capture['warc_sha256']}.warc.gz"
    kind = capture["content_type"].partition(";")[0].strip().lower()
    return f"{FOLDER}/{capture['sha256']}.{SUFFIXES.get(kind, 'bin')}"


def members(content: Content) -> Iterator[Member]:
    """None unless the release is with captures. Reading one raises IntegrityFault when it is gone, or was altered."""
    if content.header["with_captures"] and content.kept:
        yield from (Member(name, partial(_bytes, content.kept, digest)) for name, digest in sorted(_kept(content)))


def _kept(content: Content) -> set[tuple[str, str]]:
    """Names and hashes of the files, some hundred bytes for each."""
    captures = (capture for claim in content.claims() for capture in claim["captures"])
    return {(path_of(one), one["warc_sha256"] or one["sha256"]) for one in captures if one}


def _bytes(kept: Callable[[str], Iterable[bytes]], digest: str) -> Iterable[bytes]:
    return kept(digest)
