"""Dates known to the year, the month or the day, and the fields that keep them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.models.fields import PartialDateField
from claims.partial_dates import PartialDate

DATES = (
    st.dates()
    .flatmap(lambda day: st.sampled_from([(day.year,), (day.year, day.month), (day.year, day.month, day.day)]))
    .map(lambda parts: PartialDate(*parts))
)


@pytest.mark.parametrize(
    ("typed", "iso", "display"),
    [
        ("2023", "2023", "2023"),
        ("2023-05", "2023-05", "May 2023"),
        ("2023-05-24", "2023-05-24", "24 May 2023"),
        (" may 2023 ", "2023-05", "May 2023"),
        ("24 May 2023", "2023-05-24", "24 May 2023"),
        ("May 4, 2023", "2023-05-04", "4 May 2023"),
        ("4 Sept. 2023", "2023-09-04", "4 September 2023"),
        ("dec  1999", "1999-12", "December 1999"),
        ("0800", "0800", "800"),
        ("2024-02-29", "2024-02-29", "29 February 2024"),
    ],
)
def test_dates_are_read_in_their_three_precisions(typed, iso, display):
    parsed = PartialDate.parse(typed)
    assert (str(parsed), parsed.display()) == (iso, display)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "is not a date"),
        ("yesterday", "“yesterday” is not a date. Write a date such as 2023"),
        ("5/2023", "is not a date"),
        ("2023-5", "is not a date"),
        ("2023-05-24T10:00", "is not a date"),
        ("２０２３", "is not a date"),
        ("2023\x00", "is not a date"),
        ("9" * 5000, "is not a date"),
        ("0000", "There is no year 0000"),
        ("2023-13", "There is no month 13"),
        ("2023-00", "Leave out what is not known"),
        ("2023-02-29", "There is no day 29 in February 2023"),
        ("31 April 2023", "There is no day 31 in April 2023"),
        ("Smarch 2023", "“Smarch” is not a month"),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(typed, message):
    with pytest.raises(ValueError, match=message):
        PartialDate.parse(typed)


def test_a_day_without_a_month_is_refused():
    with pytest.raises(ValueError, match="There is no day 5 in 2023"):
        PartialDate(2023, 0, 5)


def test_a_month_spans_its_days():
    assert PartialDate(2024, 2).first_day == date(2024, 2, 1)
    assert PartialDate(2024, 2).last_day == date(2024, 2, 29)
    assert PartialDate(2023).last_day == date(2023, 12, 31)


@given(DATES)
def test_every_date_survives_being_written_and_read(partial):
    assert PartialDate.parse(str(partial)) == partial


@given(DATES.filter(lambda partial: partial.year >= 1000))
def test_every_date_survives_being_shown_and_read(partial):
    assert PartialDate.parse(partial.display()) == partial


@given(DATES)
def test_the_first_day_is_not_after_the_last(partial):
    assert partial.first_day <= partial.last_day
    assert (partial.first_day == partial.last_day) == bool(partial.day)


@given(DATES, DATES)
def test_dates_and_their_strings_sort_alike(one, other):
    assert (one < other) == (str(one) < str(other))


@given(st.text())
def test_any_other_text_is_refused_with_a_value_error(text):
    assume(not text.strip()[:4].isdigit())
    with pytest.raises(ValueError, match="Write a date such as"):
        PartialDate.parse(text)


def test_a_record_keeps_dates_in_iso_only():
    field = PartialDateField()
    assert field.clean("2023-05", None) == "2023-05"
    with pytest.raises(ValidationError, match="Write it as 2023-05"):
        field.clean("May 2023", None)
    with pytest.raises(ValidationError, match="There is no month 13"):
        field.clean("2023-13", None)


def test_the_form_of_a_record_reads_months_in_words():
    assert PartialDateField().formfield().clean("24 September 2023") == "2023-09-24"
