from django.http import HttpResponse

from claims.http import Request


def triage(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def triage_bulk(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def triage_undo(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)
