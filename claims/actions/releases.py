"""Releases: begun, built or failed, withdrawn, sent, corrected. Each writes one Event on the release's chain."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from claims import limits
from claims.actions.changes import check_permission, difference, lock, required_reason
from claims.actions.values import check_record, check_values
from claims.choices import ISSUED, Finding, Permission, RecordAct, ReleaseState
from claims.models import (
    Claim,
    ClaimSet,
    Correction,
    Event,
    Job,
    Omission,
    Recipient,
    Release,
    ReleaseClaim,
    SigningKey,
    User,
)
from claims.models.base import Gate, lock_rows, pass_gate
from claims.models.claim import ClaimQuerySet
from claims.reading.members import among, in_order, members
from claims.reading.preflight import TooManyClaims, blocked_claims
from claims.releases.spool import Spool, heads
from claims.workflow import Refusal, RefusalKind, Refused

CHUNK = 500
"""Claims frozen at once."""

_NONE = "No claim of this set can be released."

TOLD = ("number", "serial", "title", "licence", "claim_count", "head_hash")
"""What the first event of a release says of it."""


@dataclass(frozen=True)
class Options:
    """What goes into a release beside the claims. `with_pdf` where the desk can make one."""

    with_comments: bool = False
    with_captures: bool = False
    with_pdf: bool = False


def check_ready(claim_set: ClaimSet, *, by: User) -> None:
    """Raises what `begin` would raise, as far as it can be seen without waiting for anybody."""
    check_permission(by, Permission.RELEASE)
    _check_shared(claim_set)
    claims = members(claim_set)
    _check_number(claims)
    omissions = _omissions(claim_set)
    if not among(claims).exclude(pk__in=omissions).exists():
        raise ValidationError(_NONE)


def to_be_read(claim_set: ClaimSet) -> list[int]:
    """Keys of the claims that `begin` would freeze now, for a Spool to read while nobody is held up."""
    ordered, _ = in_order(claim_set)
    omitted = set(Omission.objects.filter(claim_set=claim_set).values_list("claim", flat=True))
    return [key for key in ordered.values_list("pk", flat=True) if key not in omitted]


@transaction.atomic
def begin(
    claim_set: ClaimSet,
    *,
    by: User,
    spool: Spool | None = None,
    options: Options | None = None,
    job: Job | None = None,
) -> Release:
    """Freeze the set: which claims, in which order, and what each of them says. Then it can be built.

    Nobody changes these claims meanwhile. What `spool` has read of them before is taken where it still holds; it can
    give the lines of claims.jsonl afterwards. Raises ValidationError while a claim blocks that was not left out, when
    no claim is left or too many are, and for a set that only its maker sees; BrokenFilter as reading.members does.
    """
    options, spool = options or Options(), spool or Spool(BytesIO())
    check_permission(by, Permission.RELEASE)
    pass_gate(Gate.RELEASES)
    lock(claim_set)
    _check_shared(claim_set)
    keys = _lock_claims(claim_set)
    omissions = _omissions(claim_set)
    kept = [key for key in keys if key not in omissions]
    if not kept:
        raise ValidationError(_NONE)
    release = _release(claim_set, kept, list(omissions.values()), options, by=by, job=job)
    for _ in spool.read(spool.stale(kept), with_comments=options.with_comments):
        pass
    entries = _entries(release, kept, spool)
    while chunk := list(islice(entries, CHUNK)):
        ReleaseClaim.objects.bulk_create(chunk)
    changes = {name: [None, getattr(release, name)] for name in TOLD} | {"left_out": [None, release.left_out_count]}
    Event.objects.append(release, RecordAct.ADD, by=by, changes=changes, subject=claim_set)
    return release


def _check_shared(claim_set: ClaimSet) -> None:
    if claim_set.is_private:
        raise ValidationError("Only its maker sees this set. Share it first: a release is everybody’s.")


def _check_number(claims: ClaimQuerySet) -> None:
    if among(claims).values("pk")[limits.RELEASED : limits.RELEASED + 1].exists():
        raise ValidationError(str(TooManyClaims()))


def _lock_claims(claim_set: ClaimSet) -> list[int]:
    """Keys of the claims of the set in its order, locked; what came to the set while we waited is not among them."""
    claims = among(members(claim_set))
    _check_number(claims)
    locked = set(claims.values_list("pk", flat=True))
    lock_rows(Claim.objects.filter(pk__in=claims.values("pk")))
    ordered, _ = in_order(claim_set)
    return [key for key in ordered.values_list("pk", flat=True) if key in locked]


def _omissions(claim_set: ClaimSet) -> dict[int, dict[str, Any]]:
    """The claims left out, by key, as Release.left_out names them. Raises ValidationError when others block."""
    blocked = blocked_claims(claim_set, limits.LEFT_OUT + 1)
    omitted = Omission.objects.filter(claim_set=claim_set).select_related("claim", "left_out_by").order_by("claim")
    left_out = {one.claim_id: _told(one, blocked[one.claim_id]) for one in omitted if one.claim_id in blocked}
    if undecided := len(blocked) - len(left_out):
        many = f"{undecided:,} claims block" if undecided > 1 else "1 claim blocks"
        raise ValidationError(f"{many} the release. Preflight says why; mend them or leave them out.")
    if len(left_out) > limits.LEFT_OUT:
        raise ValidationError(f"A release leaves out at most {limits.LEFT_OUT:,} claims. Narrow the set instead.")
    return left_out


def _told(omission: Omission, findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "claim": omission.claim_id,
        "reference": omission.claim.reference,
        "findings": [finding.value for finding in findings],
        "reason": omission.reason,
        "by": omission.left_out_by.username,
        "at": _moment(omission.left_out_at),
    }


def _release(
    claim_set: ClaimSet,
    keys: list[int],
    left_out: list[dict[str, Any]],
    options: Options,
    *,
    by: User,
    job: Job | None,
) -> Release:
    last = claim_set.releases.aggregate(last=Max("number"))["last"] or 0
    last_of_desk = Release.objects.aggregate(last=Max("serial"))["last"] or 0
    return Release.objects.create(
        claim_set=claim_set,
        number=last + 1,
        serial=last_of_desk + 1,
        name=_name(claim_set, last + 1, last_of_desk + 1),
        title=claim_set.title,
        description=claim_set.description,
        licence=claim_set.licence,
        frozen_at=timezone.now(),
        claim_count=len(keys),
        left_out=left_out,
        head_hash=head_hash(heads(keys)),
        made_by=by,
        previous=claim_set.releases.ready().order_by("-number").first(),
        job=job,
        **asdict(options),
    )


def _name(claim_set: ClaimSet, number: int, serial: int) -> str:
    """Such as "japan-and-nato-3"; with the number among all of the desk's where another set has taken that."""
    title = slugify(claim_set.title)[:80].strip("-") or "release"
    name = f"{title}-{number}"
    return f"{name}-of-{serial}" if Release.objects.filter(name=name).exists() else name


