"""Release calendars of sources, and the claims that follow them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import amend, check_permission, check_version, initial, lock, overwrite, permit, touch
from claims.actions.claims import recheck_fields
from claims.actions.values import check_record, unique
from claims.calendars import Rule
from claims.choices import Act, Permission, RecordAct
from claims.models import Claim, ReleaseCalendar, Source, User

TAKEN = "This source has a calendar of this name already."


@transaction.atomic
def add_calendar(source: Source, *, by: User, name: str, rule: str) -> ReleaseCalendar:
    """Say when the source publishes something anew. The event is on the chain of the source.

    Raises ValidationError on `rule` for what calendars.Rule does not read.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    lock(source)
    calendar = ReleaseCalendar(source=source, name=name.strip(), rule=_rule(rule))
    check_record(calendar)
    with unique("name", TAKEN):
        calendar.save(force_insert=True)
    changes = {f"calendar.{field}": pair for field, pair in initial(calendar, "name", "rule").items()}
    touch(source, RecordAct.CHANGE, by=by, changes=changes, subject=calendar)
    return calendar


@transaction.atomic
def edit_calendar(calendar: ReleaseCalendar, *, by: User, version: int, name: str, rule: str) -> None:
    """Change its name or rule. Claims that follow it wait for the next release by the new rule, from today on.

    Claims whose re-check has come stay due. Does nothing when nothing differs.
    """
    check_permission(by, Permission.MANAGE_SOURCES)
    followers = _lock_followers(calendar)
    lock(calendar)
    check_version(calendar, version)
    old_rule = calendar.rule
    with unique("name", TAKEN):
        changes = _overwritten(calendar, {"name": name.strip(), "rule": _rule(rule)})
    if not changes:
        return
    touch(calendar.source, RecordAct.CHANGE, by=by, changes=changes, subject=calendar)
    if calendar.rule != old_rule:
        _follow_on(followers, calendar, by=by)


@transaction.atomic
def retire_calendar(calendar: ReleaseCalendar, *, by: User) -> None:
    """Offer it no longer; claims that follow it go on doing so. Does nothing when it is retired already."""
    _set_retired(calendar, by=by, act=RecordAct.RETIRE, to=timezone.now())


@transaction.atomic
def unretire_calendar(calendar: ReleaseCalendar, *, by: User) -> None:
    _set_retired(calendar, by=by, act=RecordAct.UNRETIRE, to=None)


def _set_retired(calendar: ReleaseCalendar, *, by: User, act: RecordAct, to: Any) -> None:
    check_permission(by, Permission.MANAGE_SOURCES)
    lock(calendar)
    if (calendar.retired_at is None) != (to is None):
        overwrite(calendar, {"retired_at": to})
        touch(calendar.source, act, by=by, changes={"calendar": [calendar.name, calendar.name]}, subject=calendar)


@transaction.atomic
def follow_calendar(claim: Claim, calendar: ReleaseCalendar | None, *, by: User, version: int | None = None) -> None:
    """Have the claim checked again whenever the calendar's next release comes; None ends that, and the date with it.

    Raises ValidationError on `calendar` for a retired one. Does nothing when it follows it already.
    """
    permit(Act.ORGANISE, claim, by=by, version=version)
    if calendar is not None and calendar.retired_at is not None:
        raise ValidationError({"calendar": "This calendar is retired. Choose one in use."})
    if claim.recheck_calendar_id != (calendar.pk if calendar else None):
        recheck_on = str(calendar.next_release()) if calendar else ""
        values = {"recheck_calendar": calendar, **recheck_fields(recheck_on)}
        amend(claim, Act.ORGANISE, by=by, values=values)


def _lock_followers(calendar: ReleaseCalendar) -> list[Claim]:
    return list(Claim.objects.filter(recheck_calendar=calendar).order_by("pk").select_for_update(no_key=True))


def _follow_on(followers: list[Claim], calendar: ReleaseCalendar, *, by: User) -> None:
    """One event for each claim, in the order of the locks."""
    today = timezone.localdate()
    values = recheck_fields(str(calendar.next_release(today)))
    for claim in followers:
        if claim.recheck_from and claim.recheck_from > today:
            amend(claim, Act.ORGANISE, by=by, values=values)


def _overwritten(calendar: ReleaseCalendar, values: dict[str, Any]) -> dict[str, list[Any]]:
    differs = any(getattr(calendar, name) != value for name, value in values.items())
    return {f"calendar.{name}": pair for name, pair in overwrite(calendar, values).items()} if differs else {}


def _rule(typed: str) -> str:
    try:
        return str(Rule.parse(typed))
    except ValueError as error:
        raise ValidationError({"rule": str(error)}) from error
