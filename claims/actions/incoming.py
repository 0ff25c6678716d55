"""Storing texts that came in from outside: whole, once, and with what the person said of them before what they say."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from claims.actions.documents import add_article, frozen, page_key
from claims.actions.publishers import publisher_of
from claims.intake.incoming import Incoming
from claims.intake.scoring import ScoredSentence
from claims.models import Document, Snapshot, User, sha256


class AlreadyStored(Exception):
    """The page, or the text, is a stored document's; `document` is that one."""

    def __init__(self, document: Document, what: str) -> None:
        super().__init__(f"{what} is stored already, as “{document}”. Nothing was stored a second time.")
        self.document = document


def refuse_stored_page(url: str) -> None:
    """Raises AlreadyStored when a document has this address, and LinkError when nothing may have it."""
    if url and (known := Document.objects.filter(url_key=page_key(url)).first()):
        raise AlreadyStored(known, "This page")


def refuse_stored_text(text: str) -> None:
    """Raises AlreadyStored when the tidied text is a document's latest."""
    if known := document_with(text):
        raise AlreadyStored(known, "This text")


def document_with(text: str) -> Document | None:
    """The document whose latest text is this one, letter by letter."""
    later = Snapshot.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
    same = Snapshot.objects.filter(~Exists(later), text_sha256=sha256(text.encode()))
    return Document.objects.filter(snapshots__in=same).order_by("pk").first()


def described(incoming: Incoming, typed: dict[str, Any]) -> dict[str, Any]:
    """The fields of a document: what a person typed, and where that is empty what the text says of itself."""
    found = {name: value for name, value in incoming.found().items() if not typed.get(name)}
    return {**typed, **found}


@transaction.atomic
def add_incoming(
    incoming: Incoming,
    typed: dict[str, Any],
    *,
    by: User,
    sentences: Sequence[ScoredSentence] | None = None,
    even_so: bool = False,
) -> Document:
    """A document under check with this text. `typed` are fields of Document, empty where a person said nothing.

    Raises AlreadyStored, for a text only unless it is wanted `even_so`; and as add_article does.
    """
    fields = described(incoming, typed)
    text = frozen(incoming.reading.text)
    refuse_stored_page(fields.get("url", ""))
    if not even_so:
        refuse_stored_text(text)
    if not fields.get("source") and incoming.url:
        fields["source"] = publisher_of(incoming.url, by=by)
    return add_article(
        by=by,
        text=text,
        origin=incoming.origin,
        raw=incoming.raw,
        sentences=sentences,
        accessed_on=incoming.fetched_on,
        **fields,
    )
