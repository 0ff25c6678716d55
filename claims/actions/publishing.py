"""Who can read a release besides the people of the desk: one event for each change."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission, difference, lock
from claims.choices import Permission, RecordAct, ReleaseState, Visibility
from claims.models import Event, Release, User
from claims.workflow import Refusal, RefusalKind, Refused

TOKEN_BYTES = 24
"""Of the public address: more than anybody can guess."""

_WITHDRAWN = "A withdrawn release keeps its public address: it says there that it was withdrawn, and why."
_NOT_READY = "Only a release that is ready can be published."
_STALE = "Someone else changed who can read it meanwhile. Look at it again."


@transaction.atomic
def publish(release: Release, visibility: str, *, by: User, seen: str | None = None) -> bool:
    """Let nobody else, whoever has the address, or everybody read the release; whether that is a change.

    It gets its address the first time, and keeps it whatever comes. `seen` is what the person saw it to be. The address
    is not in the history: who has it may read. Raises ValidationError on `visibility`.
    """
    check_permission(by, Permission.RELEASE)
    if visibility not in Visibility.values:
        raise ValidationError({"visibility": "Choose who can read it."})
    lock(release)
    _check_state(release, seen)
    changes = difference(release, {"visibility": visibility})
    if not changes:
        return False
    values: dict[str, Any] = {"visibility": visibility}
    if release.token is None:
        values |= {"token": secrets.token_urlsafe(TOKEN_BYTES), "published_at": timezone.now()}
    for name, value in values.items():
        setattr(release, name, value)
    release.save(update_fields=list(values))
    act = RecordAct.UNPUBLISH if visibility == Visibility.NO else RecordAct.PUBLISH
    Event.objects.append(release, act, by=by, changes=changes)
    return True


def _check_state(release: Release, seen: str | None) -> None:
    """Raises Refused unless it is ready, and as it was seen."""
    if release.state != ReleaseState.READY:
        reason = _WITHDRAWN if release.state == ReleaseState.WITHDRAWN else _NOT_READY
        raise Refused(Refusal(RefusalKind.STAGE, reason))
    if seen is not None and seen != release.visibility:
        raise Refused(Refusal(RefusalKind.STAGE, _STALE))
