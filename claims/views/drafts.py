from django.http import HttpResponse

from claims.http import Request


def draft_add(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def draft_detail(request: Request, pk: int, number: int) -> HttpResponse:
    return HttpResponse(status=501)


def reanchoring_decide(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def reanchoring_reopen(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)
