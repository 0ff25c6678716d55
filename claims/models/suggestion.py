from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims import limits
from claims.choices import Answer
from claims.models.appearance import Appearance
from claims.models.document import Document


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def with_place(self) -> Self:
        return self.select_related("appearance__snapshot__document", "appearance__claim", "answered_by")

    def for_document(self, document: Document) -> Self:
        """The newest last."""
        return self.filter(appearance__snapshot__document=document).select_related("appearance").order_by("pk")


class Suggestion(models.Model):
    """Other words that a checker suggests for a passage, and what the document's author made of them.

    Never changed: one that is written later takes its place. Only the answer to it can change.
    """

    appearance = models.ForeignKey(Appearance, models.PROTECT, related_name="suggestions")
    text = models.TextField("suggested wording", max_length=limits.TEXT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_note = models.TextField(max_length=limits.REASON, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="suggestion_has_a_text"),
            models.CheckConstraint(
                condition=Q(answer="", answer_note="", answered_by=None, answered_at=None)
                | Q(answer__in=Answer.values, answered_by__isnull=False, answered_at__isnull=False),
                name="suggestion_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text
