"""Where a claim appears, with the paragraph around it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claims.intake.sentences import Paragraph, paragraphs
from claims.models import Appearance, Claim, Document, IntegrityFault
from claims.text import show_bidi

SHOWN = 10
"""At most so many appearances are put on a page; the template says so when there are more."""
AROUND = 600
"""At most so many code points of the paragraph are shown before and after the quote."""


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
    def name(self) -> str:
        """The document and the paragraph: "Rising Sun, ¶7"."""
        return f"{self.document}, ¶{self.paragraph}" if self.paragraph else str(self.document)


def places(claim: Claim) -> list[Place]:
    """The claim's appearances in the order of their documents, at most SHOWN + 1."""
    return list(_places(claim.appearances.with_document()[: SHOWN + 1]))


def _places(appearances: Iterable[Appearance]) -> Iterator[Place]:
    known: dict[int, list[Paragraph]] = {}
    for appearance in appearances:
        snapshot = appearance.snapshot
        try:
            text = snapshot.read()
        except IntegrityFault as fault:
            yield Place(appearance, None, "", show_bidi(appearance.exact), "", str(fault))
            continue
        if snapshot.pk not in known:
            known[snapshot.pk] = paragraphs(text)
        yield _place(appearance, text, known[snapshot.pk])


def _place(appearance: Appearance, text: str, parts: list[Paragraph]) -> Place:
    touched = [
        (number, part)
        for number, part in enumerate(parts, start=1)
        if part.start < appearance.end and part.end > appearance.start
    ]
    number, first = touched[0] if touched else (None, Paragraph(appearance.start, appearance.end, False))
    last = touched[-1][1] if touched else first
    before = text[first.start : appearance.start]
    after = text[appearance.end : last.end]
    return Place(
        appearance,
        number,
        show_bidi(before if len(before) <= AROUND else f"… {before[-AROUND:]}"),
        show_bidi(text[appearance.start : appearance.end]),
        show_bidi(after if len(after) <= AROUND else f"{after[:AROUND]} …"),
    )
