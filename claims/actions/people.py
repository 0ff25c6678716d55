"""People and their roles. Done at the command line or by an admin; `by=None` says that it was the machine's owner.

Nobody who acted is deleted. Addresses stay out of a history that nobody can erase; so do passwords.
"""

import secrets
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from claims.actions.changes import check_permission, difference
from claims.choices import Permission, RecordAct, Role
from claims.models import Event, User
from claims.models.event import Changes

FIELDS = ("username", "first_name", "last_name", "email")


def generate_password() -> str:
    """Sixteen characters that copy well and hold 96 bits of chance."""
    return secrets.token_urlsafe(12)


@transaction.atomic
def ensure_person(username: str, role: Role, *, by: User | None = None, email: str = "") -> tuple[User, bool]:
    """The person of that name with exactly that role, and whether they are new.

    A new person cannot sign in until a password is set. An empty `email` leaves the address as it is.
    Raises Refused when `by` may not manage people, ValidationError for a name or address that cannot be one.
    """
    person = User.objects.filter(username=username).first()
    if person is None:
        return add_person(by=by, username=username, role=role, email=email), True
    edit_person(person, by=by, role=role, email=email or person.email)
    return person, False


@transaction.atomic
def add_person(*, by: User | None, username: str, role: Role, password: str | None = None, **fields: str) -> User:
    """A new account; `fields` as in FIELDS. The caller has checked the password; without one nobody can sign in."""
    _check(by)
    person = User(username=username, is_staff=role == Role.ADMIN, **fields)
    person.set_password(password)
    person.full_clean()
    person.save(force_insert=True)
    person.groups.set([Group.objects.get(name=role)])
    Event.objects.record(person, RecordAct.ADD, by=by, changes={"role": [None, role.value]})
    return person


@transaction.atomic
def edit_person(person: User, *, by: User | None, role: Role, **fields: Any) -> None:
    """Change the role, names or address (FIELDS), or `is_active`. Does nothing when nothing differs.

    Raises ValidationError on `role` or `is_active` for those who would lock themselves out.
    """
    _check(by)
    if person == by:
        _check_not_locked_out(role, is_active=fields.get("is_active", True))
    changes = _discreet(difference(person, fields)) | _role_change(person, role)
    if not changes:
        return
    for name, value in {**fields, "is_staff": role == Role.ADMIN}.items():
        setattr(person, name, value)
    person.full_clean()
    person.save(update_fields=[*fields, "is_staff"])
    if "role" in changes:
        person.groups.remove(*Group.objects.filter(name__in=Role.values))
        person.groups.add(Group.objects.get(name=role))
    Event.objects.record(person, RecordAct.CHANGE, by=by, changes=changes)


def log_new_password(person: User, *, by: User) -> None:
    """History says that an admin set the password, never what it is."""
    _check(by)
    Event.objects.record(person, RecordAct.CHANGE, by=by, changes={"password": [None, "changed"]})


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


def _check_not_locked_out(role: Role, *, is_active: bool) -> None:
    if role != Role.ADMIN:
        raise ValidationError({"role": "You cannot give up the admin role yourself. Ask another admin."})
    if not is_active:
        raise ValidationError({"is_active": "You cannot deactivate yourself. Ask another admin."})


def _role_change(person: User, role: Role) -> Changes:
    old = sorted(person.groups.filter(name__in=Role.values).values_list("name", flat=True))
    return {} if old == [role.value] else {"role": [", ".join(old), role.value]}


def _discreet(changes: Changes) -> Changes:
    return {name: [None, "changed"] if name == "email" else pair for name, pair in changes.items()}
