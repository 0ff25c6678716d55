"""Records for tests, made through the actions where there is one; only what a test cares about is passed."""

import itertools
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from claims.actions import (
    assessments,
    captures,
    claim_sets,
    claims,
    comments,
    documents,
    drafts,
    evidence,
    source_merges,
    weightings,
    workings,
)
from claims.choices import ClaimKind, Confidence, JobState, Origin, Role, Stance, ToleranceIn, WorkingKind
from claims.detection.weights import shipped_weights
from claims.intake.capturing import read_upload
from claims.jobs.documents import start_document
from claims.jobs.run import run
from claims.models import (
    Assessment,
    Capture,
    Claim,
    ClaimSet,
    Comment,
    Document,
    Evidence,
    Job,
    Release,
    Snapshot,
    Source,
    SourceMerge,
    User,
    Verdict,
    Weighting,
    Working,
)

PASSWORD = "a long enough password"
TEXT = (
    "Japan has the ninth-largest military budget in the world. Only four members of NATO spend more.\n\n"
    "Kishida joined the summit of June 2022. The author finds the partnership inevitable."
)

_numbers = itertools.count(1)


def user(username: str = "", role: Role = Role.ANALYST, **fields: Any) -> User:
    username = username or f"person{next(_numbers)}"
    defaults = {"is_staff": role == Role.ADMIN, **fields}
    with transaction.atomic():  # others who race to make the same person find it whole, with its role
        person, is_new = User.objects.get_or_create(username=username, defaults=defaults)
        if is_new:
            person.set_password(PASSWORD)
            person.save()
            person.groups.add(Group.objects.get(name=role))
    return person


def verdict(key: str = "supported") -> Verdict:
    return Verdict.objects.get(key=key)


def source(name: str = "", **fields: Any) -> Source:
    return Source.objects.create(
        **{"name": name or f"Source {next(_numbers)}", "reliability": "B", "reliability_reason": "Known.", **fields}
    )


def merge(source: Source | None = None, into: Source | None = None) -> SourceMerge:
    """A source merged into another."""
    pair = source or globals()["source"](), into or globals()["source"]()
    return source_merges.merge_sources(*pair, by=user("keeper", Role.ADMIN), reason="One and the same.")


def document(*, by: User | None = None, title: str = "", **fields: Any) -> Document:
    fields.setdefault("source", None)
    fields["source"] = fields["source"] or source()
    return documents.add_document(by=by or user("maker"), title=title or f"Document {next(_numbers)}", **fields)


def snapshot(*, text: str = TEXT, by: User | None = None, document: Document | None = None) -> Snapshot:
    """A text: the first of a new document, or the next of the one given."""
    by = by or user("maker")
    document = document or documents.add_document(
        by=by, source=source(), title=f"Document {next(_numbers)}", under_check=True
    )
    return drafts.add_draft(document, text, by=by)


def claim(*, by: User | None = None, assertion: str = "", **fields: Any) -> Claim:
    """An open claim that appears nowhere yet."""
    fields = {"kind": ClaimKind.RANKING, "as_of": "2023-05", **fields}
    return claims.create_claim(by=by or user("maker"), assertion=assertion or f"Assertion {next(_numbers)}.", **fields)


def claim_in_text(
    *,
    snapshot: Snapshot | None = None,
    quote: str = "ninth-largest military budget",
    by: User | None = None,
    **fields: Any,
) -> Claim:
    """An open claim with one appearance at the first place where the snapshot says `quote`."""
    place = snapshot or globals()["snapshot"]()
    start = place.text.index(quote)
    fields = {"assertion": f"Assertion {next(_numbers)}.", "kind": ClaimKind.RANKING, **fields}
    return claims.create_claim_in_text(place, start, start + len(quote), by=by or user("maker"), **fields)


def submitted(claim: Claim, *, by: User, verdict_key: str = "supported", **fields: Any) -> Assessment:
    """The claim's assessment, waiting for review."""
    values = {"rationale": "The table says so.", "as_of": "2023-05", "confidence": Confidence.HIGH, **fields}
    return assessments.submit(claim, by=by, version=claim.version, verdict=verdict(verdict_key), **values)


def verified_claim(
    *, by: User | None = None, reviewed_by: User | None = None, verdict_key: str = "supported", **fields: Any
) -> Claim:
    made = claim(by=by, **fields)
    submitted(made, by=by or user("maker"), verdict_key=verdict_key)
    assessments.approve(made, by=reviewed_by or user("checker", Role.REVIEWER), version=made.version)
    return made


def sound_claim(
    *, document: Document | None = None, reviewed_by: User | None = None, verdict_key: str = "supported", **fields: Any
) -> Claim:
    """A claim verified on evidence: nothing about it keeps it out of a release."""
    made = claim(**fields)
    evidence_for(made, document=document)
    submitted(made, by=user("maker"), verdict_key=verdict_key)
    assessments.approve(made, by=reviewed_by or user("checker", Role.REVIEWER), version=made.version)
    return made


