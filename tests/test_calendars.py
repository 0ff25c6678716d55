"""Release calendars: what can be said, and when the next release is."""

from datetime import date

import pytest

from claims.calendars import Rule

NEXT = [
    ("every April", date(2026, 3, 31), "2026-04"),
    ("every April", date(2026, 4, 1), "2027-04"),
    ("every April and October", date(2026, 4, 2), "2026-10"),
    ("yearly on 15 March", date(2026, 3, 14), "2026-03-15"),
    ("yearly on 15 March", date(2026, 3, 15), "2027-03-15"),
    ("yearly on 29 February", date(2027, 3, 1), "2028-02-29"),
    ("yearly on 29 February", date(2026, 3, 1), "2027-02-28"),
    ("yearly on 29 February", date(2100, 1, 1), "2100-02-28"),
    ("quarterly", date(2026, 11, 22), "2027-01"),
    ("quarterly on 31", date(2026, 4, 1), "2026-04-30"),
    ("monthly", date(2026, 12, 31), "2027-01"),
    ("monthly on 31", date(2028, 2, 1), "2028-02-29"),
    ("monthly on 31", date(2027, 2, 28), "2027-03-31"),
]


@pytest.mark.parametrize(("rule", "after", "expected"), NEXT)
def test_the_next_release_begins_later_than_the_day(rule: str, after: date, expected: str) -> None:
    assert str(Rule.parse(rule).next_after(after)) == expected


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Every april", "every April"),
        ("each year in Apr and Oct", "every April and October"),
        ("every October, April and July", "every April, July and October"),
        ("every 15 March", "yearly on 15 March"),
        ("yearly on 1 Sep and 1 mar", "yearly on 1 March and 1 September"),
        ("every January, April, July and October", "quarterly"),
        ("Quarterly  on day 15", "quarterly on 15"),
        ("every 31 December", "yearly on 31 December"),
        ("every 3 May and June", "every 3 May and June"),
    ],
)
def test_a_rule_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert str(Rule.parse(typed)) == kept
    assert Rule.parse(kept) == Rule.parse(typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "is not a rule"),
        ("sometimes", "is not a rule"),
        ("every Smarch", "is not a month"),
        ("every 31 April", "April has no day 31"),
        ("every 30 February", "February has no day 30"),
        ("every 0 May", "May has no day 0"),
        ("monthly on 32", "days 1 to 31"),
        ("monthly on 0", "days 1 to 31"),
        ("every " + "April and " * 500, "is not a month"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Rule.parse(typed)


def test_the_calendar_ends_with_its_last_year() -> None:
    with pytest.raises(OverflowError):
        Rule.parse("every April").next_after(date(9999, 5, 1))
