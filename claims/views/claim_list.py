from django.http import HttpRequest, HttpResponse


def claim_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_bulk(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
