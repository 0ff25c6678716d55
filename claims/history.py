"""Events as lines that people read: who did what, what changed word by word, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from claims.choices import (
    Act,
    ClaimKind,
    Confidence,
    Credibility,
    Derivation,
    Health,
    Outcome,
    Priority,
    Provenance,
    RankOrder,
    Reanchored,
    RecordAct,
    SourceKind,
    Stage,
    Stance,
    ToleranceIn,
    Visibility,
    WorkingKind,
)
from claims.differences import Piece, PieceKind, word_diff
from claims.models import Claim, Comment, Event, Release, Source, User, Verdict
from claims.partial_dates import PartialDate

LABELS: dict[str, str] = {
    "as_of": "As of",
    "assignee": "Assigned to",
    "due_reason": "Due because",
    "exact": "Words",
    "how_to_check": "How to check",
    "recheck_on": "Re-check",
    "reference_period": "Speaks about",
    "accessed_on": "Accessed",
    "health": "Link",
    "alone_says": "On its own",
    "alone_verdict": "On its own",
    "decisive": "Decisive evidence",
    "decisive_reason": "Decisive because",
    "subject": "Whose place",
    "claim_count": "Claims",
    "head_hash": "Hash over the histories",
    "sha256": "SHA-256",
    "signing_key": "Signed with",
    "visibility": "Can be read by",
    "was_read": "Read by the checker",
}
# What the verb says already, or what only the machine needs.
HIDDEN = frozenset(
    {
        *("stage", "state", "standing", "recheck_from", "due_at", "due_reason", "snapshot", "retracted_at"),
        *("completed_by", "completed_at", "raw_sha256", "retired_at"),
        *("source_id", "derived_from_id", "recheck_calendar_id", "merged_into_id", "keys", "other", "left_out_at"),
        *("submitted_at", "edited_at", "resolved_at", "resolved_by", "passage", "placed", "parts"),
    }
)
ASSIGNING = frozenset({Act.ASSIGN, Act.CREATE})  # elsewhere the assignee follows from the act
VERSIONED = frozenset(
    {
        Act.EDIT,
        Act.ORGANISE,
        Act.TAKE,
        Act.RELEASE,
        Act.ASSIGN,
        Act.SUBMIT,
        Act.WITHDRAW,
        Act.APPROVE,
        Act.RETURN,
        Act.REOPEN,
        Act.DISMISS,
        Act.RESTORE,
    }
)
"""Acts that raise a claim's version by one; all others are about its parts and leave it."""

_CHOICES: dict[str, dict[Any, str]] = {
    "kind": dict([*ClaimKind.choices, *SourceKind.choices, *WorkingKind.choices]),
    "confidence": dict(Confidence.choices),
    "stance": dict(Stance.choices),
    "provenance": dict(Provenance.choices),
    "derivation": dict(Derivation.choices),
    "priority": dict(Priority.choices),
    "decision": dict(Reanchored.choices),
    "outcome": dict(Outcome.choices),
    "health": dict(Health.choices),
    "visibility": dict(Visibility.choices),
    "tolerance_in": dict(ToleranceIn.choices),
    "order": dict(RankOrder.choices),
    "credibility": {value: f"{value}, {label.lower()}" for value, label in Credibility.choices},
}
_VERDICTS = frozenset({"verdict", "alone_verdict"})
_DATES = frozenset({"as_of", "recheck_on", "published_on"})
# What the line of an act leads with; its other fields are folded under it. Other acts show all of theirs.
_LEADING: dict[str, frozenset[str]] = {
    Act.CREATE: frozenset({"assertion"}),
    Act.ADD_EVIDENCE: frozenset({"document"}),
    Act.SET_WORKING: frozenset({"formula", "expected", "subject"}),
    Act.REMOVE_WORKING: frozenset({"formula", "expected", "subject"}),
    Act.ADD_APPEARANCE: frozenset({"exact"}),
    RecordAct.REANCHOR: frozenset({"decision", "exact"}),
    Act.DRAFT: frozenset({"verdict", "rationale"}),
    Act.SUBMIT: frozenset({"verdict", "rationale"}),
    RecordAct.ADD: frozenset({"name", "title", "reliability"}),
}
_LONG_SAME = 240  # code points of unchanged text beyond which its middle is left out
_EXCERPT = 160  # of a comment


@dataclass(frozen=True)
class FieldLine:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Line:
    """One event, the `fields` it is about, and `more` of lesser weight.

    At most one of `stage`, `mark` (of a verdict) and `stance` is set: it gives the line its colour.
    """

    event: Event
    fields: list[FieldLine]
    more: list[FieldLine]
    excerpt: str = ""
    stage: str = ""
    mark: str = ""
    stance: str = ""


@dataclass(frozen=True)
class Timeline:
    """Lines newest first; `older` is the number of the event before which there are more, None at the beginning."""

    lines: list[Line]
    older: int | None


@dataclass(frozen=True)
class Since:
    """What happened to a claim since a version: events newest first, and the fields they changed as they were then."""

    events: list[Event]
    old: dict[str, Any]


@dataclass(frozen=True)
class Rewording:
    """Fields with their old and new words; `event` is the newest that touched them."""

    event: Event | None
    fields: list[FieldLine]


@dataclass(frozen=True)
class Step:
    """A stage on a claim's way; `event` is what led there last, None for those ahead and those skipped."""

    stage: Stage
    event: Event | None
    is_current: bool


