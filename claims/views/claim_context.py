"""What every page that shows a claim needs; the claim's own page and the panel of a document share it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from claims import history
from claims.choices import Act, Decision
from claims.forms.assessments import AssessmentForm, DecisionForm, initial_assessment
from claims.http import Request, page
from claims.models import Assessment, Claim, User, Verdict
from claims.views.claim_acts import act_buttons, act_row

TABS = (("comments", "Comments"), ("history", "History"), ("related", "Related"))
PANEL_LINES = 20  # of history, at most; the claim's page has them all


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    url: str
    is_current: bool


def get_claim(pk: int) -> Claim:
    """The claim with everyone its pages name; Http404 when there is none."""
    claims = Claim.objects.with_people().with_pending()
    claims = claims.select_related("added_by", "standing__verdict", "standing__author", "standing__decided_by")
    return get_object_or_404(claims, pk=pk)


def claim_context(request: Request, claim: Claim, *, next_url: str, target: str, **bound_forms: Any) -> dict[str, Any]:
    """What `claims/_panel.html` and `claims/detail.html` show of a claim from `get_claim`.

    `next_url` is the address, with its query, of the page that shows the claim: acts lead back to it, and its `tab`
    says which tab is open. `target` is the id of the element that acts swap: "panel" or "main". `bound_forms` replace
    the fresh ones by name, to show what was typed and why it was refused.
    """
    facts = claim.facts_for(request.user)
    acts = act_buttons(claim, facts)
    context = {
        "claim": claim,
        "acts": acts,
        "act_row": act_row(acts, facts),
        "scale": Verdict.objects.in_use(),
        "timeline": history.timeline(claim, limit=PANEL_LINES),
        "next_url": next_url,
        "target": target,
        "tabs": _tabs(next_url),
        **_assessment_context(claim, request.user, offered=acts[Act.SUBMIT].refusal is None),
    }
    return context | bound_forms


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
        "assessment_form": AssessmentForm(initial=initial_assessment(claim, basis)),
        "decision_form": DecisionForm(initial={"version": claim.version}),
    }


def _last_returned(claim: Claim) -> Assessment | None:
    """The assessment that was sent back last, unless another was decided on since."""
    last = claim.assessments.decided().with_people().order_by("-decided_at").first()
    return last if last and last.decision == Decision.RETURNED else None


def _tabs(next_url: str) -> list[Tab]:
    """The tabs of the panel, as links to the page that shows it; Comments unless the address says otherwise."""
    parts = urlsplit(next_url)
    query = parse_qs(parts.query, keep_blank_values=True)
    wanted = query.get("tab", [""])[0]
    current = wanted if wanted in dict(TABS) else TABS[0][0]
    return [
        Tab(name, label, f"{parts.path}?{urlencode({**query, 'tab': name}, doseq=True)}", name == current)
        for name, label in TABS
    ]


def claim_page(request: Request, claim: Claim, *, status: int = 200, **bound_forms: Any) -> TemplateResponse:
    """The claim's page, or its part that htmx targets: what acts answer when a form has to be shown again.

    `bound_forms` are shown with what was typed: `assessment_form`, `decision_form`, and those of evidence, comments
    and relations by the names that their templates use.
    """
    in_panel = request.htmx.target == "panel"
    next_url = request.POST.get("next") or request.get_full_path()
    target = "panel" if in_panel else "main"
    context = claim_context(request, claim, next_url=next_url, target=target, **bound_forms)
    return page(request, "claims/detail.html", context, fragments=("main", "panel"), status=status)
