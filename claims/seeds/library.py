"""Sources and documents of the seeds, and what was decided about each sentence."""

from claims import links
from claims.actions import documents, sentences, sources
from claims.choices import Disposition, Origin
from claims.models import Document, Snapshot, Source, User
from claims.seeds.records import Desk, Record, SeedError


def ensure_source(record: Record, *, by: User) -> tuple[Source, bool]:
    """The source with this key, or else of this name; and whether it is new. Stored ones stay as they are."""
    known = Source.objects.filter(key=record["key"]).first() or Source.objects.filter(name=record["name"]).first()
    if known:
        return known, False
    names = ("key", "name", "kind", "homepage", "country", "reliability", "reliability_reason")
    said: Record = {name: record[name] or "" for name in names}
    return sources.add_source(by=by, **said), True


def ensure_document(record: Record, source: Source, *, by: User) -> tuple[Document, bool]:
    """The document with this key, or else with this address; and whether it is new."""
    known = Document.objects.filter(key=record["key"]).first()
    if known is None and record["url"]:
        known = Document.objects.filter(url_key=links.url_key(record["url"])).first()
    if known:
        return known, False
    names = ("title", "url", "published_on", "language", "via", "reliability_override", "note")
    document = documents.add_document(
        by=by,
        source=source,
        key=record["key"],
        accessed_on=record["accessed_on"],
        under_check=record["under_check"],
        reliability_override_reason=record["note"] if record["reliability_override"] else "",
        **{name: record[name] or "" for name in names},
    )
    return document, True


def add_text(document: Document, desk: Desk, *, by: User) -> Snapshot:
    """Freeze the document's text and decide about its sentences as the seeds say."""
    raw = desk.texts[str(document.key)]
    snapshot = documents.add_snapshot(document, raw.decode(), by=by, origin=Origin.UPLOADED, raw=raw)
    found = {(sentence.start, sentence.end): sentence for sentence in snapshot.sentences.all()}
    for record in desk.sentences:
        if record["document"] != document.key:
            continue
        sentence = found.get((record["start"], record["end"]))
        if sentence is None:
            raise SeedError(f"{document.key} has no sentence from {record['start']} to {record['end']}.")
        # The loop's documents are one and the same; spare each sentence the way to it.
        sentence.snapshot = snapshot
        note = "\n".join(desk.passages[key]["note"] for key in record["passages"])
        sentences.dispose(sentence, Disposition(record["disposition"]), by=by, note=note)
    return snapshot
