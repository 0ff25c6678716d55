"""Reading the fields of an address so that nothing is ignored: each value is understood, or a problem."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.db.models.enums import TextChoices
from django.http import QueryDict

from claims.models import User
from claims.text import clean_line

MOST_VALUES = 50

Option = TypeVar("Option", bound=TextChoices)


@dataclass(frozen=True)
class Problem:
    """Why a filter cannot be used; `field` is its name in the address."""

    field: str
    label: str
    reason: str

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"


class Reader:
    """Reads the fields of one address; what is wrong with them gathers in `problems`."""

    def __init__(self, params: QueryDict, labels: Mapping[str, str]) -> None:
        self.labels = labels
        self.problems: list[Problem] = []
        self.given = {name: self._clean(name, params.getlist(name)) for name in params}

    def refuse_others(self, known: Iterable[str]) -> None:
        """Names that nobody knows are problems: a misspelt filter must not select everything."""
        for name in sorted(self.given.keys() - set(known)):
            self.refuse(name[:40], "there is no filter of this name.")

    def refuse(self, name: str, reason: str) -> None:
        self.problems.append(Problem(name, self.labels.get(name, name), reason))

    def _unknown(self, name: str, value: str, known: Iterable[str] = ()) -> None:
        options = ", ".join(known)
        self.refuse(name, f"there is no “{value[:40]}”{f'; it can be {options}' if options else ''}.")

    def _clean(self, name: str, values: Sequence[str]) -> list[str]:
        """The values that are not empty, each once; refused when they cannot be text."""
        try:
            cleaned = list(dict.fromkeys(filter(None, map(clean_line, values))))
        except ValueError as error:
            self.refuse(name, str(error))
            return []
        if len(cleaned) > MOST_VALUES:
            self.refuse(name, f"at most {MOST_VALUES} values are allowed; this has {len(cleaned)}.")
        return cleaned[:MOST_VALUES]

    def one(self, name: str) -> str:
        values = self.given.get(name, [])
        if len(values) > 1:
            self.refuse(name, "it can be given only once.")
        return values[0] if values else ""

    def flag(self, name: str, on: str) -> bool:
        if value := self.one(name):
            if value == on:
                return True
            self._unknown(name, value, [on])
        return False

    def choices(self, name: str, choices: type[Option]) -> tuple[Option, ...]:
        given = self.given.get(name, [])
        for value in given:
            if value not in choices.values:
                self._unknown(name, value, choices.values)
        return tuple(choice for choice in choices if choice.value in given)

    def records(self, name: str, queryset: QuerySet[Any], key: str) -> tuple[Any, ...]:
        given = self.given.get(name, [])
        found = tuple(queryset.filter(**{f"{key}__in": given})) if given else ()
        for value in given:
            if value not in {getattr(record, key) for record in found}:
                self._unknown(name, value)
        return found

    def record(self, name: str, queryset: QuerySet[Any]) -> Any:
        if not (value := self.one(name)):
            return None
        number = value if value.isascii() and value.isdecimal() and len(value) <= 18 else None
        if number is None:
            self.refuse(name, f"“{value[:40]}” is not a number.")
            return None
        record = queryset.filter(pk=number).first()
        if record is None:
            self.refuse(name, f"there is none with the number {number}.")
        return record

    def people(self, name: str, usernames: Sequence[str]) -> tuple[User, ...]:
        found = tuple(User.objects.filter(username__in=usernames)) if usernames else ()
        for username in sorted(set(usernames) - {user.username for user in found}):
            self.refuse(name, f"there is nobody called “{username[:40]}”.")
        return found
