"""A fetched page as WARC (ISO 28500), the format of web archives: every request and answer on the way to it.

The same exchange makes the same bytes: records are named by their content, and dated by when the page was complete.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.fetching import HEADERS, Fetched, Hop
from claims.models import sha256

_UNPACKED = {"content-encoding", "transfer-encoding", "content-length"}
"""Of the body as it travelled, which is kept unpacked: they are kept under another name, as other archives do."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def warc_of(page: Fetched, condition: Mapping[str, str] | None = None) -> bytes:
    """`condition` are the headers with which the page was asked for besides the usual ones."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    for record in _records(writer, page, {**HEADERS, **(condition or {})}):
        writer.write_record(record)
    return out.getvalue()


def _records(writer: WARCWriter, page: Fetched, asked: Mapping[str, str]) -> Iterator[ArcWarcRecord]:
    *before, last = page.chain
    bodies = [*((hop, b"") for hop in before), (last, page.body)]
    for number, (hop, body) in enumerate(bodies):
        answer = _name(page, number, "response", body)
        about = {"WARC-Date": _date(page.fetched_at), "WARC-IP-Address": hop.address}
        concurrent = {"WARC-Record-ID": _name(page, number, "request", body), "WARC-Concurrent-To": answer}
        yield writer.create_warc_record(
            hop.url, "request", http_headers=_request(hop.url, asked), warc_headers_dict={**about, **concurrent}
        )
        yield writer.create_warc_record(
            hop.url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=_response(hop, body),
            warc_headers_dict={**about, "WARC-Record-ID": answer},
        )


def _request(url: str, headers: Mapping[str, str]) -> StatusAndHeaders:
    parts = urlsplit(url)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    lines = [("Host", parts.netloc), *headers.items()]
    return StatusAndHeaders(f"GET {target} HTTP/1.1", lines, is_http_request=True)


def _response(hop: Hop, body: bytes) -> StatusAndHeaders:
    lines = [(f"X-Archive-Orig-{name}" if name in _UNPACKED else name, _line(value)) for name, value in _sorted(hop)]
    lines.append(("Content-Length", str(len(body))))
    return StatusAndHeaders(f"{hop.status} {_phrase(hop.status)}".strip(), lines, protocol="HTTP/1.1")


def _sorted(hop: Hop) -> list[tuple[str, str]]:
    """The headers of an answer, without those whose names nobody could have meant."""
    return sorted((name, value) for name, value in hop.headers.items() if _TOKEN.fullmatch(name))


def _line(value: str) -> str:
    """A header that was folded over lines would end the head of the record."""
    return " ".join(value.split())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _name(page: Fetched, number: int, kind: str, body: bytes) -> str:
    told = "\n".join([page.url, page.fetched_at.isoformat(), str(number), kind, sha256(body)])
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, told)}>"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
