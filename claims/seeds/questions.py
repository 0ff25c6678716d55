"""A claim whose evidence quotes from a captured text, each piece with another outcome; one from a text nobody has."""

from collections import Counter
from collections.abc import Mapping

from claims.actions import claims, evidence
from claims.actions.captures import prepare, store_capture
from claims.intake.capturing import read_upload
from claims.models import Claim, Document, User
from claims.seeds.library import ensure_document, ensure_source
from claims.seeds.records import Questions, Record


def load(questions: Questions, source: Record, people: Mapping[str, User]) -> Counter[str]:
    """Bring the documents in with the claim and what is quoted for it, unless it is there; how many were new."""
    if Claim.objects.filter(key=questions.claim["key"]).exists():
        return Counter()
    analyst = people["analyst"]
    publisher, _ = ensure_source(source, by=people["admin"])
    documents: dict[str, Document] = {}
    new: Counter[str] = Counter({"claims": 1, "pieces of evidence": len(questions.evidence)})
    for record, text in questions.documents:
        document, is_new = ensure_document(record, publisher, by=analyst)
        documents[record["key"]] = document
        new["documents"] += is_new
        if text and is_new:
            _capture(document, text, str(record["text_file"]), by=analyst)
            new["captures"] += 1
    claim = claims.create_claim(by=analyst, **questions.claim)
    for item in questions.evidence:
        said = {name: item[name] for name in ("stance", "quote", "credibility")}
        evidence.add_evidence(claim, documents[item["document"]], by=analyst, **said)
    return new


def _capture(document: Document, data: bytes, name: str, *, by: User) -> None:
    attempt = read_upload(data, lambda *_: None, filename=name, content_type="text/plain")
    store_capture(document, prepare(document, attempt), by=by)
