"""Rank tables, numbers as they are typed, and pasted tables."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.working import (
    Order,
    Problem,
    Ranked,
    Row,
    in_words,
    ordinal,
    rank,
    read_number,
    read_place,
    read_table,
)


def table(*rows: tuple[int | None, str, str]) -> list[Row]:
    return [Row(name, Decimal(value), place) for place, name, value in rows]


AROUND = table((8, "France", "53.6"), (9, "South Korea", "46.4"), (10, "Japan", "46.0"), (11, "Ukraine", "44.0"))


def test_a_table_that_begins_late_gives_the_rank_that_its_places_say() -> None:
    found = rank(AROUND, "japan", expected=9)
    assert str(found) == "gives 10th; the claim says 9th: does not agree"
    assert found.notes == ("The table leaves out places 1 to 7.",)


def test_values_decide_and_not_the_places_of_the_table() -> None:
    found = rank(table((1, "A", "5"), (2, "B", "9")), "B", expected=1)
    assert found.agrees
    assert found.notes == ("The table itself puts B 2nd; its values give another place.",)


def test_rows_of_equal_value_share_their_places() -> None:
    rows = table((None, "A", "9"), (None, "B", "5"), (None, "C", "5.0"), (None, "D", "1"))
    found = rank(rows, "C", expected=3)
    assert str(found) == "gives 2nd to 3rd, tied with B; the claim says 3rd: agrees"
    assert not rank(rows, "C", expected=4).agrees
    assert rank(rows, "D", expected=4).agrees


def test_ties_in_the_places_of_a_table_leave_nothing_out() -> None:
    rows = table((1, "A", "9"), (2, "B", "5"), (2, "C", "5"), (4, "D", "1"))
    assert rank(rows, "D", expected=4) == Ranked("D", 4, 4, 4)


def test_a_gap_below_the_row_does_not_count() -> None:
    rows = table((1, "A", "9"), (2, "B", "5"), (5, "C", "1"))
    found = rank(rows, "B", expected=2)
    assert found.agrees
    assert found.notes == ("The table leaves out places 3 to 4.",)
    assert rank(rows, "C", expected=5).agrees


def test_the_smallest_may_come_first() -> None:
    rows = table((None, "A", "9"), (None, "B", "5"))
    assert rank(rows, "B", expected=1, order=Order.ASCENDING).agrees


@pytest.mark.parametrize(
    ("rows", "name", "says"),
    [
        ([], "A", "two rows"),
        (table((1, "A", "1")), "A", "two rows"),
        (table((1, "A", "1"), (2, "B", "1")), "C", "not in the table"),
        (table((1, "A", "1"), (2, " a ", "1")), "A", "twice"),
        ([Row(str(number), Decimal(number)) for number in range(201)], "1", "At most 200"),
    ],
)
def test_a_table_without_a_rank_is_a_problem(rows: list[Row], name: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        rank(rows, name, expected=1)


VALUES = st.lists(st.integers(-50, 50), min_size=2, max_size=30)


@given(VALUES)
def test_every_row_gets_a_place_and_the_best_gets_the_first(values: list[int]) -> None:
    rows = [Row(f"n{number}", Decimal(value)) for number, value in enumerate(values)]
    for row in rows:
        found = rank(rows, row.name, expected=1)
        assert 1 <= found.first <= found.last <= len(rows)
        assert found.agrees is (row.value == max(values))


@given(VALUES)
def test_turning_the_order_turns_the_places(values: list[int]) -> None:
    rows = [Row(f"n{number}", Decimal(value)) for number, value in enumerate(values)]
    down, up = (rank(rows, "n0", expected=1, order=order) for order in (Order.DESCENDING, Order.ASCENDING))
    assert (down.first, down.last) == (len(rows) + 1 - up.last, len(rows) + 1 - up.first)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("46.0", "46.0"),
        (" 1,234.5 ", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234\u202f567", "1234567"),
        ("46,4", "46.4"),
        ("0,125", "0.125"),
        ("\u22123", "-3"),
        ("[292]", "292"),
        ("007", "7"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["", "x", "1e9", "NaN", "inf", "$5", "5 %", "1,2,3", "1.2.3", "--1", "1_0", "٣", "½", "9" * 41, "[", "[]"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        read_number(typed)


@given(st.text(max_size=50))
def test_any_text_is_a_finite_number_or_a_problem(typed: str) -> None:
    with suppress(Problem):
        assert read_number(typed).is_finite()


@pytest.mark.parametrize(
    ("typed", "place"), [("9", 9), ("9th", 9), ("=3", 3), ("T3", 3), ("#1", 1), ("4.", 4), (" ", None)]
)
def test_places_are_read_as_tables_write_them(typed: str, place: int | None) -> None:
    assert read_place(typed) == place


@pytest.mark.parametrize("typed", ["0", "ninth", "-1", "1.5", "999999"])
def test_what_is_no_place_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        read_place(typed)


@pytest.mark.parametrize(
    ("value", "words"),
    [("46.0", "46.0"), ("1234567.891", "1,234,567.891"), ("1.0869565217", "1.08696"), ("1E+3", "1,000"), ("0", "0")],
)
def test_numbers_are_told_shortly(value: str, words: str) -> None:
    assert in_words(Decimal(value)) == words


def test_numbers_far_from_one_are_told_in_powers() -> None:
    assert in_words(Decimal("1E+90")) == "1.00000e+90"


def test_ordinals() -> None:
    assert [ordinal(place) for place in (1, 2, 3, 4, 11, 12, 13, 21, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th")
    ]


def test_a_table_is_read_with_tabs_and_its_heading_left_out() -> None:
    found = read_table("Rank\tCountry\tUS$ bn\t\n1\tUnited States\t877\t\n\n2\tChina\t[292]\t\n")
    assert found.lines == (("1", "United States", "877"), ("2", "China", "[292]"))
    assert found.numbers == (2, 4)


def test_a_table_of_csv_keeps_commas_in_quotes() -> None:
    assert read_table('"Korea, South","1,234"\nJapan,46').lines == (("Korea, South", "1,234"), ("Japan", "46"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Paste the rows"),
        ("\n \n", "Paste the rows"),
        ("one\ntwo", "no table"),
        ("1\t2\n3", "Line 2 has 1"),
        ("a\0\tb", "not text"),
        ("x" * 50_001, "too much"),
        ("1\t2\n" * 501, "At most 500"),
    ],
)
def test_what_is_no_table_is_refused(text: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        read_table(text)


@given(st.text(max_size=200))
def test_any_paste_is_a_table_or_a_problem(text: str) -> None:
    try:
        found = read_table(text)
    except Problem:
        return
    assert found.lines
    assert {len(line) for line in found.lines} == {found.width}
