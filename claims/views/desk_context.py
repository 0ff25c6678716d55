"""What the desk shows one person. Each list is bounded, and so is what its number costs: see claims.keyset."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import apnumber
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from claims import markdown
from claims.choices import EDITABLE, Decision, Permission, Stage
from claims.exports import FORMATS
from claims.keyset import Count, capped_count
from claims.models import Assessment, Claim, Document, Event, Evidence, Mention, User
from claims.models.assessment import AssessmentQuerySet
from claims.models.claim import ClaimQuerySet
from claims.reading import Coverage, coverage_of
from claims.reading.recall import releases_to_correct
from claims.views.feed import entries
from claims.views.pace import pace

SHOWN = 5
RECENT_DOCUMENTS = 25
"""Among so many of the newest documents those in work are looked for."""
ACTIVITY = 8
EXCERPT = 240  # characters of a comment


@dataclass(frozen=True)
class Figure:
    """Claims in one state, as a link to where they are listed."""

    state: str
    count: Count
    url: str


@dataclass(frozen=True)
class Task:
    """A claim on someone's desk, and what is to be known before opening it."""

    claim: Claim
    notes: list[str]


@dataclass(frozen=True)
class Mentioned:
    mention: Mention
    html: SafeString


@dataclass(frozen=True)
class Progress:
    document: Document
    coverage: Coverage

    @property
    def rank(self) -> int:
        """First those in which something is missing, then those that nobody has declared complete yet."""
        return 2 if self.document.is_complete else int(self.coverage.is_done)


def desk_context(user: User) -> dict[str, Any]:
    """The context of `desk/desk.html`; a constant number of queries for each kind of person."""
    waiting = _waiting(user)
    mine = Claim.objects.assigned_to(user).filter(stage__in=EDITABLE)
    counts = {
        "reviews": capped_count(waiting),
        "mine": capped_count(mine),
        "mentions": capped_count(Mention.objects.filter(user=user, seen_at=None)),
        "due": capped_count(Claim.objects.due()),
    }
    context = {
        "counts": counts,
        "headline": headline(counts),
        "figures": _figures(counts["due"]),
        "reviews": list(waiting.select_related("claim", "author", "verdict")[:SHOWN]),
        "tasks": _tasks(mine, user),
        "mentions": _mentions(user),
        "due_claims": _due_claims(),
        **_to_correct(),
        "documents": _documents(),
        "pace": pace(),
        "export_formats": FORMATS.values(),
        "entries": entries(Event.objects.select_related("by").latest_first()[:ACTIVITY]),
    }
    if not counts["reviews"] and not counts["mine"]:
        context["unassigned"] = capped_count(Claim.objects.filter(stage=Stage.OPEN, assignee=None))
    return context


def headline(counts: dict[str, Count]) -> str:
    """The day's news in words: the two most pressing matters, or that there are none."""
    matters = (
        (counts["reviews"], "review is waiting for you", "reviews are waiting for you"),
        (counts["mine"], "claim is assigned to you", "claims are assigned to you"),
        (counts["mentions"], "new remark names you", "new remarks name you"),
        (counts["due"], "check is due", "checks are due"),
    )
    news = [f"{_words(count)} {one if count.number == 1 else many}" for count, one, many in matters if count]
    sentence = ", and ".join(news[:2]) or "nothing is waiting for you"
    return sentence[0].upper() + sentence[1:]


def _words(count: Count) -> str:
    return str(count) if count.is_capped else str(apnumber(count.number))


def _figures(due: Count) -> list[Figure]:
    stages = (Stage.OPEN, Stage.IN_PROGRESS, Stage.IN_REVIEW, Stage.VERIFIED, Stage.DISMISSED)
    listed = reverse("claim_list")
    figures = [
        Figure(stage, capped_count(Claim.objects.filter(stage=stage)), f"{listed}?stage={stage}") for stage in stages
    ]
    return [*figures[:4], Figure("due", due, reverse("due_list")), figures[4]]


def _waiting(user: User) -> AssessmentQuerySet:
    """Assessments of others that this person may decide on, the longest waiting first."""
    if not user.may(Permission.REVIEW):
        return Assessment.objects.none()
    return Assessment.objects.pending().exclude(author=user).order_by("submitted_at", "pk")


def _tasks(mine: ClaimQuerySet, user: User) -> list[Task]:
    claims = list(mine.order_by("-priority", "-changed_at", "-pk")[:SHOWN])
    ids = [claim.pk for claim in claims]
    evidence = Counter(Evidence.objects.in_force().filter(claim__in=ids).values_list("claim", flat=True))
    assessments = list(
        Assessment.objects.filter(Q(submitted_at=None, author=user) | Q(decision__isnull=False), claim__in=ids)
        .with_people()
        .order_by("pk")
    )
    return [Task(claim, _notes(claim, assessments, evidence[claim.pk])) for claim in claims]


def _notes(claim: Claim, assessments: Sequence[Assessment], evidence: int) -> list[str]:
    """Whether it was sent back and why, the draft's verdict, how much evidence there is."""
    own = [assessment for assessment in assessments if assessment.claim_id == claim.pk]
    notes = []
    decided = [assessment for assessment in own if assessment.decision]
    if decided and decided[-1].decision == Decision.RETURNED:
        notes.append(f"Sent back by {decided[-1].decided_by}: “{decided[-1].decision_reason}”")
    notes += [f"Draft verdict: {draft.verdict.name.lower()}" for draft in own if draft.is_draft and draft.verdict]
    pieces = "1 piece of evidence" if evidence == 1 else f"{evidence} pieces of evidence"
    return [*notes, pieces if evidence else "No evidence yet"]


def _mentions(user: User) -> list[Mentioned]:
    """Remarks that name this person: those not seen yet, then the others, the newest first."""
    mentions = Mention.objects.filter(user=user).order_by(F("seen_at").desc(nulls_first=True), "-pk")
    related = ("comment__author", "comment__claim", "comment__source")
    links = {user.username: f"{reverse('claim_list')}?assignee=me"}
    return [
        Mentioned(mention, markdown.render(Truncator(mention.comment.body).chars(EXCERPT), links))
        for mention in mentions.select_related(*related)[:SHOWN]
    ]


def _due_claims() -> list[Claim]:
    """First those whose grounds changed, then those whose day has come, the longest due first."""
    claims = Claim.objects.with_people().select_related("standing")
    changed = list(claims.due_by_change().order_by("pk")[:SHOWN])
    return changed + list(claims.due_by_date().order_by("recheck_from", "pk")[: SHOWN - len(changed)])


def _to_correct() -> dict[str, Any]:
    """Releases in which something happened that no correction has told yet, the newest first."""
    found = list(releases_to_correct().order_by("-pk")[: SHOWN + 1])
    return {"to_correct": found[:SHOWN], "more_to_correct": len(found) > SHOWN}


def _documents() -> list[Progress]:
    """Of the newest documents under check those in work, then those that are done, each the newest first."""
    recent = Document.objects.under_check().with_source().with_completion().with_latest_snapshot_id().order_by("-pk")
    by_snapshot = {pk: document for document in recent[:RECENT_DOCUMENTS] if (pk := document.latest_snapshot_id)}
    coverage = coverage_of(by_snapshot)
    progress = [Progress(document, coverage[pk]) for pk, document in by_snapshot.items()]
    return sorted(progress, key=lambda one: one.rank)[:SHOWN]
