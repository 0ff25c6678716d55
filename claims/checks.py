"""System checks of the house: conventions that a machine can hold."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning, register
from django.db import models


@register()
def check_date_fields(**kwargs: Any) -> list[CheckMessage]:
    """Moments are called `at` or `*_at`, days `*_on` or `*_from`."""
    found: list[CheckMessage] = []
    for model in apps.get_app_config("claims").get_models():
        for field in model._meta.get_fields():
            name = field.name
            if isinstance(field, models.DateTimeField):
                good = name == "at" or name.endswith(("_at", "_login", "date_joined"))
            elif isinstance(field, models.DateField):
                good = name.endswith(("_on", "_from"))
            else:
                continue
            if not good:
                hint = "Call moments *_at and days *_on."
                found.append(Warning(f"{model.__name__}.{name} is misnamed.", hint=hint, id="claims.W001"))
    return found
