from django.http import HttpRequest, HttpResponse


def claim_comment_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def source_comment_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def comment_edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def comment_resolve(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def comment_reopen(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
