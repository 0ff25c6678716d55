"""A site to fetch from, and a guard that lets no test connect anywhere else."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from tests.fetching.site import LIVING, Living, serving

FILLING = (
    "World military expenditure grew for the eighth year in a row, and reached an all-time high of 2,240 billion.",
    "The three largest spenders, by far, were the United States, China and Russia; together they spent 56 per cent.",
)


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


@pytest.fixture
def site(port, settings) -> str:
    """The address of a site that the desk has admitted."""
    settings.FETCH_ALLOWED_HOSTS = [f"localhost:{port}"]
    return f"http://localhost:{port}"


@pytest.fixture
def living(site: str) -> Iterator[Living]:
    """The page at {site}/living, as new."""
    cache.clear()  # what robots.txt said is remembered
    LIVING.__init__()  # type: ignore[misc]
    LIVING.write("Japan has the world’s ninth-largest military budget.", *FILLING)
    return LIVING


@pytest.fixture(autouse=True)
def connected(monkeypatch, port) -> list[object]:
    """Every address that was connected to. Anything but the site fails the test, and is not reached."""
    made: list[object] = []
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        made.append(address)
        if address[0] == "::1" and address[1] == port:
            raise ConnectionRefusedError  # the name of this machine may lead here first; the site is not there
        assert tuple(address[:2]) == ("127.0.0.1", port), f"connected to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return made


@pytest.fixture
def resolve(monkeypatch) -> Callable[..., list[str]]:
    """Makes every name lead to these addresses: one list per look-up, the last one for good. Returns the look-ups."""

    def to(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def answer(host: str, port: int, *args: object, **kwargs: object) -> list[Any]:
            asked.append(host)
            return [
                (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
                for ip in answers[min(len(asked), len(answers)) - 1]
            ]

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        return asked

    return to