def head_hash(found: Iterable[tuple[int, int, str]]) -> str:
    """SHA-256 over a line for each head: key of the claim, number and hash of the event, with a blank between."""
    digest = hashlib.sha256()
    for claim, number, event_hash in found:
        digest.update(f"{claim} {number} {event_hash}\n".encode())
    return digest.hexdigest()


def _entries(release: Release, keys: list[int], spool: Spool) -> Iterator[ReleaseClaim]:
    for position, key in enumerate(keys, start=1):
        line = spool.found[key]
        yield ReleaseClaim(
            release=release,
            claim_id=key,
            position=position,
            event_number=line.head.number,
            event_hash=line.head.hash,
            verdict_key=line.verdict,
            record_sha256=line.record_sha256,
        )


@transaction.atomic
def mark_ready(release: Release, *, path: str, size: int, sha256: str, signing_key: SigningKey, by: User) -> None:
    """The release was built: its file is at `path` below the folder of releases, with that many bytes and that hash."""
    _to(release, ReleaseState.BUILDING, "This release is not being built any more.")
    values = {"path": path, "size": size, "sha256": sha256, "signing_key": signing_key, "ready_at": timezone.now()}
    told: dict[str, list[Any]] = {
        "size": [None, size],
        "sha256": [None, sha256],
        "signing_key": [None, signing_key.key_id],
    }
    _change(release, RecordAct.FINISH, by=by, values={"state": ReleaseState.READY, **values}, told=told)


