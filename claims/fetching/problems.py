"""Why a page was not fetched. Pure."""

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


class FetchError(Exception):
    """Nothing was fetched; `str()` of it says why, in words for the person who gave the address."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
