"""Searches that found nothing: recorded so that another can repeat them, retracted with a reason, never changed."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import difference, initial, lock, permit, required_reason, touch
from claims.actions.values import check_record
from claims.choices import Act, Stage
from claims.models import Claim, Search, User
from claims.workflow import Refusal, RefusalKind, Refused

CONTENT = ("place", "searched_on", "words", "note")


@transaction.atomic
def add_search(claim: Claim, *, by: User, place: str, searched_on: date, words: str, note: str = "") -> Search:
    """Record that nothing was found there on that day with those words. Raises ValidationError by field."""
    permit(Act.ADD_SEARCH, claim, by=by)
    search = Search(
        claim=claim, place=place.strip(), searched_on=searched_on, words=words.strip(), note=note.strip(), added_by=by
    )
    check_record(search)
    if searched_on > timezone.localdate():
        raise ValidationError({"searched_on": "This day is still to come."})
    search.save(force_insert=True)
    touch(claim, Act.ADD_SEARCH, by=by, changes=initial(search, *CONTENT), subject=search)
    return search


@transaction.atomic
def retract_search(search: Search, *, by: User, reason: str) -> None:
    """Take a search out of the record of what was tried; a verified claim falls due, its verdict may rest on it."""
    claim = search.claim
    permit(Act.RETRACT_SEARCH, claim, by=by)
    lock(search)
    if search.is_retracted:
        told = f"{search.retracted_by} retracted this search: “{search.retraction_reason}”"
        raise Refused(Refusal(RefusalKind.STAGE, told))
    reason = required_reason(reason)
    search.retracted_at, search.retracted_by, search.retraction_reason = timezone.now(), by, reason
    search.save(update_fields=["retracted_at", "retracted_by", "retraction_reason"])
    due: dict[str, Any] = {}
    if claim.stage == Stage.VERIFIED and not claim.due_at:
        due = {"due_at": timezone.now(), "due_reason": "A search for evidence was retracted."}
    changes = {"place": [search.place, None]} | difference(claim, due)
    touch(claim, Act.RETRACT_SEARCH, by=by, changes=changes, subject=search, reason=reason, **due)
