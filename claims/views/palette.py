from django.http import HttpRequest, HttpResponse


def palette(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
