"""Making a claim of a sentence, and taking that back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from claims.actions.changes import check_permission, check_version, lock
from claims.actions.claims import create_claim_in_text, dismiss
from claims.actions.sentences import check_is_latest, dispose
from claims.choices import Disposition, Permission, Stage
from claims.models import Appearance, Claim, Sentence, Snapshot, User

TAKEN_BACK = "Taken back: it was made by mistake."


@transaction.atomic
def claim_sentence(
    sentence: Sentence, start: int, end: int, *, by: User, version: int | None = None, **fields: Any
) -> Claim:
    """A new claim made of words of the sentence, at [start, end) of its snapshot; the sentence becomes a claim.

    Raises StaleVersion when someone has decided on it since the `version` that the person saw, and otherwise what
    `create_claim_in_text` does.
    """
    check_permission(by, Permission.WORK)
    lock(sentence.snapshot.document)
    lock(sentence)
    check_version(sentence, version)
    claim = create_claim_in_text(sentence.snapshot, start, end, by=by, **fields)
    dispose(sentence, Disposition.CLAIM, by=by)
    return claim


@transaction.atomic
def take_back_claim(
    claim: Claim,
    sentence: Sentence,
    *,
    by: User,
    version: int,
    seen: Mapping[int, int],
    before: Disposition | None = None,
    note: str = "",
) -> None:
    """Undo the making of a claim of a sentence: dismiss the claim, and let the sentence be what it was `before`.

    `version` is the claim's, and `seen` are those of all sentences it has words of, by id, as the act left them. A
    sentence that has another claim stays one. Raises StaleVersion when somebody has changed one of them since, and
    Overtaken when a newer text has come, which has the claim, too.
    """
    lock(claim)
    check_version(claim, version)
    lock(sentence.snapshot.document)
    check_is_latest(sentence.snapshot)
    dismiss(claim, by=by, reason=TAKEN_BACK)
    for one in _with_words_of(claim, sentence.snapshot):
        if one.pk in seen and not claims_of(one).exists():
            was = (before, note) if one.pk == sentence.pk else (None, "")
            dispose(one, was[0], by=by, note=was[1], version=seen[one.pk])


def sentences_of(claim: Claim, snapshot: Snapshot) -> QuerySet[Sentence]:
    """The sentences of the text that hold words of a claim that was just made there, and has one place in it."""
    place = claim.appearances.get(snapshot=snapshot)
    return snapshot.sentences.touching(place.start, place.end)


def _with_words_of(claim: Claim, snapshot: Snapshot) -> QuerySet[Sentence]:
    """As `sentences_of`, of a claim that may have come to several places since."""
    places = Appearance.objects.filter(claim=claim, snapshot=snapshot)
    holds = places.touching(OuterRef("start"), OuterRef("end"))
    return snapshot.sentences.filter(Exists(holds)).select_related("snapshot__document").order_by("pk")


def claims_of(sentence: Sentence) -> QuerySet[Appearance]:
    """Where its text makes claims with words of the sentence, those that were dismissed left out."""
    places = Appearance.objects.filter(snapshot=sentence.snapshot_id).touching(sentence.start, sentence.end)
    return places.exclude(claim__stage=Stage.DISMISSED).select_related("claim__verdict")
