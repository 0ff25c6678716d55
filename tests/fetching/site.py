"""A real server on this machine that behaves well at some addresses and badly at others."""

import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PAGE = "<title>Budget</title><p>Japan has the world’s ninth-largest military budget.".encode()


@dataclass
class Living:
    """A page that its test rewrites, takes down and brings back; `asked` has the headers of every request for it.

    `acts_like` is the name of another page, as which it behaves.
    """

    body: bytes = PAGE
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    acts_like: str = ""
    robots: bytes | None = None
    robots_asked: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)

    def write(self, *paragraphs: str) -> None:
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        self.body = f"<html><title>Trends</title><article>{text}</article></html>".encode()

    def is_known_by(self, headers: Mapping[str, str]) -> bool:
        return "ETag" in self.headers and headers.get("If-None-Match") == self.headers["ETag"]


LIVING = Living()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(address.query).items()}
        act: Callable[[], None] = getattr(
            self, address.path.strip("/").replace("-", "_").replace(".", "_") or "page", self.nothing
        )
        self.close_connection = True
        with suppress(OSError):  # the client gave up, which is what the tests want of it
            act()

    def log_message(self, *args: object) -> None:
        pass

    def start(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def page(self) -> None:
        self.start(Content_Length=str(len(PAGE)), Set_Cookie="a=b")
        self.wfile.write(PAGE)

    def living(self) -> None:
        LIVING.asked.append(dict(self.headers.items()))
        if LIVING.acts_like:
            getattr(self, LIVING.acts_like)()
            return
        status = 304 if LIVING.is_known_by(self.headers) else LIVING.status
        body = LIVING.body if status == 200 else b""
        self.start(status, Content_Length=str(len(body)), **LIVING.headers)
        self.wfile.write(body)

    def counting(self) -> None:
        """Another text at every visit, around and in what is quoted."""
        LIVING.asked.append({})
        LIVING.write(f"Visit {len(LIVING.asked)}.", f"Japan ranks number {len(LIVING.asked)} in the world by budget.")
        self.start()
        self.wfile.write(LIVING.body)

    def sized(self) -> None:
        """As many megabytes as asked for, one of each sent at a time."""
        self.start()
        for _ in range(int(self.query["megabytes"])):
            self.wfile.write(b"a" * 1_000_000)

    def lying(self) -> None:
        """Says that it is of the type asked for, and is the page."""
        self.start(Content_Type=self.query["type"], Content_Length=str(len(LIVING.body)))
        self.wfile.write(LIVING.body)

    def robots_txt(self) -> None:
        LIVING.robots_asked += 1
        if LIVING.robots is None:
            self.nothing()
        else:
            self.start(Content_Type="text/plain", Content_Length=str(len(LIVING.robots)))
            self.wfile.write(LIVING.robots)

    def nothing(self) -> None:
        self.start(404, Content_Length="0")

    def asked(self) -> None:
        """The request, given back."""
        self.start()
        self.wfile.write(f"{self.requestline}\n{self.headers}".encode())

    def redirect(self) -> None:
        self.start(
            int(self.query.get("status", 302)), Location=self.query["to"].encode().decode("latin-1"), Content_Length="0"
        )

    def round(self) -> None:
        self.start(302, Location="/round", Content_Length="0")

    def status(self) -> None:
        self.start(int(self.query["code"]), Content_Length="0")

    def compressed(self) -> None:
        self.start(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(PAGE))

    def bomb(self) -> None:
        """100 MB in 100 kB."""
        self.start(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(bytes(100_000_000), 1))

    def wrapped_bomb(self) -> None:
        self.start(Content_Encoding="gzip, gzip")
        self.wfile.write(gzip.compress(gzip.compress(bytes(100_000_000), 1), 1))

    def not_gzip(self) -> None:
        self.start(Content_Encoding="gzip")
        self.wfile.write(PAGE)

    def endless(self) -> None:
        self.start()
        while True:
            self.wfile.write(b"a" * 65_536)

    def endless_chunks(self) -> None:
        self.start(Transfer_Encoding="chunked")
        while True:
            self.wfile.write(b"10000\r\n" + b"a" * 65_536 + b"\r\n")

    def drip(self) -> None:
        self.start()
        self._drip(b"a")

    def drip_of_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self._drip(b"a")

    def early_hints_for_ever(self) -> None:
        self._drip(b"HTTP/1.1 100 Continue\r\n\r\n")

    def silence(self) -> None:
        time.sleep(3)

    def _drip(self, piece: bytes) -> None:
        for _ in range(60):
            self.wfile.write(piece)
            time.sleep(0.05)

    def cut(self) -> None:
        self.start(Content_Length="100000")
        self.wfile.write(PAGE)

    def boast(self) -> None:
        self.start(Content_Length="-1")
        self.wfile.write(PAGE)

    def no_http(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")

    def many_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n")

    def long_header(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n")


@contextmanager
def serving() -> Iterator[int]:
    """The port of the server, on 127.0.0.1, while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
