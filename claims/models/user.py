from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models

from claims.choices import Permission, Role


class User(AbstractUser):
    """A person with a role. Never deleted once they have acted: deactivated instead."""

    single_keys = models.BooleanField(
        "single-key shortcuts", default=True, help_text="Keys such as J, K and 1 to 7 act without Ctrl."
    )

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        words = str(self).split()
        return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else self.username[:2].upper()

    @cached_property
    def held_permissions(self) -> frozenset[Permission]:
        """The workbench permissions this person holds; all of them for a superuser, none when inactive.

        Looked up once per object, that is once per request; see forget_permissions.
        """
        return frozenset(permission for permission in Permission if self.has_perm(f"claims.{permission.value}"))

    def forget_permissions(self) -> None:
        """Look the permissions up anew when they are next asked for: the person got another role."""
        for cached in ("held_permissions", "_perm_cache", "_user_perm_cache", "_group_perm_cache"):
            self.__dict__.pop(cached, None)

    @property
    def role(self) -> Role:
        """The most powerful role among the person's groups, reader when none."""
        names = {group.name for group in self.groups.all()}
        held = [role for role in reversed(Role) if role.value in names]
        return Role.ADMIN if self.is_superuser else held[0] if held else Role.READER

    def may(self, permission: Permission) -> bool:
        return permission in self.held_permissions
