"""Forms of an import of a release: the file, and what to make of it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from claims.imports.releases import ReleaseFile


class ReleaseFileForm(forms.Form):
    """The ZIP of a release; `is_too_large` says that one came and was dropped."""

    file = forms.FileField(
        label="Release",
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": "Choose the ZIP of a release."},
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_too_large = is_too_large
        most = settings.VERIFY_MAX_BYTES
        self.fields["file"].widget.attrs |= {"data-max-bytes": most}
        self.fields["file"].help_text = f"A ZIP as it was handed out, up to {most // 1_000_000:,} MB."
        self.fields["file"].required = not is_too_large

    def clean_file(self) -> Any:
        if self._is_too_large:
            raise ValidationError(
                "This file is too large for this page, and was not kept. Let the person who runs this desk import it, "
                "by manage.py import_release."
            )
        return self.cleaned_data["file"]


class ReleaseImportForm(forms.Form):
    """What to make of a release; a key that is not known here needs a yes."""

    trusts_key = forms.BooleanField(required=False, label="I compared the key with the one that its desk publishes")
    proposes = forms.BooleanField(
        required=False,
        initial=True,
        label="Propose its verdicts",
        help_text="Each claim waits for review, with the release’s verdict and rationale proposed by you. Somebody "
        "else decides. Otherwise the claims come in open.",
    )
    partial = forms.BooleanField(
        required=False, label="Bring in the rest when some claims cannot come in", help_text="Otherwise nothing is."
    )

    def __init__(self, *args: Any, release: ReleaseFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._release = release
        if release.is_known:
            del self.fields["trusts_key"]

    def clean_trusts_key(self) -> bool:
        if not self.cleaned_data["trusts_key"]:
            raise ValidationError("Say yes to the key, or import nothing.")
        return True

    @property
    def options(self) -> dict[str, bool]:
        return {name: bool(value) for name, value in self.cleaned_data.items()}
