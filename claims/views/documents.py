from django.http import HttpRequest, HttpResponse


def document_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def document_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def document_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def document_claim_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
