"""The documents of evidence that comes in many pieces at once: those that are stored, and new ones where none is."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError

from claims.actions.comments import add_comment
from claims.actions.derivations import set_origin
from claims.actions.documents import add_document
from claims.actions.evidence import document_for_url
from claims.actions.new_claims import NewEvidence, NewOrigin, nameless_page
from claims.actions.publishers import publisher_named
from claims.choices import JUDGED, Reliability
from claims.links import url_key
from claims.models import Document, Source, User


def documents_of(items: Iterable[NewEvidence], *, by: User) -> dict[str, Document]:
    """The document of each NewEvidence.page. Of those that are stored nothing changes, but that where nobody had said
    out of which document one came, it is said now.
    """
    wanted = {item.page: item for item in items}
    found = _stored(wanted.values())
    for page, item in wanted.items():
        if page not in found:
            found[page] = _made(item, by=by)
    for page, item in wanted.items():
        if item.origin and found[page].derived_from_id is None:
            _derive(found[page], item.origin, by=by)
    return found


def _stored(items: Iterable[NewEvidence]) -> dict[str, Document]:
    pages = [item.page for item in items if item.url]
    titles = [item.title for item in items if not item.url]
    found = {str(one.url_key): one for one in Document.objects.filter(url_key__in=pages)} if pages else {}
    nameless = Document.objects.filter(url="", title__in=titles).select_related("source") if titles else ()
    return found | {nameless_page(one.source.name, one.title): one for one in nameless}


def _made(item: NewEvidence, *, by: User) -> Document:
    source: Source | None
    if item.makes_source:
        source, is_new = publisher_named(item.source, item.url, by=by)
        if is_new and item.grade in JUDGED:
            _propose_grade(source, item, by=by)
    else:
        source = Source.objects.named(item.source).first() if item.source else None
    about: dict[str, Any] = {"published_on": item.published_on, "accessed_on": item.accessed_on}
    return document_named(item.title, item.url, source, by=by, language=item.language, **about)


def document_named(title: str, url: str, source: Source | None, *, by: User, **fields: Any) -> Document:
    """The document with this address; without one, that of the source with this title. A new one where none is.

    `source` is needed when there is no address. Raises as actions.documents.add_document.
    """
    if url:
        return document_for_url(url, by=by, title=title, source=source, **fields)
    assert source is not None, "what has no address needs a source"  # noqa: S101
    known = Document.objects.filter(url="", title=title, source=source).first()
    return known or add_document(by=by, source=source, title=title, **fields)


def _propose_grade(source: Source, item: NewEvidence, *, by: User) -> None:
    """Another desk's letter is a proposal: here the source is not graded until an admin does."""
    letter = Reliability(item.grade)
    body = f"The desk that this came from grades “{item.title}” {letter}: {letter.label.lower()}. Nobody here has yet."
    add_comment(source, by=by, body=body)


def _derive(document: Document, origin: NewOrigin, *, by: User) -> None:
    """Say where the document came from, unless that contradicts what is said here already."""
    source = publisher_named(origin.source, origin.url, by=by)[0] if origin.source else None
    came_from = document_named(origin.title, origin.url, source, by=by)
    with suppress(ValidationError):
        set_origin(document, came_from, origin.derivation, by=by)


def page_of(url: str, source: str, title: str) -> str:
    """As NewEvidence.page. Raises links.LinkError for an address that may not be stored."""
    return url_key(url) if url else nameless_page(source, title)
