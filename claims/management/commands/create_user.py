import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from claims.actions.people import ensure_person, generate_password
from claims.choices import Role
from claims.models import User


class Command(BaseCommand):
    help = "Makes a person with a role, or gives an existing person that role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values, required=True)
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from the first line of standard input."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(self._ensure(options))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    @transaction.atomic
    def _ensure(self, options: dict[str, Any]) -> str:
        role = Role(options["role"])
        person, is_new = ensure_person(options["username"], role, email=options["email"])
        said = f"{person.username} {'was made' if is_new else 'is there already'}, with the role {role}."
        if options["password_stdin"]:
            _set_password(person, sys.stdin.readline().rstrip("\r\n"))
        elif not person.has_usable_password():
            password = generate_password()
            _set_password(person, password)
            said += f" Password, shown only now: {password}"
        return said


def _set_password(person: User, password: str) -> None:
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
