"""How two releases tell of one claim: what differs, and what its history says of why. Pure.

What only goes with the desk or the moment does not count: addresses here, whether the claim is due, its place in the
release. Between different desks references do not count either.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypedDict

from claims.choices import Act
from claims.exports.records import EvidenceRecord, VerdictRecord
from claims.releases.content import EventRecord, LeftOutRecord, ReleasedClaim

MOST_REASONS = 20
"""Events that a change names as reasons, the newest ones."""


class Differs(StrEnum):
    """In what a claim differs between two releases. The gravest come first; a claim can differ in several."""

    REWRITTEN = "rewritten"
    VERDICT = "verdict"
    WORDING = "wording"
    EVIDENCE = "evidence"
    ASSESSMENT = "assessment"
    OTHER = "other"
    ADDED = "added"
    LEFT_OUT = "left_out"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Differs.REWRITTEN: "History rewritten",
    Differs.VERDICT: "Verdict changed",
    Differs.WORDING: "Wording changed",
    Differs.EVIDENCE: "Evidence changed",
    Differs.ASSESSMENT: "Rationale or confidence changed",
    Differs.OTHER: "Other things changed",
    Differs.ADDED: "Added",
    Differs.LEFT_OUT: "Not in it any more",
}


class FieldRecord(TypedDict):
    """A field by its name in claims.jsonl, with its values there: text, a list, an object, or None."""

    field: str
    old: Any
    new: Any


class PieceRecord(TypedDict):
    """A piece of evidence that was added, retracted or changed; `fields` is empty but for the last."""

    change: str
    title: str
    url: str
    source: str
    stance: str
    finding: str
    fields: list[FieldRecord]


class ReasonRecord(TypedDict):
    """An event of the newer history that may be why."""

    number: int
    act: str
    by: str | None
    at: str
    reason: str


class ChangeRecord(TypedDict):
    """What differs about one claim. `assertion` and `verdict` are the newer ones, of a claim left out the older ones.

    `fields` tells of everything but evidence. `left_out` is there when the newer release says why it is without the
    claim; None of a claim left out says that its set does not hold it any more.
    """

    differs: list[str]
    reference: str
    url: str
    assertion: str
    verdict: VerdictRecord | None
    old_verdict: VerdictRecord | None
    fields: list[FieldRecord]
    evidence: list[PieceRecord]
    reasons: list[ReasonRecord]
    left_out: LeftOutRecord | None


_TELLING = frozenset(
    {
        *(Act.REOPEN, Act.APPROVE, Act.APPROVE_CONFIRMATION, Act.EDIT, Act.FALL_DUE),
        *(Act.ADD_EVIDENCE, Act.RETRACT_EVIDENCE, Act.EDIT_EVIDENCE),
    }
)
_ALWAYS = frozenset({Act.REOPEN, Act.APPROVE})
"""Named also without a reason: who took a verdict away, and who put one in force."""

_OF_ASSESSMENT = (
    *("rationale", "confidence", "as_of", "assessed_by", "assessed_at", "approved_by", "approved_at"),
    *("approval_note", "decisive"),
)
_OTHER = (
    "kind",
    "speaker",
    "as_of",
    "reference_period",
    "tags",
    "stage",
    "due_reason",
    "recheck_on",
    "recheck_follows",
)
_PARTS = ("appearances", "searches", "working", "rests_on")


def comparable(claim: ReleasedClaim, *, same_desk: bool) -> dict[str, Any]:
    """What is compared of a claim, and what is needed to tell of it: a part of its record."""
    kept = ("reference", "url", "assertion", "verdict", "assessment", "evidence", "head", *_OTHER, *_PARTS)
    part = {name: claim.get(name) for name in kept}
    part["rests_on"] = [
        {"reference": premise["reference"] if same_desk else "", "note": premise["note"]}
        for premise in claim["rests_on"]
    ]
    return part


def difference(old: dict[str, Any], new: ReleasedClaim, *, same_desk: bool) -> ChangeRecord | None:
    """What differs; `old` as `comparable` gives it. None when nothing does."""
    now = comparable(new, same_desk=same_desk)
    evidence = list(_evidence(old["evidence"], now["evidence"]))
    wording = list(_fields(("assertion",), old, now))
    assessed = list(_fields(_OF_ASSESSMENT, old["assessment"] or {}, now["assessment"] or {}, "assessment."))
    others = list(_fields((*_OTHER, *_PARTS), old, now))
    found = {
        Differs.REWRITTEN: same_desk and not _follows(old, new),
        Differs.VERDICT: _key(old["verdict"]) != _key(now["verdict"]),
        Differs.WORDING: bool(wording),
        Differs.EVIDENCE: bool(evidence),
        Differs.ASSESSMENT: bool(assessed),
        Differs.OTHER: bool(others),
    }
    if not any(found.values()):
        return None
    change = _named(new, [kind for kind, is_so in found.items() if is_so])
    change["old_verdict"] = old["verdict"]
    change["fields"], change["evidence"] = [*wording, *assessed, *others], evidence
    change["reasons"] = _reasons(old, new)
    return change


def added(claim: ReleasedClaim) -> ChangeRecord:
    return _named(claim, [Differs.ADDED])


def gone(old: dict[str, Any], left_out: LeftOutRecord | None) -> ChangeRecord:
    """Of a claim that the newer release is without; `old` as `comparable` gives it."""
    change = _named(old, [Differs.LEFT_OUT])
    change["left_out"] = left_out
    return change


def _named(claim: Any, differs: Sequence[Differs]) -> ChangeRecord:
    return {
        "differs": [kind.value for kind in differs],
        "reference": claim["reference"],
        "url": claim["url"],
        "assertion": claim["assertion"],
        "verdict": claim["verdict"],
        "old_verdict": None,
        "fields": [],
        "evidence": [],
        "reasons": [],
        "left_out": None,
    }


def _key(verdict: VerdictRecord | None) -> str | None:
    return verdict["key"] if verdict else None


def _fields(
    names: Iterable[str], old: Mapping[str, Any], new: Mapping[str, Any], within: str = ""
) -> Iterator[FieldRecord]:
    for name in names:
        if old.get(name) != new.get(name):
            yield {"field": f"{within}{name}", "old": old.get(name), "new": new.get(name)}


def _evidence(old: Sequence[EvidenceRecord], new: Sequence[EvidenceRecord]) -> Iterator[PieceRecord]:
    """Pieces have no names of their own: equal ones are one, and of the others those that quote the same document."""
    before, after = list(old), list(new)
    for piece in old:
        if piece in after:
            before.remove(piece)
            after.remove(piece)
    for same in (_passage, _document):
        for earlier in list(before):
            later = next((piece for piece in after if same(piece) == same(earlier)), None)
            if later:
                before.remove(earlier)
                after.remove(later)
                names = [name for name in later if name in earlier]
                yield _piece("changed", later, list(_fields(names, earlier, later)))
    yield from (_piece("retracted", piece, []) for piece in before)
    yield from (_piece("added", piece, []) for piece in after)


Sameness = Callable[[EvidenceRecord], tuple[str, ...]]


def _document(piece: EvidenceRecord) -> tuple[str, ...]:
    return (piece["url"],) if piece["url"] else (piece["title"], piece["source"])


def _passage(piece: EvidenceRecord) -> tuple[str, ...]:
    return (*_document(piece), piece["quote"] or piece["finding"])


def _piece(change: str, piece: EvidenceRecord, fields: list[FieldRecord]) -> PieceRecord:
    return {
        "change": change,
        "title": piece["title"],
        "url": piece["url"],
        "source": piece["source"],
        "stance": piece["stance"],
        "finding": piece["finding"],
        "fields": fields,
    }


def _follows(old: dict[str, Any], new: ReleasedClaim) -> bool:
    """Whether the newer history goes on from the head of the older one: its event has that number and that hash."""
    head = old["head"]
    return any(event["number"] == head["number"] and event["hash"] == head["hash"] for event in new["history"])


def _reasons(old: dict[str, Any], new: ReleasedClaim) -> list[ReasonRecord]:
    """The telling events since the older release; all of the history, when it is not the older one's."""
    since = old["head"]["number"] if _follows(old, new) else 0
    told = [_reason(event) for event in new["history"] if event["number"] > since and _tells(event)]
    return told[-MOST_REASONS:]


def _tells(event: EventRecord) -> bool:
    return event["act"] in _ALWAYS or (event["act"] in _TELLING and bool(event["reason"]))


def _reason(event: EventRecord) -> ReasonRecord:
    return {
        "number": event["number"],
        "act": event["act"],
        "by": event["by"],
        "at": event["at"],
        "reason": event["reason"] or "",
    }
