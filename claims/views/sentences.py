"""One sentence: deciding what it is, making a claim of it, and the answer when somebody was quicker."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import passages
from claims.actions.sentence_claims import claim_sentence, sentences_of
from claims.actions.sentences import decide
from claims.choices import Disposition, Permission
from claims.forms.sentences import DispositionForm, SentenceClaimForm
from claims.http import Request, Undo, back, needs, next_url, once, problem, toast
from claims.models import Claim, Sentence, StaleVersion
from claims.reading.queue import TEXT, Queue
from claims.reading.worth import threshold_of
from claims.views.document_place import Place
from claims.views.form_answers import add_errors, form_again
from claims.views.sentence_conflicts import overtaken, undo_overtaken
from claims.views.triage_context import claim_form, outline

PANEL = "panel"
GONE_ON, STAYED = "next", "stay_url"
"""The fields that say where each of the two buttons of a claim's form leads."""


def _sentence(pk: int) -> Sentence:
    return get_object_or_404(Sentence.objects.select_related("snapshot__document", "decided_by"), pk=pk)


@require_POST
@needs(Permission.WORK)
def sentence_dispose(request: Request, pk: int) -> HttpResponseBase:
    """Write the decision, unless somebody else has decided since the version sent; then on to `next`.

    Without `next` the document follows, at its next undecided sentence, or at this one when it is undecided again.
    """
    sentence = _sentence(pk)
    form = DispositionForm(request.POST)
    try:
        place = Place.parse(request.GET)
    except ValueError as error:
        return problem(request, 400, str(error))
    if "note" in form.errors:
        context = {"sentence": sentence, "form": form, "next_url": next_url(request, _document_url(sentence))}
        return form_again(request, "triage/note.html", context, element="note")
    if not form.is_valid() or "disposition" not in request.POST:
        return problem(request, 400, "That is none of the things a sentence can be. Nothing was changed.")
    if form.wanted == Disposition.CLAIM and not _has_claim(sentence):
        return problem(request, 409, "A sentence is a claim once a claim is made of it. Make one of its words.")
    try:
        _dispose(request, sentence, form)
    except StaleVersion as stale:
        return undo_overtaken(request, stale) if "undo" in request.POST else overtaken(request, stale, form)
    return back(request, next_url(request, "") or _following_url(sentence, place))


def _has_claim(sentence: Sentence) -> bool:
    return sentence.snapshot.appearances.touching(sentence.start, sentence.end).exists()


def _dispose(request: Request, sentence: Sentence, form: DispositionForm) -> None:
    """Raises StaleVersion, Overtaken."""
    before, wanted = (sentence.disposition, sentence.note), form.wanted
    seen = sentence.version
    values = {"note": form.cleaned_data["note"], "version": form.cleaned_data["version"]}
    decide(sentence, wanted, by=request.user, **values)
    if sentence.version == seen:
        return
    label = wanted.label.lower() if wanted else "undecided again"
    undo = None if "undo" in request.POST else _undo_decision(request, sentence, *before)
    toast(request, f"Sentence {sentence.number}: {label}.", undo=undo)


def _undo_decision(request: Request, sentence: Sentence, disposition: str, note: str) -> Undo:
    """Puts back what the sentence was, as long as it is at the version that the act left."""
    fields: dict[str, str | int] = {
        "disposition": disposition,
        "note": note,
        "version": sentence.version,
        "undo": "yes",
    }
    return Undo(
        reverse("sentence_dispose", args=[sentence.pk]), fields | _way_back(request, sentence), _target(request)
    )


def _way_back(request: Request, sentence: Sentence) -> dict[str, str]:
    """To the sentence in the triage, if that is where the act was done."""
    way = next_url(request, "", field=STAYED)
    return {"next": way} if way else {}


def _target(request: Request) -> str:
    return PANEL if request.POST.get(STAYED) and request.htmx.target == PANEL else ""


def _document_url(sentence: Sentence) -> str:
    return f"{sentence.snapshot.document.get_absolute_url()}?sentence={sentence.pk}"


def _following_url(sentence: Sentence, place: Place) -> str:
    following = (_next_undecided(sentence) if sentence.disposition else None) or sentence
    document = sentence.snapshot.document
    return f"{document.get_absolute_url()}?sentence={following.pk}&touched=s{sentence.pk}{place.kept}"


def _next_undecided(sentence: Sentence) -> Sentence | None:
    """The next in the text that the document's page shows; of the others only when it shows none."""
    text, threshold = sentence.snapshot, threshold_of(sentence.snapshot.document) or 0
    return Queue(text, TEXT, threshold).behind(sentence) or Queue(text, TEXT).behind(sentence)


@require_POST
@needs(Permission.WORK)
def sentence_claim_add(request: Request, pk: int) -> HttpResponseBase:
    """A claim made of words of the sentence; then on to `next`, or to `stay_url` when `stay` was pressed."""
    sentence = _sentence(pk)
    form = claim_form(sentence.snapshot, sentence, outline(sentence.snapshot), request.POST)
    if form.is_valid():
        try:
            return _add_claim(request, sentence, form)
        except StaleVersion as stale:
            return overtaken(request, stale, form)
        except passages.PassageError as error:
            form.add_error("quote", f"These words cannot be quoted: {error}.")
        except ValidationError as error:
            add_errors(form, error)
    context = _claim_form_context(request, sentence, form)
    return form_again(request, "triage/claim.html", context, element="claim-form")


def _claim_form_context(request: Request, sentence: Sentence, form: SentenceClaimForm) -> dict[str, Any]:
    """What the form is shown again with."""
    default = _document_url(sentence)
    return {
        "document": sentence.snapshot.document,
        "sentence": sentence,
        "claim_form": form,
        "go_on_url": next_url(request, default, field=GONE_ON),
        "stay_url": next_url(request, default, field=STAYED),
    }


def _add_claim(request: Request, sentence: Sentence, form: SentenceClaimForm) -> HttpResponseBase:
    """Raises StaleVersion, PassageError, ValidationError."""
    values = form.cleaned_data
    start, end = passages.snap(form.text, values["start"], values["end"])
    field = STAYED if "stay" in request.POST else GONE_ON
    with once(request) as attempt:
        if attempt.repeated:
            return redirect(attempt.repeated)
        before = (sentence.disposition, sentence.note)
        claim = claim_sentence(sentence, start, end, by=request.user, version=values["version"], **form.wording)
        attempt.location = next_url(request, _document_url(sentence), field=field)
    undo = _undo_claim(request, claim, sentence, *before)
    toast(request, f"{claim.reference} is made of sentence {sentence.number}.", undo=undo)
    return back(request, attempt.location, field=field)


def _undo_claim(request: Request, claim: Claim, sentence: Sentence, disposition: str, note: str) -> Undo:
    seen = ",".join(f"{one.pk}:{one.version}" for one in sentences_of(claim, sentence.snapshot))
    fields: dict[str, str | int] = {"claim": claim.pk, "version": claim.version, "sentence": sentence.pk, "seen": seen}
    fields |= {"disposition": disposition, "note": note}
    url = reverse("triage_undo", args=[sentence.snapshot.document_id])
    return Undo(url, fields | _way_back(request, sentence), _target(request))