def timeline(record: Claim | Release | Source, *, limit: int, before: int | None = None) -> Timeline:
    """The newest lines of a record's history, or the newest before event number `before`. At most five queries."""
    events = Event.objects.of(record).select_related("by").order_by("-number")
    if before is not None:
        events = events.filter(number__lt=before)
    found = list(events[: limit + 1])
    return Timeline(lines(found[:limit]), found[limit - 1].number if len(found) > limit else None)


def lines(events: Iterable[Event]) -> list[Line]:
    """Events of any objects with the names that their changes need, in as many queries as there are kinds of name."""
    events = list(events)
    names = _Names(events)
    return [_line(event, names) for event in events]


def since(claim: Claim, version: int) -> Since:
    """What was done to a claim, as it is now, since that version of it."""
    events = Event.objects.of(claim).filter(act__in=VERSIONED).select_related("by").order_by("-number")
    found = list(events[: max(0, claim.version - version)])
    old: dict[str, Any] = {}
    for event in found:
        old |= {name: pair[0] for name, pair in event.changes.items()}
    return Since(found, old)


def rewording(claim: Claim, since: Since, fields: Iterable[str]) -> Rewording:
    """How those of the claim's fields that changed read then and now."""
    changed = [name for name in fields if name in since.old]
    names = _Names([])
    pairs = [_field_line(name, [since.old[name], getattr(claim, name)], names) for name in changed]
    return Rewording(next((event for event in since.events if event.changes.keys() & set(changed)), None), pairs)


def path(claim: Claim) -> list[Step]:
    """The stages of a claim's way from open to verified, or to dismissed."""
    moves = Event.objects.of(claim).filter(act__in=[Act.CREATE, *VERSIONED - {Act.EDIT, Act.ORGANISE, Act.ASSIGN}])
    reached: dict[str, Event] = {}
    for event in moves.select_related("by").order_by("-number")[:50]:
        reached.setdefault(event.changes.get("stage", ["", ""])[1], event)
    way = [Stage.OPEN, Stage.IN_PROGRESS, Stage.IN_REVIEW, Stage.VERIFIED]
    if claim.stage == Stage.DISMISSED:
        way = [Stage.OPEN, Stage.DISMISSED]
    here = way.index(Stage(claim.stage))
    return [Step(stage, reached.get(stage) if at <= here else None, at == here) for at, stage in enumerate(way)]


class _Names:
    """Names of the verdicts, people and comments that some events mention, each kind looked up once if at all."""

    def __init__(self, events: list[Event]) -> None:
        changes = [(name.rpartition(".")[2], pair) for event in events for name, pair in event.changes.items()]
        people = {value for name, pair in changes if name == "assignee" for value in pair if value}
        comments = [event.subject_id for event in events if event.act == Act.COMMENT and event.subject_id]
        has_verdicts = any(name in _VERDICTS for name, _ in changes)
        self.verdicts = {verdict.key: verdict for verdict in Verdict.objects.all()} if has_verdicts else {}
        self.people = {user.username: str(user) for user in User.objects.filter(username__in=people)} if people else {}
        self.comments = dict(Comment.objects.filter(pk__in=comments).values_list("pk", "body")) if comments else {}

    def words(self, field: str, value: Any) -> str:
        """A value as history keeps it, in words."""
        if value is None or value == "":
            return ""
        if field in _VERDICTS and value in self.verdicts:
            return self.verdicts[value].name
        if field == "assignee":
            return self.people.get(value, str(value))
        return _plain_words(field, value)


def _plain_words(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field in _CHOICES:
        return _CHOICES[field].get(value, str(value))
    return _date_words(str(value)) if field in _DATES else str(value)


def _date_words(value: str) -> str:
    try:
        return PartialDate.parse(value).display()
    except ValueError:
        return value


def _line(event: Event, names: _Names) -> Line:
    excerpt = names.comments.get(event.subject_id or 0, "") if event.act == Act.COMMENT else ""
    leading: list[FieldLine] = []
    more: list[FieldLine] = []
    for name, pair in event.changes.items():
        field = name.rpartition(".")[2]  # "assessment.verdict" is the verdict of an assessment
        if _is_shown(event, field) and (line := _field_line(field, pair, names)).pieces:
            leads = field in _LEADING.get(event.act, {field})
            (leading if leads else more).append(line)
    return Line(event, leading, more, _shortened(excerpt), **_colour(event, names))


def _is_shown(event: Event, name: str) -> bool:
    return name not in HIDDEN and (name != "assignee" or event.act in ASSIGNING)


def _field_line(field: str, pair: list[Any], names: _Names) -> FieldLine:
    old, new = names.words(field, pair[0]), names.words(field, pair[1])
    label = LABELS.get(field, field.replace("_", " ").capitalize())
    return FieldLine(label, [_without_middle(piece) for piece in word_diff(old, new)])


def _without_middle(piece: Piece) -> Piece:
    if piece.kind != PieceKind.SAME or len(piece.text) <= _LONG_SAME:
        return piece
    half = _LONG_SAME // 2
    return Piece(piece.kind, f"{piece.text[:half]} … {piece.text[-half:]}")


def _shortened(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"


def _colour(event: Event, names: _Names) -> dict[str, str]:
    new = {name.rpartition(".")[2]: pair[1] for name, pair in event.changes.items()}
    if event.act == Act.APPROVE and new.get("verdict") in names.verdicts:
        return {"mark": names.verdicts[new["verdict"]].mark}
    if new.get("stage"):
        return {"stage": new["stage"]}
    if new.get("verdict") in names.verdicts:
        return {"mark": names.verdicts[new["verdict"]].mark}
    return {"stance": new["stance"]} if new.get("stance") else {}
