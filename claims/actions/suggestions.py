"""Other words for a passage, suggested to the document's author, and the author's answers. History: the document's."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission, lock
from claims.actions.values import check_record
from claims.choices import Answer, Permission, RecordAct, Stage
from claims.models import Appearance, Document, Event, Suggestion, User
from claims.models.event import Changes
from claims.text import clean_text, opening
from claims.workflow import Refusal, RefusalKind, Refused

WORDS = 120
"""Code points of a passage in history."""


@transaction.atomic
def suggest(appearance: Appearance, text: str, *, by: User) -> Suggestion:
    """Suggest `text` in place of the passage. Raises ValidationError on `text`, Refused for a dismissed claim."""
    check_permission(by, Permission.WORK)
    if appearance.claim.stage == Stage.DISMISSED:
        raise Refused(Refusal(RefusalKind.STAGE, f"{appearance.claim.reference} was dismissed."))
    document = _locked(appearance)
    suggestion = Suggestion(appearance=appearance, text=_tidy(text), by=by)
    if suggestion.text == appearance.exact.strip():
        raise ValidationError({"text": "These are the words that are there."})
    check_record(suggestion)
    suggestion.save(force_insert=True)
    changes: Changes = {"passage": [None, opening(appearance.exact, WORDS)], "text": [None, suggestion.text]}
    Event.objects.append(document, RecordAct.SUGGEST, by=by, changes=changes, subject=suggestion)
    return suggestion


@transaction.atomic
def answer(suggestion: Suggestion, answer: str, *, by: User, seen: str, note: str = "") -> None:
    """Note what the author made of a suggestion; an empty answer takes it back.

    `seen` is the answer that the person saw: Refused when another was noted since. ValidationError on `answer` or
    `note`. Does nothing when nothing differs.
    """
    check_permission(by, Permission.WORK)
    document = _locked(suggestion.appearance)
    suggestion.refresh_from_db(fields=["answer", "answer_note", "answered_by", "answered_at"])
    old, old_note = suggestion.answer, suggestion.answer_note
    note = _tidy(note, "note") if answer else ""
    if answer and answer not in Answer.values:
        raise ValidationError({"answer": "Choose accept or stet."})
    if (old, old_note) == (answer, note):
        return
    if old != seen:
        told = f"{suggestion.answered_by} noted “{old}”" if old else "The answer was taken back"
        raise Refused(Refusal(RefusalKind.STAGE, f"{told} meanwhile. Look at the memo again."))
    suggestion.answer, suggestion.answer_note = answer, note
    suggestion.answered_by, suggestion.answered_at = (by, timezone.now()) if answer else (None, None)
    check_record(suggestion)
    suggestion.save(update_fields=["answer", "answer_note", "answered_by", "answered_at"])
    changes: Changes = {"text": [suggestion.text, suggestion.text], "answer": [old or None, answer or None]}
    changes |= {"note": [old_note or None, note or None]} if old_note != note else {}
    Event.objects.append(document, RecordAct.ANSWER, by=by, changes=changes, subject=suggestion)


def _locked(appearance: Appearance) -> Document:
    document = appearance.snapshot.document
    lock(document)
    return document


def _tidy(text: str, field: str = "text") -> str:
    try:
        return clean_text(text).strip()
    except ValueError as error:
        raise ValidationError({field: str(error)}) from error
