"""What leans on a source or a document, and taking trust from it."""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions.discredit import MOST, Outcome, discredit
from claims.choices import Permission, Reliability
from claims.forms.sources import DiscreditForm
from claims.http import Request, back, needs, once, page, toast
from claims.keyset import capped_count, cursor_in, keyset_page
from claims.models import Claim, Document, Source
from claims.reading.gradings import gradings
from claims.reading.leaning import (
    Leaning,
    derived_documents,
    leaning_claims,
    leaning_releases,
    leaning_sets,
    leaning_uncorrected,
    weigh,
)
from claims.views.form_answers import add_errors, sent_number

SIZE = 50
DERIVED = 50  # documents that came out of it, named at once
SETS = 20  # claim sets that hold such claims
RELEASES = 20  # and releases
TO_CORRECT = 50  # of the claims in these
ONLY = "only"


@require_safe
def source_leaning(request: Request, pk: int) -> HttpResponse:
    return _leaning(request, get_object_or_404(Source, pk=pk))


@require_safe
def document_leaning(request: Request, pk: int) -> HttpResponse:
    return _leaning(request, get_object_or_404(Document.objects.with_lineage(), pk=pk))


def _leaning(request: Request, record: Source | Document) -> HttpResponse:
    """The claims, newest first, each with its weight; `weight=only` leaves those that have nothing else."""
    only = request.GET.get("weight") == ONLY
    claims = leaning_claims(record, only=only).with_people()
    rows = keyset_page(claims, ["-id"], cursor_in(request.GET), SIZE)
    context = _about(record) | {
        "only": only,
        "weight": ONLY if only else "",
        "page": rows,
        "lines": weigh(rows.rows, record),
        "counts": [
            ("", "All claims", capped_count(leaning_claims(record))),
            (ONLY, "Only evidence", capped_count(leaning_claims(record, only=True))),
        ],
        "sets": leaning_sets(record)[:SETS],
        **_released(request, record),
        "derived": derived_documents(record).with_source().order_by("-pk")[:DERIVED],
        "gradings": gradings(record),
        "may_discredit": request.user.may(_right(record)),
    }
    return page(request, "leaning/detail.html", context, fragments=("main",))


def _released(request: Request, record: Source | Document) -> dict[str, Any]:
    """Releases that lean on it, and claims in releases to which something happened that no correction tells yet."""
    entries = list(leaning_uncorrected(record)[: TO_CORRECT + 1])
    return {
        "releases": leaning_releases(record)[:RELEASES],
        "to_correct": entries[:TO_CORRECT],
        "more_to_correct": len(entries) > TO_CORRECT,
        "may_correct": request.user.may(Permission.RELEASE),
    }


def _right(record: Source | Document) -> Permission:
    return Permission.MANAGE_SOURCES if isinstance(record, Source) else Permission.WORK


def _about(record: Source | Document) -> dict[str, Any]:
    kind = "source" if isinstance(record, Source) else "document"
    return {
        "record": record,
        "section": f"{kind}s",
        "is_source": kind == "source",
        "leaning_url": reverse(f"{kind}_leaning", args=[record.pk]),
        "discredit_url": reverse(f"{kind}_discredit", args=[record.pk]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_SOURCES)
def source_discredit(request: Request, pk: int) -> HttpResponseBase:
    return _discredit(request, get_object_or_404(Source, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WORK)
def document_discredit(request: Request, pk: int) -> HttpResponseBase:
    return _discredit(request, get_object_or_404(Document.objects.with_source(), pk=pk))


def _discredit(request: Request, record: Source | Document) -> HttpResponseBase:
    """The preview: the verified claims that lean on it, ticked. Posted, the act on those still ticked."""
    form = DiscreditForm(Reliability(record.reliability), request.POST if request.method == "POST" else None)
    ticked = [sent_number(text) for text in request.POST.getlist("claim")]
    if form.is_valid():
        try:
            return _done(request, record, form, ticked)
        except ValidationError as error:
            add_errors(form, error)
    verified = list(leaning_claims(record).verified().with_people().order_by("-pk")[: MOST + 1])
    lines = weigh(verified[:MOST], record)
    context = _about(record) | {
        "form": form,
        "version": sent_number(request.POST.get("version")) or record.version,
        "lines": lines,
        "sets": leaning_sets(record)[:SETS],
        "releases": leaning_releases(record)[:RELEASES],
        "is_cut": len(verified) > MOST,
        "most": MOST,
        "unticked": {line.claim.pk for line in lines if not _is_ticked(line, ticked if form.is_bound else None)},
    }
    return TemplateResponse(request, "leaning/discredit.html", context, status=422 if form.errors else 200)


def _is_ticked(line: Leaning, ticked: Collection[int] | None) -> bool:
    """As it was sent; before that, whatever has more than context from here."""
    return line.here > 0 if ticked is None else line.claim.pk in ticked


def _done(request: Request, record: Source | Document, form: DiscreditForm, ticked: Iterable[int]) -> HttpResponseBase:
    chosen = list(Claim.objects.filter(pk__in=list(ticked)[: MOST + 1]).with_people().order_by("pk"))
    version = sent_number(request.POST.get("version"))
    with once(request) as attempt:
        if not attempt.repeated:
            outcome = discredit(record, chosen, by=request.user, version=version, **form.cleaned_data)
            attempt.location = _about(record)["leaning_url"]
            toast(request, _words(record, outcome), tone="warn" if outcome.refused else "ok")
    return back(request, attempt.repeated or attempt.location)


def _words(record: Source | Document, outcome: Outcome) -> str:
    """Failures first: what did not happen must not be read over."""
    refused = [
        f"{', '.join(claim.reference for claim in claims[:5])}{' …' if len(claims) > 5 else ''} not reopened: {reason}"
        for reason, claims in outcome.refused.items()
    ]
    count = len(outcome.reopened)
    reopened = f"{count} claim{'' if count == 1 else 's'} reopened."
    return " ".join([*refused, f"“{record}” is graded {record.reliability} now; {reopened}"])
