"""The first sheet of a workbook: what the release is, what is on the other sheets, and what was left out."""

from collections.abc import Iterator
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from claims.exports.csv import escape
from claims.links import is_web_address
from claims.releases.content import Header, LeftOutRecord
from claims.releases.formats.cells import Shown, fitting, shown
from claims.releases.formats.columns import Column, Kind
from claims.releases.formats.schema import tables_of
from claims.releases.formats.styles import Styles

NAME = "About"
WIDTHS = (18, 72, 44, 20, 20)  # of the columns, in characters
LINE, MOST_LINES = 16, 25  # points; lines of a row
_AT = Column("at", "When.", Kind.MOMENT)
NOTES = (
    "This workbook is for reading. Programs read claims.jsonl, or the tables as CSV; datapackage.json says what their "
    "columns are.",
    "Dates that are known to the day are dates; others are text, such as 2023 or 2023-05. Moments are in UTC.",
    "A text of more than 32,767 characters is cut, as a cell holds no more; claims.jsonl has all of it.",
    "No cell is a formula. Whether this file is as the desk gave it out, verify.py of the release tells.",
)
_LEFT_OUT = ("Claim", "What was found", "Why it was left out", "By", "At (UTC)")


def write(book: Workbook, header: Header, styles: Styles) -> None:
    sheet = book.add_worksheet(NAME)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_row(0, 2 * LINE)
    sheet.write_string(0, 0, header["title"], styles.title())
    for at, (label, value) in enumerate(_facts(header), start=2):
        sheet.set_row(at, _height(str(value), WIDTHS[1]))
        sheet.write_string(at, 0, label, styles.label())
        _put(sheet, at, 1, value, styles)
    _list_left_out(sheet, at + 2, header["left_out"], styles)


def _height(text: str, width: int) -> int:
    """Of a row, in points: programs do not agree on who works it out."""
    lines = sum(1 + len(line) // width for line in text.splitlines())
    return LINE * min(max(1, lines), MOST_LINES)


def _facts(header: Header) -> Iterator[tuple[str, Shown]]:
    """What stands in the two first columns, line by line."""
    yield from (("Description", text) for text in [header["description"]] if text)
    yield "Release", f"{header['name']}, number {header['number']} of its set"
    yield "As of (UTC)", shown(_AT, header["as_of"])
    yield "Claims", header["claims"]
    yield "Left out", len(header["left_out"])
    yield "Licence", header["licence"] or "Not stated"
    yield "Desk", header["desk"]["name"]
    yield "", header["desk"]["url"]
    yield "Head of histories", header["head"]
    if previous := header["previous"]:
        yield "Release before", f"{previous['name']}, as of {previous['as_of']}"
    for table in tables_of(header):
        yield f"Sheet {table.name.capitalize()}", table.about
    for number, note in enumerate(NOTES):
        yield "" if number else "Notes", note


def _list_left_out(sheet: Worksheet, at: int, left_out: list[LeftOutRecord], styles: Styles) -> None:
    if not left_out:
        return
    for column, heading in enumerate(_LEFT_OUT):
        sheet.write_string(at, column, heading, styles.heading())
    for row, one in enumerate(left_out, start=at + 1):
        findings = ", ".join(one["findings"]).replace("_", " ")
        sheet.set_row(row, max(_height(findings, WIDTHS[1]), _height(one["reason"], WIDTHS[2])))
        for column, value in enumerate((one["reference"], findings, one["reason"], one["by"], shown(_AT, one["at"]))):
            _put(sheet, row, column, value, styles)


def _put(sheet: Worksheet, row: int, column: int, value: Shown, styles: Styles) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value, styles.of(Kind.INTEGER))
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, styles.of(Kind.MOMENT))
    elif value and is_web_address(value):
        sheet.write_url(row, column, value, styles.of(Kind.LINK), value)
    elif value:
        style = styles.of(Kind.PROSE, guarded=escape(value) != value)
        sheet.write_string(row, column, fitting(value, "release.json"), style)
