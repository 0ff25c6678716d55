from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from claims.models.base import Versioned
from claims.models.claim import Claim
from claims.models.source import Source


class CommentQuerySet(models.QuerySet["Comment"]):
    def threads(self) -> Self:
        """First remarks, oldest first, each with its replies and everyone's names."""
        replies = Comment.objects.order_by("pk").select_related("author").prefetch_related("mentioned")
        return (
            self.filter(parent=None)
            .order_by("pk")
            .select_related("author", "resolved_by")
            .prefetch_related("mentioned", Prefetch("replies", queryset=replies))
        )

    def unresolved(self) -> Self:
        return self.filter(parent=None, resolved_at=None)


class Comment(Versioned):
    """A remark on a claim or a source: Markdown, mentions, one level of replies; a thread can be resolved."""

    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="comments")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="comments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    body = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, editable=False)
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Mention", related_name="mentioned_in")

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False, source=None) | Q(claim=None, source__isnull=False),
                name="comment_is_on_one_thing",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="comment_has_a_body"),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, parent=None),
                name="comment_resolution_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["parent", "resolved_at", "claim"], name="comment_unresolved")]

    def __str__(self) -> str:
        return self.body

    @property
    def target(self) -> Claim | Source:
        target = self.claim or self.source
        assert target is not None, "guarded by comment_is_on_one_thing"  # noqa: S101
        return target

    def get_absolute_url(self) -> str:
        return f"{self.target.get_absolute_url()}#comment-{self.pk}"


class Mention(models.Model):
    """A person named in a comment with @; `seen_at` once they ticked it off on their desk."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_is_unique")]
        indexes = [models.Index(fields=["user", "seen_at", "-id"], name="mention_unseen")]

    def __str__(self) -> str:
        return f"@{self.user.username} in comment {self.comment_id}"
