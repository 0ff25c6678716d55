"""Every public key that the desk ever signed with, so that old signatures stay verifiable."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from claims.http import problem
from claims.models import SigningKey
from claims.releases.signing import public_key
from claims.views.public import NOWHERE, answer, page, public


@public
@require_safe
def published_keys(request: HttpRequest) -> HttpResponseBase:
    """A desk has few: one, and another each time that it was rotated."""
    return page(request, "published/keys.html", {"keys": SigningKey.objects.order_by("-pk")})


@public
@require_safe
def published_key(request: HttpRequest, key_id: str) -> HttpResponseBase:
    """The key as the file that minisign takes."""
    key = SigningKey.objects.filter(key_id=key_id).first()
    if key is None:
        return problem(request, 404, NOWHERE)
    response = HttpResponse(public_key(key.public_key).file, content_type="text/plain; charset=us-ascii")
    response.headers["Content-Disposition"] = content_disposition_header(True, "minisign.pub") or "attachment"
    return answer(request, response)
