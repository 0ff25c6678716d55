"""What the address of the triage page asks for, and addresses of other places on it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from claims.keyset import cursor_in
from claims.models import Document
from claims.reading.queue import ORDERS, SCORE

TOUCHED = 50
"""At most so many sentences are looked at anew after an act on them."""


@dataclass(frozen=True)
class TriagePlace:
    """The parameters of the page; 0, None or empty for what was not asked.

    `sentence` is shown; `behind` is left, and what comes after it is shown. `touched` are sentences that an act changed
    just before: their rows are sent anew. `seen` is the number of the last event that the page knows of, `current` and
    `current_version` are the sentence in its panel. `cursor` is where the list begins.
    """

    order: str = ""
    percent: int | None = None
    snapshot: int = 0
    sentence: int = 0
    behind: int = 0
    touched: tuple[int, ...] = ()
    cursor: str = ""
    seen: int = 0
    current: int = 0
    current_version: int = 0

    @classmethod
    def parse(cls, query: QueryDict) -> "TriagePlace":
        """Raises ValueError, in words for the reader, when the address makes no sense."""
        order = query.get("order", "")
        if order and order not in ORDERS:
            raise ValueError(f"“{order[:40]}” is no order of the sentences: it is score or text.")
        names = ("snapshot", "sentence", "behind", "seen", "current", "current_version")
        touched = [_number("touched", one) for one in query.get("touched", "").split(",")[:TOUCHED] if one]
        return cls(
            order=order,
            percent=_percent(query.get("from", "")),
            touched=tuple(touched),
            cursor=cursor_in(query),
            **{name: _number(name, query.get(name, "")) for name in names},
        )

    @property
    def by(self) -> str:
        return self.order or SCORE

    @property
    def changed(self) -> tuple[int, ...]:
        """The sentences whose rows an answer sends anew."""
        return (*self.touched, self.behind) if self.behind else self.touched

    def url(self, document: Document, **parameters: Any) -> str:
        """The same page of the list in the same order, with parameters set; None leaves one out."""
        kept: dict[str, Any] = {"order": self.order or None, "from": self.percent, "snapshot": self.snapshot or None}
        kept["after"] = self.cursor or None
        given = {name: value for name, value in (kept | parameters).items() if value is not None}
        return f"{reverse('triage', args=[document.pk])}{'?' if given else ''}{urlencode(given)}"


def _percent(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise ValueError(f"“{text[:40]}” is no number from 0 to 100.")
    return int(text)


def _number(name: str, text: str) -> int:
    """The parameter as a whole number; 0 when it is missing."""
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError(f"“{text[:40]}” is not the number of a {name}.")
    return int(text[:18] or 0)  # what no database could hold is no id either
