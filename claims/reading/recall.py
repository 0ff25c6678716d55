"""What became of the claims of a release since it was made, and what nobody has corrected yet.

One query each, whatever the size of the release and however many there are.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce

from claims.choices import Act, RecordAct, Since, Stage
from claims.models import Correction, Event, Evidence, Release, ReleaseClaim
from claims.models.document import DERIVATION_STEPS
from claims.models.event import EventQuerySet
from claims.models.release import ReleaseQuerySet


def with_since(release: Release) -> "QuerySet[ReleaseClaim]":
    """The claims of the release, each with a flag by the name of every Since. In the order of the release."""
    flags = {since.value: _flag(condition) for since, condition in _conditions(release).items()}
    return ReleaseClaim.objects.filter(release=release).annotate(**flags).order_by("position")


def recalled(release: Release) -> "QuerySet[ReleaseClaim]":
    """Those to which something happened that a reader of the release should know, with the flags of `with_since`."""
    touched = Q()
    for since in Since:
        touched |= Q(**{since.value: True})
    return with_since(release).filter(touched).select_related("claim__verdict")


def recall_counts(release: Release) -> Mapping[Since, int]:
    """How many claims of the release each thing happened to. One query."""
    counts = {since.value: Count("pk", filter=condition) for since, condition in _conditions(release).items()}
    found = ReleaseClaim.objects.filter(release=release).order_by().aggregate(**counts)
    return {since: found[since.value] for since in Since}


def since_of(entry: ReleaseClaim) -> list[Since]:
    """What happened to a claim that comes from `with_since`."""
    return [since for since in Since if getattr(entry, since.value)]


def releases_to_correct() -> ReleaseQuerySet:
    """Ready releases with a claim to which something happened that no correction has told yet."""
    return Release.objects.ready().filter(pk__in=uncorrected().values("release"))


def uncorrected() -> "QuerySet[ReleaseClaim]":
    """Entries of ready releases to which something happened after the last correction of them, if there is any.

    The claims to which such a thing ever happened are found first: they are few beside those that were released.
    """
    last = Correction.objects.filter(release=OuterRef("release"), claim=OuterRef("claim")).order_by("-pk")
    told_at = Coalesce(Subquery(last.values("written_at")[:1]), F("release__frozen_at"))
    entries = ReleaseClaim.objects.filter(release__in=Release.objects.ready().order_by().values("pk"))
    entries = entries.annotate(told_at=told_at).order_by()
    moved = Event.objects.filter(object_type="claim", act__in=_MOVING).order_by().values("object_id")
    shaken = _discredited(Event.objects.all()).values("claim")
    since = Event.objects.filter(at__gt=OuterRef(OuterRef("told_at")))
    return entries.filter(
        (Q(claim__in=moved) & _anything_untold()) | (Q(claim__in=shaken) & Q(Exists(_of_entry(_discredited(since)))))
    )


_MOVING = (Act.REOPEN, Act.FALL_DUE, Act.RETRACT_EVIDENCE)
"""One of these comes first in whatever happens to a claim that was released."""


def _anything_untold() -> Q:
    verified = Q(claim__stage=Stage.VERIFIED)
    return (
        (~verified & Q(_happened(Act.REOPEN, untold=True)))
        | (verified & ~Q(claim__verdict__key=F("verdict_key")) & Q(_happened(Act.APPROVE, untold=True)))
        | (verified & Q(claim__due_at__isnull=False) & Q(_happened(Act.FALL_DUE, untold=True)))
        | Q(_happened(Act.RETRACT_EVIDENCE, untold=True))
    )


def _conditions(release: Release) -> dict[Since, Q]:
    """What is asked of a ReleaseClaim. A claim reopened and verified again with the same verdict is fine."""
    return {
        Since.REOPENED: ~Q(claim__stage=Stage.VERIFIED),
        Since.VERDICT_CHANGED: Q(claim__stage=Stage.VERIFIED) & ~Q(claim__verdict__key=F("verdict_key")),
        Since.FELL_DUE: Q(claim__stage=Stage.VERIFIED, claim__due_at__isnull=False) & Q(_happened(Act.FALL_DUE)),
        Since.LOST_EVIDENCE: Q(_happened(Act.RETRACT_EVIDENCE)),
        Since.DISCREDITED: Q(Exists(_of_entry(_discredited(_after(release.frozen_at))))),
    }


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _happened(act: Act, *, untold: bool = False) -> Exists:
    """After the release of the entry; with `untold` also after the last correction of it."""
    later = Event.objects.filter(object_type="claim", object_id=OuterRef("claim_id"), act=act)
    later = later.filter(number__gt=OuterRef("event_number"))
    return Exists(later.filter(at__gt=OuterRef("told_at")) if untold else later)


def _after(moment: datetime) -> EventQuerySet:
    return Event.objects.filter(at__gt=moment)


def _of_entry(evidence: "QuerySet[Evidence]") -> "QuerySet[Evidence]":
    return evidence.filter(claim=OuterRef("claim_id"))


def _discredited(events: EventQuerySet) -> "QuerySet[Evidence]":
    """Evidence whose document, one that it came out of, or a source of these, was discredited by one of the events."""
    acts = events.filter(act=RecordAct.DISCREDIT).order_by()
    documents = acts.filter(object_type="document").values("object_id")
    sources = acts.filter(object_type="source").values("object_id")
    touched = Q()
    for step in range(DERIVATION_STEPS + 1):
        path = "document" + "__derived_from" * step
        touched |= Q(**{f"{path}__in": documents}) | Q(**{f"{path}__source__in": sources})
    return Evidence.objects.in_force().filter(touched).order_by()
