"""In whose name a command acts."""

from django.core.management.base import CommandError

from claims.choices import Permission
from claims.models import User


def person(username: str) -> User:
    """The person of that name, or the first admin when it is empty. Raises CommandError when there is none."""
    if not username:
        admins = (user for user in User.objects.filter(is_active=True) if user.may(Permission.MANAGE_PEOPLE))
        if (admin := next(admins, None)) is None:
            raise CommandError("There is no admin yet; say with --by who imports.")
        return admin
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist as error:
        raise CommandError(f"There is nobody called {username}.") from error
