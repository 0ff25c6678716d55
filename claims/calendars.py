"""When something is published again: “every April”, “quarterly”, “yearly on 15 March”. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date

from claims.partial_dates import MONTHS, PartialDate

EXAMPLES = "Write it as “every April”, “every April and October”, “yearly on 15 March”, “quarterly” or “monthly on 5”."

EACH_MONTH = tuple(range(1, 13))
EACH_QUARTER = (1, 4, 7, 10)

_REGULAR = re.compile(r"(?P<every>monthly|quarterly)(?: on (?:day )?(?P<day>[0-9]{1,2}))?", re.IGNORECASE)
_YEARLY = re.compile(r"(?:every|yearly|each year)(?: in| on)? (?P<days>.+)", re.IGNORECASE)
_DAY = re.compile(r"(?:(?P<day>[0-9]{1,2}) )?(?P<month>[a-z]{3,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """Moments of every year as (month, day), in order; day 0 where only the month is known."""

    moments: tuple[tuple[int, int], ...]

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Raises ValueError, with a message for the person who typed it, for what is no rule."""
        text = " ".join(text.split())
        if match := _REGULAR.fullmatch(text):
            months = EACH_MONTH if match["every"].lower() == "monthly" else EACH_QUARTER
            day = int(match["day"]) if match["day"] else 0
            _check_day(day, 31, f"{text}: months have days 1 to 31.", given=match["day"] is not None)
            return cls(tuple((month, day) for month in months))
        if match := _YEARLY.fullmatch(text):
            parts = re.split(r", and |, | and ", match["days"])
            return cls(tuple(sorted({_moment(part) for part in parts})))
        raise ValueError(f"“{text[:60]}” is not a rule. {EXAMPLES}")

    def next_after(self, day: date) -> PartialDate:
        """The first moment that begins later than `day`; in a month without that day, on its last one.

        Raises OverflowError beyond the last year of the calendar.
        """
        for year in (day.year, day.year + 1):
            if year > MAXYEAR:
                break
            found = sorted(_in_year(year, *moment) for moment in self.moments)
            if later := next((one for one in found if one.first_day > day), None):
                return later
        raise OverflowError(f"There is no year after {MAXYEAR}.")

    def __str__(self) -> str:
        months, days = tuple(month for month, _ in self.moments), {day for _, day in self.moments}
        name = {EACH_MONTH: "monthly", EACH_QUARTER: "quarterly"}.get(months)
        if name and len(days) == 1:
            return f"{name} on {min(days)}" if any(days) else name
        *rest, last = [f"{day} {MONTHS[month - 1]}" if day else MONTHS[month - 1] for month, day in self.moments]
        return f"{'yearly on' if all(days) else 'every'} {', '.join(rest)}{' and ' if rest else ''}{last}"


def _in_year(year: int, month: int, day: int) -> PartialDate:
    return PartialDate(year, month, min(day, monthrange(year, month)[1]))


def _moment(text: str) -> tuple[int, int]:
    match = _DAY.fullmatch(text)
    month = next(
        (n for n, name in enumerate(MONTHS, 1) if match and name.lower().startswith(match["month"].lower())), 0
    )
    if match is None or not month:
        raise ValueError(f"“{text[:40]}” is not a month, or a day of one. {EXAMPLES}")
    day = int(match["day"] or 0)
    most = monthrange(2024, month)[1]  # a leap year
    _check_day(day, most, f"{MONTHS[month - 1]} has no day {day}. {EXAMPLES}", given=match["day"] is not None)
    return month, day


def _check_day(day: int, most: int, message: str, *, given: bool) -> None:
    if given and not 1 <= day <= most:
        raise ValueError(message)
