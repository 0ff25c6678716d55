"""The answer to a decision on a sentence that somebody else has decided on meanwhile: both, and the choice (409)."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse

from claims.choices import Disposition, RecordAct
from claims.forms.sentences import DispositionForm, SentenceClaimForm
from claims.http import Request, next_url, problem
from claims.models import Event, Sentence, StaleVersion
from claims.views.form_answers import aimed
from claims.views.triage_context import outline


def overtaken(request: Request, stale: StaleVersion, form: DispositionForm | SentenceClaimForm) -> TemplateResponse:
    """409: what they decided, who and when, and what was chosen here; nothing typed is lost.

    Putting one's own in its place starts at the newer version; keeping theirs goes on to `next`.
    """
    sentence = _current(stale)
    context = _context(request, sentence) | {"latest": latest_decision(sentence)}
    if isinstance(form, SentenceClaimForm):
        data = request.POST.copy()
        data["version"] = str(sentence.version)
        form.data = data
        context |= {"claim_form": form, "mine": "a claim"}
    else:
        mine = form.wanted.label.lower() if form.wanted else "undecided"
        context |= {"form": form, "mine": mine}
    template = "triage/conflict.html#panel" if request.htmx else "triage/conflict.html"
    return aimed(TemplateResponse(request, template, context, status=409), "panel", "innerHTML")


def undo_overtaken(request: Request, stale: StaleVersion) -> HttpResponse:
    """409 in words: what was to be undone is no longer how it stands."""
    sentence = _current(stale)
    return problem(request, 409, f"Not undone: {told(sentence, latest_decision(sentence))}")


def told(sentence: Sentence, latest: Event | None) -> str:
    """What somebody did to the sentence last, as a sentence for people."""
    who = latest.by if latest and latest.by else "Somebody"
    if not sentence.disposition:
        return f"{who} made sentence {sentence.number} undecided again."
    return f"{who} has decided on sentence {sentence.number} since: {Disposition(sentence.disposition).label.lower()}."


def latest_decision(sentence: Sentence) -> Event | None:
    chain = Event.objects.of(sentence.snapshot.document).filter(act=RecordAct.DISPOSE, subject_id=sentence.pk)
    return chain.select_related("by").last()


def _current(stale: StaleVersion) -> Sentence:
    """The sentence as it is now, with who decided on it and its document."""
    return Sentence.objects.select_related("snapshot__document", "decided_by").get(pk=stale.current.pk)


def _context(request: Request, sentence: Sentence) -> dict[str, Any]:
    document = sentence.snapshot.document
    default = f"{document.get_absolute_url()}?sentence={sentence.pk}"
    text = outline(sentence.snapshot)
    return {
        "sentence": sentence,
        "document": document,
        "spot": text.spot(sentence.end),
        "words": text.words(sentence.start, sentence.end),
        "go_on_url": next_url(request, default),
        "stay_url": next_url(request, default, field="stay_url"),
    }
