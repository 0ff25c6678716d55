"""People: admins make their accounts, give them a role, and deactivate those who left. Nobody who acted is deleted.

`by` is None for the command line, which may do all of this.
"""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from claims.actions.changes import check_permission, difference, initial
from claims.choices import Permission, RecordAct, Role
from claims.models import Event, User

FIELDS = ("username", "first_name", "last_name", "email")


@transaction.atomic
def add_person(*, by: User | None, username: str, password: str, role: Role, **fields: Any) -> User:
    """A new account; `fields` as in FIELDS. The caller has checked the password's strength."""
    _check(by)
    person = User(username=username, is_staff=role == Role.ADMIN, **fields)
    person.set_password(password)
    person.save(force_insert=True)
    person.groups.set([Group.objects.get(name=role)])
    changes = initial(person, *FIELDS) | {"role": [None, role.value]}
    Event.objects.record(person, RecordAct.ADD, by=by, changes=changes)
    return person


@transaction.atomic
def edit_person(person: User, *, by: User | None, role: Role, is_active: bool, **fields: Any) -> None:
    """Change names, address, role, or whether they may sign in. Does nothing when nothing differs.

    Raises ValidationError on `role` or `is_active` for those who would lock themselves out.
    """
    _check(by)
    if person == by and role != Role.ADMIN:
        raise ValidationError({"role": "You cannot give up the admin role yourself. Ask another admin."})
    if person == by and not is_active:
        raise ValidationError({"is_active": "You cannot deactivate yourself. Ask another admin."})
    changes = difference(person, {**fields, "is_active": is_active})
    if person.role != role:
        changes["role"] = [person.role.value, role.value]
    if not changes:
        return
    for name, value in {**fields, "is_active": is_active, "is_staff": role == Role.ADMIN}.items():
        setattr(person, name, value)
    person.save()
    if "role" in changes:
        _give_role(person, role)
    Event.objects.record(person, RecordAct.CHANGE, by=by, changes=changes)


def _give_role(person: User, role: Role) -> None:
    """Replace whatever role they had; groups that are no role stay."""
    person.groups.remove(*Group.objects.filter(name__in=Role.values))
    person.groups.add(Group.objects.get(name=role))


def log_new_password(person: User, *, by: User) -> None:
    """History says that an admin set the password, never what it is."""
    _check(by)
    Event.objects.record(person, RecordAct.CHANGE, by=by, changes={"password": [None, "set anew"]})


@transaction.atomic
def delete_person(person: User, *, by: User) -> None:
    """Delete an account made by mistake. Raises ValidationError for someone who acted, or is named anywhere."""
    _check(by)
    Event.objects.record(person, RecordAct.DELETE, by=by, changes={"username": [person.username, None]})
    try:
        person.delete()
    except ProtectedError as error:
        raise ValidationError("This person is part of the record. Deactivate them instead.") from error


def _check(by: User | None) -> None:
    if by is not None:
        check_permission(by, Permission.MANAGE_PEOPLE)
