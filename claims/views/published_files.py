"""The ZIP of a published release, whole or in parts, and the files out of it one by one."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from csp.constants import NONE
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from claims.http import problem
from claims.models import Release
from claims.releases.shelf import intact, shelf_of
from claims.views.public import FRESH, NOWHERE, Policy, of_release, set_policy

CHUNK = 1 << 18
REPORT = "report.html"
REPORT_POLICY: Policy = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": [],
}
"""For report.html, which has its style in itself and nothing else. No script runs in it, whatever it holds."""
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})\Z")


@of_release
def published_zip(request: HttpRequest, release: Release) -> HttpResponseBase:
    """The ZIP, or the part of it that is asked for, so that a broken download goes on where it broke."""
    etag = quote_etag(release.sha256)
    headers = _headers(f"{release.name}.zip", "application/zip", etag) | {"Accept-Ranges": "bytes"}
    if unchanged := get_conditional_response(request, etag=etag):
        return _with(unchanged, headers)
    path = intact(release)
    size = path.stat().st_size
    part = _part(request, size, etag)
    if part is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part
    headers["Content-Length"] = str(end - start)
    is_part = (start, end) != (0, size)
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return _sent(request, partial(_bytes, path, start, end), headers, status=206 if is_part else 200)


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Where the answer begins and ends. Whole, unless a range of this very file is asked for; None: beyond its end."""
    wanted = _RANGE.match(request.headers.get("Range", ""))
    if not wanted or not any(wanted.groups()) or request.headers.get("If-Range", etag) != etag:
        return 0, size
    first, last = wanted.groups()
    if not first:
        return (max(0, size - int(last)), size) if int(last) else None
    start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None


def _bytes(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        yield from _read(file, end - start)


def _read(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length and (data := file.read(min(CHUNK, length))):
        length -= len(data)
        yield data


@of_release
def published_file(request: HttpRequest, release: Release, name: str) -> HttpResponseBase:
    """A file out of the ZIP. The report is shown, everything else is saved."""
    file = next((file for file in shelf_of(release).files if file.name == name), None)
    if file is None:
        return problem(request, 404, NOWHERE)
    etag = quote_etag(f"{release.sha256}/{name}")
    headers = _headers(f"{release.name}-{name}", TYPES.get(Path(name).suffix, "text/plain; charset=utf-8"), etag)
    if unchanged := get_conditional_response(request, etag=etag):
        return _with(unchanged, headers)
    headers["Content-Length"] = str(file.size)
    response = _sent(request, partial(_unpacked, intact(release), name, file.size), headers)
    if name == REPORT:
        response.headers["Content-Disposition"] = "inline"
        set_policy(response, REPORT_POLICY)
    return response


def _unpacked(path: Path, name: str, size: int) -> Iterator[bytes]:
    """What fails midway breaks the connection off before its end."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield from _read(file, size)  # type: ignore[arg-type]


def _headers(filename: str, content_type: str, etag: str) -> dict[str, str]:
    return {
        "Cache-Control": FRESH,
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Content-Type": content_type,
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }


def _with(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name in ("Cache-Control", "ETag"):
        response.headers[name] = headers[name]
    return response


def _sent(request: HttpRequest, chunks: Any, headers: Mapping[str, str], *, status: int = 200) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=dict(headers))
    return StreamingHttpResponse(chunks(), status=status, headers=dict(headers))
