"""The claim's page, its wording, and what sorts it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from claims.http import Request
from claims.views.claim_context import claim_page, get_claim


@require_safe
def claim_detail(request: Request, pk: int) -> HttpResponse:
    return claim_page(request, get_claim(pk))


def claim_edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_organise(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
