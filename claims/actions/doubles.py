"""Sources that are stored already and may be the one that somebody is about to add."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from claims import links
from claims.actions.publishers import source_for_url
from claims.models import Source, SourceAlias, SourceDomain

SHOWN = 5
MOST_NAMES = 20_000  # looked through, the newest first
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True)
class Double:
    """A source, what it was merged into standing in for it, and what the two have in common."""

    source: Source
    why: str


class LikelyDouble(Exception):
    """Nothing was added: sources here are much like it."""


def doubles(name: str, aliases: Iterable[str] = (), addresses: Iterable[str] = ()) -> list[Double]:
    """SHOWN at most, those with the name before those with a site. `addresses` may also be hosts.

    Names are alike but for case, accents, punctuation, “the”, and what stands in brackets.
    """
    found: dict[int, Double] = {}
    for double in [*_of_name([name, *aliases]), *_of_site([name, *addresses])]:
        found.setdefault(double.source.pk, double)
    return list(found.values())[:SHOWN]


def _of_name(names: Iterable[str]) -> list[Double]:
    wanted = {spelling for name in names for spelling in _spellings(name)}
    own = Source.objects.order_by("-pk").values_list("pk", "name")[:MOST_NAMES]
    other = SourceAlias.objects.order_by("-pk").values_list("source", "name")[:MOST_NAMES]
    known = {pk: name for rows in (other, own) for pk, name in rows.iterator() if wanted & _spellings(name)}
    sources = Source.objects.select_related("merged_into").filter(pk__in=list(known)[:SHOWN]).order_by("name")
    return [Double(one.standing(), _why(one, known[one.pk])) for one in sources]


def _why(source: Source, name: str) -> str:
    is_its_own = name == source.name and source.merged_into is None
    return "Its name reads alike" if is_its_own else f"Also called “{name}”"


def _spellings(name: str) -> set[str]:
    """The name as it is, without what stands in brackets, and what stands there: each in plain letters."""
    forms = [name, _IN_BRACKETS.sub(" ", name), *_IN_BRACKETS.findall(name)]
    return {plain for form in forms if (plain := _plain(form))}


def _plain(name: str) -> str:
    letters = (char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
    words = re.sub(r"[\W_]+", " ", "".join(letters)).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _of_site(addresses: Iterable[str]) -> list[Double]:
    found = []
    for host in sorted({host for address in addresses if (host := _host(address))}):
        if owner := source_for_url(f"https://{host}/"):
            found.append(Double(owner, f"Links to {host} go to it"))
        below = SourceDomain.objects.filter(host__endswith=f".{host}").select_related("source__merged_into")
        found += [Double(row.source.standing(), f"Publishes at {row.host}") for row in below[:SHOWN]]
    return found


def _host(address: str) -> str:
    try:
        return links.domain(address.strip()) if "." in address and " " not in address.strip() else ""
    except links.LinkError:
        return ""
