from django.http import HttpRequest, HttpResponse


def assessment_draft(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_submit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_withdraw(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_approve(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


def assessment_return(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)
