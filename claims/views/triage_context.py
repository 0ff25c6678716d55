"""What the triage page shows: the queue of undecided sentences, and one of them with all that is known of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from claims import keys
from claims.actions.sentence_claims import claims_of
from claims.choices import Permission
from claims.forms.sentences import OTHERS, SentenceClaimForm
from claims.intake.scoring import detection_language
from claims.models import Document, Event, Sentence, Snapshot, User
from claims.reading.marks import LONG, blocks
from claims.reading.outline import Outline, Spot
from claims.reading.queue import SCORE, TEXT, Counts, Queue
from claims.reading.worth import Worth, threshold_of, worth_of
from claims.views.document_context import claim_initial
from claims.views.triage_place import TriagePlace
from claims.workflow import permission_refusal

SIZE = 50
LINE = 500
"""At most so many code points of a sentence stand in its row."""
CLAIMS = 20
"""At most so many claims of a sentence are listed."""


@dataclass(frozen=True)
class Row:
    """A sentence in the list. `change` says what became of it since the page was sent: "", back, gone or decided."""

    sentence: Sentence
    url: str
    words: str
    spot: Spot
    worth: Worth
    change: str = ""
    by: User | None = None

    @property
    def key(self) -> str:
        return key_of(self.sentence)


@dataclass(frozen=True)
class Choice:
    """Something that a sentence can be, and the key that says so."""

    value: str
    label: str
    key: str


CHOICES = [Choice(one.value, one.label, keys.DECIDE[one.value]) for one in OTHERS]


@dataclass(frozen=True)
class Triage:
    """One document's queue as this person goes through it. `threshold` is that of the weights in force, if any."""

    document: Document
    snapshot: Snapshot
    place: TriagePlace
    user: User
    threshold: int | None
    is_latest: bool

    @property
    def percent(self) -> int:
        """From how much worth the list starts."""
        return (self.threshold or 0) if self.place.percent is None else self.place.percent

    @cached_property
    def counts(self) -> Counts:
        return Queue(self.snapshot, TEXT, self.percent).counts()

    @property
    def is_scored(self) -> bool:
        return self.counts.unscored < self.counts.undecided or self.counts.undecided == 0

    @cached_property
    def queue(self) -> Queue:
        """Without scores the order is the text's."""
        return Queue(self.snapshot, self.place.by if self.is_scored else TEXT, self.percent)

    @cached_property
    def language(self) -> str | None:
        return detection_language(self.document.language)

    @cached_property
    def refusal(self) -> str:
        """Why this person cannot decide anything here; empty when they can."""
        if denied := permission_refusal(Permission.WORK, self.user.held_permissions):
            return denied.reason
        return "" if self.is_latest else "This is an older text of the document. Decide on the sentences of the newest."

    @cached_property
    def outline(self) -> Outline:
        """Raises IntegrityFault."""
        return outline(self.snapshot)

    def row(self, sentence: Sentence, *, change: str = "", by: User | None = None) -> Row:
        words = self.outline.words(sentence.start, sentence.end, LINE)
        worth, spot = worth_of(sentence, self.language), self.outline.spot(sentence.end)
        return Row(sentence, self.url(sentence=sentence.pk), words, spot, worth, change, by)

    def rows(self, sentences: Iterable[Sentence]) -> list[Row]:
        return [self.row(sentence) for sentence in sentences]

    def url(self, **parameters: Any) -> str:
        return self.place.url(self.document, **parameters)

    @property
    def all_url(self) -> str:
        return self.url(**{"from": 0, "after": None})

    @property
    def worthy_url(self) -> str:
        """From the threshold of the weights."""
        return self.url(**{"from": None, "after": None})


def outline(snapshot: Snapshot) -> Outline:
    """The blocks of its text. Raises IntegrityFault."""
    text = snapshot.read()
    long = len(text) > LONG  # only then may a paragraph be cut, where a sentence starts
    starts = list(snapshot.sentences.order_by("start").values_list("start", flat=True)) if long else []
    return Outline(text, blocks(text, starts))


def open_triage(user: User, document: Document, place: TriagePlace) -> Triage | None:
    """The triage of the text asked for, else of the newest; None when there is no such text."""
    latest = document.latest_snapshot()
    asked = place.snapshot and latest and place.snapshot != latest.number
    snapshot = document.snapshots.filter(number=place.snapshot).first() if asked else latest
    if snapshot is None:
        return None
    return Triage(document, snapshot, place, user, threshold_of(document), snapshot == latest)


