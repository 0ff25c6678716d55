"""Confirming a verdict anew, and deciding on a confirmation; and having a claim follow a release calendar."""

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from claims import history
from claims.actions import confirmations as actions
from claims.actions.calendars import follow_calendar
from claims.choices import Act, Permission
from claims.forms.assessments import DecisionForm
from claims.forms.bulk import ConfirmForm
from claims.forms.calendars import FollowForm
from claims.http import Request, back, needs, toast
from claims.models import Claim, StaleVersion
from claims.views.claim_context import claim_page, get_claim, reload_claim
from claims.views.form_answers import add_errors
from claims.views.stages import Question, ask, done, sent
from claims.workflow import check

_CONFIRM = Question(
    Act.CONFIRM,
    "Confirm",
    "Request review",
    "The same verdict, as of a later day. A second person decides; until then the old assessment stands.",
)
_FOLLOW = Question(
    Act.ORGANISE,
    "Follow a release calendar",
    "Follow",
    "The claim becomes due whenever the source publishes anew. A re-check date set by hand ends that.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_confirm(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)

    def confirm(form: Form) -> HttpResponseBase:
        actions.confirm(claim, by=request.user, **form.cleaned_data)
        return done(request, claim, f"The confirmation of {claim.reference} waits.", inverse="confirmation_withdraw")

    return ask(request, claim, _CONFIRM, ConfirmForm(sent(request)), confirm)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_follow(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)

    def follow(form: Form) -> HttpResponseBase:
        calendar = form.cleaned_data["calendar"]
        follow_calendar(claim, calendar, by=request.user)
        words = f"{claim.reference} follows {calendar}." if calendar else f"{claim.reference} follows no calendar."
        return done(request, claim, words)

    form = FollowForm(sent(request), initial={"calendar": claim.recheck_calendar_id})
    return ask(request, claim, _FOLLOW, form, follow)


@require_POST
@needs(Permission.WORK)
def confirmation_withdraw(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    actions.withdraw_confirmation(claim, by=request.user)
    toast(request, "Withdrawn; the confirmation no longer waits.")
    return back(request, claim.get_absolute_url())


@require_POST
@needs(Permission.REVIEW)
def confirmation_approve(request: Request, pk: int) -> HttpResponseBase:
    return _decide(request, get_claim(pk), Act.APPROVE_CONFIRMATION)


@require_POST
@needs(Permission.REVIEW)
def confirmation_return(request: Request, pk: int) -> HttpResponseBase:
    return _decide(request, get_claim(pk), Act.RETURN_CONFIRMATION)


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
    if act == Act.APPROVE_CONFIRMATION:
        actions.approve_confirmation(claim, by=request.user, version=version, note=reason)
        toast(request, f"{claim.reference} is confirmed: {claim.verdict}.")
    else:
        author = claim.pending.author if claim.pending else ""
        actions.return_confirmation(claim, by=request.user, version=version, reason=reason)
        toast(request, f"The confirmation went back to {author}; the verdict stands as before.")
    return back(request, claim.get_absolute_url())


def _other_state(request: Request, stale: StaleVersion) -> HttpResponseBase:
    """409: the claim as it is now, what was done to it meanwhile, and the note as it was typed."""
    claim = reload_claim(stale)
    typed = request.POST.copy()
    typed["version"] = str(claim.version)
    since = history.lines(history.since(claim, stale.expected).events)
    return claim_page(request, claim, status=409, decision_form=DecisionForm(typed), since=since)
