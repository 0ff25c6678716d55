"""Deciding on many sentences: a preview with each of them, the decision on those still undecided, and its undo."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.actions.sentence_claims import take_back_claim
from claims.actions.sentences import BATCH, dispose_many, undo_batch
from claims.choices import Disposition, Permission
from claims.forms.sentences import BulkForm
from claims.http import Request, Undo, back, needs, next_url, page, problem, toast
from claims.models import Claim, Document, Sentence, StaleVersion
from claims.views.form_answers import add_errors, sent_number
from claims.views.sentence_conflicts import undo_overtaken
from claims.views.triage_context import CHOICES, Triage, open_triage
from claims.views.triage_place import TriagePlace

TICKED, SHOWN, BELOW = "ticked", "shown", "below"


@dataclass(frozen=True)
class Chosen:
    """The undecided sentences that were chosen, at most BATCH of `total`; `left` are those decided meanwhile."""

    sentences: list[Sentence]
    total: int
    left: int = 0


@require_POST
@needs(Permission.WORK)
def triage_bulk(request: Request, pk: int) -> HttpResponseBase:
    """First the preview of what was ticked, of all shown, or of all below the threshold; `confirmed`, the decision."""
    document = get_object_or_404(Document.objects.with_source(), pk=pk)
    try:
        view = open_triage(request.user, document, TriagePlace.parse(request.GET))
        seen = pairs(request.POST.getlist("seen"))
        chosen = _chosen(request, view) if view else None
    except ValueError as error:
        return problem(request, 400, f"{error} Nothing was changed.")
    if view is None or chosen is None:
        return problem(request, 404, "There is no such text of this document, so there is nothing to decide on.")
    if view.refusal:
        return problem(request, 409, view.refusal)
    if "confirmed" in request.POST:
        return _decide(request, view, seen)
    if not chosen.sentences:
        toast(request, "Tick undecided sentences first.", tone="warn")
        return back(request, view.url())
    return _preview(request, view, chosen, BulkForm())


def pairs(texts: Iterable[str]) -> dict[int, int]:
    """Sentence ids with the version that was seen of each, from texts such as 12:3. Raises ValueError."""
    found = {}
    for text in texts:
        pk, _, version = text.partition(":")
        if not (sent_number(pk) and sent_number(version)):
            raise ValueError("One of the sentences is not a number with its version.")
        found[int(pk)] = int(version)
    return found


def _chosen(request: Request, view: Triage) -> Chosen:
    """What the list's buttons mean by `scope`. Raises ValueError."""
    scope = request.POST.get("scope", TICKED)
    if scope == BELOW:
        below = view.queue.below()
        return Chosen(list(below[:BATCH]), view.counts.below)
    if scope not in (TICKED, SHOWN):
        raise ValueError(f"“{scope[:40]}” names no sentences.")
    ids = [sent_number(text) for text in request.POST.getlist("sentence" if scope == TICKED else "shown")]
    if not all(ids):
        raise ValueError("One of the sentences is not a number.")
    wanted = view.snapshot.sentences.filter(pk__in=ids[:BATCH])
    found = list(wanted.undecided().order_by("number"))
    return Chosen(found, len(ids), min(len(ids), BATCH) - len(found))


def _preview(
    request: Request, view: Triage, chosen: Chosen, form: BulkForm, unticked: frozenset[int] = frozenset()
) -> HttpResponseBase:
    """Every sentence with a tick; those `unticked` were so before."""
    context = {
        "document": view.document,
        "triage": view,
        "rows": view.rows(chosen.sentences),
        "chosen": chosen,
        "unticked": unticked,
        "choices": CHOICES,
        "form": form,
        "next_url": next_url(request, view.url()),
        "action": _action(request, view),
    }
    return page(request, "triage/bulk.html", context, status=422 if form.is_bound else 200)


def _action(request: Request, view: Triage) -> str:
    query = request.GET.urlencode()
    return reverse("triage_bulk", args=[view.document.pk]) + (f"?{query}" if query else "")


