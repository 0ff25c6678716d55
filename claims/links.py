"""Web addresses that people type or paste: which are refused, and one spelling for each. Pure.

An address is spelled by the url-normalize library: lower-case scheme and host, international hosts in their ASCII
form, no dot after the host, no default port, no dot segments, percent-encoding only where it is needed. Dropped
besides: the fragment, and parameters that only track readers.
"""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, quote, urlsplit

from url_normalize import url_normalize

MAX_LENGTH = 2_000

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|_hsenc|_hsmi"
    r"|mkt_tok|vero_id|oly_anon_id|oly_enc_id",
    re.IGNORECASE,
)
_UNPRINTABLE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufeff]"
)
_WEB_ADDRESS = re.compile(
    r"https?://[^\s\x00-\x20\x7f\"<>\\^`{|}/?#]+([/?#][^\s\x00-\x20\x7f\"<>\\^`{|}]*)?", re.IGNORECASE
)
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_EMPTY_SEGMENT = "\ue000"  # private use, and refused in what people type
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")


class LinkError(ValueError):
    """The address is refused; the message tells the person who typed it why."""


def validate_url(url: str) -> None:
    """Raises LinkError unless `url` is an http or https address of a public, named host."""
    _checked(url)


def normalise_url(url: str, *, admitted: Collection[str] = ()) -> str:
    """The one spelling in which an address is kept. Raises LinkError when `url` is refused.

    Kept as typed: http or https, "www.", the order of parameters, a slash at the end. Any of those can lead to
    another page. `admitted` names hosts, in lower case, that may be inside a network or be written as a number.
    """
    return _checked(url, admitted)


def url_key(url: str, *, admitted: Collection[str] = ()) -> str:
    """What tells whether two addresses are the same document: the kept spelling, with http counted as https.

    Servers that answer both give the same page; those that do not are too few to store every page twice for.
    "www." still counts: the two hosts can be different sites, and nothing but asking them would tell.
    """
    return re.sub("^http:", "https:", normalise_url(url, admitted=admitted))


def domain(text: str) -> str:
    """The site named by a host or an address: its host in ASCII and lower case, without "www.". Raises LinkError."""
    address = text if "://" in text else f"https://{text}"
    return _without_www(urlsplit(normalise_url(address)).hostname or "")


def domains_of(url: str) -> list[str]:
    """The sites that a page can belong to: its host without "www.", then each one above it of two labels or more."""
    host = _without_www((urlsplit(url).hostname or "").rstrip("."))
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(max(len(labels) - 1, 1))] if host else []


def is_web_address(text: str) -> bool:
    """Whether to make a link of a text: an http or https address as it stands, with nothing that should be escaped."""
    return bool(_WEB_ADDRESS.fullmatch(text))


def _without_www(host: str) -> str:
    return host.removeprefix("www.")


def safe_href(url: str) -> str:
    """`url` if a page may link to it, else an empty string: whatever was stored, nothing but http and https."""
    return url if re.match(r"https?://[^\s\x00-\x20]", url, re.IGNORECASE) else ""


def _checked(url: str, admitted: Collection[str] = ()) -> str:
    _check_characters(url)
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LinkError("Only web addresses are accepted; begin with https:// or http://.")
    if "@" in parts.netloc:
        raise LinkError("The address contains a user name or password before “@”; leave it out.")
    spelled = _spell(parts)
    host = urlsplit(spelled).hostname or ""
    if host not in admitted:
        _check_host(host)
    if len(spelled) > MAX_LENGTH:
        raise LinkError(f"Written out in ASCII, the address is longer than {MAX_LENGTH:,} characters.")
    return spelled


def _check_characters(url: str) -> None:
    if len(url) > MAX_LENGTH:
        raise LinkError(f"The address has {len(url):,} characters; at most {MAX_LENGTH:,} are accepted.")
    if found := _UNPRINTABLE.search(url):
        raise LinkError(f"The address contains a space or an invisible character (U+{ord(found[0]):04X}).")
    if "\\" in url:
        raise LinkError("The address contains a backslash; web addresses use “/”.")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed, and refused, only when asked for
    except ValueError as error:
        raise LinkError(f"This is not a web address: {error}.") from None
    if ".." in parts.netloc or parts.netloc.startswith("."):
        raise LinkError("The name of the site has a dot too many.")
    return parts


def _spell(parts: SplitResult) -> str:
    # The library drops empty path segments, which would break every archived "…/2023/https://example.org/".
    path = re.sub("(?<=/)(?=/)", _EMPTY_SEGMENT, parts.path)
    query = "&".join(
        part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])
    )
    try:
        spelled = url_normalize(parts._replace(path=path, query=query, fragment="").geturl()) or ""
    except UnicodeError:
        raise LinkError(f"“{parts.netloc[:80]}” cannot be written as the name of a site.") from None
    return spelled.replace(quote(_EMPTY_SEGMENT), "")


def _check_host(host: str) -> None:
    """Refuses a host, in its ASCII form, that is not a public name."""
    last = host.rpartition(".")[2]
    if ":" in host or _NUMBER.fullmatch(last):  # the rule by which browsers read 0x7f.1 as 127.0.0.1
        raise LinkError("The address names a machine by number; use the name of the site.")
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise LinkError(f"“{host[:80]}” is not the name of a site.")
    if last == host or host.endswith(_PRIVATE_SUFFIXES):
        raise LinkError(f"“{host}” is reachable only inside a network; give an address that any reader can open.")
