from typing import Any, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions.comments import add_comment, check_author, edit_comment, reopen_thread, resolve_thread
from claims.choices import Permission
from claims.forms.comments import CommentForm
from claims.http import Request, Undo, back, needs, once, toast
from claims.models import Claim, Comment, Event, Source, StaleVersion
from claims.views.form_answers import conflict, form_again, sent_number


@require_POST
@needs(Permission.WORK)
def claim_comment_add(request: Request, pk: int) -> HttpResponseBase:
    return _add(request, get_object_or_404(Claim, pk=pk))


@require_POST
@needs(Permission.WORK)
def source_comment_add(request: Request, pk: int) -> HttpResponseBase:
    return _add(request, get_object_or_404(Source, pk=pk))


def _add(request: Request, target: Claim | Source) -> HttpResponseBase:
    parent = _parent(request, target)
    form = CommentForm(request.POST)
    if not form.is_valid():
        if parent:
            return _write_again(request, target, form, element=f"reply-{parent.pk}", label="Reply", parent=parent.pk)
        return _write_again(request, target, form, element="comment-form", label="Comment")
    with once(request) as attempt:
        if not attempt.repeated:
            comment = add_comment(target, by=request.user, body=form.cleaned_data["body"], parent=parent)
            attempt.location = comment.get_absolute_url()
    return back(request, attempt.repeated or attempt.location)


def _parent(request: Request, target: Claim | Source) -> Comment | None:
    """The comment that is answered, None for a first remark; Http404 when it is not in this discussion."""
    if not request.POST.get("parent"):
        return None
    return get_object_or_404(target.comments.select_related("parent"), pk=sent_number(request.POST["parent"]))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def comment_edit(request: Request, pk: int) -> HttpResponseBase:
    comment = get_object_or_404(Comment.objects.select_related("claim", "source"), pk=pk)
    check_author(comment, request.user)
    form = CommentForm(request.POST if request.method == "POST" else None, initial={"body": comment.body})
    version = sent_number(request.POST.get("version"))
    if not form.is_valid():
        version = version or comment.version
        return _write_again(request, comment.target, form, element=f"edit-{pk}", label="Edit comment", version=version)
    try:
        edit_comment(comment, by=request.user, version=version, body=form.cleaned_data["body"])
    except StaleVersion as stale:
        return _conflict(request, comment, stale, form)
    return back(request, comment.get_absolute_url())


def _conflict(request: Request, comment: Comment, stale: StaleVersion, form: CommentForm) -> TemplateResponse:
    current = cast(Comment, stale.current)
    latest = Event.objects.of(comment.target).filter(subject_type="comment", subject_id=comment.pk)
    return conflict(
        request,
        form,
        current,
        stored={"body": current.body},
        event=latest.select_related("by").last(),
        title="Your comment",
        section=_section(comment.target),
        keep_url=comment.get_absolute_url(),
    )


@require_POST
@needs(Permission.WORK)
def comment_resolve(request: Request, pk: int) -> HttpResponse:
    comment = _get_thread(pk)
    resolve_thread(comment, by=request.user)
    toast(request, "Thread resolved.", undo=_undo(request, "comment_reopen", comment))
    return back(request, comment.get_absolute_url())


@require_POST
@needs(Permission.WORK)
def comment_reopen(request: Request, pk: int) -> HttpResponse:
    comment = _get_thread(pk)
    reopen_thread(comment, by=request.user)
    toast(request, "Thread reopened.", undo=_undo(request, "comment_resolve", comment))
    return back(request, comment.get_absolute_url())


def _undo(request: Request, act: str, comment: Comment) -> Undo:
    return Undo(reverse(act, args=[comment.pk]), {"next": request.POST.get("next", "")})


def _get_thread(pk: int) -> Comment:
    """The first remark of a thread; Http404 for a reply, which is resolved with its thread."""
    return get_object_or_404(Comment.objects.select_related("claim", "source"), pk=pk, parent=None)


def _write_again(
    request: Request, target: Claim | Source, form: CommentForm, *, element: str, label: str, **context: Any
) -> TemplateResponse:
    """The form on a page of its own, or in its place; 200 when nothing was sent yet."""
    context |= {
        "body": form["body"].value() or "",
        "errors": form.errors.get("body"),
        "element": element,
        "label": label,
        "action": request.path,
        "about": target,
        "section": _section(target),
        "next_url": request.POST.get("next") or request.GET.get("next") or target.get_absolute_url(),
        "target": request.htmx.target or "",
    }
    if request.method != "POST":
        return TemplateResponse(request, "comments/write.html", context)
    return form_again(request, "comments/write.html", context, element=element)


def _section(target: Claim | Source) -> str:
    return "claims" if isinstance(target, Claim) else "sources"
