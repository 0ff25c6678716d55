"""Claims as they were when they were released, beside what they are now, and in words what came between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.text import Truncator

from claims.choices import Act, Since
from claims.models import Correction, Event, Release, ReleaseClaim, Verdict
from claims.partial_dates import PartialDate
from claims.reading.recall import since_of, with_since

EVENTS = 200
"""Of a claim's later history, the newest, that are read for words."""

RATIONALE = 1_000  # code points of one that are proposed for a correction


@dataclass(frozen=True)
class Line:
    """A claim of a release: `assertion` and `verdict` as they were released, what happened `since`.

    The verdict is None when the desk's scale has none of that key any more.
    """

    entry: ReleaseClaim
    assertion: str
    verdict: Verdict | None
    since: list[Since] = field(default_factory=list)
    corrections: int = 0

    @property
    def is_reworded(self) -> bool:
        return self.assertion != self.entry.claim.assertion


def lines(release: Release, entries: Sequence[ReleaseClaim]) -> list[Line]:
    """Entries that come from recall.with_since with their claims. Three queries, however many they are."""
    verdicts = {verdict.key: verdict for verdict in Verdict.objects.all()}
    assertions = released_assertions(entries)
    corrected = _corrected(release, entries)
    return [
        Line(
            entry,
            assertions[entry.claim_id],
            verdicts.get(entry.verdict_key),
            since_of(entry),
            corrected.get(entry.claim_id, 0),
        )
        for entry in entries
    ]


def released_assertions(entries: Iterable[ReleaseClaim]) -> dict[int, str]:
    """How each claim read then, by its key: the history says what each edit since replaced. One query."""
    entries = list(entries)
    last = {entry.claim_id: entry.event_number for entry in entries}
    found = {entry.claim_id: entry.claim.assertion for entry in entries}
    edits = Event.objects.filter(object_type="claim", object_id__in=last, act=Act.EDIT).order_by("-number")
    for claim, number, changes in edits.values_list("object_id", "number", "changes"):
        if number > last[claim] and "assertion" in changes:
            found[claim] = changes["assertion"][0]
    return found


def _corrected(release: Release, entries: Iterable[ReleaseClaim]) -> Mapping[int, int]:
    """How many corrections there are, by key of the claim."""
    rows = Correction.objects.filter(release=release, claim__in=[entry.claim_id for entry in entries]).order_by()
    return dict(rows.values_list("claim").annotate(number=Count("pk")))


def line_of(release: Release, claim: int) -> Line | None:
    """The line of one claim of the release; None when it is not in it."""
    people = with_since(release).select_related("claim__verdict", "claim__standing")
    entry = people.filter(claim=claim).first()
    return lines(release, [entry])[0] if entry else None


def head(line: Line) -> int:
    """The number of the newest event of the claim's history."""
    return Event.objects.of(line.entry.claim).values_list("number", flat=True).last() or 0


def what_was_wrong(line: Line) -> str:
    """What the release says of the claim, as the first half of a correction."""
    release = line.entry.release
    verdict = line.verdict.name if line.verdict else line.entry.verdict_key
    day = PartialDate.parse(release.frozen_at.date().isoformat()).display()
    return f"Release {release.number} of {day} says of “{line.assertion}”: {verdict.lower()}."


def what_is_right(line: Line) -> str:
    """What is so now, as far as the history says: the second half. Empty when nothing happened."""
    later = Event.objects.of(line.entry.claim).filter(number__gt=line.entry.event_number).order_by("-number")
    reasons: dict[str, str] = {}
    for act, reason in later.exclude(reason="").values_list("act", "reason")[:EVENTS]:
        reasons.setdefault(act, reason)
    said = [_said(since, line, reasons) for since in line.since]
    if line.is_reworded:
        said.append(f"The claim reads now: “{line.entry.claim.assertion}”")
    return "\n".join(said)


def _said(since: Since, line: Line, reasons: Mapping[str, str]) -> str:
    claim = line.entry.claim
    match since:
        case Since.REOPENED:
            return _because("It is not verified any more, and is being checked again", reasons.get(Act.REOPEN))
        case Since.VERDICT_CHANGED if claim.verdict and claim.standing:
            as_of = PartialDate.parse(claim.standing.as_of).display()
            rationale = Truncator(claim.standing.rationale).chars(RATIONALE)
            return f"The verdict is {claim.verdict.name.lower()}, as of {as_of}. {rationale}"
        case Since.FELL_DUE:
            return _because("What it rests on has changed, and it is due to be checked again", claim.due_reason)
        case Since.LOST_EVIDENCE:
            return _because("Evidence for it was retracted", reasons.get(Act.RETRACT_EVIDENCE))
    return f"{since.label}."


def _because(said: str, reason: str | None) -> str:
    return f"{said}: {reason}" if reason else f"{said}."
