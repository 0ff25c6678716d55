"""What the pages share by which a text comes in: the file of the form, and a job to be tried again."""

from typing import Any

from claims.choices import JobKind, Origin
from claims.forms.intake import WaysForm
from claims.http import Request
from claims.jobs import keep_upload
from claims.models import Job, Upload, User
from claims.uploads import is_too_large
from claims.views.form_answers import sent_number

AT_ONCE = 100_000
"""Characters of a pasted text that is stored while the person waits, in well under a second."""


def is_short(form: WaysForm) -> bool:
    return form.origin == Origin.PASTED and len(form.cleaned_data["text"]) <= AT_ONCE


def upload_of(form: WaysForm, *, by: User) -> Upload | None:
    """What a job is to read: the file, or the long paste; None when it is a page."""
    if form.origin == Origin.FETCHED:
        return None
    if form.origin == Origin.PASTED:
        text = form.cleaned_data["text"].encode()
        return keep_upload(by=by, name="", content_type="text/plain; charset=utf-8", data=text)
    file = form.cleaned_data["file"]
    if not file:
        return form.kept
    return keep_upload(by=by, name=file.name, content_type=file.content_type or "", data=file.read())


def tried_before(request: Request, kind: JobKind) -> Job | None:
    """The person's job that the form is to be filled from, by `again` in the address or the form."""
    number = sent_number(request.POST.get("again") or request.GET.get("again"))
    return Job.objects.filter(pk=number, kind=kind, started_by=request.user).first() if number else None


def options(request: Request, before: Job | None) -> dict[str, Any]:
    """Arguments of a WaysForm: what was sent, and the file that is still there."""
    kept = None
    if before and before.params["origin"] == Origin.UPLOADED:
        kept = Upload.objects.filter(job=before).defer("content").first()
    if request.method != "POST":
        return {"kept": kept}
    sent = {"data": request.POST, "files": request.FILES}
    return {**sent, "kept": kept, "is_file_too_large": is_too_large(request)}


def first_values(before: Job | None) -> dict[str, Any]:
    """What a form shows at first that is to try a job again."""
    if before is None:
        return {}
    upload = before.file() if before.params["origin"] == Origin.PASTED else None
    return {**before.params, "how": before.params["origin"], "text": upload.data.decode() if upload else ""}
