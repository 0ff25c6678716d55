"""Forms of a claim: its wording, what sorts it, who works on it, and the reason for an act."""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from claims.actions.claims import WORDING
from claims.choices import ClaimKind, Permission, Priority
from claims.forms.fields import LineField, PartialDateField, TextField, VersionField
from claims.models import ASSERTION_LIMIT, Claim, User

REASON_LIMIT = 2_000
GUIDE_LIMIT = 5_000
TAG_LIMIT = 60  # characters of one tag
TAGS_LIMIT = 20
DATE_HELP = "A year, month or day: 2023, 2023-05 or 24 May 2023."


class VersionedForm(forms.Form):
    """Edits a claim over the version that the person saw.

    `keep` begins the key under which the browser keeps what is typed: the merge page shares it, so that a save there
    ends what the form's own page had kept.
    """

    keep = ""
    version = VersionField()

    @classmethod
    def for_claim(cls, claim: Claim, data: Any = None) -> Self:
        """Starts from the claim as it is; `data` is what was sent, if anything was."""
        return cls(data, initial={"version": claim.version, **cls.values_of(claim)})

    @staticmethod
    def values_of(claim: Claim) -> dict[str, Any]:
        """The claim's values by field, as the form shows them."""
        raise NotImplementedError

    @property
    def content(self) -> dict[str, Any]:
        """The cleaned fields but the version, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def says_something_new(self) -> bool:
        return bool(set(self.changed_data) - {"version"})


class WordingForm(VersionedForm):
    """What a claim asserts; fields as in actions.claims.WORDING."""

    keep = "wording"

    assertion = LineField(
        max_length=ASSERTION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One statement that stands on its own and can be true or false.",
        error_messages={"required": "Say what is claimed, in one sentence."},
    )
    kind = forms.ChoiceField(choices=ClaimKind.choices)
    speaker = LineField(max_length=200, required=False, help_text="Who says so, if not the author.", label="Speaker")
    as_of = PartialDateField(required=False, label="As of", help_text=f"The time for which it is judged. {DATE_HELP}")
    reference_period = LineField(
        max_length=200, required=False, label="Speaks about", help_text="The time it is about."
    )
    how_to_check = TextField(
        max_length=GUIDE_LIMIT, required=False, label="How to check", widget=forms.Textarea(attrs={"rows": 3})
    )

    @staticmethod
    def values_of(claim: Claim) -> dict[str, Any]:
        return {name: getattr(claim, name) for name in WORDING}


class OrganiseForm(VersionedForm):
    """What sorts a claim and does not touch its truth."""

    keep = "organise"

    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)
    recheck_on = PartialDateField(required=False, label="Re-check", help_text=f"When to look again. {DATE_HELP}")
    tags = LineField(required=False, help_text="Separated by commas.")

    @staticmethod
    def values_of(claim: Claim) -> dict[str, Any]:
        names = claim.tags.values_list("name", flat=True)
        return {"priority": claim.priority, "recheck_on": claim.recheck_on, "tags": ", ".join(names)}

    def clean_tags(self) -> str:
        names = _names(self.cleaned_data["tags"])
        if len(names) > TAGS_LIMIT:
            raise ValidationError(f"At most {TAGS_LIMIT} tags; these are {len(names)}.")
        if long := [name for name in names if len(name) > TAG_LIMIT]:
            raise ValidationError(f"A tag has at most {TAG_LIMIT} characters: “{long[0][:TAG_LIMIT]}…” has more.")
        return ", ".join(names)

    @property
    def content(self) -> dict[str, Any]:
        return {**super().content, "tags": _names(self.cleaned_data["tags"])}


def _names(typed: str) -> list[str]:
    """The tags in a line, each once, in the order typed."""
    return list(dict.fromkeys(name for part in typed.split(",") if (name := part.strip())))


class ReasonForm(forms.Form):
    """Why; every act that takes a claim out of its course is asked for it."""

    reason = TextField(
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": "Say why, in a sentence."},
    )


class AssignForm(forms.Form):
    """Who is to work on the claim."""

    assignee = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody", label="Assigned to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = people_who_may(Permission.WORK)  # type: ignore[attr-defined]


def people_who_may(permission: Permission) -> QuerySet[User]:
    """Active people whose role, or whose being a superuser, gives them the permission, by name."""
    by_role = Q(groups__permissions__codename=permission.value)
    people = User.objects.filter(by_role | Q(is_superuser=True), is_active=True)
    return people.order_by("first_name", "last_name", "username").distinct()
