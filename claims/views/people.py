from django.http import HttpRequest, HttpResponse


def profile(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def keys(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def single_keys(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
