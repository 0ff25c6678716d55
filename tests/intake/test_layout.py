"""From lines on pages to paragraphs."""

import pytest

from claims.intake.readers.blocks import Block
from claims.intake.readers.layout import Line, paragraphs, without_repeated

LEADING = 12.0
HEIGHT = 10.0


def line(text: str, row: float, *, left: float = 72, right: float = 500, height: float = HEIGHT) -> Line:
    """A line of a page, its row counted from the top."""
    top = 800 - row * LEADING
    return Line(text, left, right, top, top - height, height)


def texts(*pages: list[Line]) -> list[str]:
    return [block.text for block in paragraphs(list(pages))]


def test_lines_become_a_paragraph():
    assert texts([line("Japan has a", 0), line("budget of its own,", 1), line("and more.", 2)]) == [
        "Japan has a budget of its own, and more."
    ]


def test_space_above_a_line_begins_a_paragraph():
    page = [line("One", 0), line("goes on", 1), line("and on.", 2), line("Two", 3.6), line("goes on", 4.6)]
    assert texts(page) == ["One goes on and on.", "Two goes on"]


def test_double_spaced_lines_are_still_one_paragraph():
    assert texts([line("One", 0), line("goes on", 2), line("and on.", 4)]) == ["One goes on and on."]


def test_a_short_last_line_ends_a_paragraph_if_a_sentence_ends_there():
    rows = [("One goes on to", 500), ("its end.", 200), ("Two goes on to", 500), ("a full line.", 500), ("More", 500)]
    page = [line(text, row, right=right) for row, (text, right) in enumerate(rows)]
    assert texts(page) == ["One goes on to its end.", "Two goes on to a full line. More"]


def test_an_indented_first_line_begins_a_paragraph():
    page = [line("One", 0, left=84), line("ends here.", 1), line("Two", 2, left=84), line("goes on.", 3)]
    assert texts(page) == ["One ends here.", "Two goes on."]


def test_hanging_lines_belong_to_the_line_they_hang_from():
    page = [line("Lee, A. (2023).", 0), line("A title.", 1, left=84), line("A place.", 2, left=84)]
    assert texts(page) == ["Lee, A. (2023). A title. A place."]


def test_bullets_begin_paragraphs():
    assert texts([line("• one", 0), line("goes on", 1), line("• two", 2)]) == ["• one goes on", "• two"]


def test_a_paragraph_goes_on_over_pages_and_columns():
    assert texts([line("Japan has", 50)], [line("a budget.", 0), line("More.", 1)]) == ["Japan has a budget. More."]
    assert texts([line("Japan has", 50), line("a budget.", 0, left=300)]) == ["Japan has a budget."]
    assert texts([line("It ended.", 50)], [line("A new one.", 0)]) == ["It ended.", "A new one."]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["exam\u00ad", "ple"], "example"),
        (["the well-known case of a well\u00ad", "known case"], "the well-known case of a well-known case"),
        (["Asia\u00ad", "Pacific"], "Asia-Pacific"),
        (["from 10-", "20"], "from 10-20"),
        (["a dash -", "here"], "a dash - here"),
        (["日本は世界で", "九番目"], "日本は世界で九番目"),
        (["soft\u00adhyphen"], "softhyphen"),
    ],
)
def test_words_parted_at_the_end_of_a_line_are_put_together(lines, text):
    assert texts([line(words, row) for row, words in enumerate(lines)]) == [text]


def test_larger_type_makes_headings_by_size():
    page = [
        line("Title", 0, height=20),
        line("Part", 3, height=14),
        *(line("the body of the text", row) for row in (5, 6)),
    ]
    assert paragraphs([page])[:2] == [Block("Title", 1), Block("Part", 2)]


def test_long_text_in_large_type_is_no_heading():
    page = [
        *(line("large letters " * 5, row, height=16) for row in range(4)),
        *(line("body " * 20, row) for row in range(9, 20)),
    ]
    assert paragraphs([page])[0].level == 0


def _pages(count: int, body: str = "of its own") -> list[list[Line]]:
    return [
        [line("Annual Report", 0), line(f"part {n}", 3), line(body, 4), line("more", 5), line(f"Page {n} of 9", 60)]
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [2, 3, 12])
def test_running_heads_and_page_numbers_are_left_out(count):
    pages, examples = without_repeated(_pages(count))
    assert [[found.text for found in page] for page in pages] == [
        [f"part {n}", "of its own", "more"] for n in range(count)
    ]
    assert examples == ["Annual Report", f"Page {count - 1} of 9"]


def test_a_single_page_keeps_all_its_lines():
    assert without_repeated(_pages(1)) == (_pages(1), [])


def test_lines_of_the_text_are_kept_although_they_repeat():
    """Figures of a table that goes on over pages, close to what is next to them."""
    pages = [[line(f"Year {n}", row) for row, n in enumerate(range(page, page + 6))] for page in range(4)]
    assert without_repeated(pages) == (pages, [])


def test_nothing_comes_of_nothing():
    assert paragraphs([[], []]) == []
