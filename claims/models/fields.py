from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Field

from claims.partial_dates import PartialDate


def validate_partial_date(value: str) -> None:
    """Raises ValidationError unless the value is an ISO date to the year, month or day."""
    try:
        parsed = PartialDate.parse(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if str(parsed) != value:
        raise ValidationError(f"Write it as {parsed}.")


class PartialDateField(models.CharField):  # type: ignore[type-arg]
    """A date known to the year, month or day (EDTF level 0), kept as its ISO string; "" when there is none."""

    default_validators = [validate_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Field | None:
        from claims.forms.fields import PartialDateField as FormField

        return super().formfield(**{"form_class": FormField, "max_length": 40, **kwargs})
