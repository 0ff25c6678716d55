"""One act on the ticked claims of a list: each claim by its own action, with its own event and its own refusal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.actions import claim_sets, confirmations
from claims.actions import claims as actions
from claims.choices import Permission
from claims.forms.bulk import ClaimSetChoiceForm, ConfirmForm, DismissForm, PriorityForm, RecheckForm
from claims.http import Request, Undo, back, needs, next_url, once, page, problem, toast
from claims.models import Claim, StaleVersion, User
from claims.models.base import lock_rows
from claims.workflow import Refused

MOST = 200


@dataclass(frozen=True)
class BulkAct:
    """What is done to each claim, what it asks for first, how it is put, and which act takes it back."""

    done: str
    apply: Callable[[Claim, User, Mapping[str, Any]], object]
    heading: str = ""
    button: str = ""
    form: type[forms.Form] | None = None
    inverse: str = ""


def _assign(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    actions.assign(claim, by=by, to=by)


def _unassign(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    actions.assign(claim, by=by, to=None)


def _dismiss(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    actions.dismiss(claim, by=by, reason=values["reason"])


def _restore(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    actions.restore(claim, by=by)


def _recheck(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    actions.set_recheck(claim, by=by, recheck_on=values["recheck_on"])


def _confirm(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    confirmations.confirm(claim, by=by, **values)


def _priority(claim: Claim, by: User, values: Mapping[str, Any]) -> None:
    actions.set_priority(claim, by=by, priority=values["priority"])


BULK_ACTS = {
    "assign": BulkAct("assigned to you", _assign, inverse="unassign"),
    "unassign": BulkAct("assigned to nobody", _unassign),
    "dismiss": BulkAct("dismissed", _dismiss, "Dismiss claims", "Dismiss", DismissForm, inverse="restore"),
    "restore": BulkAct("restored", _restore),
    "recheck": BulkAct("given the re-check date", _recheck, "Set a re-check date", "Set the date", RecheckForm),
    "confirm": BulkAct("sent to review", _confirm, "Confirm verdicts", "Request review", ConfirmForm),
    "priority": BulkAct("given the priority", _priority, "Set the priority", "Set the priority", PriorityForm),
}
SET = "set"


@dataclass
class Outcome:
    """Claims that were done, and reasons with the claims refused for them."""

    done: list[Claim] = field(default_factory=list)
    refused: dict[str, list[Claim]] = field(default_factory=dict)

    def words(self, done: str) -> str:
        """Failures first: what did not happen must not be read over."""
        parts = [
            f"{len(claims)} refused ({', '.join(claim.reference for claim in claims[:5])}"
            f"{' …' if len(claims) > 5 else ''}): {reason}"
            for reason, claims in self.refused.items()
        ]
        return " ".join([*parts, f"{len(self.done)} {done}."])


@require_POST
@needs(Permission.WORK)
def claim_bulk(request: Request) -> HttpResponseBase:
    """Does `do` to the claims ticked; acts that ask for something show a page for it first."""
    name = request.POST.get("do", "")
    if name not in BULK_ACTS and name != SET:
        return problem(request, 400, "There is no such act on many claims. Nothing was changed.")
    try:
        ids = _ticked(request)
    except ValueError:
        return problem(request, 400, "One of the ticked claims is not a number. Nothing was changed.")
    if len(ids) > MOST:
        return problem(request, 413, f"At most {MOST} claims can be changed at once; {len(ids)} were ticked.")
    found = Claim.objects.filter(pk__in=ids).with_people().with_pending().select_related("standing").in_bulk()
    claims = [found[pk] for pk in ids if pk in found]
    if not claims:
        toast(request, "Tick the claims first.", tone="warn")
        return back(request, reverse("claim_list"))
    return _add_to_set(request, claims) if name == SET else _do(request, name, claims)


def _ticked(request: Request) -> list[int]:
    """Keys of `claim` (one each) and `claims` (with commas: an undo carries one field), as sent. Raises ValueError."""
    texts = [*request.POST.getlist("claim"), *filter(None, request.POST.get("claims", "").split(","))]
    if not all(text.isascii() and text.isdecimal() and len(text) <= 18 for text in texts):
        raise ValueError("not a number")
    return list(dict.fromkeys(map(int, texts)))


def _do(request: Request, name: str, claims: list[Claim]) -> HttpResponseBase:
    act = BULK_ACTS[name]
    bound = act.form(request.POST if "confirmed" in request.POST else None) if act.form else None
    if bound is not None and not bound.is_valid():
        return _ask(request, name, act.heading, act.button, bound, claims)
    values: Mapping[str, Any] = bound.cleaned_data if bound else {}
    had_nobody = all(claim.assignee_id is None for claim in claims)
    with once(request) as attempt:
        if attempt.repeated:
            return back(request, attempt.repeated)
        outcome = _each(claims, lambda claim: act.apply(claim, request.user, values))
        attempt.location = reverse("claim_list") if outcome.done else ""
    if bound is not None and not outcome.done:  # what was typed is kept
        bound.add_error(None, outcome.words(act.done))
        return _ask(request, name, act.heading, act.button, bound, claims)
    takes_back = act.inverse and outcome.done and (name != "assign" or had_nobody)
    tone = "warn" if outcome.refused else "ok"
    toast(request, outcome.words(act.done), tone=tone, undo=_undo(request, act, outcome) if takes_back else None)
    return back(request, reverse("claim_list"))


def _each(claims: Iterable[Claim], act: Callable[[Claim], object]) -> Outcome:
    """Every claim on its own; one commit for all, for a commit is what costs."""
    outcome = Outcome()
    with transaction.atomic():
        lock_rows(Claim.objects.filter(pk__in=[claim.pk for claim in claims]))
        for claim in claims:
            try:
                with transaction.atomic():
                    act(claim)
                outcome.done.append(claim)
            except Refused as error:
                outcome.refused.setdefault(str(error), []).append(claim)
            except ValidationError as error:
                outcome.refused.setdefault(" ".join(error.messages), []).append(claim)
            except StaleVersion:
                outcome.refused.setdefault("Someone else changed it at the same moment.", []).append(claim)
    return outcome


def _undo(request: Request, act: BulkAct, outcome: Outcome) -> Undo:
    keys = ",".join(str(claim.pk) for claim in outcome.done)
    fields = {"do": act.inverse, "claims": keys, "next": next_url(request, reverse("claim_list"))}
    return Undo(reverse("claim_bulk"), fields)


def _add_to_set(request: Request, claims: list[Claim]) -> HttpResponseBase:
    bound = ClaimSetChoiceForm(request.POST if "confirmed" in request.POST else None, user=request.user)
    if not bound.is_valid():
        return _ask(request, SET, "Add to a claim set", "Add", bound, claims)
    claim_set = bound.cleaned_data["claim_set"]
    with once(request) as attempt:
        if attempt.repeated:
            return back(request, attempt.repeated)
        new = claim_sets.add_to_claim_set(claim_set, claims, by=request.user)
        attempt.location = reverse("claim_list")
    held = len(claims) - new
    already = f" {held} {'was' if held == 1 else 'were'} in it already." if held else ""
    toast(request, f"{new} added to “{claim_set}”.{already}")
    return back(request, reverse("claim_list"))


def _ask(
    request: Request, name: str, heading: str, button: str, form: forms.Form, claims: list[Claim]
) -> HttpResponseBase:
    """The page that asks for what the act needs; again, with 422, when what was given is wrong."""
    context = {
        "do": name,
        "heading": heading,
        "button": button,
        "form": form,
        "claims": claims,
        "next_url": next_url(request, reverse("claim_list")),
        "sets_exist": name != SET or form.fields["claim_set"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return page(request, "claims/bulk.html", context, status=422 if form.is_bound else 200)
