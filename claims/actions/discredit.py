"""Taking trust from a source or a document, and in the same act its verdict from the claims that leaned on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from claims import limits
from claims.actions.changes import change, check_permission, check_version, lock, required_reason
from claims.actions.claims import lock_with_dependents, reopen
from claims.choices import JUDGED, Permission, RecordAct, Reliability
from claims.models import Appearance, Claim, Document, Source, User
from claims.models.base import lock_rows
from claims.reading.leaning import leaning_claims
from claims.workflow import Refused

MOST = 200
"""Claims that one act reopens at most."""


@dataclass
class Outcome:
    """Claims that were reopened, and reasons with the claims refused for them."""

    reopened: list[Claim] = field(default_factory=list)
    refused: dict[str, list[Claim]] = field(default_factory=dict)


def lower_letters(letter: Reliability) -> tuple[Reliability, ...]:
    """What the letter can be lowered to. E stays E; one that cannot be judged becomes D or E."""
    if letter == Reliability.F:
        return Reliability.D, Reliability.E
    return JUDGED[JUDGED.index(letter) + 1 :] or (Reliability.E,)


@transaction.atomic
def discredit(
    record: Source | Document, chosen: Sequence[Claim], *, by: User, version: int, letter: str, reason: str
) -> Outcome:
    """Lower the grade of a source, or that of one document, and reopen the chosen claims, for one reason.

    One event on the record's chain, and one on that of each claim reopened. A claim that cannot be reopened is in the
    outcome with the reason; the rest is done nevertheless. Raises StaleVersion when someone changed the record since
    `version`, and ValidationError on `letter`, `reason` or `claims`: then nothing is done.
    """
    check_permission(by, Permission.MANAGE_SOURCES if isinstance(record, Source) else Permission.WORK)
    reason = required_reason(reason)
    if len(chosen) > MOST:
        raise ValidationError({"claims": f"At most {MOST} claims at once; these are {len(chosen)}."})
    _lock_all(chosen, record)
    check_version(record, version)
    if letter not in lower_letters(Reliability(record.reliability)):
        raise ValidationError({"letter": "Choose a letter that is lower than the one it has."})
    outcome = _reopen(record, chosen, by=by, reason=f"“{record}” was discredited: {reason}"[: limits.REASON])
    also = {"claims_reopened": [None, len(outcome.reopened)]} if outcome.reopened else {}
    values = _grading(record, letter, reason)
    change(record, RecordAct.DISCREDIT, by=by, values=values, reason=reason, also=also)
    return outcome


def _lock_all(claims: Sequence[Claim], record: Source | Document) -> None:
    """Claims first, with those that depend on them, then documents, each by key, then the source: as everywhere."""
    lock_with_dependents(claims)
    makers = Appearance.objects.filter(claim__in=[claim.pk for claim in claims]).order_by().values("snapshot__document")
    own = [record.pk] if isinstance(record, Document) else []
    lock_rows(Document.objects.filter(Q(pk__in=makers) | Q(pk__in=own)))
    lock(record)


def _reopen(record: Source | Document, chosen: Sequence[Claim], *, by: User, reason: str) -> Outcome:
    leaning = leaning_claims(record).filter(pk__in=[claim.pk for claim in chosen])
    known = set(leaning.order_by().values_list("pk", flat=True))
    outcome = Outcome()
    for claim in chosen:
        if claim.pk not in known:
            outcome.refused.setdefault("It does not rest on this any more.", []).append(claim)
            continue
        try:
            with transaction.atomic():
                reopen(claim, by=by, reason=reason)
            outcome.reopened.append(claim)
        except Refused as error:
            outcome.refused.setdefault(str(error), []).append(claim)
    return outcome


def _grading(record: Source | Document, letter: str, reason: str) -> dict[str, str]:
    if isinstance(record, Source):
        return {"reliability": letter, "reliability_reason": reason}
    return {"reliability_override": letter, "reliability_override_reason": reason}
