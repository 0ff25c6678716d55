"""Documents: a text comes in, is frozen, and is split into sentences."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from claims import links
from claims.actions.changes import check_permission, initial
from claims.actions.evidence import document_for_url
from claims.choices import Origin, Permission, RecordAct
from claims.intake import sentences
from claims.models import Document, Event, Sentence, Snapshot, Source, User, sha256
from claims.text import clean_text


@transaction.atomic
def add_document(*, by: User, source: Source, title: str, url: str = "", **fields: Any) -> Document:
    """A new document without a text. Raises links.LinkError for a bad address; see document_for_url for a known one."""
    check_permission(by, Permission.WORK)
    if url:
        links.validate_url(url)
    key = links.url_key(url) if url else None
    document = Document.objects.create(source=source, title=title, url=url, url_key=key, added_by=by, **fields)
    changes = initial(document, "source", "title", "url", "published_on", "under_check")
    Event.objects.record(document, RecordAct.ADD, by=by, changes=changes)
    return document


@transaction.atomic
def add_snapshot(
    document: Document, text: str, *, by: User, origin: Origin = Origin.PASTED, raw: bytes | None = None
) -> Snapshot:
    """Freeze a text of the document as its next snapshot, tidied by text.clean_text, and split it into sentences.

    `raw` is what came in, byte for byte; the text in UTF-8 when it was pasted.
    """
    check_permission(by, Permission.WORK)
    text = clean_text(text)
    latest = document.latest_snapshot()
    snapshot = Snapshot.objects.create(
        document=document,
        number=latest.number + 1 if latest else 1,
        text=text,
        text_sha256=sha256(text.encode()),
        raw_sha256=sha256(text.encode() if raw is None else raw),
        origin=origin,
        taken_by=by,
    )
    Sentence.objects.bulk_create(
        [
            Sentence(snapshot=snapshot, number=number, start=span.start, end=span.end)
            for number, span in enumerate(sentences.sentences(text), start=1)
        ],
        batch_size=1000,
    )
    changes = {"snapshot": [latest and latest.text_sha256, snapshot.text_sha256]}
    Event.objects.record(document, RecordAct.ADD_SNAPSHOT, by=by, changes=changes, subject=snapshot)
    return snapshot


@transaction.atomic
def add_article(
    *, by: User, title: str, text: str, source: Source | None = None, url: str = "", **fields: Any
) -> Document:
    """A text to be checked, with its first snapshot. Without `source`, its address says whose it is.

    Raises ValidationError when neither is given or when a document with this address is stored already.
    """
    key = links.url_key(url) if url else None
    if key and Document.objects.filter(url_key=key).exists():
        raise ValidationError({"url": "This page is stored already."})
    if key:
        document = document_for_url(url, by=by, title=title, source=source, under_check=True, **fields)
    elif source:
        document = add_document(by=by, source=source, title=title, under_check=True, **fields)
    else:
        raise ValidationError({"source": "Name the source, or give the address."})
    add_snapshot(document, text, by=by)
    return document
