"""Release calendars of sources, and which one a claim follows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from claims.calendars import EXAMPLES, Rule
from claims.forms.fields import LineField
from claims.models import ReleaseCalendar


class CalendarForm(forms.Form):
    """What a source publishes again and again, and when."""

    name = LineField(max_length=200, label="What comes out", help_text="Such as “Military Expenditure Database”.")
    rule = LineField(max_length=60, label="When", help_text=EXAMPLES)

    def clean_rule(self) -> str:
        try:
            return str(Rule.parse(self.cleaned_data["rule"]))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class FollowForm(forms.Form):
    """The calendar by which a claim is checked again; none ends it."""

    calendar = forms.ModelChoiceField(
        ReleaseCalendar.objects.none(), required=False, empty_label="None", label="Release calendar"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = ReleaseCalendar.objects.in_use().select_related("source").order_by("source__name", "name")
        self.fields["calendar"].queryset = offered  # type: ignore[attr-defined]
        self.fields["calendar"].label_from_instance = lambda one: f"{one.source.name}: {one}"  # type: ignore[attr-defined]
