"""The content of a release, read back from its ZIP. Whether the ZIP is whole and whose it is, verification says."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from claims.releases.content import CLAIMS, FORMAT, HEADER, VERSION, Content, Header, ReleasedClaim

HEADER_BYTES = 4 << 20
LINE_BYTES = 16 << 20
"""The longest line that is read of claims.jsonl: a claim with its history."""


class NoRelease(ValueError):
    """A file that is no release, or one of a version that is not known here; says so in words."""


def read_content(path: str | Path) -> Content:
    """The content of a ZIP; its claims are read from the file each time they are asked for. Raises NoRelease, OSError.

    Reading the claims raises NoRelease too.
    """
    with _opened(path) as archive:
        header = _header(archive)
    return Content(header, lambda: _claims(path))


def _opened(path: str | Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise NoRelease("This is no ZIP.") from None


def _header(archive: zipfile.ZipFile) -> Header:
    try:
        if archive.getinfo(HEADER).file_size > HEADER_BYTES:
            raise NoRelease(f"{HEADER} is too long.")
        header: Any = json.loads(archive.read(HEADER))
    except (KeyError, ValueError, zipfile.BadZipFile):
        raise NoRelease(f"This is no release: it has no {HEADER} that can be read.") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise NoRelease("This is no release of a claim workbench.")
    if header.get("version") != VERSION:
        raise NoRelease(f"This release is of version {header.get('version')}, which is not known here.")
    return cast(Header, header)


def _claims(path: str | Path) -> Iterator[ReleasedClaim]:
    with _opened(path) as archive:
        try:
            with archive.open(CLAIMS) as file:
                yield from _lines(io.BufferedReader(cast(Any, file), 1 << 16))
        except (KeyError, ValueError, zipfile.BadZipFile) as problem:
            raise problem if isinstance(problem, NoRelease) else NoRelease(f"{CLAIMS} cannot be read.") from None


def _lines(file: io.BufferedReader) -> Iterator[ReleasedClaim]:
    while line := file.readline(LINE_BYTES):
        if not line.endswith(b"\n"):
            raise NoRelease(f"A line of {CLAIMS} is too long, or cut off.")
        yield json.loads(line)
