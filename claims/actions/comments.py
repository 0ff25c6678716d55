"""Comments on claims and sources: one level of replies, mentions, threads that can be resolved."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims import markdown
from claims.actions.changes import check_permission, lock, overwrite, touch
from claims.choices import Act, Permission, RecordAct
from claims.models import Claim, Comment, Event, Mention, Source, User
from claims.workflow import Refusal, RefusalKind, Refused

COMMENT_LIMIT = 10_000

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
    check_permission(by, Permission.WORK)
    thread = (parent.parent or parent) if parent else None
    if thread is not None and thread.target != target:
        raise ValidationError({"body": "That thread belongs to something else."})
    place = {"claim": target} if isinstance(target, Claim) else {"source": target}
    comment = Comment.objects.create(author=by, body=_checked(body), parent=thread, **place)
    _mention(comment)
    _log(target, "comment", by=by, comment=comment)
    if thread is not None and thread.resolved_at is not None:
        reopen_thread(thread, by=by)
    return comment


@transaction.atomic
def edit_comment(comment: Comment, *, by: User, version: int, body: str) -> None:
    """Authors edit their own words; the comment then says that it was edited."""
    check_author(comment, by)
    changes = overwrite(comment, {"body": _checked(body)}, version=version)
    if not changes:
        return
    Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now())
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
    check_permission(by, Permission.WORK)
    _require_thread(comment)
    if comment.resolved_at is None:
        overwrite(comment, {"resolved_at": timezone.now(), "resolved_by": by})
        _log(comment.target, "resolve", by=by, comment=comment)


@transaction.atomic
def reopen_thread(comment: Comment, *, by: User) -> None:
    """Open a resolved thread again. Does nothing when it is open."""
    check_permission(by, Permission.WORK)
    _require_thread(comment)
    if comment.resolved_at is not None:
        overwrite(comment, {"resolved_at": None, "resolved_by": None})
        _log(comment.target, "reopen", by=by, comment=comment)


def see_mentions(user: User) -> int:
    """Tick off all of a person's mentions; how many there were."""
    return Mention.objects.filter(user=user, seen_at=None).update(seen_at=timezone.now())


def _require_thread(comment: Comment) -> None:
    """The first remark as it is now, and nobody else resolves it meanwhile."""
    if comment.parent_id is not None:
        raise ValidationError({"comment": "Replies are resolved with their thread."})
    lock(comment)
    comment.refresh_from_db(fields=["version", "resolved_at", "resolved_by"])


def _checked(body: str) -> str:
    body = body.strip()
    if not body:
        raise ValidationError({"body": "Write something first."})
    if len(body) > COMMENT_LIMIT:
        raise ValidationError(
            {"body": f"A comment holds at most {COMMENT_LIMIT:,} characters; this has {len(body):,}."}
        )
    return body


def _mention(comment: Comment) -> None:
    people = User.objects.filter(username__in=markdown.mentioned(comment.body), is_active=True)
    Mention.objects.bulk_create([Mention(comment=comment, user=user) for user in people], ignore_conflicts=True)


def _log(
    target: Claim | Source, verb: str, *, by: User, comment: Comment, changes: dict[str, list[str]] | None = None
) -> None:
    claim_act, record_act = _ACTS[verb]
    if isinstance(target, Claim):
        touch(target, claim_act, by=by, subject=comment, changes=changes)
    else:
        Event.objects.record(target, record_act, by=by, subject=comment, changes=changes)
