"""What people do with releases: build one, note who got it, correct, withdraw and publish it."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.publishing import publish
from claims.actions.releases import record_recipient, withdraw, write_correction
from claims.choices import ISSUED, Permission, ReleaseState, Visibility
from claims.forms.releases import CorrectionForm, PublishForm, RecipientForm, WithdrawForm
from claims.http import Request, back, needs, once, page, toast
from claims.models import Release
from claims.reading import released
from claims.views import release_context
from claims.views.form_answers import add_errors
from claims.views.release_context import release_for
from claims.workflow import Refusal, RefusalKind, Refused

PUBLISHED = {
    Visibility.NO: "Only the people of the desk can read it now.",
    Visibility.UNLISTED: "Whoever has its address can read it now.",
    Visibility.LISTED: "Everybody can read it now.",
}


@require_POST
@needs(Permission.RELEASE)
def release_recipient_add(request: Request, pk: int) -> HttpResponseBase:
    """Notes to whom the release was sent."""
    release = _issued(pk, "Only a release that was built can have been sent.")
    form = RecipientForm(request.POST)
    if form.is_valid():
        try:
            return _add_recipient(request, release, form)
        except ValidationError as error:
            add_errors(form, error)
    context = release_context.all_recipients(request, release, form)
    return page(request, "releases/recipients.html", context, status=422)


def _add_recipient(request: Request, release: Release, form: RecipientForm) -> HttpResponseBase:
    with once(request) as attempt:
        if not attempt.repeated:
            made = record_recipient(release, form.cleaned_data["text"], by=request.user)
            attempt.location = f"{release.get_absolute_url()}#recipients"
            toast(request, f"Noted that it was sent to {made}.")
    return back(request, attempt.repeated or attempt.location)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RELEASE)
def release_correct(request: Request, pk: int, claim: int) -> HttpResponseBase:
    """A correction of what the release says of one claim, prefilled with what changed since.

    409 with what was typed when something happened to the claim that the person has not seen.
    """
    release = _issued(pk, "Only a release that was built can be corrected.")
    line = released.line_of(release, claim)
    if line is None:
        raise Http404(f"No claim {claim} is in {release}.")
    head = released.head(line)
    if request.method != "POST":
        initial = {"wrong": released.what_was_wrong(line), "right": released.what_is_right(line), "seen": head}
        return _correction_page(request, release, line, CorrectionForm(initial=initial))
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _correction_page(request, release, line, form, status=422)
    if form.cleaned_data["seen"] != head:
        return _correction_page(request, release, line, _seen_now(request, head), status=409)
    try:
        return _correct(request, release, line, form)
    except ValidationError as error:
        add_errors(form, error)
        return _correction_page(request, release, line, form, status=422)


def _seen_now(request: Request, head: int) -> CorrectionForm:
    """The form as it was typed, which goes through when it is sent once more."""
    data = request.POST.copy()
    data["seen"] = str(head)
    return CorrectionForm(data)


def _correct(request: Request, release: Release, line: released.Line, form: CorrectionForm) -> HttpResponseBase:
    with once(request) as attempt:
        if not attempt.repeated:
            write_correction(release, line.entry.claim, form.text, by=request.user)
            attempt.location = f"{release.get_absolute_url()}#corrections"
            toast(request, f"The correction of {line.entry.claim.reference} is written.")
    return back(request, attempt.repeated or attempt.location)


def _correction_page(
    request: Request, release: Release, line: released.Line, form: CorrectionForm, *, status: int = 200
) -> HttpResponseBase:
    written = release_context.corrections(release).filter(claim=line.entry.claim_id)
    context = {
        "release": release,
        "line": line,
        "form": form,
        "moved_on": status == 409,
        "written": list(written[: release_context.SHOWN]),
        "proposed": released.what_is_right(line) if status == 409 else "",
    }
    return page(request, "releases/correct.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RELEASE)
def release_withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Says of a release that nobody should use it any more. 409 when it is not ready, or was withdrawn meanwhile."""
    release = release_for(pk)
    _check_ready(release, "Only a release that is ready can be withdrawn.")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw(release, by=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, f"“{release}” is withdrawn.", tone="warn")
            return back(request, release.get_absolute_url())
    context = {"release": release, "form": form, **release_context.recipients(release)}
    return page(request, "releases/withdraw.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RELEASE)
def release_publish(request: Request, pk: int) -> HttpResponseBase:
    """Who can read the release. 409 when it is not ready, or someone else decided that meanwhile."""
    release = release_for(pk)
    _check_ready(release, "Only a release that is ready can be published or closed.")
    initial = {"visibility": release.visibility, "seen": release.visibility}
    form = PublishForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        return _publish(request, release, form)
    return page(
        request, "releases/publish.html", {"release": release, "form": form}, status=422 if form.errors else 200
    )


def _publish(request: Request, release: Release, form: PublishForm) -> HttpResponseBase:
    wanted = Visibility(form.cleaned_data["visibility"])
    changed = publish(release, wanted, by=request.user, seen=form.cleaned_data["seen"])
    toast(request, PUBLISHED[wanted] if changed else "Nothing was changed.")
    return back(request, reverse("release_detail", args=[release.pk]))


def _issued(pk: int, reason: str) -> Release:
    """The release, which was built; 409 with the reason for any other."""
    release = release_for(pk)
    if release.state not in ISSUED:
        raise Refused(Refusal(RefusalKind.STAGE, reason))
    return release


def _check_ready(release: Release, reason: str) -> None:
    if release.state == ReleaseState.WITHDRAWN:
        reason = "This release was withdrawn already; that is not taken back."
    if release.state != ReleaseState.READY:
        raise Refused(Refusal(RefusalKind.STAGE, reason))
