"""The verdict scale: add, change, retire, and delete what was never used."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from claims.actions import verdicts
from claims.admin.base import ActionAdmin, VersionedForm, adopt, current
from claims.choices import Permission
from claims.http import Request
from claims.models import Verdict

IN_USE = "This verdict is in use. Retire it instead: it is then offered no longer, and claims that have it keep it."


class VerdictForm(VersionedForm):
    class Meta:
        model = Verdict
        fields = verdicts.FIELDS


@admin.register(Verdict)
class VerdictAdmin(ActionAdmin):
    permissions = (Permission.MANAGE_VERDICTS,)
    form = VerdictForm
    fields = (*verdicts.FIELDS, "standing", "seen_version")
    list_display = ("name", "key", "mark", "rating", "position", "is_in_use")
    list_filter = ("mark", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "key", "meaning")
    actions = ("retire", "put_back_in_use")

    @admin.display(description="offered", boolean=True)
    def is_in_use(self, verdict: Verdict) -> bool:
        return verdict.retired_at is None

    @admin.display(description="state")
    def standing(self, verdict: Verdict) -> str:
        if verdict.retired_at is not None:
            return "Retired: not offered to analysts; claims that have it keep it."
        return "In use: it can be retired, not deleted." if self._is_used(verdict) else "Never used yet."

    def get_readonly_fields(self, request: HttpRequest, obj: Verdict | None = None) -> tuple[str, ...]:
        # Exports and saved links carry the key of a used verdict.
        return ("standing", "key") if obj is not None and self._is_used(obj) else ("standing",)

    def save_model(self, request: Request, obj: Verdict, form: VerdictForm, change: bool) -> None:  # type: ignore[override]
        values = form.changed_values(*verdicts.FIELDS)
        if change:
            verdicts.edit_verdict(current(obj), by=request.user, version=form.cleaned_data["seen_version"], **values)
        else:
            adopt(obj, verdicts.add_verdict(by=request.user, **values))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        verdict = self.get_object(request, object_id)
        # Asked first: Django would list every assessment that stands in the way.
        if verdict is not None and self._is_used(verdict):
            return self.refuse(request, verdict, IN_USE)
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            return self.refuse(request, Verdict.objects.get(pk=object_id), " ".join(error.messages))

    def delete_model(self, request: Request, obj: Verdict) -> None:  # type: ignore[override]
        verdicts.delete_verdict(obj, by=request.user)

    @admin.action(description="Retire: offer them no longer", permissions=["change"])
    def retire(self, request: Request, queryset: QuerySet[Verdict]) -> None:
        chosen = list(queryset.filter(retired_at=None))
        for verdict in chosen:
            verdicts.retire_verdict(verdict, by=request.user)
        self.message_user(request, f"Retired: {_names(chosen)}.", messages.SUCCESS)

    @admin.action(description="Put back in use", permissions=["change"])
    def put_back_in_use(self, request: Request, queryset: QuerySet[Verdict]) -> None:
        chosen = list(queryset.exclude(retired_at=None))
        for verdict in chosen:
            verdicts.unretire_verdict(verdict, by=request.user)
        self.message_user(request, f"In use again: {_names(chosen)}.", messages.SUCCESS)

    @staticmethod
    def _is_used(verdict: Verdict) -> bool:
        return verdict.assessments.exists()


def _names(chosen: list[Verdict]) -> str:
    return ", ".join(verdict.name for verdict in chosen) or "none, nothing to do"
