from django.http import HttpResponse

from claims.http import Request


def claim_import(request: Request) -> HttpResponse:
    return HttpResponse(status=501)


def claim_import_map(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)
