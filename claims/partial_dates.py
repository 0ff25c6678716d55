"""Dates known to the year, the month or the day: EDTF level 0, "2023", "2023-05", "2023-05-24". Pure.

Records are kept as those strings: they sort by time, the less precise first, and no precision is made up.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
EXAMPLES = "Write a date such as 2023, 2023-05, 2023-05-24, May 2023 or 24 May 2023."

_ISO = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
_IN_WORDS = (
    re.compile(r"((?P<day>[0-9]{1,2})\s+)?(?P<name>[a-z]{3,9})\.?,?\s+(?P<year>[0-9]{4})", re.IGNORECASE),
    re.compile(r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>[0-9]{1,2}),?\s+(?P<year>[0-9]{4})", re.IGNORECASE),
)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A year from 1 to 9999, a month and a day; 0 for what is not known. A day needs a month.

    Raises ValueError, with a message for the person who typed it, when the calendar has no such date.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999:
            raise ValueError(f"There is no year {self.year:04}. {EXAMPLES}")
        if not 0 <= self.month <= 12:
            raise ValueError(f"There is no month {self.month}: months go from 01 to 12. {EXAMPLES}")
        if self.day and not (self.month and 1 <= self.day <= monthrange(self.year, self.month)[1]):
            raise ValueError(f"There is no day {self.day} in {self._month_and_year()}. {EXAMPLES}")

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Reads the three ISO forms, and "May 2023", "24 May 2023", "May 24, 2023" with months in English."""
        text = text.strip()
        if match := _ISO.fullmatch(text):
            if "00" in (match["month"], match["day"]):
                raise ValueError(f"Leave out what is not known instead of writing 00. {EXAMPLES}")
            return cls(int(match["year"]), int(match["month"] or 0), int(match["day"] or 0))
        for pattern in _IN_WORDS:
            if match := pattern.fullmatch(text):
                return cls(int(match["year"]), _month_number(match["name"]), int(match["day"] or 0))
        raise ValueError(f"“{text[:40]}” is not a date. {EXAMPLES}")

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = f"{self.year:04}", f"{self.month:02}", f"{self.day:02}"
        return "-".join(parts[: 1 + bool(self.month) + bool(self.day)])

    def display(self) -> str:
        """As people write it: "24 May 2023", "May 2023", "2023"."""
        return f"{self.day} {self._month_and_year()}" if self.day else self._month_and_year()

    def _month_and_year(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)


def _month_number(name: str) -> int:
    """The month of a full name or of an abbreviation of at least three letters."""
    for number, month in enumerate(MONTHS, start=1):
        if month.lower().startswith(name.lower()):
            return number
    raise ValueError(f"“{name}” is not a month. {EXAMPLES}")
