"""Documents that are not here, of which a release quotes passages: those passages become what is here of their text.

A release has no texts of others in it, only what claims were taken from, each with a little of what stands around it.
So that a claim keeps its places, these passages are put together as a snapshot which says on its first line what it is.
When the text itself comes in as the next draft, every place is looked for in it as in any other draft.

What is gathered waits in a file of its own, which SQLite removes: memory does not grow with the number of claims.
"""

import sqlite3

from claims import limits
from claims.actions.documents import add_snapshot
from claims.actions.drafts import add_draft
from claims.actions.new_documents import document_named, page_of
from claims.actions.publishers import publisher_named
from claims.imports.drafts import Draft, Place
from claims.imports.stored import NOT_FOUND, NOT_HERE, Texts
from claims.links import LinkError, normalise_url
from claims.models import Document, Snapshot, User
from claims.models.document import EXCERPT
from claims.passages import Passage
from claims.text import clean_text

_GAP = "\n\n[…]\n\n"
_TABLES = """
CREATE TABLE document (page TEXT PRIMARY KEY, title TEXT, url TEXT, source TEXT, published_on TEXT, language TEXT,
    snapshot INTEGER);
CREATE TABLE place (page TEXT, quote TEXT, prefix TEXT, suffix TEXT, first INTEGER, at INTEGER,
    PRIMARY KEY (page, quote, prefix, suffix));
"""
_PLACED = """
SELECT snapshot, at FROM place JOIN document USING (page) WHERE page = ? AND quote = ? AND prefix = ? AND suffix = ?
"""


class Excerpts(Texts):
    """Texts as they are stored. Of the others it gathers what is quoted, until `store` makes snapshots of that."""

    def __init__(self) -> None:
        super().__init__()
        self._db = sqlite3.connect("")  # a file without a name
        self._db.executescript(_TABLES)
        self._is_stored = False

    def __enter__(self) -> "Excerpts":
        return self

    def __exit__(self, *problem: object) -> None:
        self._db.close()

    def _find(self, draft: Draft, place: Place) -> None:
        if self._is_stored and (placed := self._placed(place)):
            draft.found.append(placed)
        else:
            super()._find(draft, place)

    def missing(self, draft: Draft, place: Place, snapshot: Snapshot | None) -> None:
        if snapshot and not snapshot.is_excerpt:
            draft.left_out.append(NOT_FOUND)
        elif self._is_stored or not self._gathered(place):
            draft.left_out.append(NOT_HERE)

    def _gathered(self, place: Place) -> bool:
        """Keep the place until `store`; whether it can be kept."""
        try:
            page, url = _page(place), normalise_url(place.url) if place.url else ""
        except LinkError:
            return False
        if not place.url and not (place.document and place.source):
            return False
        about = (page, place.document or url[:300], url, place.source, place.published_on, place.language)
        self._db.execute("INSERT OR IGNORE INTO document VALUES (?, ?, ?, ?, ?, ?, NULL)", about)
        words = (page, place.quote, place.prefix, place.suffix, place.start or 0)
        self._db.execute("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?, ?, NULL)", words)
        return True

    def _placed(self, place: Place) -> tuple[Snapshot, Passage] | None:
        try:
            words = (_page(place), place.quote, place.prefix, place.suffix)
        except LinkError:
            return None
        found = self._db.execute(_PLACED, words).fetchone()
        if found is None or found[1] is None:
            return None
        snapshot, at = found
        end = at + len(place.quote)
        return self._snapshot(snapshot), Passage(place.quote, place.prefix, place.suffix, at, end)

    def _snapshot(self, key: int) -> Snapshot:
        if key not in self._at_hand:
            self._at_hand.clear()
            self._at_hand[key] = Snapshot.objects.select_related("document").get(pk=key)
        return self._at_hand[key]

    def store(self, *, by: User) -> None:
        """Make the documents that are not here, and snapshots of what was gathered of each."""
        rows = self._db.execute(
            "SELECT page, title, url, source, published_on, language FROM document ORDER BY rowid"
        ).fetchall()
        for page, title, url, name, published_on, language in rows:
            source, _ = publisher_named(name, url, by=by)
            told = {"published_on": published_on, "language": language, "under_check": True}
            document = document_named(title, url, source, by=by, **told)
            snapshot = self._freeze(page, document, by=by)
            key = snapshot.pk if snapshot else None
            self._db.execute("UPDATE document SET snapshot = ? WHERE page = ?", (key, page))
        self._is_stored = True
        self._at_hand: dict[int, Snapshot] = {}
        self.forget()

    def _freeze(self, page: str, document: Document, *, by: User) -> Snapshot | None:
        """A snapshot of the passages, behind those that the latest one has; None where none can be added."""
        latest = document.latest_snapshot()
        if latest and not latest.is_excerpt:
            return None
        text = self._put_together(page, latest.read() if latest else EXCERPT)
        if latest is None:
            return add_snapshot(document, text, by=by)
        return latest if text == latest.text else add_draft(document, text, by=by)

    def _put_together(self, page: str, text: str) -> str:
        """The text with the passages of the document behind it, as many as a text may hold."""
        pieces, length = [text], len(text)
        rows = self._db.execute(
            "SELECT rowid, prefix, quote, suffix FROM place WHERE page = ? ORDER BY first, rowid", (page,)
        )
        for key, prefix, quote, suffix in rows.fetchall():
            piece = f"{_GAP}{prefix}{quote}{suffix}"
            if length + len(piece) > limits.DOCUMENT or clean_text(piece) != piece:
                continue
            at = length + len(_GAP) + len(prefix)
            self._db.execute("UPDATE place SET at = ? WHERE rowid = ?", (at, key))
            pieces.append(piece)
            length += len(piece)
        return "".join(pieces)


def _page(place: Place) -> str:
    return page_of(place.url, place.source, place.document)
