"""What the pages of the admin share: who may enter, bounded lists, and saving through actions."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.choices import Permission
from claims.models import StaleVersion, User, Versioned

COUNTED = 10_000
STALE = "Someone else changed this meanwhile. Copy what you typed, and open the record anew."
ADMIN_PERMISSIONS = (Permission.MANAGE_PEOPLE, Permission.MANAGE_VERDICTS, Permission.MANAGE_SOURCES)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts only so far: nobody pages through a million rows, they search."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:COUNTED].count())


class BoundedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page for those who hold one of `permissions`, with lists that cost the same however long they are."""

    permissions: ClassVar[tuple[Permission, ...]] = ADMIN_PERMISSIONS
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # counts beside filters read the whole table
    paginator = BoundedPaginator
    list_per_page = 50

    def _may(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_staff and any(user.may(one) for one in self.permissions)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def refuse(self, request: HttpRequest, record: models.Model, reason: str) -> HttpResponse:
        """Back to the record, with the reason."""
        self.message_user(request, reason, messages.ERROR)
        options = self.opts
        return redirect(reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk]))


class ReadOnlyAdmin(BoundedAdmin):
    """A register: search and read, nothing else."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Carries the version that the person saw, and says so when another save came first."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        record = self.instance
        if isinstance(record, Versioned) and record.pk and cleaned.get("seen_version") != record.version:
            raise ValidationError(STALE)
        return cleaned

    def changed_values(self, *names: str) -> dict[str, Any]:
        """The cleaned values of these fields, as far as the form has them."""
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ActionAdmin(BoundedAdmin):
    """Saves through actions: what they refuse comes back as a message, and nothing is stored."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleVersion as error:
            return self.refuse(request, error.current, STALE)
        except ValidationError as error:
            record = self.get_object(request, object_id or "")
            if record is None:
                raise
            return self.refuse(request, record, " ".join(error.messages))


def adopt(obj: models.Model, saved: models.Model) -> None:
    """Let the admin's own instance stand for the record that an action made."""
    obj.pk = saved.pk
    obj.refresh_from_db()


def current(obj: models.Model) -> Any:
    """The record as it is stored: the admin's instance already carries what was typed, so it shows no difference."""
    return type(obj)._base_manager.get(pk=obj.pk)
