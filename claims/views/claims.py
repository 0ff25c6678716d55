from django.http import HttpRequest, HttpResponse


def claim_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_organise(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
