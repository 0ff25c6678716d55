"""Threads of comments as a page shows them: Markdown rendered, the people mentioned linked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from claims import markdown
from claims.choices import Permission
from claims.forms.comments import CommentForm
from claims.models import Claim, Comment, Source, User
from claims.workflow import permission_refusal

SHOWN = 100
"""At most so many threads are put on a page, the newest ones; the template says so when there are more."""
UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Remark:
    """A comment with its HTML. `form` edits it, when the reader of the page is its author."""

    comment: Comment
    html: SafeString
    form: CommentForm | None


@dataclass(frozen=True)
class Thread:
    """A first remark with its replies, oldest first; `reply_form` answers it."""

    first: Remark
    replies: Sequence[Remark]
    reply_form: CommentForm

    @property
    def is_resolved(self) -> bool:
        return self.first.comment.resolved_at is not None


def threads_context(target: Claim | Source, user: User, show: str = "") -> dict[str, Any]:
    """`threads` and `resolved_threads` (Thread, oldest first), their totals `open_count` and `resolved_count`.

    Also `comment_form`, the address `comment_url` it posts to, and `comment_refusal`: why this person may not
    comment, None when they may. `show="unresolved"` leaves the resolved threads out (they are still counted).
    """
    newest = list(target.comments.threads().reverse()[: SHOWN + 1])
    every = [as_thread(comment, user) for comment in reversed(newest[:SHOWN])]
    resolved = [thread for thread in every if thread.is_resolved]
    noun = "claim" if isinstance(target, Claim) else "source"
    return {
        "threads": [thread for thread in every if not thread.is_resolved],
        "resolved_threads": [] if show == UNRESOLVED else resolved,
        "open_count": len(every) - len(resolved),
        "resolved_count": len(resolved),
        "threads_cut_at": SHOWN if len(newest) > SHOWN else None,
        "only_unresolved": show == UNRESOLVED,
        "comment_form": CommentForm(),
        "comment_url": reverse(f"{noun}_comment_add", args=[target.pk]),
        "comment_refusal": permission_refusal(Permission.WORK, user.held_permissions),
    }


def as_thread(comment: Comment, user: User) -> Thread:
    """`comment` is a first remark from `CommentQuerySet.threads`."""
    replies = [as_remark(reply, user) for reply in comment.replies.all()]
    return Thread(as_remark(comment, user), replies, CommentForm(auto_id=f"reply-{comment.pk}-%s"))


def as_remark(comment: Comment, user: User) -> Remark:
    people = {person.username: claims_of(person) for person in comment.mentioned.all()}
    is_own = comment.author_id == user.pk and user.may(Permission.WORK)
    form = CommentForm(initial={"body": comment.body}, auto_id=f"edit-{comment.pk}-%s") if is_own else None
    return Remark(comment, markdown.render(comment.body, people), form)


def claims_of(user: User) -> str:
    """Where a mention leads: the claims that this person works on."""
    return f"{reverse('claim_list')}?{urlencode({'assignee': user.username})}"
