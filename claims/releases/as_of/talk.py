"""What people had submitted, decided and remarked."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from claims.choices import Act
from claims.models import Assessment, Comment, Event
from claims.releases.as_of.desk import Desk
from claims.releases.as_of.events import Chain, moment, undone
from claims.releases.as_of.missing import NOT_KEPT, Gaps

_SUBMITTING = (Act.SUBMIT, Act.CONFIRM)
_DECIDING = (Act.APPROVE, Act.RETURN, Act.APPROVE_CONFIRMATION, Act.RETURN_CONFIRMATION)
_UNSENDING = (Act.WITHDRAW, Act.WITHDRAW_CONFIRMATION, Act.REOPEN)
_WORDS = frozenset({"verdict", "confidence", "rationale", "as_of", "decisive", "decisive_reason"})
_PIECE = re.compile(r"\(evidence ([0-9]+)\)$")


def assessments_as_of(desk: Desk, chains: Mapping[int, Chain], gaps: Gaps) -> dict[int, list[Assessment]]:
    """What had been submitted, by claim, the oldest first; drafts left out. One query."""
    found: dict[int, list[Assessment]] = defaultdict(list)
    for row in Assessment.objects.filter(claim__in=chains).select_related("author", "decided_by", "claim"):
        chain = chains[row.claim_id]
        if row.pk in chain.subjects(*_DECIDING):  # final: a trigger keeps it as it is
            row.verdict = desk.verdicts[row.verdict_id or 0]
        elif row.pk == _pending(chain):
            _unsent(row, chain, desk, gaps)
        else:
            continue
        desk.rename(row.author, row.decided_by)
        found[row.claim_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.submitted_at, row.pk))
    return found


def _pending(chain: Chain) -> int | None:
    """The assessment that waited for a decision: a claim has one at most."""
    pending = None
    for event in chain.told:
        if event.act in _SUBMITTING:
            pending = event.subject_id
        elif event.act in (*_DECIDING, *_UNSENDING):
            pending = None
    return pending


def _unsent(row: Assessment, chain: Chain, desk: Desk, gaps: Gaps) -> None:
    """Make the row what it was while it waited: nobody had decided, and later drafts had not changed it."""
    own = chain.about(row)
    row.decision, row.decided_by, row.decided_at, row.decision_reason = None, None, None, ""
    _reword(row, _earliest(own.later), desk)
    ended = next((event for event in chain.later if event.act in (*_DECIDING, *_UNSENDING)), None)
    if ended is None or ended.act in _DECIDING:
        return
    row.submitted_at = moment(ended.changes.get("submitted_at", [None])[0])
    if row.submitted_at is None:
        row.submitted_at = next(event.at for event in reversed(own.told) if event.act in _SUBMITTING)
        gaps.add(row.claim.reference, "assessments.assessed_at", f"{NOT_KEPT}: it is that of the event, to the second")


def _earliest(later: Sequence[Event]) -> dict[str, Any]:
    """The old values of the words: events of drafts tell them as they are, the others of "assessment.rationale"."""
    old: dict[str, Any] = {}
    for event in later:
        prefix = "" if event.act == Act.DRAFT else "assessment."
        for name, value in undone([event], _WORDS, prefix=prefix).items():
            old.setdefault(name, value)
    return old


def _reword(row: Assessment, old: Mapping[str, Any], desk: Desk) -> None:
    for name, value in old.items():
        if name == "verdict":
            row.verdict_id = verdict.pk if (verdict := desk.verdict(value)) else None
        elif name == "decisive":
            row.decisive_id = int(piece[1]) if value and (piece := _PIECE.search(value)) else None
        else:
            setattr(row, name, value)
    row.verdict = desk.verdicts[row.verdict_id or 0]


def comments_as_of(desk: Desk, chains: Mapping[int, Chain], gaps: Gaps) -> dict[int, list[Comment]]:
    """The remarks that had been made, by claim, worded as then. One query."""
    found: dict[int, list[Comment]] = defaultdict(list)
    rows = Comment.objects.filter(claim__in=chains).select_related("author", "resolved_by", "claim")
    for row in rows.order_by("written_at", "pk"):
        claim = row.claim_id or 0
        chain = chains[claim].about(row)
        if chain.told:
            _unedited(row, chain, gaps)
            _unresolved(row, chain, gaps)
            desk.rename(row.author, row.resolved_by)
            found[claim].append(row)
    return found


def _reference(row: Comment) -> str:
    return row.claim.reference if row.claim else ""


def _unedited(row: Comment, chain: Chain, gaps: Gaps) -> None:
    later = [event for event in chain.later if event.act == Act.EDIT_COMMENT]
    told = [event for event in chain.told if event.act == Act.EDIT_COMMENT]
    if not later:
        return
    row.body = undone(later, ("body",))["body"]
    if "edited_at" in later[0].changes:
        row.edited_at = moment(later[0].changes["edited_at"][0])
    else:
        row.edited_at = told[-1].at if told else None
        if told:
            gaps.add(_reference(row), "comments.edited_at", f"{NOT_KEPT}: it is that of the event, to the second")


def _unresolved(row: Comment, chain: Chain, gaps: Gaps) -> None:
    acts = (Act.RESOLVE_COMMENT, Act.REOPEN_COMMENT)
    told = [event for event in chain.told if event.act in acts]
    later = [event for event in chain.later if event.act in acts]
    if not told or told[-1].act == Act.REOPEN_COMMENT:
        row.resolved_at = row.resolved_by = None
    elif later:  # it was reopened since
        row.resolved_by = told[-1].by
        row.resolved_at = moment(later[0].changes.get("resolved_at", [None])[0]) or told[-1].at
        if "resolved_at" not in later[0].changes:
            gaps.add(_reference(row), "comments.resolved_at", f"{NOT_KEPT}: it is that of the event, to the second")
