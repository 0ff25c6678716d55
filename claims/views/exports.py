from django.http import HttpRequest, HttpResponse


def claim_export(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def document_export(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_set_export(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
