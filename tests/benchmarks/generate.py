"""A desk of N believable claims, the same for the same N: for measuring, not for reading.

Rows are written in bulk, as an import would, and obey every guard: claims are made open, and become
verified by approved assessments of another person.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from claims.choices import Act, ClaimKind, Credibility, Decision, Disposition, Origin, RecordAct, Role, Stage, Stance
from claims.models import (
    Appearance,
    Assessment,
    Claim,
    Document,
    Event,
    Evidence,
    Sentence,
    Snapshot,
    Source,
    Tag,
    User,
    Verdict,
    sha256,
)
from claims.passages import describe
from claims.search import index_claims
from tests import factories

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
BATCH = 2000
LONG_DOCUMENT = 300  # claims in the one long document that the document page is measured with
PER_DOCUMENT = 100

COUNTRIES = ("Japan", "Norway", "Kenya", "Chile", "Canada", "Vietnam", "Estonia", "Ghana", "Peru", "India")
MEASURES = ("military budget", "trade surplus", "rail network", "wheat harvest", "coast guard", "aid budget", "fleet")
RANKS = ("largest", "second-largest", "third-largest", "fifth-largest", "ninth-largest", "tenth-largest")
PLACES = ("in the world", "in its region", "among its allies", "in the union", "in the southern hemisphere")
SYLLABLES = ("ka", "to", "mi", "ren", "sol", "va", "dur", "eth", "lo", "qui", "bra", "nis")


def assertion(number: int, chance: random.Random) -> str:
    """One sentence; common words throughout, and a made-up name that hardly another claim has."""
    name = "".join(chance.choice(SYLLABLES) for _ in range(5)).capitalize()
    return (
        f"According to {name}, {chance.choice(COUNTRIES)} had the {chance.choice(RANKS)} {chance.choice(MEASURES)} "
        f"{chance.choice(PLACES)} in {1950 + number % 75}."
    )


def generate(count: int) -> None:
    """Fill the connected, migrated, empty database with `count` claims, two pieces of evidence each."""
    chance = random.Random(count)  # noqa: S311
    people = [factories.user(f"person{n}", Role.REVIEWER if n % 2 else Role.ANALYST) for n in range(6)]
    sources = Source.objects.bulk_create(
        [Source(name=f"Publisher {n}", reliability="B", reliability_reason="Known.") for n in range(40)]
    )
    tags = Tag.objects.bulk_create([Tag(name=name) for name in COUNTRIES])
    references = _references(sources, people[0])
    done = 0
    while done < count:
        size = min(LONG_DOCUMENT if done == 0 else PER_DOCUMENT, count - done)
        with transaction.atomic():
            _document_with_claims(done, size, chance, people, sources, tags, references)
        done += size
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _references(sources: list[Source], by: User) -> list[Document]:
    rows = [
        Document(source=sources[n % len(sources)], title=f"Reference {n}", added_by=by, url="", url_key=None)
        for n in range(400)
    ]
    return Document.objects.bulk_create(rows)


def _document_with_claims(
    first: int,
    size: int,
    chance: random.Random,
    people: list[User],
    sources: list[Source],
    tags: list[Tag],
    references: list[Document],
) -> None:
    assertions = [assertion(first + n, chance) for n in range(size)]
    snapshot, spans = _snapshot(first, assertions, people, sources)
    rows = [_claim(first + n, text, chance, people) for n, text in enumerate(assertions)]
    claims = Claim.objects.bulk_create(rows, batch_size=BATCH)
    Appearance.objects.bulk_create(_appearances(claims, snapshot, spans, people[0]), batch_size=BATCH)
    Evidence.objects.bulk_create(_evidence(claims, chance, people, references), batch_size=BATCH)
    Claim.tags.through.objects.bulk_create(
        [Claim.tags.through(claim=claim, tag=tags[claim.pk % len(tags)]) for claim in claims], batch_size=BATCH
    )
    _verify(claims, people)
    changes = ({"assertion": [None, claim.assertion], "stage": [None, Stage.OPEN]} for claim in claims)
    Event.objects.start_chains(claims, Act.CREATE, by=people[0], changes=changes)
    index_claims([claim.pk for claim in claims])


def _snapshot(
    first: int, assertions: list[str], people: list[User], sources: list[Source]
) -> tuple[Snapshot, list[tuple[int, int]]]:
    document = Document.objects.create(
        source=sources[first % len(sources)], title=f"Article {first}", under_check=True, added_by=people[0]
    )
    text, spans = "", []
    for number, sentence in enumerate(assertions):
        text += "" if not text else "\n\n" if number % 5 == 0 else " "
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    digest = sha256(text.encode())
    snapshot = Snapshot.objects.create(
        document=document,
        number=1,
        text=text,
        text_sha256=digest,
        raw_sha256=digest,
        origin=Origin.PASTED,
        taken_by=people[0],
    )
    Sentence.objects.bulk_create(
        Sentence(
            snapshot=snapshot,
            number=n,
            start=start,
            end=end,
            disposition=Disposition.CLAIM,
            decided_by=people[0],
            decided_at=START,
        )
        for n, (start, end) in enumerate(spans, start=1)
    )
    Event.objects.record(document, RecordAct.ADD, by=people[0], at=START)
    return snapshot, spans


def _claim(number: int, text: str, chance: random.Random, people: list[User]) -> Claim:
    stage = chance.choices((Stage.OPEN, Stage.IN_PROGRESS, Stage.DISMISSED), weights=(8, 3, 1))[0]
    return Claim(
        assertion=text,
        kind=chance.choice(ClaimKind.values),
        as_of=f"{2000 + number % 26}-{1 + number % 12:02}",
        stage=stage,
        assignee=chance.choice(people) if stage == Stage.IN_PROGRESS else None,
        priority=1 + number % 4,
        added_by=people[0],
        added_at=START + timedelta(seconds=number),
        changed_at=START + timedelta(seconds=chance.randrange(10_000_000)),
    )


def _appearances(
    claims: list[Claim], snapshot: Snapshot, spans: list[tuple[int, int]], by: User
) -> Iterator[Appearance]:
    for claim, (start, end) in zip(claims, spans, strict=True):
        passage = describe(snapshot.text, start, end)
        yield Appearance(
            claim=claim,
            snapshot=snapshot,
            exact=passage.exact,
            prefix=passage.prefix,
            suffix=passage.suffix,
            start=start,
            end=end,
            added_by=by,
        )


def _evidence(
    claims: list[Claim], chance: random.Random, people: list[User], references: list[Document]
) -> Iterator[Evidence]:
    for claim in claims:
        for stance in (Stance.SUPPORTS, chance.choice(Stance.values)):
            yield Evidence(
                claim=claim,
                document=chance.choice(references),
                stance=stance,
                finding="The table for that year says so.",
                credibility=chance.choice(Credibility.values),
                added_by=chance.choice(people),
            )


def _verify(claims: list[Claim], people: list[User]) -> None:
    verdicts = list(Verdict.objects.in_use())
    chosen = [claim for claim in claims if claim.stage == Stage.OPEN and claim.pk % 4]
    assessments = Assessment.objects.bulk_create(
        Assessment(
            claim=claim,
            author=people[0],
            verdict=verdicts[claim.pk % len(verdicts)],
            rationale="Two independent tables agree on the rank and the year.",
            confidence="high",
            as_of=claim.as_of,
            submitted_at=START,
            decision=Decision.APPROVED,
            decided_by=people[1],
            decided_at=START + timedelta(days=1),
        )
        for claim in chosen
    )
    for claim, assessment in zip(chosen, assessments, strict=True):
        claim.stage, claim.standing, claim.verdict = Stage.VERIFIED, assessment, assessment.verdict
    Claim.objects.bulk_update(chosen, ["stage", "standing", "verdict"], batch_size=100)
