"""Storing texts that came in from outside: whole, once, and with what the person said of them before what they say."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from claims.actions.documents import add_article, frozen, page_key, scoring_in
from claims.actions.publishers import publisher_of
from claims.intake.incoming import Incoming, Report, sentences_of
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


def _refuse_stored(incoming: Incoming, text: str, *, even_so: bool) -> None:
    """Raises AlreadyStored when the page that was read, or else the tidied text, is a stored document's."""
    refuse_stored_page(incoming.url)
    if not even_so and (known := document_with(text)):
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


def sentences_for(incoming: Incoming, typed: dict[str, Any], report: Report, *, even_so: bool) -> list[ScoredSentence]:
    """The sentences for `add_incoming`, heavy work that is no part of its transaction; writes nothing.

    Raises as `add_incoming` for what is stored already, or cannot be, before that work.
    """
    text = frozen(incoming.reading.text)
    _refuse_stored(incoming, text, even_so=even_so)
    return sentences_of(text, *scoring_in(described(incoming, typed)["language"]), report)


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
    _refuse_stored(incoming, text, even_so=even_so)
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
