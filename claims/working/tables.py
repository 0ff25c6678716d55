"""A table pasted from a spreadsheet or a page: tabs, semicolons, commas or bars between its cells."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from claims.working.numbers import Problem, read_number

PASTE_LIMIT = 50_000
LINES_LIMIT = 500
_DELIMITERS = "\t;|,"


@dataclass(frozen=True)
class Table:
    """Cells by line, all lines of the same width, heading left out. `numbers` are the lines as pasted, from 1."""

    lines: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    @property
    def width(self) -> int:
        return len(self.lines[0]) if self.lines else 0


def read_table(text: str, *, field: str = "paste") -> Table:
    """The cells of a pasted table. A first line without any number, over one with numbers, is its heading.

    Raises Problem when it is too long, is no table, or has a line of another width (said with its number).
    """
    if len(text) > PASTE_LIMIT:
        raise Problem(f"This is too much to paste: at most {PASTE_LIMIT:,} characters.", field)
    if "\0" in text:
        raise Problem("This is not text.", field)
    lines = _cells(text, field)
    if len(lines) > 1 and not _has_number(lines[0][1]) and _has_number(lines[1][1]):
        del lines[0]
    if not lines:
        raise Problem("Paste the rows of a table.", field)
    width = max(len(cells) for _, cells in lines)
    if width < 2:
        raise Problem("This is no table: put a tab, a semicolon or a comma between the cells.", field)
    for number, cells in lines:
        if len(cells) != width:
            raise Problem(f"Line {number} has {len(cells)} cells, others have {width}.", field)
    return Table(tuple(tuple(cells) for _, cells in lines), tuple(number for number, _ in lines))


def _cells(text: str, field: str) -> list[tuple[int, list[str]]]:
    """Lines with something in them, by number."""
    delimiter = next((one for one in _DELIMITERS if one in text), "\t")
    # Quotes may hold the delimiter, and even line ends.
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=False)
    lines = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((reader.line_num, [" ".join(cell.split()) for cell in cells]))
            if len(lines) > LINES_LIMIT:
                raise Problem(f"At most {LINES_LIMIT} lines can be pasted.", field)
    except csv.Error as error:
        raise Problem(f"Line {reader.line_num} cannot be read as a table.", field) from error
    return _without_empty_ends(lines)


def _without_empty_ends(lines: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Spreadsheets copy empty columns on the right too."""
    width = max((len(cells) for _, cells in lines), default=0)
    while width and not any(cells[width - 1 : width] not in ([], [""]) for _, cells in lines):
        width -= 1
    return [(number, cells[:width]) for number, cells in lines]


def _has_number(cells: Sequence[str]) -> bool:
    return any(map(_is_number, cells))


def _is_number(cell: str) -> bool:
    try:
        read_number(cell)
    except Problem:
        return False
    return True