class InOlderText(Exception):
    """The address, of a page that was opened before a draft came, names a sentence of the text before.

    `url` is where to go on in this text: at the same sentence if it has it, else at the first of the list.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def shown_sentence(triage: Triage) -> Sentence | None:
    """The sentence that the address asks for, else the first of the list. Raises Http404, InOlderText."""
    if triage.place.behind:
        return triage.queue.behind(_known(triage, "behind", triage.place.behind))
    if triage.place.sentence:
        return _known(triage, "sentence", triage.place.sentence)
    rows = triage.queue.page(triage.place.cursor, 1).rows or triage.queue.page("", 1).rows
    return rows[0] if rows else None


def _known(triage: Triage, parameter: str, pk: int) -> Sentence:
    sentence = get_object_or_404(
        Sentence.objects.select_related("decided_by"), pk=pk, snapshot__document=triage.document
    )
    if sentence.snapshot_id == triage.snapshot.pk:
        return sentence
    if triage.place.snapshot:
        raise Http404
    same = triage.snapshot.sentences.filter(carried_from=sentence).values_list("pk", flat=True).first()
    raise InOlderText(triage.url(**{parameter: same, "after": None}))


def key_of(sentence: Sentence) -> str:
    """The name of a sentence in `data-claim` and `data-selected`."""
    return f"s{sentence.pk}"


def page_context(triage: Triage) -> dict[str, Any]:
    """The context of the whole page: list and panel."""
    return list_context(triage) | panel_context(triage)


def list_context(triage: Triage) -> dict[str, Any]:
    """The rows of one page of the list, and how to get the next."""
    found = triage.queue.page(triage.place.cursor, SIZE)
    more = triage.url(after=found.next_cursor) if found.next_cursor else ""
    back = triage.url(after=found.previous_cursor) if found.previous_cursor else ""
    return shared_context(triage) | {"rows": triage.rows(found.rows), "more_url": more, "back_url": back}


def shared_context(triage: Triage) -> dict[str, Any]:
    return {
        "triage": triage,
        "document": triage.document,
        "counts": triage.counts,
        "order": triage.queue.order,
        "orders": ((SCORE, "worth"), (TEXT, "place in the text")),
        "choices": CHOICES,
        "here": triage.url(),
    }


def panel_context(triage: Triage) -> dict[str, Any]:
    """What the panel shows, and what an act just before changed in the list."""
    sentence = shown_sentence(triage)
    context = shared_context(triage) | {
        "sentence": sentence,
        "selected": key_of(sentence) if sentence else "",
        "changes": changed_rows(triage, sentence),
        "last_event": Event.objects.of(triage.document).values_list("number", flat=True).last() or 0,
    }
    if sentence is not None:
        context |= sentence_context(triage, sentence)
    return context


def sentence_context(triage: Triage, sentence: Sentence) -> dict[str, Any]:
    """One sentence in its paragraph, with its reasons, its claims, and the forms that decide on it."""
    text = triage.outline
    return {
        "spot": text.spot(sentence.end),
        "around": text.context(sentence.start, sentence.end),
        "worth": worth_of(sentence, triage.language),
        "claims": list(claims_of(sentence)[:CLAIMS]),
        "claim_form": claim_form(triage.snapshot, sentence, text),
        "go_on_url": triage.url(behind=sentence.pk),
        "stay_url": triage.url(sentence=sentence.pk, touched=sentence.pk),
    }


def claim_form(snapshot: Snapshot, sentence: Sentence, outline: Outline, data: Any = None) -> SentenceClaimForm:
    """The form that makes a claim of the sentence, filled with its own words; `data` is what was sent, if anything."""
    quote = outline.exact(sentence.start, sentence.end)
    place = {"start": sentence.end - len(quote), "end": sentence.end, "version": sentence.version}
    words = {"assertion": " ".join(quote.split()), "quote": quote}
    initial = claim_initial(snapshot.document, snapshot, sentence) | place | words
    return SentenceClaimForm(data, initial=initial, sentence=sentence, text=outline.text, auto_id="claim_%s")


def changed_rows(triage: Triage, shown: Sentence | None) -> list[Row]:
    """What became of the sentences that an act touched: back in the list, out of it, or decided but still shown."""
    if not triage.place.changed:
        return []
    found = triage.snapshot.sentences.filter(pk__in=triage.place.changed).select_related("decided_by")
    return [_changed(triage, one, is_kept=one == shown) for one in found.order_by("number")]


def _changed(triage: Triage, sentence: Sentence, *, is_kept: bool) -> Row:
    if not sentence.disposition:
        return triage.row(sentence, change="back")
    return triage.row(sentence, change="decided" if is_kept else "gone", by=sentence.decided_by)


def seen_changes(triage: Triage, events: Sequence[Event]) -> list[Row]:
    """What others, or this person elsewhere, did to sentences of the text since the page was sent."""
    by: Mapping[int, User | None] = {event.subject_id: event.by for event in events if event.subject_id}
    found = triage.snapshot.sentences.filter(pk__in=by).select_related("decided_by").order_by("number")
    return [_changed(triage, one, is_kept=by[one.pk] != triage.user or one.pk == triage.place.current) for one in found]
