"""The people whom a command names."""

from django.core.management.base import CommandError

from claims.choices import Permission
from claims.models import User


def person(username: str) -> User:
    """In whose name to act: the person of that name, or the first admin when it is empty. Raises CommandError."""
    if not username:
        admins = (user for user in User.objects.filter(is_active=True) if user.may(Permission.MANAGE_PEOPLE))
        if (admin := next(admins, None)) is None:
            raise CommandError("There is no admin yet; say with --by who imports.")
        return admin
    return named(username)


def named(username: str) -> User:
    """The person of that name. Raises CommandError when there is none."""
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist as error:
        raise CommandError(f"There is nobody called {username}.") from error
