from django.http import HttpRequest, HttpResponse


def relation_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def relation_remove(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
