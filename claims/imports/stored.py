"""What the desk holds already of what a batch of rows says: their claims, and the texts that they quote."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from claims import limits, passages
from claims.actions.claims import WORDING
from claims.imports.drafts import Draft, Place
from claims.imports.rows import RowError, readable
from claims.links import LinkError, url_key
from claims.models import Claim, Document, IntegrityFault, Snapshot
from claims.passages import Passage

_TEXTS = 8
"""Texts kept at hand; rows of one document mostly follow each other."""

NOT_HERE = "places in texts that are not here"
NOT_FOUND = "places whose words are not in the text as it is here"


class Stored:
    """The claims that drafts of one batch may be, looked up in two queries."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        spelled = chain.from_iterable({draft.key, draft.key.lower(), draft.key.upper()} for draft in drafts)
        self._by_key = {str(claim.key).upper(): claim for claim in Claim.objects.filter(key__in=set(spelled))}
        numbers = [draft.number for draft in drafts if draft.number]
        unnamed = Claim.objects.filter(pk__in=numbers, key=None) if numbers else ()
        self._by_number = {claim.pk: claim for claim in unnamed}

    def claim(self, draft: Draft) -> Claim | None:
        """The stored claim that the row is about. Raises RowError when it says something else than the row."""
        known = self._by_key.get(draft.key.upper())
        if known is None and draft.number in self._by_number:
            numbered = self._by_number[draft.number]
            # Another desk has a C-12 too; only its words, or our own address, tell that this one is meant.
            if draft.is_of_desk or numbered.assertion == draft.columns["assertion"]:
                known = numbered
        if known and (names := _differing(draft, known)):
            told = ", ".join(name.replace("_", " ") for name in names)
            raise RowError(f"{known.reference} is stored with another {told}; it is left as it is.")
        return known


def _differing(draft: Draft, claim: Claim) -> list[str]:
    return [name for name in draft.given if name in WORDING and draft.columns[name] != getattr(claim, name)]


class Texts:
    """The stored texts that rows quote."""

    def __init__(self) -> None:
        self._named = lru_cache(maxsize=_TEXTS)(_snapshot_named)
        self._hashed = lru_cache(maxsize=_TEXTS)(_snapshot_hashed)

    def place(self, draft: Draft) -> None:
        """Look for the words that the row quotes. Raises RowError when they are not found."""
        draft.found = []
        if draft.quote:
            snapshot = self._named(draft.document)
            draft.found.append((snapshot, _quoted(draft.quote, snapshot)))
        for place in draft.places:
            self._find(draft, place)

    def _find(self, draft: Draft, place: Place) -> None:
        """A place of one of our exports: where it was, if the very text is here; else where the words are now."""
        try:
            snapshot = self._hashed(place.sha256, place.url) or self._named(place.url or place.document)
        except RowError:
            self.missing(draft, place, None)
            return
        try:
            passage = _at(place, snapshot) or _quoted(place.quote, snapshot)
        except RowError:
            self.missing(draft, place, snapshot)
        else:
            draft.found.append((snapshot, passage))

    def missing(self, draft: Draft, place: Place, snapshot: Snapshot | None) -> None:
        """The text of a place is not here (None), or its words are not in the text that is here."""
        draft.left_out.append(NOT_FOUND if snapshot else NOT_HERE)

    def forget(self) -> None:
        """Look the texts up anew."""
        self._named.cache_clear()
        self._hashed.cache_clear()


def _at(place: Place, snapshot: Snapshot) -> Passage | None:
    start, end = place.start, place.end
    if start is None or end is None or snapshot.text[start:end] != place.quote:
        return None
    return passages.describe(snapshot.text, start, end)


def _quoted(quote: str, snapshot: Snapshot) -> Passage:
    found = passages.find_quote(quote, snapshot.text)
    if found is None:
        where = f"“{readable(snapshot.document.title)}”, snapshot {snapshot.number}"
        raise RowError(f"Quote: “{readable(quote)}” is not in {where}.")
    start, end = passages.snap(snapshot.text, *found)
    if not snapshot.text[start:end].strip() or end - start > limits.PASSAGE:
        raise RowError("Quote: it has no words, or too many, to be a place in a text.")
    return passages.describe(snapshot.text, start, end)


def _snapshot_named(name: str) -> Snapshot:
    """The latest text of the document of this key, address or title. Raises RowError when there is none, or several."""
    found = _documents(name)
    if not found:
        raise RowError(f"Document: none here has the key, address or title “{readable(name)}”.")
    if len(found) > 1:
        raise RowError(f"Document: several are called “{readable(name)}”; give the key or the address.")
    if (snapshot := found[0].latest_snapshot()) is None:
        raise RowError(f"Document: “{readable(found[0].title)}” has no text here in which to look for the quote.")
    return _read(snapshot, found[0])


def _documents(name: str) -> list[Document]:
    by_key = list(Document.objects.filter(key=name)) if name else []
    return by_key or _by_address(name) or list(Document.objects.filter(title__iexact=name).order_by("pk")[:2])


def _by_address(name: str) -> list[Document]:
    if "://" not in name:
        return []
    try:
        return list(Document.objects.filter(url_key=url_key(name)))
    except LinkError:
        return []


def _snapshot_hashed(sha256: str, url: str) -> Snapshot | None:
    """The very text that was quoted, in whatever document; that of the same address if there are several."""
    found = Snapshot.objects.filter(text_sha256=sha256).select_related("document") if sha256 else ()
    ranked = sorted(found, key=lambda one: (one.document.url != url, -one.pk))
    return _read(ranked[0], ranked[0].document) if ranked else None


def _read(snapshot: Snapshot, document: Document) -> Snapshot:
    snapshot.document = document
    try:
        snapshot.read()
    except IntegrityFault as fault:
        raise RowError(str(fault)) from fault
    return snapshot
