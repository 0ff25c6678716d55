from django.http import HttpRequest, HttpResponse


def claim_set_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_set_add(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_set_detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_set_edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_set_add_claims(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def claim_set_remove_claims(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
