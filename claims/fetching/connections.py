"""Connections that go only where they may, and end when their time is up.

urllib3 does HTTP and TLS. Where it would look up a name and connect, it is made to call `Guard.connect`: what was
checked is what is connected to, and a resolver that changes its answer gains nothing. The name stays the name for
everything else, so that certificates are checked and virtual hosts found as ever.
"""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection

from claims.fetching.addresses import is_public
from claims.fetching.problems import FetchError, Kind
from claims.fetching.settings import Admitted


class Deadline:
    """Ends the watched connection when its seconds are over, whatever the connection is waiting for.

    A timeout of a socket starts anew with each byte. One byte in every few seconds would keep it open for ever.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._watched: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for watched in self._watched:
            watched.close()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def left(self) -> float:
        """Seconds left; a hair when none are, as 0 would make a socket non-blocking."""
        return max(self._end - time.monotonic(), 0.001)

    def watch(self, connected: socket.socket) -> None:
        # Shutting a duplicate ends the connection itself; the original may change hands when TLS begins.
        self._watched.append(connected.dup())
        if self.is_over:
            self._shut()

    def _shut(self) -> None:
        for watched in self._watched:
            with suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)


class Guard:
    """Connects to hosts whose every address is public, and to those that the desk has admitted."""

    def __init__(self, admitted: Admitted, deadline: Deadline) -> None:
        self._admitted = admitted
        self._deadline = deadline

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected socket. Raises FetchError when there is none to be had, or none that may be."""
        if not self._admitted.allows_port(host, port):
            raise FetchError(Kind.BLOCKED, f"Port {port} of {host} is not one that pages are fetched from.")
        found = _look_up(host, port)
        if not self._admitted.allows_any_address(host, port):
            for address in found:
                _check(host, address)
        connected = self._connect_first(host, port, found)
        self._deadline.watch(connected)
        return connected

    def _connect_first(self, host: str, port: int, addresses: list[str]) -> socket.socket:
        for address in addresses:
            # By number: nothing is looked up again.
            with suppress(OSError):
                return socket.create_connection((address, port), timeout=self._deadline.left())
        if self._deadline.is_over:
            raise FetchError(Kind.TIME, f"{host} did not answer in time.")
        raise FetchError(Kind.UNREACHABLE, f"{host} does not answer.")


def _look_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(Kind.UNRESOLVED, f"No site is called {host}, or its name cannot be looked up now.") from None
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _check(host: str, address: str) -> None:
    if not is_public(address):
        raise FetchError(Kind.BLOCKED, f"{host} leads into a private network; nothing was asked of it.")


class GuardedConnection(HTTPConnection):
    """HTTP over a socket of the guard's."""

    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return self._guard.connect(self.host, self.port)

    @property
    def address(self) -> str:
        """The IP address at the other end, once connected."""
        return str(self.sock.getpeername()[0]) if self.sock else ""


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    """HTTPS over a socket of the guard's; certificates are checked against the system's authorities."""
