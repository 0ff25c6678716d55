"""Sources: add and edit, through the same actions as the desk's own pages. None is deleted: documents rest on them."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin

from claims.actions import sources
from claims.admin.base import ActionAdmin, VersionedForm, adopt, current
from claims.choices import Permission, Reliability
from claims.http import Request
from claims.models import Source


class SourceForm(VersionedForm):
    class Meta:
        model = Source
        fields = sources.FIELDS
        field_classes = {"homepage": partial(forms.URLField, assume_scheme="https")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reliability") not in (None, Reliability.F) and not cleaned.get("reliability_reason"):
            self.add_error("reliability_reason", "Say why: a reliability letter always carries its reason.")
        return cleaned


@admin.register(Source)
class SourceAdmin(ActionAdmin):
    permissions = (Permission.MANAGE_SOURCES,)
    form = SourceForm
    fields = (*sources.FIELDS, "seen_version")
    list_display = ("name", "kind", "country", "reliability", "changed_at")
    list_filter = ("kind", "reliability")
    search_fields = ("name", "key", "aliases__name", "domains__host")

    def save_model(self, request: Request, obj: Source, form: SourceForm, change: bool) -> None:  # type: ignore[override]
        values = form.changed_values(*sources.FIELDS)
        if change:
            sources.edit_source(current(obj), by=request.user, version=form.cleaned_data["seen_version"], **values)
        else:
            adopt(obj, sources.add_source(by=request.user, **values))
