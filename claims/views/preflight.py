"""Preflight of a claim set: what stands in the way of its release, what warns, and what is left out of it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from claims.actions import claim_sets as actions
from claims.choices import BLOCKING, Finding, Permission
from claims.forms.claim_sets import LeaveOutForm
from claims.http import Request, back, needs, page, problem, toast
from claims.keyset import cursor_in, keyset_page
from claims.models import ClaimSet, Omission
from claims.reading.members import BrokenFilter
from claims.reading.preflight import LISTED, Preflight, TooManyClaims, preflight
from claims.reading.why import why
from claims.views.claim_set_context import set_for
from claims.views.claim_sets import claims_in_words
from claims.views.form_answers import add_errors, sent_number

PAGE_SIZE = 50
LEFT_OUT = "left_out"
"""What `finding` says in the address to list the claims that were left out."""


@require_safe
def claim_set_preflight(request: Request, pk: int) -> HttpResponseBase:
    return _answer(request, set_for(request, pk), None)


def _answer(request: Request, claim_set: ClaimSet, form: LeaveOutForm | None) -> HttpResponseBase:
    context: dict[str, object] = {"set": claim_set}
    try:
        found = preflight(claim_set)
    except (BrokenFilter, TooManyClaims) as stopped:
        return page(request, "sets/preflight.html", {**context, "stopped": str(stopped)})
    finding = _finding(request.GET.get("finding", ""), found)
    if finding is None:
        return problem(request, 400, "Preflight finds nothing of that name.")
    context |= {
        "found": found,
        "blocks": [(one, found.counts[one]) for one in BLOCKING],
        "warns": [(one, found.counts[one]) for one in Finding if one not in BLOCKING],
        "finding": finding,
        "form": form or LeaveOutForm(initial={"seen": found.undecided}),
        "most": LISTED,
        **(_omitted(request, claim_set) if finding == LEFT_OUT else _listed(request, found, finding)),
    }
    return page(request, "sets/preflight.html", context, status=422 if form else 200)


def _finding(name: str, found: Preflight) -> str | None:
    """What is to be listed: what the address says, else the first thing found; None for what does not exist."""
    if name:
        return name if name in {LEFT_OUT, *Finding} else None
    return next((one.value for one in (*BLOCKING, *Finding) if found.counts[one]), LEFT_OUT)


def _listed(request: Request, found: Preflight, finding: str) -> dict[str, object]:
    one = Finding(finding)
    claims = found.having(one).with_people().select_related("verdict", "assignee", "standing")
    rows = keyset_page(claims, ("pk",), cursor_in(request.GET), PAGE_SIZE)
    reasons = why(one, rows.rows)
    left_out = _left_out(found.claim_set, (claim.pk for claim in rows.rows))
    lines = [(claim, reasons.get(claim.pk, ""), left_out.get(claim.pk)) for claim in rows.rows]
    return {"heading": one.label, "page": rows, "lines": lines}


def _left_out(claim_set: ClaimSet, keys: Iterable[int]) -> dict[int, Omission]:
    omissions = Omission.objects.filter(claim_set=claim_set, claim__in=list(keys)).select_related("left_out_by")
    return {one.claim_id: one for one in omissions}


def _omitted(request: Request, claim_set: ClaimSet) -> dict[str, object]:
    omissions = claim_set.omissions.select_related("claim__verdict", "claim__assignee", "left_out_by")
    rows = keyset_page(omissions, ("pk",), cursor_in(request.GET), PAGE_SIZE)
    lines = [(one.claim, one.reason, one) for one in rows.rows]
    return {"heading": "Left out", "page": rows, "lines": lines}


@require_POST
@needs(Permission.WORK)
def claim_set_leave_out(request: Request, pk: int) -> HttpResponseBase:
    """Leaves out all claims that block and were not left out, for one reason."""
    claim_set = set_for(request, pk)
    form = LeaveOutForm(request.POST)
    if form.is_valid():
        try:
            reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
            number = actions.leave_out(claim_set, None, by=request.user, reason=reason, seen=seen)
        except BrokenFilter as broken:
            return problem(request, 409, str(broken))
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, f"Left out {claims_in_words(number)}, for as long as they block.")
            return back(request, f"{_address(claim_set)}?finding={LEFT_OUT}")
    return _answer(request, claim_set, form)


@require_POST
@needs(Permission.WORK)
def claim_set_take_back(request: Request, pk: int) -> HttpResponseBase:
    """Takes the claims back in that `claim` names, or all that were left out (`everything`)."""
    claim_set = set_for(request, pk)
    named = [sent_number(text) for text in request.POST.getlist("claim")]
    number = actions.take_back(claim_set, None if request.POST.get("everything") else named, by=request.user)
    toast(request, f"Took {claims_in_words(number)} back in." if number else "Nothing of that was left out.")
    return back(request, _address(claim_set))


def _address(claim_set: ClaimSet) -> str:
    return f"{claim_set.get_absolute_url()}preflight/"
