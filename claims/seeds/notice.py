"""A page of evidence that changed between two captures: the claim that rests on it is due."""

from collections import Counter
from collections.abc import Mapping

from claims.actions import assessments, claims, evidence
from claims.actions.captures import prepare, store_capture
from claims.choices import Confidence
from claims.intake.capturing import read_upload
from claims.models import Document, User, Verdict
from claims.seeds.library import ensure_document, ensure_source
from claims.seeds.records import Notice, Record


def load(notice: Notice, source: Record, people: Mapping[str, User]) -> Counter[str]:
    """Bring the page in with its captures and its claim, unless it is there; how many of each kind were new."""
    analyst = people["analyst"]
    publisher, _ = ensure_source(source, by=people["admin"])
    document, is_new = ensure_document(notice.document, publisher, by=analyst)
    if not is_new:
        return Counter()
    first, *later = notice.captures
    _capture(document, first, by=analyst)
    _verify(notice, document, people)
    for data in later:
        _capture(document, data, by=analyst)
    return Counter({"documents": 1, "claims": 1, "captures": len(notice.captures)})


def _capture(document: Document, data: bytes, *, by: User) -> None:
    attempt = read_upload(data, lambda *_: None, filename="notice.txt", content_type="text/plain")
    store_capture(document, prepare(document, attempt), by=by)


def _verify(notice: Notice, document: Document, people: Mapping[str, User]) -> None:
    analyst = people["analyst"]
    claim = claims.create_claim(by=analyst, **notice.claim)
    evidence.add_evidence(claim, document, by=analyst, **notice.evidence)
    verdict = Verdict.objects.get(key=notice.verdict)
    values = {"rationale": notice.rationale, "as_of": claim.as_of, "confidence": Confidence.MODERATE}
    assessments.submit(claim, by=analyst, version=claim.version, verdict=verdict, **values)
    assessments.approve(claim, by=people["reviewer"], version=claim.version)
