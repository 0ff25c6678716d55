"""Verdicts that came in with a release: a second person decides on all of a claim set's at once."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from claims.actions.assessments import approve
from claims.actions.changes import check_permission
from claims.choices import CARRIED, Act, Permission, Stage
from claims.models import Assessment, Claim, ClaimSet, Event, User
from claims.models.base import lock_rows
from claims.models.claim import ClaimQuerySet
from claims.reading.members import among, members

MOST = 1_000
"""Claims that one act approves: some ten seconds, in which nobody else can write on SQLite."""


def carried_claims(claim_set: ClaimSet, by: User) -> ClaimQuerySet:
    """Claims of the set whose pending verdict is a release's, as it came in, proposed by somebody else.

    Raises BrokenFilter.
    """
    submitted = Event.objects.filter(
        object_type="claim",
        object_id=OuterRef("claim_id"),
        act=Act.SUBMIT,
        subject_type="assessment",
        subject_id=OuterRef("pk"),
        at=OuterRef("submitted_at"),  # one that was withdrawn and submitted anew is somebody's own
        reason__startswith=CARRIED,
    )
    pending = Assessment.objects.pending().exclude(author=by).filter(Exists(submitted)).order_by().values("claim")
    return among(members(claim_set)).filter(stage=Stage.IN_REVIEW, pk__in=pending)


@transaction.atomic
def approve_carried(claim_set: ClaimSet, *, by: User, note: str = "") -> int:
    """Agree with the verdicts that came in with a release, of at most MOST claims of the set; how many it was.

    Each claim is verified by an event of its own. Raises Refused without the right to review.
    """
    check_permission(by, Permission.REVIEW)
    keys = list(carried_claims(claim_set, by).order_by("pk").values_list("pk", flat=True)[:MOST])
    lock_rows(Claim.objects.filter(pk__in=keys))
    claims = Claim.objects.filter(pk__in=keys).with_pending().select_related("recheck_calendar")
    for claim in claims.order_by("pk"):
        approve(claim, by=by, version=claim.version, note=note)
    return len(keys)
