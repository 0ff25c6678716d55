"""Moving a claim through the stages, and giving it to people. `ask` and `done` are those of other acts, too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponseBase, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import claims as actions
from claims.choices import Act, Permission
from claims.forms.claims import AssignForm, ReasonForm
from claims.http import Request, Undo, back, needs, next_url, once, page, sent_before, toast
from claims.models import Claim
from claims.views.claim_context import get_claim
from claims.views.form_answers import add_errors
from claims.workflow import check


@dataclass(frozen=True)
class Question:
    """What is asked before an act: the words of the page that asks."""

    act: Act
    heading: str
    button: str
    advice: str


_ASSIGN = Question(Act.ASSIGN, "Assign", "Assign", "The claim stays where it is; the person finds it on their desk.")
_DISMISS = Question(
    Act.DISMISS, "Dismiss", "Dismiss the claim", "A dismissed claim leaves the text and the work. It can be restored."
)
_REOPEN = Question(
    Act.REOPEN,
    "Reopen",
    "Reopen the claim",
    "The verdict no longer stands; the assessment stays in the history. Verified claims that depend on it become due.",
)


@require_POST
@needs(Permission.WORK)
def claim_take(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    actions.take(claim, by=request.user)
    return done(request, claim, f"You have taken up {claim.reference}.", inverse="claim_release")


@require_POST
@needs(Permission.WORK)
def claim_release(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    was_mine = claim.assignee == request.user
    actions.release(claim, by=request.user)
    return done(request, claim, f"{claim.reference} is open again.", inverse="claim_take" if was_mine else "")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_assign(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    before = claim.assignee

    def assign(form: Form) -> HttpResponseBase:
        to = form.cleaned_data["assignee"]
        actions.assign(claim, by=request.user, to=to)
        words = f"{claim.reference} is assigned to {to or 'nobody'}."
        return done(request, claim, words, inverse="claim_assign", assignee=before.pk if before else "")

    return ask(request, claim, _ASSIGN, AssignForm(sent(request), initial={"assignee": before}), assign)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_dismiss(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)

    def dismiss(form: Form) -> HttpResponseBase:
        actions.dismiss(claim, by=request.user, reason=form.cleaned_data["reason"])
        return done(request, claim, f"{claim.reference} is dismissed.", inverse="claim_restore")

    return ask(request, claim, _DISMISS, ReasonForm(sent(request)), dismiss)


@require_POST
@needs(Permission.WORK)
def claim_restore(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)
    actions.restore(claim, by=request.user)
    return done(request, claim, f"{claim.reference} is open again.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def claim_reopen(request: Request, pk: int) -> HttpResponseBase:
    claim = get_claim(pk)

    def reopen(form: Form) -> HttpResponseBase:
        actions.reopen(claim, by=request.user, reason=form.cleaned_data["reason"])
        return done(request, claim, f"{claim.reference} is open again; its verdict no longer stands.")

    return ask(request, claim, _REOPEN, ReasonForm(sent(request)), reopen)


def sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def ask(
    request: Request, claim: Claim, question: Question, form: Form, act: Callable[[Form], HttpResponseBase]
) -> HttpResponseBase:
    """Show the form, or act on it, once however often its button is pressed.

    Raises Refused before anything is asked for in vain.
    """
    place = next_url(request, claim.get_absolute_url())
    if repeated := sent_before(request):
        return back(request, repeated)
    check(question.act, claim.facts_for(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            with once(request) as attempt:
                if attempt.repeated:
                    return back(request, attempt.repeated)
                attempt.location = place
                return act(form)
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "claim": claim,
        "question": question,
        "form": form,
        "next_url": place,
        "target": "panel" if request.htmx.target == "panel" else "main",
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "claims/act.html", context, fragments=("panel", "main"), status=status)


def done(request: Request, claim: Claim, words: str, *, inverse: str = "", **fields: Any) -> HttpResponseBase:
    """Say what happened, with the act of that URL name as undo, and go back to where it was asked for."""
    place = next_url(request, claim.get_absolute_url())
    undo = Undo(reverse(inverse, args=[claim.pk]), {"next": place, **fields}) if inverse else None
    toast(request, words, undo=undo)
    return back(request, place)
