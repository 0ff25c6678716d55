"""What the evidence form offers while a link is typed: the stored document at that address, or those whose title
has the words; the source to which a new address would go."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from claims.actions.documents import page_key
from claims.actions.publishers import source_for_url
from claims.fetching import Admitted
from claims.links import LinkError, normalise_url
from claims.models import Document, Source
from claims.models.document import DocumentQuerySet
from claims.text import clean_line
from claims.views.form_answers import sent_number

SHOWN = 6
SHORTEST = 3  # characters of a title worth looking for


def suggest(typed: Mapping[str, Any]) -> dict[str, Any]:
    """From what is in the fields `url`, `document` and `source`: `documents` to choose from, `chosen` if one is,
    `known` when the address is stored, else `publisher` and `host`; `sources` whose name has the words."""
    words, name = _line(typed.get("url")), _line(typed.get("source"))
    chosen = _documents().filter(pk=sent_number(str(typed.get("document", "")))).first()
    offer: dict[str, Any] = {"chosen": chosen, "documents": [chosen] if chosen else []}
    try:
        address = normalise_url(words, admitted=Admitted.configured().names())
    except LinkError:
        if len(words) >= SHORTEST and not chosen and "://" not in words:
            offer["documents"] = list(_documents().filter(title__icontains=words)[:SHOWN])
            offer["is_search"] = True
    else:
        offer |= _at(address)
    if name:
        offer["sources"] = Source.objects.matching(name)[: SHOWN * 2]
    return offer


def _documents() -> DocumentQuerySet:
    return Document.objects.with_source().with_latest_snapshot_id()


def _at(address: str) -> dict[str, Any]:
    if known := _documents().filter(url_key=page_key(address)).first():
        return {"known": known}
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return {"publisher": source_for_url(address), "host": host}


def _line(value: Any) -> str:
    """What was typed, as one line; nothing when it is no text that a title could contain."""
    try:
        return clean_line(str(value or ""))
    except ValueError:
        return ""
