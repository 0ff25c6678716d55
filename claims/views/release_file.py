"""A release's ZIP as it leaves the desk: whole and as it was built, or not at all."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

from claims.http import Request
from claims.models import IntegrityFault, Release
from claims.releases.files import check_file

CHUNK = 1 << 18


def release_file(request: Request, release: Release) -> HttpResponseBase:
    """The ZIP, streamed; 304 for whoever has it. Raises IntegrityFault when it is not what was built.

    It is read through before its first byte leaves, and hashed again on the way out: a file that changes in between
    breaks the connection off before its end, and looks like what it is.
    """
    etag = quote_etag(release.sha256)
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{release.name}.zip") or "attachment",
        "Content-Length": str(release.size),
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }
    path = check_file(release)
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    return StreamingHttpResponse(_sent(path, release), content_type="application/zip", headers=headers)


def _sent(path: Path, release: Release) -> Iterator[bytes]:
    """The file's chunks; the last one leaves only when all of them together have the release's hash."""
    digest, last = hashlib.sha256(), b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if last:
                yield last
            last = chunk
    if digest.hexdigest() != release.sha256:
        raise IntegrityFault(f"The file of {release} changed while it was sent.")
    yield last
