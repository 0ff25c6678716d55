from django.http import HttpRequest, HttpResponse


def source_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def source_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def source_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def source_edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
