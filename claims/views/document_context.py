"""What the page of a document shows: which snapshot, its reading, and what is selected in the panel."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404
from django.utils import timezone

from claims.choices import Disposition, Permission
from claims.forms.documents import PassageClaimForm
from claims.http import Request
from claims.intake.scoring import detection_language
from claims.intake.suggestions import suggested_kind
from claims.models import Document, Reanchoring, Sentence, Snapshot
from claims.reading import Block, Mark, Reading, read, selecting
from claims.reading.provenance import supply_of
from claims.reading.worth import threshold_of, worth_of
from claims.text import show_bidi
from claims.views.claim_context import claim_context, get_claim
from claims.views.document_place import Place
from claims.workflow import permission_refusal

UNCHECKED_LIMIT = 10
EVIDENCE_LIMIT = 20
OTHER_DISPOSITIONS = (Disposition.OPINION, Disposition.PREDICTION, Disposition.COMMON_KNOWLEDGE)


@dataclass(frozen=True)
class Shown:
    """A snapshot as this request reads it. `part` of the text is on the page, counted from 1; `selected` may be None.

    `place` names the part whenever there are several, so that links and acts stay on it.
    """

    document: Document
    place: Place
    reading: Reading
    selected: Mark | None
    part: int

    @property
    def changed(self) -> list[Block]:
        """The paragraphs of what is selected and of what was touched just before."""
        spans = list(self.selected.spans) if self.selected else []
        return self.reading.blocks_at(spans + self.reading.spans_of(self.place.touched))

    @property
    def is_new(self) -> bool:
        """Whether the claim in the panel was made just now."""
        return self.selected is not None and self.selected.key == self.place.touched and self.selected.is_claim

    @property
    def address(self) -> str:
        """The address of what the page shows now."""
        key = self.selected.key if self.selected else self.place.key
        return self.place.url(self.document, key=key)

    def url(self, mark: Mark | None, *, touched: str = "") -> str:
        return self.place.url(self.document, key=mark.key if mark else "", touched=touched)


def shown(request: Request, document: Document, place: Place) -> Shown | None:
    """What the address asks for; None when the document has no text. Raises Http404, IntegrityFault."""
    snapshot = _snapshot(document, place)
    if snapshot is None:
        return None
    threshold = threshold_of(document) or 0
    reading = read(snapshot, stage=place.stage, selected=place.key, threshold=threshold)
    selected = reading.mark(place.key)
    starts_here = not (place.key or place.stage or place.part)
    if starts_here and request.user.may(Permission.WORK):
        selected = reading.next_claim(request.user)
    part = _part(reading, selected, place)
    several = len(reading.parts) > 1
    return Shown(document, replace(place, part=part if several else 0), reading, selected, part)


def _part(reading: Reading, selected: Mark | None, place: Place) -> int:
    """The part of what is selected, else the one asked for."""
    if place.key:
        return reading.part_at(min((start for start, _ in reading.spans_of(place.key)), default=0))
    return reading.part_at(selected.start) if selected else min(max(place.part, 1), len(reading.parts))


def _snapshot(document: Document, place: Place) -> Snapshot | None:
    """The snapshot asked for, else the newest that has what is selected."""
    snapshots = document.snapshots.order_by("-number")
    if place.snapshot:
        snapshots = snapshots.filter(number=place.snapshot)
    if place.claim:
        snapshots = snapshots.filter(appearances__claim=place.claim)
    if place.sentence:
        snapshots = snapshots.filter(sentences=place.sentence)
    found = snapshots.first()
    if found is None and (place.snapshot or place.key):
        raise Http404
    if found:
        found.document = document
    return found


def document_context(request: Request, view: Shown) -> dict[str, Any]:
    """The context of `documents/detail.html`."""
    reading, selected = view.reading, view.selected
    return {
        "document": view.document,
        "snapshot": reading.snapshot,
        "snapshots": view.document.snapshots.order_by("-number").values_list("number", "taken_at"),
        "waiting": Reanchoring.objects.pending().filter(snapshot__document=view.document).count(),
        "reading": reading,
        "place": view.place,
        "coverage": reading.coverage,
        "supply": supply_of(view.document),
        "blocks": reading.parts[view.part - 1],
        "part": view.part,
        "parts": range(1, len(reading.parts) + 1),
        "selected": selected,
        "selected_key": view.place.key or (selected.key if selected else ""),
        "changed": view.changed,
        "is_new": view.is_new,
        "next_unchecked": reading.next_unchecked(request.user, selected),
        "work_refusal": permission_refusal(Permission.WORK, request.user.held_permissions),
        "new_claim_form": PassageClaimForm(initial=claim_initial(view.document, reading.snapshot)),
        **_neighbours(view),
        **_panel_context(request, view),
    }


def _neighbours(view: Shown) -> dict[str, Any]:
    """`position` ("9 of 20") among what is marked, and the addresses of what is before and behind."""
    if view.selected is None:
        return {}
    before, behind = view.reading.beside(view.selected.key)
    return {
        "position": f"{view.reading.marks.index(view.selected) + 1} of {len(view.reading.marks)}",
        "previous_url": view.url(before) if before else "",
        "next_url_claim": view.url(behind) if behind else "",
    }


def _panel_context(request: Request, view: Shown) -> dict[str, Any]:
    selected = view.selected
    if selected and selected.is_claim:
        context = claim_context(request, get_claim(int(selected.key)), next_url=view.url(selected), target="panel")
        following = view.reading.next_claim(request.user, selected) or selected
        return context | {"submit_next_url": view.url(following, touched=selected.key)}
    number = int(selected.key[1:]) if selected else view.place.sentence
    if number:
        return _sentence_context(view, number)
    return {"unchecked": view.reading.unchecked(request.user)[:UNCHECKED_LIMIT]}


def _sentence_context(view: Shown, pk: int) -> dict[str, Any]:
    reading = view.reading
    sentence = Sentence.objects.select_related("decided_by").get(pk=pk)
    start, end = sentence.start, sentence.end
    made_here = [mark for mark in reading.every_claim if any(a < end and start < b for a, b in mark.spans)]
    return {
        "sentence": sentence,
        "sentence_text": show_bidi(reading.text[start:end]),
        "sentence_claims": made_here,
        "worth": worth_of(sentence, detection_language(view.document.language)),
        "dispositions": OTHER_DISPOSITIONS,
        "sentence_query": selecting(f"s{pk}") + view.place.kept,
        "sentence_form": sentence_claim_form(view.document, reading.snapshot, sentence),
    }


def sentence_claim_form(document: Document, snapshot: Snapshot, sentence: Sentence) -> PassageClaimForm:
    """The form that makes a claim of the whole sentence, filled with its own words. Raises IntegrityFault."""
    words = " ".join(snapshot.read()[sentence.start : sentence.end].split())
    initial = {"start": sentence.start, "end": sentence.end, "assertion": words}
    return PassageClaimForm(initial=claim_initial(document, snapshot, sentence) | initial, auto_id="sentence_%s")


def claim_initial(document: Document, snapshot: Snapshot, sentence: Sentence | None = None) -> dict[str, Any]:
    """A claim is judged for the time its document came out, if that is known, else for now."""
    as_of = document.published_on or timezone.localdate().isoformat()
    kind = suggested_kind([signal["name"] for signal in sentence.signals] if sentence else [])
    return {"snapshot": snapshot.number, "kind": kind, "as_of": as_of}
