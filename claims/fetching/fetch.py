"""Ask for a page, follow its redirects, read its body: within limits."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from claims.fetching.connections import Deadline, Guard, GuardedConnection, GuardedTLSConnection
from claims.fetching.problems import FetchError, Hop, Kind
from claims.fetching.settings import Admitted, Limits
from claims.links import LinkError, normalise_url

_REDIRECTS = {301, 302, 303, 307, 308}
_NOT_MODIFIED = 304
_PIECE = 65_536
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": "Mozilla/5.0 (compatible; ClaimWorkbench/1.0)",
}
_STATUS = {
    401: "the page is only for people who sign in",
    402: "the page has to be paid for",
    403: "the site does not give the page to programs, or to nobody",
    404: "there is no such page",
    410: "the page is gone",
    429: "the site was asked too often; try again later",
    451: "the page is withheld for legal reasons",
    503: "the site is not available just now",
}


@dataclass(frozen=True)
class Fetched:
    """A page as it was sent: `body` is decompressed but not decoded; names of headers are in lower case.

    With status 304, which only a conditional request is answered with, nothing was sent: the page is as it was.
    """

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    content_type: str  # as sent, with its charset
    body: bytes
    chain: tuple[Hop, ...]  # from `url` to `final_url`
    fetched_at: datetime  # UTC, when the body was complete


def fetch(url: str, *, limits: Limits | None = None, condition: Mapping[str, str] | None = None) -> Fetched:
    """What `url` leads to. Raises FetchError when that is not a page within `limits` (None: the desk's own).

    `condition` has headers, such as If-None-Match, under which the site may answer that nothing has changed.
    """
    limits = limits or Limits.configured()
    chain: list[Hop] = []
    try:
        with Deadline(limits.seconds) as deadline:
            return _follow(url, chain, limits, deadline, condition or {})
    except FetchError as error:
        error.chain = tuple(chain)
        raise


def _follow(url: str, chain: list[Hop], limits: Limits, deadline: Deadline, condition: Mapping[str, str]) -> Fetched:
    """The page at the end of the chain, to which every answer on the way is added."""
    admitted = Admitted.configured()
    guard = Guard(admitted, deadline)
    asked = _spelled(url, admitted)
    while True:
        with _answer(asked, guard, deadline, condition) as (response, address):
            chain.append(Hop(asked, response.status, address, _headers(response)))
            if (target := _redirect(response)) is None:
                return _fetched(url, chain, response, _body(response, limits, deadline, condition))
        if len(chain) > limits.redirects:
            raise FetchError(Kind.REDIRECTS, f"The address leads on more than {limits.redirects} times.")
        asked = _spelled(urljoin(asked, target), admitted)


def _spelled(url: str, admitted: Admitted) -> str:
    try:
        return normalise_url(url, admitted=admitted.names())
    except LinkError as error:
        raise FetchError(Kind.ADDRESS, str(error)) from None


@contextmanager
def _answer(
    url: str, guard: Guard, deadline: Deadline, headers: Mapping[str, str]
) -> Iterator[tuple[BaseHTTPResponse, str]]:
    """The answer to one request, its body still to be read, and the IP address that gave it."""
    parts = urlsplit(url)
    kind = GuardedTLSConnection if parts.scheme == "https" else GuardedConnection
    connection = kind(parts.hostname or "", parts.port, timeout=deadline.left(), guard=guard)
    target = parts._replace(scheme="", netloc="").geturl() or "/"
    try:
        connection.request("GET", target, headers={**HEADERS, **headers}, preload_content=False)
        yield connection.getresponse(), connection.address
    except (ssl.SSLError, ssl.CertificateError) as error:
        raise _late(deadline) or FetchError(Kind.TLS, _tls_message(parts.hostname or "", error)) from error
    except (OSError, HTTPException, HTTPError, ValueError) as error:
        raise _late(deadline) or FetchError(
            Kind.GARBLED, f"{parts.hostname} broke off, or answered with something that is not a page."
        ) from error
    finally:
        connection.close()


def _late(deadline: Deadline) -> FetchError | None:
    return FetchError(Kind.TIME, "The site took too long and was given up on.") if deadline.is_over else None


def _tls_message(host: str, error: Exception) -> str:
    reason = getattr(error, "verify_message", "") or "no secure connection could be agreed on"
    return f"{host} cannot prove that it is {host}, so nothing was read from it: {reason}."


def _redirect(response: BaseHTTPResponse) -> str | None:
    """Where the answer leads on to, or None when it does not."""
    target = response.headers.get("Location") if response.status in _REDIRECTS else None
    if target is None:
        return None
    with suppress(UnicodeError):  # headers are read as Latin-1, but sites that send anything else than ASCII mean UTF-8
        target = target.encode("latin-1").decode()
    return target.strip().replace(" ", "%20")


def _body(response: BaseHTTPResponse, limits: Limits, deadline: Deadline, condition: Mapping[str, str]) -> bytes:
    if response.status == _NOT_MODIFIED and condition:
        return b""
    if response.status != 200:
        reason = _STATUS.get(response.status, "there is no page to read")
        raise FetchError(Kind.STATUS, f"The site answered {response.status}: {reason}.")
    pieces: list[bytes] = []
    size = 0
    for piece in response.stream(_PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > limits.bytes:
            raise FetchError(Kind.SIZE, f"The page is larger than {limits.bytes / 1_000_000:,.0f} MB.")
    # A body without a stated length just ends when the deadline shuts its connection.
    if late := _late(deadline):
        raise late
    return b"".join(pieces)


def _headers(response: BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items() if name.lower() != "set-cookie"}


def _fetched(url: str, chain: list[Hop], response: BaseHTTPResponse, body: bytes) -> Fetched:
    headers = chain[-1].headers
    return Fetched(
        url=url,
        final_url=chain[-1].url,
        status=response.status,
        headers=dict(headers),
        content_type=headers.get("content-type", ""),
        body=body,
        chain=tuple(chain),
        fetched_at=datetime.now(UTC),
    )
