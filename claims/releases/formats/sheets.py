"""A table of a release on one sheet of a workbook, or on several when it has more rows than a sheet."""

from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from claims.exports.csv import escape
from claims.links import is_web_address
from claims.releases.content import ReleasedClaim
from claims.releases.formats.cells import fitting, heading, shown
from claims.releases.formats.columns import Column, Kind, Row, Table
from claims.releases.formats.styles import Styles

ROWS = 1_048_576  # of a sheet, with its heading
LINKS = 5_000  # of a sheet, of the 65,530 that Excel takes: each stays in memory; addresses beyond them are text
LONGEST_LINK = 2_079  # characters
ROW_HEIGHT, HEADING_HEIGHT = 48, 32  # points
WIDTHS = {
    Kind.TEXT: 20,
    Kind.PROSE: 60,
    Kind.LINK: 36,
    Kind.PARTIAL_DATE: 12,
    Kind.DATE: 12,
    Kind.MOMENT: 19,
    Kind.INTEGER: 10,
    Kind.BOOLEAN: 10,
    Kind.LIST: 30,
    Kind.OBJECT: 44,
}
"""Of columns, in characters."""
WIDE = {"title": 36, "document": 36, "reference": 12, "alone_says": 30, "decisive_title": 30}


class Sheets:
    """The sheets of one table. Rows are written as they come, and not kept.

    After `finish`, what was written has its filter; nothing more is added then.
    """

    def __init__(self, book: Workbook, table: Table, styles: Styles) -> None:
        self.book, self.table, self.styles = book, table, styles
        self.columns = [column for column in table.columns if not column.is_technical]
        self.parts = 0
        self._begin()

    def add(self, claim: ReleasedClaim) -> None:
        for row in self.table.rows(claim):
            if self.next == ROWS:
                self.finish()
                self._begin()
            for at, column in enumerate(self.columns):
                self._put(at, column, row)
            self.next += 1

    def finish(self) -> None:
        self.sheet.autofilter(0, 0, self.next - 1, len(self.columns) - 1)

    def _begin(self) -> None:
        self.parts += 1
        name = self.table.name.capitalize()
        self.sheet: Worksheet = self.book.add_worksheet(name if self.parts == 1 else f"{name} {self.parts}")
        self.next, self.links = 1, 0
        self.sheet.set_default_row(ROW_HEIGHT)
        self.sheet.set_row(0, HEADING_HEIGHT)
        for at, column in enumerate(self.columns):
            self.sheet.set_column(at, at, WIDE.get(column.name, WIDTHS[column.kind]))
            self.sheet.write_string(0, at, heading(column), self.styles.heading())
        self.sheet.freeze_panes(1, 1)
        self._set_print()

    def _set_print(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.repeat_rows(0)
        self.sheet.repeat_columns(0, 0)

    def _put(self, at: int, column: Column, row: Row) -> None:
        value = shown(column, row[column.name])
        if isinstance(value, str):
            self._put_text(at, column, row, value)
        elif isinstance(value, datetime):
            self.sheet.write_datetime(self.next, at, value, self.styles.of(column.kind))
        elif value is not None:
            self.sheet.write_number(self.next, at, value, self.styles.of(column.kind))

    def _put_text(self, at: int, column: Column, row: Row, text: str) -> None:
        if column.kind == Kind.LINK and self._may_link(text):
            self.links += 1
            self.sheet.write_url(self.next, at, text, self.styles.of(Kind.LINK), text)
        else:
            text = fitting(text, row["reference"])
            self.sheet.write_string(self.next, at, text, self._style(column, row, text))

    def _may_link(self, text: str) -> bool:
        return self.links < LINKS and len(text.encode("utf-16-le")) // 2 <= LONGEST_LINK and is_web_address(text)

    def _style(self, column: Column, row: Row, text: str) -> Format:
        if escape(text) != text:
            return self.styles.of(Kind.TEXT, guarded=True)
        if column.name == "verdict_name":
            return self.styles.verdict(row["verdict"])
        return self.styles.of(Kind.TEXT if column.kind == Kind.LINK else column.kind)
