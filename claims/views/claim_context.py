"""What every page that shows a claim needs; the claim's own page and the panel of a document share it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from claims import history
from claims.choices import Act, Decision
from claims.forms.assessments import AssessmentForm, DecisionForm, initial_assessment
from claims.http import Request, next_url, page
from claims.models import Assessment, Claim, ClaimSet, Reanchoring, StaleVersion, User, Verdict
from claims.models.claim import ClaimQuerySet
from claims.views.claim_acts import act_buttons, act_row
from claims.views.claim_places import SHOWN as PLACES_SHOWN
from claims.views.claim_places import places
from claims.views.comment_context import threads_context
from claims.views.evidence_context import evidence_context
from claims.views.relation_context import relations_context
from claims.views.search_context import search_context
from claims.views.working_context import working_context

TABS = (("comments", "Comments"), ("history", "History"), ("related", "Related"))
LINES = 20  # of history at once
SETS = 20  # of claim sets, at most
RELEASES = 10  # the newest that hold it


@dataclass(frozen=True)
class Tab:
    """A tab of the panel: a link to the page that shows it."""

    name: str
    label: str
    url: str
    is_current: bool


def get_claim(pk: int) -> Claim:
    """The claim with everyone its pages name; Http404 when there is none."""
    return get_object_or_404(_shown_claims(), pk=pk)


def reload_claim(stale: StaleVersion) -> Claim:
    """The claim as it is now, with everyone its pages name, after a save that came too late."""
    return _shown_claims().get(pk=stale.current.pk)


def _shown_claims() -> ClaimQuerySet:
    claims = Claim.objects.with_people().with_pending().select_related("standing__decisive__document")
    claims = claims.select_related("added_by", "recheck_calendar__source")
    return claims.select_related("standing__verdict", "standing__author", "standing__decided_by")


def claim_context(request: Request, claim: Claim, *, next_url: str, target: str, **bound_forms: Any) -> dict[str, Any]:
    """What `claims/_panel.html` and `claims/detail.html` show of a claim from `get_claim`.

    `next_url` is the address, with its query, of the page that shows the claim: acts lead back to it, and its `tab`
    says which tab is open. `target` is the id of the element that acts swap: "panel" or "main". `bound_forms` replace
    the fresh ones by name, to show what was typed and why it was refused.
    """
    facts = claim.facts_for(request.user)
    acts = act_buttons(claim, facts)
    query = _query(next_url)
    evidence = evidence_context(claim, request.user)
    context = {
        "claim": claim,
        "acts": acts,
        "act_row": act_row(acts, facts),
        "scale": Verdict.objects.in_use(),
        "timeline": history.timeline(claim, limit=LINES, before=_event_number(query.get("before", ""))),
        "next_url": next_url,
        "target": target,
        "tabs": _tabs(next_url, query.get("tab", "")),
        **_assessment_context(claim, request.user, offered=acts[Act.SUBMIT].refusal is None),
        **evidence,
        **working_context(claim, request.user, evidence["evidence_groups"]),
        **threads_context(claim, request.user, query.get("comments", "")),
        **relations_context(claim),
        **search_context(claim, request.user),
    }
    return context | bound_forms


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _event_number(typed: str) -> int | None:
    """The event before which history is asked for. Raises BadRequest for what is no number."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise BadRequest("“before” in this address is not the number of a line of history.")
    return int(typed)


def _assessment_context(claim: Claim, user: User, *, offered: bool) -> dict[str, Any]:
    own = claim.assessments.filter(author=user)
    draft = own.drafts().select_related("verdict").first() if offered else None
    returned = _last_returned(claim) if offered else None
    basis = draft or (returned if returned and returned.author_id == user.pk else None)
    return {
        "pending": claim.pending,
        "standing": claim.standing,
        "draft": draft,
        "returned": returned,
        "returned_confirmation": _last_returned(claim) if claim.standing and not claim.pending else None,
        "assessment_form": AssessmentForm(initial=initial_assessment(claim, basis), claim=claim),
        "decision_form": DecisionForm(initial={"version": claim.version}),
    }


def _last_returned(claim: Claim) -> Assessment | None:
    """The assessment that was sent back last, unless another was decided on since."""
    last = claim.assessments.decided().with_people().order_by("-decided_at").first()
    return last if last and last.decision == Decision.RETURNED else None


def _tabs(url: str, wanted: str) -> list[Tab]:
    """Comments is open unless the address says otherwise."""
    parts = urlsplit(url)
    current = wanted if wanted in dict(TABS) else TABS[0][0]
    query = {name: value for name, value in _query(url).items() if name != "before"}
    return [
        Tab(name, label, f"{parts.path}?{urlencode(query | {'tab': name})}", name == current) for name, label in TABS
    ]


def claim_page(request: Request, claim: Claim, *, status: int = 200, **bound_forms: Any) -> TemplateResponse:
    """The claim's page, or its part that htmx targets: what acts answer when a form has to be shown again.

    `bound_forms` are shown with what was typed: `assessment_form`, `decision_form`, and those of evidence, comments
    and relations by the names that their templates use.
    """
    in_panel = request.htmx.target == "panel"
    place = next_url(request, claim.get_absolute_url()) if request.method == "POST" else request.get_full_path()
    context = claim_context(request, claim, next_url=place, target="panel" if in_panel else "main", **bound_forms)
    context["submit_next_url"] = request.POST.get("then", "")
    if not in_panel:
        context |= _page_context(claim, request.user)
    return page(request, "claims/detail.html", context, fragments=("main", "panel"), status=status)


def _page_context(claim: Claim, user: User) -> dict[str, Any]:
    found = places(claim)
    return {
        "places": found[:PLACES_SHOWN],
        "has_more_places": len(found) > PLACES_SHOWN,
        "is_left_behind": bool(found) and not any(place.is_in_newest for place in found),
        "waiting": Reanchoring.objects.pending().filter(appearance__claim=claim).with_document()[:PLACES_SHOWN],
        "path": history.path(claim),
        "tags": claim.tags.all(),
        "released_in": list(claim.release_entries.issued().select_related("release")[:RELEASES]),
        "claim_sets": ClaimSet.objects.visible_to(user).filter(items__claim=claim).order_by("title")[:SETS],
    }
