"""What every new database holds before anyone signs in: the roles, and a verdict scale to start from."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from claims.choices import ROLE_PERMISSIONS, Mark

# key, name, mark, ClaimReview rating (5 best, 1 worst, None outside the scale), meaning
STANDARD_SCALE: tuple[tuple[str, str, Mark, int | None, str], ...] = (
    ("supported", "Supported", Mark.SUPPORTED, 5, "The evidence bears the assertion out as it stands."),
    ("mostly_supported", "Mostly supported", Mark.MOSTLY, 4, "It holds, with a limit or detail that should be named."),
    ("disputed", "Disputed", Mark.DISPUTED, 3, "Good evidence stands on both sides."),
    ("outdated", "Outdated", Mark.OUTDATED, 2, "It was so once, but no longer at the as-of date."),
    ("misleading", "Misleading", Mark.MISLEADING, 2, "Each word may hold, the impression it gives does not."),
    ("refuted", "Refuted", Mark.REFUTED, 1, "The evidence contradicts it."),
    ("unverifiable", "Unverifiable", Mark.UNVERIFIABLE, None, "Neither borne out nor contradicted by what can be had."),
)


def install_defaults(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Make the groups of the roles with their permissions, and the standard verdict scale where there is none.

    Runs after every `migrate`: a role always holds exactly what `choices.ROLE_PERMISSIONS` says,
    while verdicts, which admins edit, are only made on an empty table.
    """
    _install_roles(using)
    _install_verdicts(using)


def _install_roles(using: str) -> None:
    from django.contrib.auth.models import Group
    from django.contrib.auth.models import Permission as DjangoPermission
    from django.contrib.contenttypes.models import ContentType

    from claims.models import Claim

    ContentType.objects.clear_cache()  # after a flush it holds rows that are gone
    content_type = ContentType.objects.db_manager(using).get_for_model(Claim)
    for role, held in ROLE_PERMISSIONS.items():
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        permissions = [
            DjangoPermission.objects.using(using).get_or_create(
                content_type=content_type, codename=permission.value, defaults={"name": permission.label}
            )[0]
            for permission in sorted(held)
        ]
        group.permissions.set(permissions)


def _install_verdicts(using: str) -> None:
    from claims.models import Verdict

    if Verdict.objects.using(using).exists():
        return
    Verdict.objects.using(using).bulk_create(
        Verdict(key=key, name=name, mark=mark, rating=rating, meaning=meaning, position=position)
        for position, (key, name, mark, rating, meaning) in enumerate(STANDARD_SCALE, start=1)
    )