@transaction.atomic
def mark_failed(release: Release, problem: str, *, by: User) -> None:
    """The release could not be built, for a reason in words. Its numbers are not given again."""
    _to(release, ReleaseState.BUILDING, "This release is not being built any more.")
    values = {"state": ReleaseState.FAILED, "problem": problem.strip()[: limits.REASON] or "It could not be built."}
    _change(release, RecordAct.FAIL, by=by, values=values, told={}, reason=values["problem"])


@transaction.atomic
def withdraw(release: Release, *, by: User, reason: str) -> None:
    """Say of a ready release that nobody should use it any more, and why. It keeps its file and its address."""
    check_permission(by, Permission.RELEASE)
    reason = required_reason(reason)
    _to(release, ReleaseState.READY, "Only a release that is ready can be withdrawn.")
    gone = {"withdrawn_by": by, "withdrawn_at": timezone.now(), "withdrawal_reason": reason}
    values = {"state": ReleaseState.WITHDRAWN, **gone}
    _change(release, RecordAct.WITHDRAW, by=by, values=values, told={}, reason=reason)


@transaction.atomic
def record_recipient(release: Release, text: str, *, by: User) -> Recipient:
    """Note to whom the release was sent. Raises ValidationError on `text`."""
    check_permission(by, Permission.RELEASE)
    _lock_issued(release, "Only a release that was built can have been sent.")
    recipient = Recipient(release=release, text=text.strip(), sent_by=by)
    check_record(recipient)
    recipient.save(force_insert=True)
    changes = {"recipient": [None, recipient.text]}
    Event.objects.append(release, RecordAct.SEND, by=by, changes=changes, subject=recipient)
    return recipient


@transaction.atomic
def write_correction(release: Release, claim: Claim, text: str, *, by: User) -> Correction:
    """Say what no longer holds of what a release says of a claim. Raises ValidationError on `text` or `claim`."""
    check_permission(by, Permission.RELEASE)
    _lock_issued(release, "Only a release that was built can be corrected.")
    if not release.entries.filter(claim=claim).exists():
        raise ValidationError({"claim": f"{claim.reference} is not in this release."})
    correction = Correction(release=release, claim=claim, text=required_reason(text, "text"), written_by=by)
    check_record(correction)
    correction.save(force_insert=True)
    changes = {"claim": [None, claim.reference], "text": [None, correction.text]}
    Event.objects.append(release, RecordAct.CORRECT, by=by, changes=changes, subject=correction)
    return correction


def _to(release: Release, state: ReleaseState, reason: str) -> None:
    """Lock the release, and raise Refused with the reason unless it is in that state."""
    lock(release)
    if release.state != state:
        raise Refused(Refusal(RefusalKind.STAGE, reason))


def _lock_issued(release: Release, reason: str) -> None:
    lock(release)
    if release.state not in ISSUED:
        raise Refused(Refusal(RefusalKind.STAGE, reason))


def _change(
    release: Release, act: RecordAct, *, by: User, values: dict[str, Any], told: dict[str, list[Any]], reason: str = ""
) -> None:
    check_values(release, values)
    changes = difference(release, {"state": values["state"]}) | told
    for name, value in values.items():
        setattr(release, name, value)
    release.save(update_fields=list(values))
    Event.objects.append(release, act, by=by, changes=changes, reason=reason)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
