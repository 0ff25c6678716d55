"""Form fields for what the desk types: lines, texts, addresses, partial dates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from claims.links import normalise_url
from claims.partial_dates import PartialDate
from claims.text import clean_line, clean_text


class TidyField(forms.CharField):
    """Text that `tidy` puts in order, or refuses with a message that is shown at the field.

    Lengths count code points of the tidied text. No maxlength goes to the browser: it would cut off what is pasted
    without a word.
    """

    default_error_messages = {"max_length": "At most %(limit_value)d characters are allowed; this has %(show_value)d."}

    def tidy(self, text: str) -> str:
        """Never called with an empty text. Raises ValueError to refuse."""
        raise NotImplementedError

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        try:
            return super().to_python(self.tidy(text))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class LineField(TidyField):
    """One line, such as a name, a title or an assertion."""

    def tidy(self, text: str) -> str:
        return clean_line(text)


class TextField(TidyField):
    """Text of any shape; with `strip=False` it keeps the blanks at its ends, as documents must."""

    widget = forms.Textarea

    def tidy(self, text: str) -> str:
        return clean_text(text)


class LinkField(TidyField):
    """A web address, in the spelling in which it is kept."""

    widget = forms.URLInput

    def tidy(self, text: str) -> str:
        return normalise_url(text)


class PartialDateField(TidyField):
    """A date known to the year, month or day, typed in figures or with the month in words; cleaned to ISO."""

    def tidy(self, text: str) -> str:
        return str(PartialDate.parse(text))


class VersionField(forms.IntegerField):
    """The version of the record that the person had before them, carried along unseen: see models.StaleVersion."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, **kwargs)  # what the column holds, on every database
