"""Deciding what a sentence is, when it is no claim."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.actions.sentences import dispose
from claims.choices import Disposition, Permission
from claims.forms.documents import DispositionForm
from claims.http import Request, Undo, needs, problem, toast
from claims.models import Sentence
from claims.views.document_place import Place


@require_POST
@needs(Permission.WORK)
def sentence_dispose(request: Request, pk: int) -> HttpResponseBase:
    """Write the decision and go on to the next undecided sentence; back to this one when it is undecided again."""
    sentence = get_object_or_404(Sentence.objects.select_related("snapshot__document"), pk=pk)
    form = DispositionForm(request.POST)
    try:
        place = Place.parse(request.GET)
    except ValueError as error:
        return problem(request, 400, str(error))
    if not form.is_valid():
        return problem(request, 400, "That is none of the things a sentence can be. Nothing was changed.")
    wanted = form.cleaned_data["disposition"]
    if wanted == Disposition.CLAIM and not _has_claim(sentence):
        return problem(request, 409, "A sentence is a claim once a claim is made of it. Make one of its words.")
    if wanted != sentence.disposition:
        _dispose(request, sentence, wanted, note=form.cleaned_data["note"])
    following = _next_undecided(sentence) if wanted else sentence
    selected = f"sentence={following.pk}" if following else f"sentence={sentence.pk}"
    document = sentence.snapshot.document
    response = redirect(f"{document.get_absolute_url()}?{selected}&touched=s{sentence.pk}{place.kept}")
    response.status_code = 303
    return response


def _has_claim(sentence: Sentence) -> bool:
    return sentence.snapshot.appearances.filter(start__lt=sentence.end, end__gt=sentence.start).exists()


def _dispose(request: Request, sentence: Sentence, wanted: str, *, note: str) -> None:
    before = sentence.disposition
    dispose(sentence, Disposition(wanted) if wanted else None, by=request.user, note=note)
    label = Disposition(wanted).label.lower() if wanted else "undecided again"
    undo = Undo(reverse("sentence_dispose", args=[sentence.pk]), {"disposition": before})
    toast(request, f"Sentence {sentence.number}: {label}.", undo=undo if wanted else None)


def _next_undecided(sentence: Sentence) -> Sentence | None:
    others = sentence.snapshot.sentences.undecided().order_by("number")
    return others.filter(number__gt=sentence.number).first() or others.first()
