"""Rows of a table of text: commas, semicolons, tabs or bars between the cells, line breaks within quotes. Pure."""

import csv
from collections.abc import Callable, Iterator, Sequence

from claims.exports.csv import unescape
from claims.imports.rows import MAX_COLUMNS, MAX_LINE, BadFile, Row, column_names

Lines = Callable[[], Iterator[str]]

_DELIMITERS = ",;\t|"
_HEAD = 20

# For the whole process; nothing else here reads CSV. The module's own limit is less than one of our evidence cells.
csv.field_size_limit(MAX_LINE)


class CsvTable:
    """The columns, and how to read the rows again. `known` counts how many names of a header mean something here."""

    def __init__(self, lines: Lines, known: Callable[[Sequence[str]], int]) -> None:
        self._lines = lines
        self._skipped, self._delimiter = _dialect(lines, known)
        header = next(self._records(), None)
        if header is None:
            raise BadFile("The file is blank.")
        _, cells, problem = header
        if problem:
            raise BadFile(f"The first row, which names the columns, cannot be read: {problem}")
        if len(cells) > MAX_COLUMNS:
            raise BadFile(f"It has {len(cells):,} columns; at most {MAX_COLUMNS} are read.")
        self.columns = column_names(cells)
        self.repeated = sorted({name for name in cells if name.strip() and cells.count(name) > 1})

    def rows(self) -> Iterator[Row]:
        records = self._records()
        next(records)
        width = len(self.columns)
        for line, cells, problem in records:
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if problem or len(cells) > width:
                yield Row(
                    line, {}, problem or f"It has {len(cells):,} cells, and the first row names {width:,} columns."
                )
            else:
                yield Row(line, dict(zip(self.columns, map(unescape, cells), strict=False)))

    def _records(self) -> Iterator[tuple[int, list[str], str]]:
        """Line where it begins, cells, and what is wrong; rows without any content are passed over."""
        lines = self._lines()
        for _ in range(self._skipped):
            next(lines)
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            line = reader.line_num + self._skipped + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, [], _in_words(error)
            else:
                if any(cell and not cell.isspace() for cell in cells):
                    yield line, cells, ""


def _in_words(error: csv.Error) -> str:
    told = str(error)
    if "unexpected end" in told:
        return "A quotation mark opens a cell here and none closes it."
    if "expected after" in told:
        return (
            "After the quotation mark that closes a cell there is more of it; write a quotation mark in a cell twice."
        )
    if "field limit" in told:
        return f"A cell has more than {MAX_LINE:,} characters; perhaps a quotation mark that opens it is not closed."
    return f"It cannot be read as CSV: {told}."


def _dialect(lines: Lines, known: Callable[[Sequence[str]], int]) -> tuple[int, str]:
    """How many lines come before the header, and what parts the cells: what makes most sense of the header."""
    first = next((line for line in lines() if line.strip()), "")
    if first[:4].lower() == "sep=" and len(first.strip("\r\n")) == 5:  # which Excel writes for itself
        return _lines_before(lines, first) + 1, first[4]
    scores = [(*_score(lines, delimiter, known), -rank) for rank, delimiter in enumerate(_DELIMITERS)]
    return 0, _DELIMITERS[-max(scores)[-1]]


def _lines_before(lines: Lines, first: str) -> int:
    return next(number for number, line in enumerate(lines()) if line == first)


def _score(lines: Lines, delimiter: str, known: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    """How many columns of the header are known, and how many rows at the head of the file have more than one cell."""
    reader = csv.reader(lines(), delimiter=delimiter)
    try:
        header = next((cells for cells in reader if any(cells)), [])
        width = len(header)
        alike = sum(width == len(cells) > 1 for cells, _ in zip(reader, range(_HEAD), strict=False))
    except csv.Error:
        return 0, 0
    return known(header[:MAX_COLUMNS]), alike
