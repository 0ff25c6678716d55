"""A short text of which a second draft has come in: there is something to triage, and something to decide on."""

from collections import Counter
from collections.abc import Mapping

from claims.actions import claims, drafts, sentences
from claims.actions.documents import add_snapshot
from claims.choices import Disposition, Origin
from claims.models import Claim, Snapshot, User
from claims.seeds.library import ensure_document, ensure_source
from claims.seeds.records import NEWSLETTER, Newsletter, SeedError


def load(newsletter: Newsletter, people: Mapping[str, User]) -> Counter[str]:
    """Bring the text in with its drafts, unless it is there; how many of each kind were new."""
    new: Counter[str] = Counter()
    analyst = people["analyst"]
    source, is_new = ensure_source(newsletter.source, by=people["admin"])
    new["sources"] += is_new
    document, is_new = ensure_document(newsletter.document, source, by=analyst)
    if not is_new:
        return new
    first, *later = newsletter.drafts
    snapshot = add_snapshot(document, first.decode(), by=analyst, origin=Origin.UPLOADED, raw=first)
    _mark(snapshot, newsletter, by=analyst)
    for raw in later:
        drafts.add_draft(document, raw.decode(), by=analyst, origin=Origin.UPLOADED, raw=raw)
    new += Counter({"documents": 1, "texts": len(newsletter.drafts)})
    return new


def _mark(snapshot: Snapshot, newsletter: Newsletter, *, by: User) -> None:
    """Say where the text makes known claims, and what some of its other sentences are."""
    known = Claim.objects.filter(key__in=[place["claim"] for place in newsletter.appearances]).in_bulk(field_name="key")
    for place in newsletter.appearances:
        start = _place(snapshot, place["exact"])
        if claim := known.get(place["claim"]):
            claims.add_appearance(claim, snapshot, start, start + len(place["exact"]), by=by)
            _dispose(snapshot, start, Disposition.CLAIM, by=by)
    for record in newsletter.sentences:
        _dispose(snapshot, _place(snapshot, record["exact"]), Disposition(record["disposition"]), by=by)


def _place(snapshot: Snapshot, exact: str) -> int:
    start = snapshot.text.find(exact)
    if start < 0:
        raise SeedError(f"{NEWSLETTER}: the first draft does not say “{exact}”.")
    return start


def _dispose(snapshot: Snapshot, at: int, disposition: Disposition, *, by: User) -> None:
    sentences.dispose(snapshot.sentences.get(start__lte=at, end__gt=at), disposition, by=by)
