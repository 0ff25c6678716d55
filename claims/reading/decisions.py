"""What people decided sentences to be, as detection learns from it."""

from collections.abc import Iterator
from itertools import groupby

from claims.choices import Disposition
from claims.detection.table import Example
from claims.intake.scoring import detection_language
from claims.intake.sentences import paragraphs
from claims.models import Document, Sentence, Snapshot


def language_tags(code: str) -> list[str]:
    """The language tags of documents whose sentences are scored in this language: en, en-GB, and none at all."""
    tags = Document.objects.order_by().values_list("language", flat=True).distinct()
    return [tag for tag in tags if detection_language(tag) == code]


def heading_starts(text: str) -> frozenset[int]:
    return frozenset(paragraph.start for paragraph in paragraphs(text) if paragraph.is_heading)


def decisions(code: str) -> Iterator[Example]:
    """Every decided sentence of a language, text by text: worth checking if it is a claim. Raises IntegrityFault.

    What was carried over into a later draft counts once, as it was decided last. A document is one group.
    """
    decided = Sentence.objects.decided()
    told_again = decided.filter(carried_from__isnull=False).values("carried_from")
    ours = decided.exclude(pk__in=told_again).filter(snapshot__document__language__in=language_tags(code))
    rows = ours.order_by("snapshot", "number").values_list("snapshot", "start", "end", "disposition")
    for pk, of_text in groupby(rows.iterator(chunk_size=2000), key=lambda row: row[0]):
        snapshot = Snapshot.objects.get(pk=pk)
        text, headings = snapshot.read(), heading_starts(snapshot.text)
        for _, start, end, disposition in of_text:
            is_worthy = disposition == Disposition.CLAIM
            yield Example(text[start:end], is_worthy, str(snapshot.document_id), start in headings)
