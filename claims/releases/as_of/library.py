"""Documents and their sources as they stood: those that the claims of one chunk need."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claims.choices import RecordAct
from claims.models import Document, Event, Source
from claims.releases.as_of.desk import Desk
from claims.releases.as_of.events import undone
from claims.releases.as_of.missing import NOT_KEPT

_ABOUT_DOCUMENT = frozenset(
    {
        *("title", "authors", "url", "published_on", "accessed_on", "language", "via", "note"),
        *("reliability_override", "reliability_override_reason", "derivation"),
    }
)
_ABOUT_SOURCE = frozenset({"name", "kind", "homepage", "country", "reliability", "reliability_reason"})
_ACTS = (RecordAct.CHANGE, RecordAct.DISCREDIT)


@dataclass
class Library:
    """`documents` by key, each with the source and the origin that it had; `lacking` has the fields that are not known,
    by key of the document."""

    desk: Desk
    documents: dict[int, Document] = field(default_factory=dict)
    lacking: dict[int, dict[str, str]] = field(default_factory=dict)

    def bring(self, keys: Collection[int]) -> None:
        """Read these documents, and those that they came out of. Six queries."""
        self._read(keys)
        self._read({one.derived_from_id for one in self.documents.values() if one.derived_from_id})
        self._join(self._sources())

    def lacks(self, document: Document | None, *names: str) -> dict[str, str]:
        """Those of the fields of the document that are not known, with why."""
        known = self.lacking.get(document.pk, {}) if document else {}
        return {name: known[name] for name in names if name in known}

    def _read(self, keys: Collection[int]) -> None:
        wanted = set(keys) - self.documents.keys()
        later = _later("document", wanted, self.desk) if wanted else {}
        for document in Document.objects.filter(pk__in=wanted) if wanted else ():
            self._restore(document, later.get(document.pk, []))
            self.documents[document.pk] = document

    def _restore(self, document: Document, later: list[Event]) -> None:
        for name, value in undone(later, _ABOUT_DOCUMENT).items():
            setattr(document, name, date.fromisoformat(value) if name == "accessed_on" and value else value)
        self._restore_source(document, later)
        self._restore_origin(document, later)

    def _restore_source(self, document: Document, later: list[Event]) -> None:
        if (event := _first_with("source", later)) is None:
            return
        key = event.changes["source_id"][0] if "source_id" in event.changes else None
        key = key or self.desk.bearer(Source, event.changes["source"][0])
        if key is None:
            self._note(document, "source", f"{NOT_KEPT}: several sources have had that name")
        else:
            document.source_id = key

    def _restore_origin(self, document: Document, later: list[Event]) -> None:
        event = _first_with("derived_from", later)
        if event is None:
            return
        if "derived_from_id" in event.changes:
            document.derived_from_id = event.changes["derived_from_id"][0]
        elif event.changes["derived_from"][0] is None:
            document.derived_from_id = None
        else:
            self._note(document, "derived_from", f"{NOT_KEPT}: only its title")

    def _note(self, document: Document, name: str, why: str) -> None:
        self.lacking.setdefault(document.pk, {})[name] = why

    def _sources(self) -> dict[int, Source]:
        keys = {one.source_id for one in self.documents.values()}
        return sources_as_of(self.desk, keys)

    def _join(self, sources: dict[int, Source]) -> None:
        for document in self.documents.values():
            document.source = sources[document.source_id]
            document.derived_from = self.documents.get(document.derived_from_id or 0)


def sources_as_of(desk: Desk, keys: Collection[int]) -> dict[int, Source]:
    """The sources with these keys as they stood. Two queries."""
    later = _later("source", keys, desk)
    found = Source.objects.in_bulk(keys)
    for pk, source in found.items():
        for name, value in undone(later.get(pk, []), _ABOUT_SOURCE).items():
            setattr(source, name, value)
    return found


def _later(kind: str, keys: Iterable[int], desk: Desk) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    rows = Event.objects.filter(object_type=kind, object_id__in=keys, act__in=_ACTS, at__gt=desk.instant)
    for event in rows.order_by("object_id", "number"):
        found[event.object_id].append(event)
    return found


def _first_with(name: str, events: list[Event]) -> Event | None:
    found: Any = (event for event in events if name in event.changes or f"{name}_id" in event.changes)
    return next(found, None)
