"""Where a claim appears, with the paragraph around it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claims.intake.sentences import Paragraph, paragraphs
from claims.models import Appearance, Claim, Document, IntegrityFault
from claims.text import show_bidi

SHOWN = 10
"""At most so many appearances are put on a page; the template says so when there are more."""
AROUND = 600
"""At most so many code points of the paragraph are shown before and after the quote."""


class Numbered(NamedTuple):
    """A paragraph with the number that it has on the document's page, where headings have none."""

    number: int | None
    part: Paragraph


@dataclass(frozen=True)
class Place:
    """One appearance: its quote between the words `before` and `after`. `fault` says why these are missing."""

    appearance: Appearance
    paragraph: int | None
    before: str
    quote: str
    after: str
    fault: str = ""

    @property
    def document(self) -> Document:
        return self.appearance.snapshot.document

    @property
    def is_in_newest(self) -> bool:
        """Whether it is in the newest text of its document."""
        return self.appearance.newest == self.appearance.snapshot.number

    @property
    def name(self) -> str:
        """The document and the paragraph: "Rising Sun, ¶7"."""
        return f"{self.document}, ¶{self.paragraph}" if self.paragraph else str(self.document)


def places(claim: Claim) -> list[Place]:
    """Where the claim was last said, in the order of the documents; at most SHOWN + 1 places."""
    return list(_places(claim.appearances.last_known().with_newest().with_document()[: SHOWN + 1]))


def _places(appearances: Iterable[Appearance]) -> Iterator[Place]:
    known: dict[int, list[Numbered]] = {}
    for appearance in appearances:
        snapshot = appearance.snapshot
        try:
            text = snapshot.read()
        except IntegrityFault as fault:
            yield Place(appearance, None, "", show_bidi(appearance.exact), "", str(fault))
            continue
        if snapshot.pk not in known:
            known[snapshot.pk] = numbered(text)
        yield _place(appearance, text, known[snapshot.pk])


def numbered(text: str) -> list[Numbered]:
    """The paragraphs of a text, in order."""
    found: list[Numbered] = []
    number = 0
    for part in paragraphs(text):
        number += not part.is_heading
        found.append(Numbered(None if part.is_heading else number, part))
    return found


def _place(appearance: Appearance, text: str, parts: Sequence[Numbered]) -> Place:
    around = surroundings(text, parts, appearance.start, appearance.end)
    quote = show_bidi(text[appearance.start : appearance.end])
    return Place(appearance, around.paragraph, around.before, quote, around.after)


@dataclass(frozen=True)
class Surroundings:
    """The words around a passage in its paragraphs, ready to be shown; `paragraph` is None in a heading."""

    paragraph: int | None
    before: str
    after: str


def number_at(parts: Sequence[Numbered], offset: int) -> int | None:
    """The number of the paragraph at this place of the text, None for a heading."""
    at = bisect_right(parts, offset, key=lambda one: one.part.end)
    return parts[at].number if at < len(parts) else None


def surroundings(text: str, parts: Sequence[Numbered], start: int, end: int) -> Surroundings:
    """`parts` are the paragraphs of the text."""
    touched = [(number, part) for number, part in parts if part.start < end and part.end > start]
    number, first = touched[0] if touched else (None, Paragraph(start, end, False))
    last = touched[-1][1] if touched else first
    before, after = text[first.start : start], text[end : last.end]
    return Surroundings(
        number,
        show_bidi(before if len(before) <= AROUND else f"… {before[-AROUND:]}"),
        show_bidi(after if len(after) <= AROUND else f"{after[:AROUND]} …"),
    )
