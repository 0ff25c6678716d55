"""Forms of an assessment: proposing a verdict, and deciding on it.

Nothing is required here: a draft may be unfinished, and the actions name at its field what a submission lacks.
"""

from typing import Any

from django import forms

from claims import limits
from claims.choices import Confidence
from claims.forms.fields import PartialDateField, TextField, VersionField
from claims.models import Assessment, Claim, Evidence, Verdict


class AssessmentForm(forms.Form):
    """A proposed verdict. `version` is that of the claim whose wording the person judged."""

    version = VersionField()
    verdict = forms.ModelChoiceField(
        Verdict.objects.none(), required=False, empty_label=None, widget=forms.RadioSelect, label="Verdict"
    )
    confidence = forms.ChoiceField(
        choices=Confidence.choices, required=False, widget=forms.RadioSelect, label="Confidence"
    )
    rationale = TextField(required=False, max_length=limits.TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    as_of = PartialDateField(
        required=False, label="As of", widget=forms.TextInput(attrs={"placeholder": "2023-05", "autocomplete": "off"})
    )

    decisive = forms.ModelChoiceField(
        Evidence.objects.none(), required=False, empty_label="None named", label="Decisive evidence"
    )
    decisive_reason = TextField(
        required=False,
        max_length=limits.REASON,
        label="Why it decides",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Where pieces of evidence disagree, which one counts, and why.",
    )

    def __init__(self, *args: Any, claim: Claim | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "assessment_%s")
        super().__init__(*args, **kwargs)
        self.fields["verdict"].queryset = Verdict.objects.in_use()  # type: ignore[attr-defined]
        if claim is not None:
            self.fields["decisive"].queryset = claim.evidence.in_force().with_document()  # type: ignore[attr-defined]

    @property
    def shows_decisive(self) -> bool:
        """Whether the folded fields were filled or refused."""
        names = ("decisive", "decisive_reason")
        return any(self[name].value() or name in self.errors for name in names)

    @property
    def content(self) -> dict[str, Any]:
        """The cleaned fields but the version, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def initial_assessment(claim: Claim, basis: Assessment | None) -> dict[str, Any]:
    """What the form starts from: the person's own draft or returned assessment, else the claim's date."""
    if basis is None:
        return {"version": claim.version, "as_of": claim.as_of}
    return {
        "version": claim.version,
        "verdict": basis.verdict_id,
        "confidence": basis.confidence,
        "rationale": basis.rationale,
        "as_of": basis.as_of or claim.as_of,
        "decisive": basis.decisive_id,
        "decisive_reason": basis.decisive_reason,
    }


class DecisionForm(forms.Form):
    """A second person's answer to the pending assessment; sending it back takes a reason."""

    version = VersionField()
    reason = TextField(required=False, max_length=limits.REASON, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "review_%s")
        super().__init__(*args, **kwargs)
