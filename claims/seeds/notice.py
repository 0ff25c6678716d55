"""A page of evidence that changed between two captures: the claim that rests on it is due."""

from collections import Counter
from collections.abc import Mapping

from claims.actions.captures import prepare, store_capture
from claims.intake.capturing import read_upload
from claims.models import Document, User
from claims.seeds.library import ensure_document, ensure_source
from claims.seeds.records import Notice, Record
from claims.seeds.work import add_verified_claim


def load(notice: Notice, source: Record, people: Mapping[str, User]) -> Counter[str]:
    """Bring the page in with its captures and its claim, unless it is there; how many of each kind were new."""
    analyst = people["analyst"]
    publisher, _ = ensure_source(source, by=people["admin"])
    document, is_new = ensure_document(notice.document, publisher, by=analyst)
    if not is_new:
        return Counter()
    first, *later = notice.captures
    _capture(document, first, by=analyst)
    said = {name: getattr(notice, name) for name in ("claim", "evidence", "verdict", "rationale")}
    add_verified_claim(said, document, people)
    for data in later:
        _capture(document, data, by=analyst)
    return Counter({"documents": 1, "claims": 1, "captures": len(notice.captures)})


def _capture(document: Document, data: bytes, *, by: User) -> None:
    attempt = read_upload(data, lambda *_: None, filename="notice.txt", content_type="text/plain")
    store_capture(document, prepare(document, attempt), by=by)
