"""A person's own page, and the map of keys."""

from django.http import HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.http import Request, back, toast


@require_safe
def profile(request: Request) -> HttpResponseBase:
    return TemplateResponse(request, "people/profile.html")


@require_safe
def keys(request: Request) -> HttpResponseBase:
    return TemplateResponse(request, "people/keys.html")


@require_POST
def single_keys(request: Request) -> HttpResponseBase:
    """Switch keys such as J and 1 to 7 on or off for this person (WCAG 2.1.4); those with Ctrl always work."""
    request.user.single_keys = request.POST.get("single_keys") == "on"
    request.user.save(update_fields=["single_keys"])
    if request.htmx:  # the switch itself shows what it is now
        return HttpResponse(status=204)
    toast(request, f"Single-key shortcuts are {'on' if request.user.single_keys else 'off'}.")
    return back(request, reverse("keys"))
