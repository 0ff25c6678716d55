"""What all answers to readers without an account share: no cookie, a strict policy, tags by which caches ask again.

Pages are rendered without the request, so that nothing of a session, a person or a token can get into them.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from csp.constants import NONE, SELF
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from claims.choices import Visibility
from claims.http import problem
from claims.models import Release
from claims.reading.published import at_address, newer
from claims.releases.shelf import BeingMade

Params = ParamSpec("Params")
View = Callable[Concatenate[HttpRequest, Params], HttpResponseBase]

Policy = dict[str, list[Any]]
POLICY: Policy = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
"""No script at all: JSON-LD in a page is data, which browsers do not run and this policy does not concern."""
FRESH = "public, max-age=60"
"""A correction or a withdrawal is seen everywhere after a minute."""
NOWHERE = "There is nothing at this address. It may have been mistyped, or is not published any more."


def public(view: View[Params]) -> View[Params]:
    """Let everybody in, signed in or not, and let the page load nothing but its style, unless the view has a policy."""

    @wraps(view)
    def strict(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if not hasattr(response, "_csp_config"):
            set_policy(response, POLICY)
        return response

    return login_not_required(strict)  # type: ignore[return-value]  # wraps hides that the parameters are the same


def set_policy(response: HttpResponseBase, policy: Policy) -> None:
    """As the decorator of django-csp does it, for one answer."""
    response._csp_config = policy  # type: ignore[attr-defined]


def of_release(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that takes the request and a published release, which is found by the token in its address.

    404 where there is none, 410 when it is withdrawn.
    """

    @wraps(view)
    def found(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        release = at_address(token)
        if release is None:
            return problem(request, 404, NOWHERE)
        if release.is_withdrawn:
            return withdrawn(request, release)
        try:
            response = view(request, release, **kwargs)
        except BeingMade:
            return being_made(request)
        return for_whom(response, release)

    return public(require_safe(found))


def withdrawn(request: HttpRequest, release: Release) -> HttpResponseBase:
    """410 with the reason, and where a newer release is."""
    context = {"release": release, "newer": newer(release)}
    return for_whom(page(request, "published/withdrawn.html", context, status=410), release)


def being_made(request: HttpRequest) -> HttpResponse:
    reason = "The pages of this release are being made ready, which takes up to a minute. Try again then."
    response = problem(request, 503, reason)
    response.headers["Retry-After"] = "20"
    return response


def for_whom(response: HttpResponseBase, release: Release) -> HttpResponseBase:
    """Tell search engines to leave alone what only those with the address should find."""
    if release.visibility != Visibility.LISTED:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponseBase:
    """A page for everybody. 304 for whoever has it already."""
    text = render_to_string(template, {"desk": settings.DESK_NAME, **context})
    return answer(request, HttpResponse(text, status=status))


def answer(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The response with what caches need to know: its hash, and for how long it is fresh."""
    response.headers["Cache-Control"] = FRESH
    if response.status_code != 200:
        return response
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def absolute(path: str) -> str:
    """The address under which readers reach this desk, whatever name they asked for."""
    return f"{settings.PUBLIC_URL}{path}"
