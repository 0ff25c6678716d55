"""Who graded a source or a document, when, and why: read from its history."""

from dataclasses import dataclass

from claims.models import Document, Event, Source

SHOWN = 20


@dataclass(frozen=True)
class Grading:
    """One change of the letter or of its reason; `letter` is empty when a document gave up its own."""

    event: Event
    letter: str
    before: str
    reason: str

    @property
    def is_new_letter(self) -> bool:
        return self.letter != self.before


def gradings(record: Source | Document) -> list[Grading]:
    """The newest first, SHOWN at most. One query."""
    name = "reliability" if isinstance(record, Source) else "reliability_override"
    about = Event.objects.of(record).filter(changes__has_any_keys=[name, f"{name}_reason"])
    found, letter = [], getattr(record, name)
    for event in about.select_related("by").order_by("-number")[:SHOWN]:
        before, now = event.changes.get(name, [letter, letter])
        found.append(Grading(event, now or "", before or "", event.changes.get(f"{name}_reason", ["", ""])[1] or ""))
        letter = before or ""
    return found
