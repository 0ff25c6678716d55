"""Threads of comments as a page shows them: Markdown rendered, the people mentioned linked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from claims import markdown
from claims.choices import Permission
from claims.models import Claim, Comment, Source, User
from claims.workflow import permission_refusal

SHOWN = 100
"""At most so many threads are put on a page, the newest ones; the template says so when there are more."""
UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Remark:
    """A comment with its HTML; `is_own` when the reader of the page wrote it and may edit it."""

    comment: Comment
    html: SafeString
    is_own: bool


@dataclass(frozen=True)
class Thread:
    """A first remark with its replies, oldest first."""

    first: Remark
    replies: Sequence[Remark]

    @property
    def is_resolved(self) -> bool:
        return self.first.comment.resolved_at is not None


def threads_context(target: Claim | Source, user: User, show: str = "") -> dict[str, Any]:
    """`threads` and `resolved_threads` (Thread, oldest first), their totals `open_count` and `resolved_count`.

    Also `comment_url`, to which remarks and replies are posted, and `comment_refusal`: why this person may not
    comment, None when they may. `show="unresolved"` leaves the resolved threads out (they are still counted).
    """
    newest = list(target.comments.threads().reverse()[: SHOWN + 1])
    every = [_thread(comment, user) for comment in reversed(newest[:SHOWN])]
    resolved = [thread for thread in every if thread.is_resolved]
    noun = "claim" if isinstance(target, Claim) else "source"
    return {
        "threads": [thread for thread in every if not thread.is_resolved],
        "resolved_threads": [] if show == UNRESOLVED else resolved,
        "open_count": len(every) - len(resolved),
        "resolved_count": len(resolved),
        "threads_cut_at": SHOWN if len(newest) > SHOWN else None,
        "only_unresolved": show == UNRESOLVED,
        "comment_url": reverse(f"{noun}_comment_add", args=[target.pk]),
        "comment_refusal": permission_refusal(Permission.WORK, user.held_permissions),
    }


def _thread(comment: Comment, user: User) -> Thread:
    """`comment` is a first remark from `CommentQuerySet.threads`."""
    replies = [_remark(reply, user) for reply in comment.replies.all()]
    return Thread(_remark(comment, user), replies)


def _remark(comment: Comment, user: User) -> Remark:
    people = {person.username: claims_of(person) for person in comment.mentioned.all()}
    is_own = comment.author_id == user.pk and user.may(Permission.WORK)
    return Remark(comment, markdown.render(comment.body, people), is_own)


def claims_of(user: User) -> str:
    """Where a mention leads: the claims that this person works on."""
    return f"{reverse('claim_list')}?{urlencode({'assignee': user.username})}"
