"""Proposing a verdict for a claim, and deciding on it."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import history
from claims.actions import assessments as actions
from claims.actions.claims import WORDING
from claims.choices import Act, Permission
from claims.forms.assessments import AssessmentForm, DecisionForm
from claims.http import Request, Undo, back, needs, next_url, once, toast
from claims.models import Claim, StaleVersion
from claims.views.claim_context import claim_page, get_claim, reload_claim
from claims.views.form_answers import add_errors
from claims.workflow import RefusalKind, Refused, check


@require_POST
@needs(Permission.WORK)
def assessment_draft(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    form = AssessmentForm(request.POST, claim=claim)
    try:
        if form.is_valid():
            actions.save_draft(claim, by=request.user, **form.content)
            toast(request, "Draft saved.")
            return back(request, claim.get_absolute_url())
        check(Act.DRAFT, claim.facts_for(request.user))
    except Refused as refused:
        return _not_now(request, claim, form, refused)
    return claim_page(request, claim, status=422, assessment_form=form)


@require_POST
@needs(Permission.WORK)
def assessment_submit(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    form = AssessmentForm(request.POST, claim=claim)
    try:
        if form.is_valid():
            return _submit(request, claim, form)
        check(Act.SUBMIT, claim.facts_for(request.user))
    except ValidationError as error:
        add_errors(form, error)
    except StaleVersion as stale:
        return _other_wording(request, stale)
    except Refused as refused:
        return _not_now(request, claim, form, refused)
    return claim_page(request, claim, status=422, assessment_form=form)


def _submit(request: Request, claim: Claim, form: AssessmentForm) -> HttpResponseBase:
    place = next_url(request, claim.get_absolute_url())
    with once(request) as attempt:
        if attempt.repeated:
            return back(request, attempt.repeated, field="then")
        version = _judged_version(claim, form.cleaned_data["version"])
        actions.submit(claim, by=request.user, version=version, **form.content)
        attempt.location = place
    undo = Undo(reverse("assessment_withdraw", args=[claim.pk]), {"next": place})
    toast(request, f"{claim.reference} waits for review.", undo=undo)
    return back(request, place, field="then")  # a document goes on to its next unchecked claim


def _judged_version(claim: Claim, seen: int) -> int:
    """The version to submit over: what changed since the person saw the claim counts only if its wording did."""
    return seen if history.since(claim, seen).old.keys() & set(WORDING) else claim.version


def _other_wording(request: Request, stale: StaleVersion) -> TemplateResponse:
    """409: the form as it was typed, under the wording that it did not know; sent again, it goes with the new one."""
    claim = reload_claim(stale)
    since = history.since(claim, stale.expected)
    return claim_page(
        request,
        claim,
        status=409,
        assessment_form=AssessmentForm(_over(request, claim), claim=claim),
        rewording=history.rewording(claim, since, WORDING),
    )


def _not_now(request: Request, claim: Claim, form: AssessmentForm, refused: Refused) -> HttpResponseBase:
    """409: the claim has moved on, and takes no assessment; what was typed stays on the page."""
    if refused.refusal.kind == RefusalKind.RIGHT:
        raise refused
    return claim_page(request, claim, status=409, typed_in_vain=form, typed_refusal=refused.refusal)


def _over(request: Request, claim: Claim) -> QueryDict:
    """What was sent, but over the version that is stored now."""
    data = request.POST.copy()
    data["version"] = str(claim.version)
    return data


@require_POST
@needs(Permission.WORK)
def assessment_withdraw(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    actions.withdraw(claim, by=request.user)
    toast(request, "Withdrawn; your assessment is a draft again.")
    return back(request, claim.get_absolute_url())


@require_POST
@needs(Permission.REVIEW)
def assessment_approve(request: Request, pk: int) -> HttpResponseBase:
    return _decide(request, get_claim(pk), Act.APPROVE)


@require_POST
@needs(Permission.REVIEW)
def assessment_return(request: Request, pk: int) -> HttpResponseBase:
    return _decide(request, get_claim(pk), Act.RETURN)


def _decide(request: Request, claim: Claim, act: Act) -> HttpResponseBase:
    check(act, claim.facts_for(request.user))
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            return _decided(request, claim, act, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except StaleVersion as stale:
            return _other_state(request, stale)
    return claim_page(request, claim, status=422, decision_form=form)


def _decided(request: Request, claim: Claim, act: Act, *, version: int, reason: str) -> HttpResponseBase:
    if act == Act.APPROVE:
        actions.approve(claim, by=request.user, version=version, note=reason)
        toast(request, f"{claim.reference} is verified: {claim.verdict}.")
    else:
        author = claim.pending.author if claim.pending else ""
        actions.return_(claim, by=request.user, version=version, reason=reason)
        toast(request, f"{claim.reference} went back to {author}.")
    return back(request, claim.get_absolute_url())


def _other_state(request: Request, stale: StaleVersion) -> TemplateResponse:
    """409: the claim as it is now, what was done to it meanwhile, and the note as it was typed."""
    claim = reload_claim(stale)
    since = history.lines(history.since(claim, stale.expected).events)
    return claim_page(request, claim, status=409, decision_form=DecisionForm(_over(request, claim)), since=since)
