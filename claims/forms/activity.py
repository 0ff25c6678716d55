"""What the page of all activity can be narrowed to."""

from django import forms

from claims.choices import Act, RecordAct
from claims.models import User

ACTS = sorted({**dict(RecordAct.choices), **dict(Act.choices)}.items(), key=lambda choice: choice[1])


class ActivityForm(forms.Form):
    """By whom, and which act; both may be left open. `cleaned_data["by"]` is a User or None."""

    by = forms.CharField(label="Person", required=False, max_length=150)
    act = forms.ChoiceField(label="Act", required=False, choices=[("", "Any act"), *ACTS])

    def clean_by(self) -> User | None:
        username = str(self.cleaned_data["by"]).removeprefix("@")
        if not username:
            return None
        person = User.objects.filter(username=username).first()
        if person is None:
            raise forms.ValidationError("Nobody here has this username.")
        return person
