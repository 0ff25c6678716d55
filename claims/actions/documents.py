"""Documents: a text comes in, is frozen, and is split into sentences."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from claims import limits, links
from claims.actions.changes import amend, check_permission, initial, lock
from claims.actions.publishers import publisher_of, standing_now
from claims.actions.values import check_record, unique
from claims.choices import Origin, Permission, RecordAct
from claims.detection.weights import Weights
from claims.fetching import Admitted
from claims.intake.scoring import ScoredSentence, detection_language, scored_sentences
from claims.models import Document, Event, Sentence, Snapshot, Source, User, Weighting, sha256
from claims.text import clean_text


@transaction.atomic
def add_document(*, by: User, source: Source, title: str, url: str = "", **fields: Any) -> Document:
    """A new document without a text, of `source` or of what that is merged into.

    Raises links.LinkError for a bad address, and ValidationError on `url` for a known one; see document_for_url.
    """
    check_permission(by, Permission.WORK)
    key = page_key(url) if url else None
    document = Document(source=standing_now(source), title=title, url=url, url_key=key, added_by=by, **fields)
    check_record(document)
    _check_override(document.reliability_override, document.reliability_override_reason)
    with unique("url", "A document with this address or key is stored already."):
        document.save(force_insert=True)
    changes = initial(document, "source", "title", "url", "published_on", "under_check")
    Event.objects.record(document, RecordAct.ADD, by=by, changes=changes)
    return document


@transaction.atomic
def edit_document(document: Document, *, by: User, version: int, url: str, **fields: Any) -> None:
    """Correct what is said about a document, such as its source, or its own letter. Its snapshots stay as they are.

    Raises as add_document. Does nothing when nothing differs.
    """
    check_permission(by, Permission.WORK)
    letter = fields.get("reliability_override", document.reliability_override)
    _check_override(letter, fields.get("reliability_override_reason", document.reliability_override_reason))
    values = {**fields, "url": url, "url_key": page_key(url) if url else None}
    if "source" in values:
        values["source"] = standing_now(values["source"])
    with unique("url", "A document with this address is stored already."):
        amend(document, RecordAct.CHANGE, by=by, version=version, values=values)


def _check_override(letter: str, reason: str) -> None:
    if letter and not reason.strip():
        told = "Say why: a letter of its own always carries its reason."
        raise ValidationError({"reliability_override_reason": told})


@transaction.atomic
def add_snapshot(
    document: Document,
    text: str,
    *,
    by: User,
    origin: Origin = Origin.PASTED,
    raw: bytes | None = None,
    sentences: Sequence[ScoredSentence] | None = None,
) -> Snapshot:
    """Freeze the first text of a document, tidied by text.clean_text, and split it into sentences.

    `raw` is what came in, byte for byte; the text in UTF-8 when it was pasted. `sentences` are those of the tidied text
    if they are known already. Raises ValidationError on `text` when there is none, too much, or something else than
    text, and when the document has a text: what comes after it is a draft, see actions.drafts.
    """
    check_permission(by, Permission.WORK)
    text = frozen(text)
    lock(document)
    if document.snapshots.exists():
        raise ValidationError({"text": "This document has a text already. Add this one as its next draft."})
    snapshot = freeze(document, text, number=1, by=by, origin=origin, raw=raw)
    add_sentences(snapshot, scored_sentences(text, *scoring_of(document)) if sentences is None else sentences)
    changes = {"snapshot": [None, snapshot.text_sha256]}
    Event.objects.append(document, RecordAct.ADD_SNAPSHOT, by=by, changes=changes, subject=snapshot)
    return snapshot


def freeze(
    document: Document, text: str, *, number: int, by: User, origin: Origin, raw: bytes | None = None
) -> Snapshot:
    """Store the tidied text as the snapshot of that number; whoever asks has locked the document."""
    return Snapshot.objects.create(
        document=document,
        number=number,
        text=text,
        text_sha256=sha256(text.encode()),
        raw_sha256=sha256(text.encode() if raw is None else raw),
        origin=origin,
        taken_by=by,
    )


def scoring_of(document: Document) -> tuple[str | None, Weights | None]:
    """In which language the document's sentences are scored, and with which weights; None for neither if unknown."""
    return scoring_in(document.language)


def scoring_in(tag: str) -> tuple[str | None, Weights | None]:
    """As `scoring_of`, for a text whose language has this BCP 47 tag, "" if nobody has named it."""
    code = detection_language(tag)
    return code, Weighting.objects.weights_in_force(code) if code else None


def add_sentences(
    snapshot: Snapshot, spans: Iterable[ScoredSentence], carried: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    """Store the sentences of a text; `carried` has further columns by index, from 0, for those decided already."""
    known = carried or {}
    rows = (
        Sentence(snapshot=snapshot, number=index + 1, **span._asdict(), **known.get(index, {}))
        for index, span in enumerate(spans)
    )
    Sentence.objects.bulk_create(rows, batch_size=1000)


@transaction.atomic
def add_article(
    *,
    by: User,
    title: str,
    text: str,
    source: Source | None = None,
    url: str = "",
    origin: Origin = Origin.PASTED,
    raw: bytes | None = None,
    sentences: Sequence[ScoredSentence] | None = None,
    **fields: Any,
) -> Document:
    """A text to be checked, with its first snapshot. Without `source`, its address says whose it is.

    `origin`, `raw` and `sentences` are as for `add_snapshot`.
    Raises ValidationError when neither is given or when a document with this address is stored already.
    """
    check_permission(by, Permission.WORK)
    if source is None and not url:
        raise ValidationError({"source": "Name the source, or give the address."})
    if url:
        page_key(url)  # before a source is made of it
    publisher = source or publisher_of(url, by=by)
    document = add_document(by=by, source=publisher, title=title, url=url, under_check=True, **fields)
    add_snapshot(document, text, by=by, origin=origin, raw=raw, sentences=sentences)
    return document


def page_key(url: str) -> str:
    """links.url_key of an address that may also lead to an admitted host of the desk's own network."""
    return links.url_key(url, admitted=Admitted.configured().names())


def frozen(text: str) -> str:
    """The text as a snapshot holds it. Raises ValidationError on `text` for what cannot be one."""
    try:
        text = clean_text(text)
    except ValueError as error:
        raise ValidationError({"text": str(error)}) from error
    if not text.strip():
        raise ValidationError({"text": "The text is blank."})
    if len(text) > limits.DOCUMENT:
        most = f"At most {limits.DOCUMENT:,} characters are allowed; this text has {len(text):,}."
        raise ValidationError({"text": most})
    return text
