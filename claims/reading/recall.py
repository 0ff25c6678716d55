"""What became of the claims of a release since it was made: one query, whatever its size."""

from collections.abc import Mapping

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField

from claims.choices import Act, RecordAct, Since, Stage
from claims.models import Event, Evidence, Release, ReleaseClaim
from claims.models.document import DERIVATION_STEPS


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


def _conditions(release: Release) -> dict[Since, Q]:
    """What is asked of a ReleaseClaim. A claim reopened and verified again with the same verdict is fine."""
    return {
        Since.REOPENED: ~Q(claim__stage=Stage.VERIFIED),
        Since.VERDICT_CHANGED: Q(claim__stage=Stage.VERIFIED) & ~Q(claim__verdict__key=F("verdict_key")),
        Since.FELL_DUE: Q(claim__stage=Stage.VERIFIED, claim__due_at__isnull=False) & Q(_happened(Act.FALL_DUE)),
        Since.LOST_EVIDENCE: Q(_happened(Act.RETRACT_EVIDENCE)),
        Since.DISCREDITED: Q(Exists(_discredited(release))),
    }


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _happened(act: Act) -> Exists:
    later = Event.objects.filter(object_type="claim", object_id=OuterRef("claim_id"), act=act)
    return Exists(later.filter(number__gt=OuterRef("event_number")))


def _discredited(release: Release) -> "QuerySet[Evidence]":
    """Evidence whose document, one that it came out of, or a source of these, was discredited since."""
    acts = Event.objects.filter(act=RecordAct.DISCREDIT, at__gt=release.frozen_at).order_by()
    documents = acts.filter(object_type="document").values("object_id")
    sources = acts.filter(object_type="source").values("object_id")
    touched = Q()
    for step in range(DERIVATION_STEPS + 1):
        path = "document" + "__derived_from" * step
        touched |= Q(**{f"{path}__in": documents}) | Q(**{f"{path}__source__in": sources})
    return Evidence.objects.in_force().filter(touched, claim=OuterRef("claim_id")).order_by()
