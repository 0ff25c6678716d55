"""The claims of the seeds, and how far the work on each has come.

The seeds carry a suggested verdict for nearly every claim. So that the demonstration desk has something to do,
a fixed share of them is left at earlier stages; see `fate`.
"""

from collections.abc import Mapping
from enum import Enum, auto

from claims.actions import assessments, claims, comments, evidence
from claims.choices import Confidence, Provenance
from claims.models import Appearance, Claim, Document, Snapshot, User, Verdict
from claims.seeds.records import Record, SeedError

# The desk's worked examples: a rank that depends on the year, and a claim that rests on it.
ALWAYS_VERIFIED = frozenset({"JN-51", "JN-52"})
RETURN_REASON = "Say in the rationale which of the pages carries the verdict, then send it again."


class Fate(Enum):
    UNCHECKED = auto()  # the seeds have no verdict
    OPEN = auto()
    IN_PROGRESS = auto()  # with the analyst, who has a draft
    RETURNED = auto()  # with the analyst again, after the reviewer sent it back
    IN_REVIEW = auto()
    VERIFIED = auto()


def fate(record: Record, position: int) -> Fate:
    """How far the claim at this position, from 1, of those with a verdict has come."""
    if record["verdict"] is None:
        return Fate.UNCHECKED
    if record["key"] in ALWAYS_VERIFIED or record["later_verdict"]:
        return Fate.VERIFIED
    if position % 6 == 0:
        return Fate.IN_REVIEW
    if position % 11 == 0:
        return Fate.IN_PROGRESS
    if position % 17 == 0:
        return Fate.OPEN
    return Fate.RETURNED if position % 50 == 25 else Fate.VERIFIED


def add_claim(record: Record, snapshots: Mapping[str, Snapshot], *, by: User) -> Claim:
    """The claim with its tags and the places where it appears."""
    names = ("key", "assertion", "kind", "speaker", "as_of", "reference_period", "how_to_check", "recheck_on")
    claim = claims.create_claim(by=by, **{name: record[name] or "" for name in names})
    claims.organise_claim(
        claim,
        by=by,
        version=claim.version,
        priority=claim.priority,
        recheck_on=claim.recheck_on,
        tags=record["entities"],
    )
    for place in record["appearances"]:
        appearance = claims.add_appearance(claim, snapshots[place["document"]], place["start"], place["end"], by=by)
        _check_place(record["key"], place, appearance)
    return claim


def _check_place(key: str, place: Record, appearance: Appearance) -> None:
    for name in ("exact", "prefix", "suffix"):
        if getattr(appearance, name) != place[name]:
            raise SeedError(f"{key}: the text at {place['start']} to {place['end']} has another {name}.")


def add_evidence(claim: Claim, record: Record, documents: Mapping[str, Document], *, by: User) -> int:
    """The claim's evidence; how many pieces."""
    for item in record["evidence"]:
        document = documents[item["document"]]
        evidence.add_evidence(
            claim,
            document,
            by=by,
            stance=item["stance"],
            finding=item["finding"],
            locator=item["locator"] or "",
            credibility=item["credibility"],
            provenance=item.get("provenance", Provenance.FOUND),
            was_read=item["read"],
            accessed_on=document.accessed_on,
            **_alone(item),
        )
    return len(record["evidence"])


def _alone(item: Record) -> Record:
    """What the piece would mean on its own, where the seeds say so."""
    if "alone_verdict" not in item:
        return {}
    verdict = Verdict.objects.get(key=item["alone_verdict"])
    return {"method": item["method"], "alone_says": item["alone_says"], "alone_verdict": verdict}


def add_thread(claim: Claim, record: Record, people: Mapping[str, User]) -> None:
    """A first remark with its replies, resolved by the reviewer where the seeds say so."""
    thread = comments.add_comment(claim, by=people[record["author"]], body=record["text"])
    for reply in record["replies"]:
        comments.add_comment(claim, by=people[reply["author"]], body=reply["text"], parent=thread)
    if record["resolved"]:
        comments.resolve_thread(thread, by=people["reviewer"])


def assess(claim: Claim, record: Record, reached: Fate, people: Mapping[str, User]) -> None:
    """Bring the claim to the stage it has reached."""
    analyst, reviewer = people["analyst"], people["reviewer"]
    if reached is Fate.UNCHECKED:
        comments.add_comment(claim, by=analyst, body=_unchecked_remark(record))
    if reached in (Fate.UNCHECKED, Fate.OPEN):
        return
    claims.take(claim, by=analyst)
    verdict = Verdict.objects.get(key=record["verdict"])
    judgement = {name: record[name] for name in ("confidence", "rationale", "as_of")} | _decisive(claim, record)
    if reached is Fate.IN_PROGRESS:
        assessments.save_draft(claim, by=analyst, verdict=verdict, **judgement)
        return
    assessments.submit(claim, by=analyst, version=claim.version, verdict=verdict, **judgement)
    if reached is Fate.RETURNED:
        assessments.return_(claim, by=reviewer, version=claim.version, reason=RETURN_REASON)
    if reached is Fate.VERIFIED:
        assessments.approve(claim, by=reviewer, version=claim.version)
        if record["later_verdict"]:
            claims.fall_due(claim, by=reviewer, reason=_later(record["later_verdict"]))


def add_verified_claim(record: Record, document: Document, people: Mapping[str, User]) -> Claim:
    """A claim that appears in no text, with one piece of evidence, on which the reviewer has agreed."""
    analyst = people["analyst"]
    claim = claims.create_claim(by=analyst, **record["claim"])
    evidence.add_evidence(claim, document, by=analyst, **record["evidence"])
    verdict = Verdict.objects.get(key=record["verdict"])
    values = {"rationale": record["rationale"], "as_of": claim.as_of, "confidence": Confidence.MODERATE}
    assessments.submit(claim, by=analyst, version=claim.version, verdict=verdict, **values)
    assessments.approve(claim, by=people["reviewer"], version=claim.version)
    return claim


def _decisive(claim: Claim, record: Record) -> Record:
    if not (decisive := record.get("decisive")):
        return {}
    piece = claim.evidence.filter(document__key=decisive["document"]).first()
    return {"decisive": piece, "decisive_reason": decisive["reason"]}


def _unchecked_remark(record: Record) -> str:
    later = record["later_verdict"]
    return f"{record['rationale']}\n\n{_later(later)}" if later else str(record["rationale"])


def _later(later: Record) -> str:
    return f"Since {later['on']} it seems {later['verdict']}: {later['reason']}"
