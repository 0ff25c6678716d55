"""The merge page of a stale save: mine, theirs and the result, field by field (HTTP 409)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, ChoiceField
from django.http import QueryDict
from django.template.response import TemplateResponse

from claims import history
from claims.differences import Piece, merge_words, word_diff
from claims.forms.claims import VersionedForm
from claims.http import Request, next_url
from claims.models import Claim, StaleVersion

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class MergeField:
    """A field that differs. `mine` and `theirs` are its values; the pieces show how each departs from `base`."""

    bound: BoundField
    base: str
    mine: str
    theirs: str
    result: str

    @property
    def changed_by(self) -> str:
        """ "mine", "theirs" or "both"."""
        if self.theirs == self.base:
            return MINE
        return THEIRS if self.mine == self.base else "both"

    @property
    def my_pieces(self) -> list[Piece]:
        return word_diff(self.in_words(self.base), self.in_words(self.mine))

    @property
    def their_pieces(self) -> list[Piece]:
        return word_diff(self.in_words(self.base), self.in_words(self.theirs))

    @property
    def result_in_words(self) -> str:
        return self.in_words(self.result)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, for a field with choices; else empty."""
        field = self.bound.field
        choices: Any = field.choices if isinstance(field, ChoiceField) else []
        return [(str(value), str(label)) for value, label in choices]

    def in_words(self, value: str) -> str:
        return dict(self.options).get(value, value)


def merge_page(request: Request, claim: Claim, form: VersionedForm, stale: StaleVersion) -> TemplateResponse:
    """409 with both texts; saving from it starts at the version that is stored now.

    `form` is valid and holds what was typed, `claim` what is stored; `stale` says from which version it started.
    """
    since = history.since(claim, stale.expected)
    fields = list(_merge_fields(form, form.values_of(claim), since.old))
    context = {
        "claim": claim,
        "form": form,
        "event": next((event for event in since.events if event.changes.keys() & form.fields.keys()), None),
        "expected": stale.expected,
        "different": [field for field in fields if field.mine != field.theirs],
        "same": [field for field in fields if field.mine == field.theirs],
        "action": request.path,
        "keep": form.keep,
        "next_url": next_url(request, claim.get_absolute_url()),
    }
    template = "claims/conflict.html#swap" if request.htmx else "claims/conflict.html"
    response = TemplateResponse(request, template, context, status=409)
    if request.htmx:
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reswap"] = "outerHTML show:top"
    return response


def _merge_fields(form: VersionedForm, stored: dict[str, Any], old: dict[str, Any]) -> Iterator[MergeField]:
    for name, value in stored.items():
        theirs, mine = _text(value), _text(form.cleaned_data[name])
        base = _text(old.get(name, value))
        yield MergeField(form[name], base, mine, theirs, _result(base, mine, theirs))


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _result(base: str, mine: str, theirs: str) -> str:
    """What to propose: the one change there is, both where they go together, else mine."""
    if mine == base:
        return theirs
    return mine if theirs == base else merge_words(base, mine, theirs) or mine


def merged(data: QueryDict) -> QueryDict:
    """What the merge page sent as the form that it merges would have sent it; any other data as it is.

    For each field that differs the page sends `use_<field>`, with `mine_<field>` and `theirs_<field>` to choose from.
    """
    resolved = data.copy()
    for name, choice in data.items():
        if name.startswith("use_") and choice in (MINE, THEIRS):
            field = name.removeprefix("use_")
            resolved[field] = data.get(f"{choice}_{field}", "")
    return resolved
