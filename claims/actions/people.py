"""People and their roles. Done at the command line or by an admin; `by=None` says that it was the machine's owner."""

from django.contrib.auth.models import Group
from django.db import transaction

from claims.actions.changes import check_permission
from claims.choices import Permission, RecordAct, Role
from claims.models import Event, User


@transaction.atomic
def ensure_person(username: str, role: Role, *, by: User | None = None, email: str = "") -> tuple[User, bool]:
    """The person of that name with exactly that role, and whether they are new.

    A new person cannot sign in until a password is set. An empty `email` leaves the address as it is.
    Raises Refused when `by` may not manage people, ValidationError for a name or address that cannot be one.
    """
    if by is not None:
        check_permission(by, Permission.MANAGE_PEOPLE)
    person = User.objects.filter(username=username).first()
    if person is None:
        return _add_person(username, role, by=by, email=email), True
    _set_role(person, role, by=by)
    if email and email != person.email:
        _set_email(person, email, by=by)
    return person, False


def _add_person(username: str, role: Role, *, by: User | None, email: str) -> User:
    person = User(username=username, email=email, is_staff=role == Role.ADMIN)
    person.set_unusable_password()
    person.full_clean()
    person.save(force_insert=True)
    person.groups.set([Group.objects.get(name=role)])
    Event.objects.record(person, RecordAct.ADD, by=by, changes={"role": [None, role.value]})
    return person


def _set_role(person: User, role: Role, *, by: User | None) -> None:
    old = sorted(person.groups.filter(name__in=Role.values).values_list("name", flat=True))
    if old == [role.value]:
        return
    person.groups.remove(*Group.objects.filter(name__in=old))
    person.groups.add(Group.objects.get(name=role))
    person.is_staff = role == Role.ADMIN
    person.save(update_fields=["is_staff"])
    Event.objects.record(person, RecordAct.CHANGE, by=by, changes={"role": [", ".join(old), role.value]})


def _set_email(person: User, email: str, *, by: User | None) -> None:
    person.email = email
    person.full_clean()
    person.save(update_fields=["email"])
    # The address itself stays out of a history that nobody can erase.
    Event.objects.record(person, RecordAct.CHANGE, by=by, changes={"email": [None, "changed"]})
