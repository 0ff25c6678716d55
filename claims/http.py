"""What every view shares about HTTP: typed requests, rights, toasts, one act per submission, refusals as answers."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.messages import constants
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from claims.choices import Permission
from claims.keyset import BadCursor
from claims.models import IntegrityFault, StaleVersion, Submission, User
from claims.workflow import Refusal, RefusalKind, Refused, permission_refusal

Params = ParamSpec("Params")
NO_PAGE = "The address of an act cannot be opened as a page."
STALE_REASON = "Someone else changed this at the same moment. Reload the page to see how it stands."


class Request(HttpRequest):
    """A request of a signed-in person; SignInMiddleware lets no other reach our views."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[Request, Params], HttpResponseBase]


def needs(permission: Permission) -> Callable[[View[Params]], View[Params]]:
    """Refuse (403, with the reason) whoever lacks the permission, before the view runs."""

    def decorate(view: View[Params]) -> View[Params]:
        @wraps(view)
        def guarded(request: Request, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
            if denied := permission_refusal(permission, request.user.held_permissions):
                raise Refused(denied)
            return view(request, *args, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]  # wraps() hides that the parameters are the same

    return decorate


@dataclass(frozen=True)
class Undo:
    """The inverse act: where to post, and with which fields. `target` is the id of what htmx swaps; empty: the page."""

    url: str
    fields: Mapping[str, str | int]
    target: str = ""


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    fragments: Sequence[str] = (),
    status: int = 200,
) -> TemplateResponse:
    """The whole page; or only the fragment that htmx targets, when the page offers it under that element's id."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request and htmx.target in fragments:
        template += f"#{htmx.target}"
    return TemplateResponse(request, template, dict(context), status=status)


def toast(request: HttpRequest, text: str, *, tone: str = "ok", undo: Undo | None = None) -> None:
    """Say what happened, once, on the next page or fragment; with a button that takes it back when there is one."""
    content: dict[str, object] = {"text": text, "tone": tone}
    if undo is not None:
        content |= {"undo_url": undo.url, "undo_fields": dict(undo.fields), "undo_target": undo.target}
    # Django stores messages as text; the template filter `toast` reads this back.
    messages.add_message(request, constants.INFO, json.dumps(content), extra_tags="toast")


def next_url(request: HttpRequest, default: str, *, field: str = "next") -> str:
    """The `next` that a form or a link carries when it is an address of ours, else `default`."""
    wanted = request.POST.get(field) or request.GET.get(field) or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else default


def back(request: HttpRequest, default: str, *, field: str = "next") -> HttpResponse:
    """303 to `next_url`.

    htmx follows the redirect with its own headers, so that the page answers with the fragment it targets.
    """
    response = redirect(next_url(request, default, field=field))
    response.status_code = 303
    return response


@dataclass
class Once:
    """One submission of a form. `repeated` is where the first press led, when this is the second."""

    repeated: str | None = None
    location: str = ""


@contextmanager
def once(request: Request) -> Iterator[Once]:
    """A transaction that a second press of the same button finds already done.

    Forms carry a random `token`; storing it is part of the transaction, so a double submit, even a
    simultaneous one, does one thing. Who did it says where that led in `location`; a token with which nothing was
    done (no location, or an exception) stays good. Forms without a token (programs) run unguarded.
    """
    token = _token(request)
    with transaction.atomic():
        attempt = Once()
        if token is not None and not _claim_token(token, request.user):
            attempt.repeated = Submission.objects.values_list("location", flat=True).get(pk=token) or "/"
        yield attempt
        if token is not None and attempt.repeated is None:
            _settle(token, request.user, attempt.location)


def sent_before(request: Request) -> str | None:
    """Where the first press of this form's button has led already, when this is a second one.

    For forms that refuse on the second press what the first one has stored.
    """
    token = _token(request)
    if token is None:
        return None
    done = Submission.objects.filter(pk=token, user=request.user).exclude(location="")
    return done.values_list("location", flat=True).first()


def _token(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def _settle(token: uuid.UUID, user: User, location: str) -> None:
    if location:
        Submission.objects.filter(pk=token).update(location=location)
    else:
        Submission.objects.filter(pk=token).delete()
    # Nobody presses a button twice a week apart.
    Submission.objects.filter(user=user, at__lt=timezone.now() - timedelta(days=7)).delete()


def _claim_token(token: uuid.UUID, user: User) -> bool:
    try:
        with transaction.atomic():
            Submission.objects.create(token=token, user=user)
    except IntegrityError:
        return False
    return True


class SignInMiddleware(LoginRequiredMiddleware):
    """As Django's, but it does not look who asks where anybody may: what is public is the same for all."""

    def process_view(self, request: HttpRequest, view_func: Any, *args: Any) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, *args)


class WorkbenchMiddleware:
    """Turns refusals, integrity faults and lost races into answers, and tells caches that htmx gets other bodies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response = not_allowed(request, response)
        if not is_public(request):
            patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, Refused):
            return refused(request, exception.refusal)
        if isinstance(exception, IntegrityFault):
            return refused(request, Refusal(RefusalKind.STAGE, str(exception)))
        if isinstance(exception, BadCursor):
            return problem(request, 400, str(exception))
        if isinstance(exception, StaleVersion):
            return refused(request, Refusal(RefusalKind.STAGE, STALE_REASON))
        return None


def refused(request: HttpRequest, refusal: Refusal) -> SimpleTemplateResponse:
    """403 for a missing right, 409 for an act that the claim's stage does not allow; the reason in words."""
    status = 403 if refusal.kind == RefusalKind.RIGHT else 409
    return problem(request, status, refusal.reason)


def not_allowed(request: HttpRequest, response: HttpResponseNotAllowed) -> HttpResponse:
    """405 in words, for whoever reloads or opens the address of an act, which only takes a form."""
    reason = "This address can only be read." if is_public(request) else NO_PAGE
    page = problem(request, 405, reason).render()
    page.headers["Allow"] = response.headers["Allow"]
    return page


PUBLIC = ("/published/", "/verify/", "/robots.txt")
"""Where the addresses begin that readers without an account may open. No answer there has a cookie."""


def is_public(request: HttpRequest) -> bool:
    return request.path_info.startswith(PUBLIC)


def problem(request: HttpRequest, status: int, reason: str) -> SimpleTemplateResponse:
    """An error page that says `reason`, or a note to put in place when htmx asked."""
    if is_public(request):
        context = {"reason": reason, "status": status, "desk": settings.DESK_NAME}
        return SimpleTemplateResponse("published/problem.html", context, status=status)
    template = f"errors/{status}.html"
    if getattr(request, "htmx", False):
        template += "#note"
    response = TemplateResponse(request, template, {"reason": reason}, status=status)
    if getattr(request, "htmx", False):
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Retarget"] = "#toasts"
    return response
