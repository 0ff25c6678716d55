"""What the desk's settings let through."""

from dataclasses import dataclass
from typing import Self

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of the machine one fetch may take."""

    bytes: int = 20_000_000  # of the body, decompressed
    seconds: float = 20.0  # for everything: look-up, redirects, the last byte
    redirects: int = 3

    @classmethod
    def configured(cls) -> Self:
        """The limits of FETCH_MAX_BYTES and FETCH_MAX_SECONDS."""
        return cls(bytes=settings.FETCH_MAX_BYTES, seconds=settings.FETCH_MAX_SECONDS)


@dataclass(frozen=True)
class Admitted:
    """Which ports are the web's, and which hosts are admitted although they are inside a network.

    A host is written "wiki.internal", which opens the web's ports on it, or "wiki.internal:8080", which opens that
    port alone. A name admits only itself, no name below it.
    """

    hosts: frozenset[str]
    ports: frozenset[int]

    @classmethod
    def configured(cls) -> Self:
        """What FETCH_ALLOWED_HOSTS and FETCH_PORTS admit."""
        return cls(frozenset(host.lower() for host in settings.FETCH_ALLOWED_HOSTS), frozenset(settings.FETCH_PORTS))

    def names(self) -> frozenset[str]:
        """The admitted hosts without their ports."""
        return frozenset(host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host for host in self.hosts)

    def allows_port(self, host: str, port: int) -> bool:
        """Whether this port may be connected to, if the address behind `host` may be."""
        return port in self.ports or f"{host}:{port}" in self.hosts

    def allows_any_address(self, host: str, port: int) -> bool:
        """Whether `host` may lead anywhere, also into a private network."""
        return f"{host}:{port}" in self.hosts or (host in self.hosts and port in self.ports)
