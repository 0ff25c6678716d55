"""The form by which anybody has a release checked."""

from typing import Any

from django import forms

from claims.releases.signing import BadKey, Key, public_key

KEY_LENGTH = 300
"""Characters; the two lines of a minisign.pub have 112."""


class VerifyForm(forms.Form):
    """A file, and a key to hold it against; without one it is held against those of this desk."""

    release = forms.FileField(
        allow_empty_file=True,
        error_messages={"required": "Choose the ZIP of a release."},
    )
    key = forms.CharField(
        required=False,
        max_length=KEY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_key(self) -> Key | None:
        text = self.cleaned_data["key"]
        try:
            return public_key(text) if text else None
        except BadKey:
            raise forms.ValidationError(
                "This is no public key of minisign. It is one line that begins with RW, or the file with that line."
            ) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.errors:
            self.fields[name].widget.attrs["aria-invalid"] = "true"
        return cleaned
