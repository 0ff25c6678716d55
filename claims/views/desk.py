from django.http import HttpRequest, HttpResponse


def desk(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def activity(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def see_mentions(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
