"""Answers to a form that was not accepted: shown again with what was typed, in place for htmx, else on a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BoundField, ChoiceField, Form, ModelChoiceField
from django.template.response import TemplateResponse

from claims.choices import RecordAct
from claims.http import Request
from claims.models import Event, Versioned


def form_again(request: Request, template: str, context: Mapping[str, Any], *, element: str) -> TemplateResponse:
    """422. htmx puts the template's partial `form` in the place of `element`, so that the rest of the page stays."""
    if not request.htmx:
        return TemplateResponse(request, template, dict(context), status=422)
    response = TemplateResponse(request, f"{template}#form", dict(context), status=422)
    return aimed(response, element, "outerHTML")


def add_errors(form: Form, error: ValidationError) -> None:
    """Put an action's complaint at the fields it names; where the form has no such field, above the form."""
    for name, messages in error.update_error_dict({}).items():
        form.add_error(name if name in form.fields else None, ValidationError(messages))


@dataclass(frozen=True)
class MergeField:
    """One field of a stale form: the editable `field` with what was typed, and in words what others saved."""

    field: BoundField
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def conflict(
    request: Request, form: Form, current: Versioned, *, stored: Mapping[str, Any], event: Event | None, **context: Any
) -> TemplateResponse:
    """409: `form` with what was typed beside what is stored now; saving from here starts at the newer version.

    `stored` are the record's values by field name, `event` its latest event (who came first, and when).
    `context` names the thing (`title`), where the form posts to (`action`) and where giving up leads (`keep_url`).
    """
    fields = list(_merge_fields(form, stored))
    context |= {
        "form": form,
        "current": current,
        "event": event,
        "different": [field for field in fields if field.differs],
        "same": [field for field in fields if not field.differs],
        "next_url": request.POST.get("next", ""),
    }
    template = "merge.html#main" if request.htmx else "merge.html"
    return aimed(TemplateResponse(request, template, context, status=409), "main", "innerHTML")


def record_conflict(
    request: Request, form: Form, current: Versioned, *, stored: Mapping[str, Any], section: str
) -> TemplateResponse:
    """`conflict` over a record with a page and a history of its own; whoever changed it last came first."""
    changes = Event.objects.of(current).filter(act=RecordAct.CHANGE)
    return conflict(
        request,
        form,
        current,
        stored=stored,
        event=changes.select_related("by").last(),
        title=str(current),
        section=section,
        keep_url=current.get_absolute_url(),  # type: ignore[attr-defined]
    )


def aimed(response: TemplateResponse, element: str, swap: str) -> TemplateResponse:
    """Tells htmx where the response belongs, whatever the form had targeted."""
    response.headers["HX-Retarget"] = f"#{element}"
    response.headers["HX-Reswap"] = swap
    return response


def _merge_fields(form: Form, stored: Mapping[str, Any]) -> Iterator[MergeField]:
    for name, value in stored.items():
        field = form[name]
        yield MergeField(field, _in_words(field, field.value()), _in_words(field, value))


def _in_words(field: BoundField, value: Any) -> str:
    if isinstance(field.field, ChoiceField) and not isinstance(field.field, ModelChoiceField):
        return str(dict(field.field.choices).get(_choice(field.field, value), value))  # type: ignore[arg-type]
    if isinstance(value, bool) or field.widget_type == "checkbox":
        return "yes" if value else "no"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _choice(field: ChoiceField, value: Any) -> Any:
    coerce = getattr(field, "coerce", str)
    try:
        return coerce(value)
    except (TypeError, ValueError):
        return value


def sent_number(text: str | None) -> int:
    """A version or a primary key that was sent; 0, which no record has, when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
