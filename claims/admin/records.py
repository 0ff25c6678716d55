"""Registers of the record: claims, assessments, documents, snapshots and events, to search and read only."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from claims.admin.base import ReadOnlyAdmin
from claims.choices import Act, RecordAct
from claims.models import Assessment, Claim, Document, Event, Snapshot

EXCERPT = 100  # characters of a long text in a list
RECORDS = ("claim", "document", "source", "claimset", "verdict", "user")
ACTS = {**dict(RecordAct.choices), **dict(Act.choices)}


def excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("reference", "words", "stage", "verdict", "assignee", "changed_at")
    list_filter = ("stage", "verdict", "kind", "priority")
    list_select_related = ("verdict", "assignee")
    search_fields = ("assertion", "=key", "=id")
    date_hierarchy = "changed_at"
    ordering = ("-changed_at", "-pk")

    @admin.display(description="assertion")
    def words(self, claim: Claim) -> str:
        return excerpt(claim.assertion)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    list_display = ("claim_number", "verdict", "author", "as_of", "submitted_at", "decision", "decided_by")
    list_filter = ("verdict", "decision", "confidence")
    list_select_related = ("verdict", "author", "decided_by")
    search_fields = ("rationale", "=claim__id", "=author__username")
    date_hierarchy = "submitted_at"
    ordering = ("-pk",)

    @admin.display(description="claim")
    def claim_number(self, assessment: Assessment) -> str:
        return f"C-{assessment.claim_id}"


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("title", "source", "published_on", "under_check", "added_at")
    list_filter = ("under_check",)
    list_select_related = ("source",)
    search_fields = ("title", "url", "=key")
    ordering = ("-pk",)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("document", "number", "origin", "taken_by", "taken_at", "text_sha256")
    list_filter = ("origin",)
    list_select_related = ("document", "taken_by")
    search_fields = ("document__title", "=text_sha256", "=raw_sha256")
    date_hierarchy = "taken_at"
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        """Texts can be long: a list of them does without."""
        rows: QuerySet[Snapshot] = super().get_queryset(request)
        return rows.defer("text")


class RecordFilter(admin.SimpleListFilter):
    """By kind of record; the choices are known, so the log is not read for them."""

    title = "record"
    parameter_name = "object_type"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, str]]:
        return [(name, name.capitalize()) for name in RECORDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class ActFilter(admin.SimpleListFilter):
    title = "act"
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: object) -> Iterable[tuple[str, str]]:
        return list(ACTS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        return queryset.filter(act=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "what", "record", "reason", "chain")
    list_filter = (RecordFilter, ActFilter)
    list_select_related = ("by",)
    search_fields = ("=object_id", "=by__username")
    search_help_text = "The number of a record, or a username."
    date_hierarchy = "at"
    ordering = ("-pk",)

    @admin.display(description="act")
    def what(self, event: Event) -> str:
        return event.sentence

    @admin.display(description="record")
    def record(self, event: Event) -> str:
        return f"{event.object_type} {event.object_id}, no. {event.number}"

    @admin.display(description="hash")
    def chain(self, event: Event) -> str:
        return format_html('<code title="{}">{}…</code>', event.hash, event.hash[:12])
