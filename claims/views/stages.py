from django.http import HttpRequest, HttpResponse


def claim_take(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_release(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_assign(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_dismiss(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_restore(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_reopen(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