def evidence_for(
    claim: Claim,
    *,
    document: Document | None = None,
    stance: str = Stance.SUPPORTS,
    by: User | None = None,
    **content: Any,
) -> Evidence:
    content = {"finding": "It says so.", **content}
    page = document or globals()["document"]()
    return evidence.add_evidence(claim, page, by=by or user("maker"), stance=stance, **content)


def working(claim: Claim, *, by: User | None = None, piece: Evidence | None = None, **content: Any) -> Working:
    """A formula: the budget of 46.0 as a share of 4,232, which the claim puts at 1.1 percent."""
    piece = piece or evidence_for(claim)
    inputs = [workings.GivenInput("budget", "46.0", piece, "US$ bn", 2022)]
    inputs += [workings.GivenInput("gdp", "4232", piece, "US$ bn", 2022)]
    content = {"formula": "budget / gdp * 100", "expected": "1.1", "unit": "%", **_TOLERANCE, **content}
    content.setdefault("parts", workings.Parts(inputs=inputs))
    return workings.set_working(claim, by=by or user("maker"), kind=WorkingKind.FORMULA, **content)


def rank_table(claim: Claim, *, by: User | None = None, piece: Evidence | None = None, **content: Any) -> Working:
    """A table whose values put Japan tenth, against the ninth of the claim."""
    figures = [(8, "France", "53.6"), (9, "South Korea", "46.4"), (10, "Japan", "46.0"), (11, "Ukraine", "44.0")]
    rows = [workings.GivenRow(name, value, place, piece) for place, name, value in figures]
    content = {"expected": "9", "subject": "Japan", "unit": "US$ bn", "parts": workings.Parts(rows=rows), **content}
    return workings.set_working(claim, by=by or user("maker"), kind=WorkingKind.RANK, **content)


_TOLERANCE = {"tolerance": "2", "tolerance_in": ToleranceIn.PERCENT}


def capture(
    *, document: Document | None = None, data: bytes = b"Japan ranks ninth.", by: User | None = None
) -> Capture:
    """A capture of a text file, as if it had been uploaded."""
    page, by = document or globals()["document"](), by or user("maker")
    attempt = read_upload(data, lambda *_: None, filename="notes.txt", content_type="text/plain")
    return captures.store_capture(page, captures.prepare(page, attempt), by=by)


def comment(target: Claim | Source, *, by: User | None = None, body: str = "A remark.", **fields: Any) -> Comment:
    return comments.add_comment(target, by=by or user("maker"), body=body, **fields)


def claim_set(*, by: User | None = None, title: str = "", claims: tuple[Claim, ...] = ()) -> ClaimSet:
    by = by or user("maker")
    made = claim_sets.add_claim_set(by=by, title=title or f"Set {next(_numbers)}")
    claim_sets.add_to_claim_set(made, claims, by=by)
    return made


def release(
    claim_set: ClaimSet | None = None, *, claims: tuple[Claim, ...] = (), by: User | None = None, **options: bool
) -> Release:
    """A release that is ready, of the set, or of a new set of these claims (of one sound claim when none are given)."""
    by = by or user("releaser", Role.REVIEWER)
    from claims.jobs.releases import start_release

    chosen = claim_set or _set_of(claims or (sound_claim(),), by)
    job = start_release(chosen, by=by, **options)
    run(job.pk)
    job.refresh_from_db()
    made = job.releases.order_by("-pk").first()
    assert made is not None, job.problem
    assert made.is_ready, made.problem
    return made


def _set_of(claims: tuple[Claim, ...], by: User) -> ClaimSet:
    return claim_set(by=by, claims=claims)


def job(*, by: User | None = None, title: str = "", **fields: Any) -> Job:
    """A job that waits to read a document from an address."""
    details = {"url": "https://www.example.org/report", "title": title, **fields}
    return start_document(Origin.FETCHED, details, by=by or user("maker"))


def weighting(*, language: str = "en", by: User | None = None, **signals: float) -> Weighting:
    """Weights as if learnt: the shipped ones, but for these signals."""
    shipped = shipped_weights(language).as_data()
    data = {**shipped, "signals": shipped["signals"] | signals}
    before = {"average_precision": 0.7, "f1": 0.6, "precision": 0.6, "recall": 0.6}
    figures = {"before": before, "after": {**before, "f1": 0.65}, "examples": 100, "worthy": 40, "documents": 6}
    return weightings.propose(language, data, {**figures, "base": 0, "by_document": True}, by=by)


def run_jobs() -> list[Job]:
    """Do the jobs that wait, as a worker would, in this process; they come back as they ended."""
    waiting = list(Job.objects.filter(state=JobState.WAITING).order_by("pk"))
    for job in waiting:
        run(job.pk)
        job.refresh_from_db()
    return waiting
