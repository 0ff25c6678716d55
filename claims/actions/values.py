"""Values that may be stored: checked before the database sees them, so that people are told at the field.

Forms tidy what is typed and check most of this too; imports, commands and the API come straight here.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from claims.text import clean_text

UNIQUE_VIOLATION = "23505"  # PostgreSQL's SQLSTATE; SQLite says it in words


def check_values(record: models.Model, values: Mapping[str, Any]) -> None:
    """Raises ValidationError by field for what a column cannot hold: too long, not a choice, not a date, not text.

    `values` are by field name; relations and values that only the machine sets are not looked at. No queries.
    """
    errors: dict[str, list[str]] = {}
    for name, value in values.items():
        field = record._meta.get_field(name)
        if isinstance(field, models.Field) and field.editable and not field.is_relation:
            try:
                _check_value(field, value, record)
            except ValidationError as error:
                errors[name] = error.messages
    if errors:
        raise ValidationError(errors)


def check_record(record: models.Model) -> None:
    """`check_values` of every field of a new record."""
    check_values(record, {field.name: getattr(record, field.attname) for field in record._meta.concrete_fields})


def _check_value(field: "models.Field[Any, Any]", value: Any, record: models.Model) -> None:
    if isinstance(value, str):
        check_text(value, field.max_length)
        value = value if value.strip() else ""  # blanks alone are nothing
    field.clean(value, record)


def check_text(text: str, limit: int | None = None) -> None:
    """Raises ValidationError for text that cannot be stored, or is longer than `limit` code points."""
    if limit is not None and len(text) > limit:
        raise ValidationError(f"At most {limit:,} characters are allowed; this has {len(text):,}.")
    try:
        clean_text(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


@contextmanager
def unique(field: str, message: str) -> Iterator[None]:
    """Tells at the field that something of the kind is stored already, also when that happened a moment ago."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != UNIQUE_VIOLATION and "UNIQUE" not in str(error):
            raise
        raise ValidationError({field: message}) from error