def _decide(request: Request, view: Triage, seen: Mapping[int, int]) -> HttpResponseBase:
    form = BulkForm(request.POST)
    if not seen:
        form.add_error(None, "Tick at least one sentence.")
    if form.is_valid():
        try:
            return _done(request, view, seen, form)
        except ValidationError as error:
            add_errors(form, error)
    offered = [sent_number(text) for text in request.POST.getlist("offered")[:BATCH]]
    found = list(view.snapshot.sentences.undecided().filter(pk__in=offered).order_by("number"))
    chosen = Chosen(found, len(found), len(offered) - len(found))
    return _preview(request, view, chosen, form, frozenset(one.pk for one in found if one.pk not in seen))


def _done(request: Request, view: Triage, seen: Mapping[int, int], form: BulkForm) -> HttpResponseBase:
    wanted: Disposition = form.cleaned_data["disposition"]
    batch = dispose_many(view.snapshot, seen, wanted, by=request.user, note=form.cleaned_data["note"])
    way = next_url(request, view.url())
    words = f"{_sentences(batch.done)}: {wanted.label.lower()}."
    if batch.left:
        words = f"{_sentences(batch.left)} left out, for someone decided meanwhile. {words}"
    fields: dict[str, str | int] = {"batch": str(batch.key), "count": batch.done, "next": way}
    undo = Undo(reverse("triage_undo", args=[view.document.pk]), fields) if batch.done else None
    toast(request, words, tone="warn" if batch.left else "ok", undo=undo)
    return back(request, way)


def _sentences(count: int) -> str:
    return f"{count} sentence" if count == 1 else f"{count} sentences"


@require_POST
@needs(Permission.WORK)
def triage_undo(request: Request, pk: int) -> HttpResponseBase:
    """Takes back a decision on many sentences (`batch`), or the making of a claim (`claim`)."""
    document = get_object_or_404(Document, pk=pk)
    if "claim" in request.POST:
        return _take_back(request, document)
    try:
        batch = uuid.UUID(request.POST.get("batch", ""))
    except ValueError:
        return problem(request, 400, "It is not said what is to be undone. Nothing was changed.")
    done = undo_batch(document, batch, by=request.user)
    left = max(sent_number(request.POST.get("count")) - done, 0)
    words = f"{_sentences(done)} undecided again."
    if left:
        words = f"{_sentences(left)} not undone: decided anew or changed since. {words}"
    toast(request, words, tone="warn" if left else "ok")
    return back(request, reverse("triage", args=[document.pk]))


def _take_back(request: Request, document: Document) -> HttpResponseBase:
    data = request.POST
    sentence = get_object_or_404(Sentence, pk=sent_number(data.get("sentence")), snapshot__document=document)
    claim = get_object_or_404(
        Claim.objects.with_pending(), pk=sent_number(data.get("claim")), appearances__snapshot=sentence.snapshot_id
    )
    before = data.get("disposition", "")
    try:
        values: dict[str, Any] = {
            "version": sent_number(data.get("version")),
            "seen": pairs(filter(None, data.get("seen", "").split(","))),
            "before": Disposition(before) if before else None,
            "note": data.get("note", ""),
        }
        take_back_claim(claim, sentence, by=request.user, **values)
    except ValueError:
        return problem(request, 400, "It is not said what is to be undone. Nothing was changed.")
    except ValidationError as error:
        return problem(request, 400, f"Nothing was undone. {' '.join(error.messages)}")
    except StaleVersion as stale:
        return _not_taken_back(request, stale)
    toast(request, f"{claim.reference} is dismissed; it is as if it had not been made.")
    return back(request, reverse("triage", args=[document.pk]))


def _not_taken_back(request: Request, stale: StaleVersion) -> HttpResponseBase:
    if isinstance(stale.current, Claim):
        return problem(request, 409, f"Not undone: somebody has gone on with {stale.current.reference} since.")
    return undo_overtaken(request, stale)
