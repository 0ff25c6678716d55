from django.http import HttpRequest, HttpResponse


def sentence_dispose(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
