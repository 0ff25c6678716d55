from django.http import HttpResponse

from claims.http import Request


def document_coverage(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def document_complete(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def document_reopen(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)
