from django.http import HttpRequest, HttpResponse


def evidence_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def evidence_edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def evidence_retract(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
