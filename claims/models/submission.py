from django.conf import settings
from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """A form that was sent, by the token it carried: the second press of a button finds it and does nothing."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    location = models.TextField(blank=True, help_text="Where the first press led.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="submission_user_at")]

    def __str__(self) -> str:
        return str(self.token)
