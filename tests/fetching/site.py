"""A real server on this machine that behaves well at some addresses and badly at others."""

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PAGE = "<title>Budget</title><p>Japan has the world’s ninth-largest military budget.".encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(address.query).items()}
        act: Callable[[], None] = getattr(self, address.path.strip("/").replace("-", "_") or "page", self.nothing)
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
