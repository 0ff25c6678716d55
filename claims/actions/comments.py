"""Comments on claims and sources: one level of replies, mentions, threads that can be resolved."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims import limits, markdown
from claims.actions.changes import check_permission, check_version, difference, lock, overwrite, permit, touch
from claims.actions.values import check_text
from claims.choices import Act, Permission, RecordAct
from claims.models import Claim, Comment, Event, Mention, Source, User
from claims.models.event import Changes
from claims.workflow import Refusal, RefusalKind, Refused

COMMENT_LIMIT = limits.TEXT
_ACTS: dict[str, tuple[Act, RecordAct]] = {
    "comment": (Act.COMMENT, RecordAct.COMMENT),
    "edit": (Act.EDIT_COMMENT, RecordAct.EDIT_COMMENT),
    "resolve": (Act.RESOLVE_COMMENT, RecordAct.RESOLVE_COMMENT),
    "reopen": (Act.REOPEN_COMMENT, RecordAct.REOPEN_COMMENT),
}


@transaction.atomic
def add_comment(target: Claim | Source, *, by: User, body: str, parent: Comment | None = None) -> Comment:
    """A remark, or with `parent` a reply. A reply to a reply goes under the same first remark; a resolved
    thread that is answered is open again."""
    _permit(target, "comment", by=by)
    thread = (parent.parent or parent) if parent else None
    if thread is not None and thread.target != target:
        raise ValidationError({"body": "That thread belongs to something else."})
    place = {"claim": target} if isinstance(target, Claim) else {"source": target}
    comment = Comment.objects.create(author=by, body=_checked(body), parent=thread, **place)
    _mention(comment)
    _log(target, "comment", by=by, comment=comment)
    if thread is not None:
        reopen_thread(thread, by=by)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, by: User, version: int, body: str) -> None:
    """Authors edit their own words; the comment then says that it was edited. Does nothing when nothing differs."""
    check_author(comment, by)
    _permit(comment.target, "edit", by=by)
    lock(comment)
    check_version(comment, version)
    body = _checked(body)
    if not difference(comment, {"body": body}):
        return
    changes = overwrite(comment, {"body": body, "edited_at": timezone.now()})
    _mention(comment)
    _log(comment.target, "edit", by=by, comment=comment, changes=changes)


def check_author(comment: Comment, user: User) -> None:
    """Raises Refused unless the person wrote the comment, and may still write."""
    check_permission(user, Permission.WORK)
    if comment.author_id != user.pk:
        raise Refused(Refusal(RefusalKind.RIGHT, "Only its author can edit a comment."))


@transaction.atomic
def resolve_thread(comment: Comment, *, by: User) -> None:
    """Close a thread. Does nothing when it is closed already."""
    _open_thread(comment, "resolve", by=by)
    if comment.resolved_at is None:
        overwrite(comment, {"resolved_at": timezone.now(), "resolved_by": by})
        _log(comment.target, "resolve", by=by, comment=comment)


@transaction.atomic
def reopen_thread(comment: Comment, *, by: User) -> None:
    """Open a resolved thread again. Does nothing when it is open."""
    _open_thread(comment, "reopen", by=by)
    if comment.resolved_at is not None:
        changes = overwrite(comment, {"resolved_at": None, "resolved_by": None})
        _log(comment.target, "reopen", by=by, comment=comment, changes=changes)


def see_mentions(user: User) -> int:
    """Tick off all of a person's mentions; how many there were. A private mark, like a page turned: no event."""
    return Mention.objects.filter(user=user, seen_at=None).update(seen_at=timezone.now())


def _permit(target: Claim | Source, verb: str, *, by: User) -> None:
    """Raises Refused when the person may not. Locks the target: always before its comments, lest two wait in a ring."""
    if isinstance(target, Claim):
        permit(_ACTS[verb][0], target, by=by)
    else:
        check_permission(by, Permission.WORK)
        lock(target)


def _open_thread(comment: Comment, verb: str, *, by: User) -> None:
    """The first remark as it is now, and nobody else resolves it meanwhile."""
    if comment.parent_id is not None:
        raise ValidationError({"comment": "Replies are resolved with their thread."})
    _permit(comment.target, verb, by=by)
    lock(comment)


def _checked(body: str) -> str:
    body = body.strip()
    if markdown.is_blank(body):
        raise ValidationError({"body": "Write something first."})
    try:
        check_text(body, COMMENT_LIMIT)
    except ValidationError as error:
        raise ValidationError({"body": error.messages}) from error
    return body


def _mention(comment: Comment) -> None:
    """Keep who is mentioned in step with the body; the event of the body stands for it."""
    people = User.objects.filter(username__in=markdown.mentioned(comment.body), is_active=True)
    Mention.objects.bulk_create([Mention(comment=comment, user=user) for user in people], ignore_conflicts=True)
    comment.mentions.exclude(user__in=people).delete()


def _log(target: Claim | Source, verb: str, *, by: User, comment: Comment, changes: Changes | None = None) -> None:
    claim_act, record_act = _ACTS[verb]
    if isinstance(target, Claim):
        touch(target, claim_act, by=by, subject=comment, changes=changes)
    else:
        Event.objects.append(target, record_act, by=by, subject=comment, changes=changes)
