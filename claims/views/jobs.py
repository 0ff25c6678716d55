from django.http import HttpResponse

from claims.http import Request


def job_list(request: Request) -> HttpResponse:
    return HttpResponse(status=501)


def job_detail(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)


def job_cancel(request: Request, pk: int) -> HttpResponse:
    return HttpResponse(status=501)
