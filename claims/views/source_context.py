"""What the pages of sources show: how their claims fared, their documents, where they serve as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from claims import history
from claims.choices import Mark, Permission, Reliability
from claims.forms.sources import country_names
from claims.http import Request
from claims.keyset import capped_count, keyset_page
from claims.models import Claim, Document, Evidence, Source, SourceMerge, Verdict
from claims.reading import Coverage, coverage_of
from claims.reading.gradings import gradings
from claims.views.comment_context import threads_context
from claims.views.form_answers import sent_number

SHOWN = 10  # documents, and pieces of evidence, on one page
HISTORY = 15
HELD = frozenset({Mark.SUPPORTED, Mark.MOSTLY})


@dataclass(frozen=True)
class SourceLine:
    """A row of the list: a source, its country in words, how many documents it has, how often they are evidence."""

    source: Source
    country: str
    documents: int
    uses: int


@dataclass(frozen=True)
class Share:
    """The verified claims of one verdict, as a stretch from `x` of a bar that is 100 wide."""

    verdict: Verdict
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class DocumentLine:
    document: Document
    coverage: Coverage | None


def source_lines(sources: Sequence[Source]) -> list[SourceLine]:
    """Rows of the list, in two queries for all of them."""
    of_these = Document.objects.filter(source__in=sources).order_by().values_list("source")
    documents = dict(of_these.annotate(count=Count("pk")))
    in_force = Evidence.objects.in_force().filter(document__source__in=sources)
    uses = dict(in_force.order_by().values_list("document__source").annotate(count=Count("pk")))
    return [
        SourceLine(source, country_name(source), documents.get(source.pk, 0), uses.get(source.pk, 0))
        for source in sources
    ]


def country_name(source: Source) -> str:
    """The country in words, its code when no such country is known, empty for none."""
    return country_names().get(source.country, source.country)


def source_context(request: Request, source: Source) -> dict[str, Any]:
    """The context of `sources/detail.html`. Raises keyset.BadCursor for page markers that were altered."""
    user, show = request.user, request.GET.get("comments", "")
    documents = Document.objects.filter(source=source).select_related("source").with_latest_snapshot_id()
    uses = Evidence.objects.in_force().filter(document__source=source)
    rows = uses.select_related("claim__verdict", "document__source")
    document_page = keyset_page(documents, ["-under_check", "-id"], request.GET.get("documents", ""), SHOWN)
    shares = verdict_shares(source)
    graded = gradings(source)
    return {
        "source": source,
        "country": country_name(source),
        "gradings": graded,
        "graded": graded[0] if graded else None,
        "aliases": source.aliases.all(),
        "domains": source.domains.all(),
        "mergers": _mergers(source),
        "calendars": source.calendars.annotate(followers=Count("claims")),
        "shares": shares,
        "verified_count": sum(share.count for share in shares),
        "held_percent": _held_percent(shares),
        "document_count": capped_count(documents),
        "documents": document_lines(document_page.rows),
        "document_page": document_page,
        "use_count": capped_count(uses),
        "uses": keyset_page(rows, ["-id"], request.GET.get("uses", ""), SHOWN),
        "scale": _scale(),
        "timeline": history.timeline(source, limit=HISTORY, before=sent_number(request.GET.get("before")) or None),
        "comment_label": "Comment" if user.may(Permission.MANAGE_SOURCES) else "Propose a change",
        "next_url": request.get_full_path(),
        "target": "main",
        **threads_context(source, user, show),
    }


def verdict_shares(source: Source) -> list[Share]:
    """The verified claims made in its documents by verdict, in the order of the scale; only verdicts that occur."""
    counted = Claim.objects.verified().from_source(source.pk).order_by().values_list("verdict")
    counts = dict(counted.annotate(count=Count("pk")))
    total, before, shares = sum(counts.values()), 0, []
    for verdict in Verdict.objects.filter(pk__in=counts):
        count = counts[verdict.pk]
        shares.append(Share(verdict, count, round(100 * before / total, 2), round(100 * count / total, 2)))
        before += count
    return shares


def _held_percent(shares: Sequence[Share]) -> int:
    """Share of claims supported or mostly supported, in whole percent, rounded down; 0 without claims."""
    held = sum(share.count for share in shares if share.verdict.mark in HELD)
    return 100 * held // sum(share.count for share in shares) if shares else 0


def document_lines(documents: Sequence[Any]) -> list[DocumentLine]:
    """Documents, annotated with latest_snapshot_id, with the coverage of their newest text, if they have one."""
    known = coverage_of(document.latest_snapshot_id for document in documents if document.latest_snapshot_id)
    return [DocumentLine(document, known.get(document.latest_snapshot_id)) for document in documents]


def _mergers(source: Source) -> QuerySet[SourceMerge]:
    """Those that stand, of it into another, or of others into it."""
    touching = SourceMerge.objects.standing().filter(Q(source=source) | Q(into=source))
    return touching.select_related("source", "into", "merged_by")[:SHOWN]


def _scale() -> list[tuple[Reliability, int]]:
    """Each letter with how many sources carry it."""
    counts = dict(Source.objects.order_by().values_list("reliability").annotate(count=Count("pk")))
    return [(letter, counts.get(letter, 0)) for letter in Reliability]
