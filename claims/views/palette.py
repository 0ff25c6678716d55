"""Search or jump: a dialog with script, a page of links without."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from claims.http import Request, page
from claims.views.palette_results import cleaned, referenced, results


@require_safe
def palette(request: Request) -> HttpResponseBase:
    """What `q` may mean. On the page, the reference of a claim (C-12, JN-51) leads straight to it."""
    text = cleaned(request.GET.get("q", ""))
    if not request.htmx and (claim := referenced(text)):
        return redirect(claim)
    context = {"q": text, "groups": results(text, request.user)}
    return page(request, "palette/palette.html", context, fragments=("palette-list",))
