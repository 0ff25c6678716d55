"""People and their roles: made, changed and deactivated here; the groups behind the roles can only be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse

from claims.actions import people
from claims.admin.base import ActionAdmin, ReadOnlyAdmin, adopt, current
from claims.choices import Permission, Role
from claims.http import Request
from claims.models import Event, User

NAMES = ("first_name", "last_name", "email")


class PersonCreationForm(UserCreationForm):  # type: ignore[type-arg]
    role = forms.ChoiceField(choices=Role, initial=Role.ANALYST)

    class Meta:
        model = User
        fields = people.FIELDS


class PersonChangeForm(UserChangeForm):  # type: ignore[type-arg]
    role = forms.ChoiceField(choices=Role)

    class Meta:
        model = User
        fields = (*people.FIELDS, "password", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:  # not when the page is only for reading
            self.fields["role"].initial = self.instance.role


@admin.register(User)
class PersonAdmin(ActionAdmin, UserAdmin):  # type: ignore[type-arg]
    permissions = (Permission.MANAGE_PEOPLE,)
    form = PersonChangeForm
    add_form = PersonCreationForm
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("Person", {"fields": NAMES}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2", "role")}),
        ("Person", {"fields": NAMES}),
    )
    readonly_fields = ("last_login", "date_joined")
    list_display = ("username", "full_name", "email", "role_label", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related(Prefetch("groups"))

    @admin.display(description="name", ordering="last_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description="role")
    def role_label(self, person: User) -> str:
        return person.role.label

    def save_model(self, request: Request, obj: User, form: Any, change: bool) -> None:  # type: ignore[override]
        role = Role(form.cleaned_data["role"])
        values = {name: form.cleaned_data[name] for name in people.FIELDS}
        if change:
            is_active = form.cleaned_data["is_active"]
            people.edit_person(current(obj), by=request.user, role=role, is_active=is_active, **values)
        else:
            password = form.cleaned_data["password1"]
            adopt(obj, people.add_person(by=request.user, password=password, role=role, **values))

    @transaction.atomic
    def user_change_password(self, request: Request, id: str, form_url: str = "") -> HttpResponse:  # type: ignore[override]
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            people.log_new_password(User.objects.get(pk=id), by=request.user)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts made by mistake can go; people who acted, or are oneself, stay."""
        return self._may(request) and obj is not None and obj != request.user and not _acted(obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            return self.refuse(request, User.objects.get(pk=object_id), " ".join(error.messages))

    def delete_model(self, request: Request, obj: User) -> None:  # type: ignore[override]
        people.delete_person(obj, by=request.user)


def _acted(person: User) -> bool:
    return Event.objects.filter(by=person).exists()


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    """What each role may do; set by the product, so that the rules on paper and on the machine agree."""

    permissions = (Permission.MANAGE_PEOPLE,)
    fields = ("name", "may")
    list_display = ("name", "may")
    search_fields = ("name",)

    @admin.display(description="may")
    def may(self, group: Group) -> str:
        held = {permission.codename for permission in group.permissions.all()}
        return "; ".join(one.label for one in Permission if one.value in held) or "Read"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).prefetch_related("permissions")
