"""Why a page was not fetched. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What stood in the way, for programs; the message of the error is for people."""

    ADDRESS = "address"  # not an address of the web, or of a place that readers could not reach
    BLOCKED = "blocked"  # the name leads into a private network, or to a port that is not the web's
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    REDIRECTS = "redirects"
    STATUS = "status"
    SIZE = "size"
    TIME = "time"
    GARBLED = "garbled"  # what came was no HTTP, or broke off, or cannot be decompressed


@dataclass(frozen=True)
class Hop:
    """One request on the way: the address asked for, what it answered, and the IP address that did.

    Names of headers are in lower case; cookies are left out.
    """

    url: str
    status: int
    address: str
    headers: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


class FetchError(Exception):
    """Nothing was fetched; `str()` of it says why, in words for the person who gave the address.

    `chain` has the requests that were answered before it came to that.
    """

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.chain: tuple[Hop, ...] = ()

    @property
    def last(self) -> Hop | None:
        """The last answer, if there was any."""
        return self.chain[-1] if self.chain else None
