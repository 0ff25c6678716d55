"""The release calendars that imported claims follow: those of this desk, and new ones by who may make them."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from claims.actions.calendars import add_calendar
from claims.actions.publishers import publisher_named
from claims.calendars import Rule
from claims.choices import Permission
from claims.imports.drafts import Draft
from claims.models import ReleaseCalendar, User

NOT_HERE = "release calendars that are not here, which an admin has to make"


@dataclass(frozen=True)
class _Told:
    source: str
    name: str
    rule: str


class Calendars:
    """Calendars by what exports call them: “SIPRI: Military Expenditure Database, every April”."""

    def __init__(self, by: User) -> None:
        self._by = by
        known = ReleaseCalendar.objects.in_use().select_related("source")
        self._known = {f"{calendar.source.name}: {calendar}": calendar for calendar in known}

    def look(self, draft: Draft) -> None:
        """Have the draft follow the calendar that it names, if that is here; else leave it out, unless it is made."""
        if draft.follows in self._known:
            draft.columns["recheck_calendar"] = self._known[draft.follows]
        elif draft.follows and not self._may_make(draft.follows):
            draft.left_out.append(NOT_HERE)

    def make(self, draft: Draft) -> None:
        """Make the calendar that the draft names and that is not here, if the person may."""
        if draft.follows and draft.follows not in self._known and self._may_make(draft.follows):
            told = _read(draft.follows)
            assert told, "checked by _may_make"  # noqa: S101
            source, _ = publisher_named(told.source, "", by=self._by)
            known = source.calendars.filter(name=told.name).first()
            calendar = known or add_calendar(source, by=self._by, name=told.name, rule=told.rule)
            self._known[draft.follows] = calendar
        self.look(draft)

    def _may_make(self, follows: str) -> bool:
        return self._by.may(Permission.MANAGE_SOURCES) and _read(follows) is not None


def _read(follows: str) -> _Told | None:
    """What is told of a calendar; None for what tells none. A rule has commas of its own, so the longest counts."""
    source, _, rest = follows.partition(": ")
    parts = rest.split(", ")
    for at in range(1, len(parts)):
        name, rule = ", ".join(parts[:at]), ", ".join(parts[at:])
        if source and name and len(source) <= 200 and len(name) <= 200 and _is_rule(rule):
            return _Told(source, name, rule)
    return None


def _is_rule(text: str) -> bool:
    try:
        return len(str(Rule.parse(text))) <= 60
    except (ValueError, ValidationError):
        return False
