"""Answers to what went wrong before or outside a view: in words, with a way back."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from claims.http import problem

CSRF_REASON = (
    "This form had expired or came from elsewhere, so nothing was changed. "
    "Go back, reload the page and send it again; what you typed is kept in this browser."
)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem(request, 403, CSRF_REASON)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return problem(request, 413, "The file or text is larger than this desk takes. Nothing was stored.")
    return problem(request, 400, "The workbench could not make sense of this request. Nothing was changed.")


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(request, 403, str(exception) or "Your role does not allow this.")


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(
        request, 404, "There is nothing at this address. It may have been mistyped, or belong to another desk."
    )


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
