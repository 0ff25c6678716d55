from django.http import HttpResponse

from claims.http import Request


def weighting_list(request: Request) -> HttpResponse:
    return HttpResponse(status=501)


def weighting_accept(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)
