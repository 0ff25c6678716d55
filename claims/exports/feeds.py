"""A feed in the two formats that readers take: Atom (RFC 4287) and JSON Feed 1.1.

Pure: the same entries make the same bytes, and a feed without entries says no other time each time.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

ATOM, JSON = "application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """Something new. `key` is its address of old, never given to another; `url` where it is read now."""

    key: str
    url: str
    title: str
    html: str
    at: datetime
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """`home` is the page that it goes with; `atom` and `json` are its own addresses. Entries come newest first."""

    title: str
    description: str
    author: str
    home: str
    atom: str
    json: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        return max((entry.at for entry in self.entries), default=BEFORE_ANYTHING)


def as_json(feed: Feed) -> bytes:
    """A JSON Feed."""
    about: dict[str, Any] = {
        "version": JSON_VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.json,
        "description": feed.description,
        "language": "en",
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(about, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.key,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": instant(entry.at),
        "tags": list(entry.tags),
    }


def as_atom(feed: Feed) -> bytes:
    """An Atom feed."""
    text = StringIO()
    xml = _Writer(text, "utf-8")
    xml.startDocument()
    xml.start("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    xml.add("id", feed.atom)
    xml.add("title", feed.title)
    xml.add("subtitle", feed.description)
    xml.add("updated", instant(feed.updated))
    xml.link("self", feed.atom, ATOM)
    xml.link("alternate", feed.home, "text/html")
    xml.link("alternate", feed.json, JSON)
    xml.start("author")
    xml.add("name", feed.author)
    xml.endElement("author")
    for entry in feed.entries:
        _add_entry(xml, entry)
    xml.endElement("feed")
    xml.endDocument()
    return text.getvalue().encode()


def _add_entry(xml: "_Writer", entry: Entry) -> None:
    xml.start("entry")
    xml.add("id", entry.key)
    xml.add("title", entry.title)
    xml.add("published", instant(entry.at))
    xml.add("updated", instant(entry.at))
    xml.link("alternate", entry.url, "text/html")
    for tag in entry.tags:
        xml.add("category", None, {"term": tag})
    xml.add("content", entry.html, {"type": "html"})
    xml.endElement("entry")


def instant(at: datetime) -> str:
    """RFC 3339, as both formats ask."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class _Writer(SimplerXMLGenerator):
    def start(self, name: str, attributes: dict[str, str] | None = None) -> None:
        self.startElement(name, AttributesImpl(attributes or {}))

    def add(self, name: str, text: str | None, attributes: dict[str, str] | None = None) -> None:
        """An element; characters that XML does not have are shown as the one that stands for such."""
        shown = _NOT_IN_XML.sub("\ufffd", text) if text else text
        self.addQuickElement(name, shown, attributes)

    def link(self, relation: str, url: str, kind: str) -> None:
        self.add("link", None, {"rel": relation, "href": url, "type": kind.partition(";")[0]})
