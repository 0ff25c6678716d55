"""A file of whatever name: what it is, and its rows. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from claims.imports.csv_rows import CsvTable
from claims.imports.encoding import encoding_of, lines, text_of
from claims.imports.fields import known_columns
from claims.imports.json_rows import Decoder, json_document, json_lines
from claims.imports.reviews import is_media_review, is_review, opened
from claims.imports.rows import MAX_COLUMNS, BadFile, Row, Shape, Table, column_names, readable

JSON_LIMIT = 100_000_000
"""Characters of a JSON document, which is held in memory whole; CSV and JSON Lines are not."""

SAMPLE = 200
"""Rows of JSON that are asked for their names: there is no header."""

# What people send by mistake, by its first bytes, and what to do instead.
_OTHERS = (
    (b"PK\x03\x04", "This is a ZIP archive or a workbook, not a table of text. Save the sheet as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "This is a workbook of an old kind. Save the sheet as CSV (UTF-8)."),
    (b"%PDF", "This is a PDF, not a table. Claims come in as CSV, JSON Lines or JSON."),
    (b"\x1f\x8b", "This is a compressed file. Unpack it first."),
    (b"{\\rtf", "This is a word processor's text, not a table. Claims come in as CSV, JSON Lines or JSON."),
)


def open_table(stream: BinaryIO, name: str) -> Table:
    """The rows of a file, which is read from its beginning, and may be read again. Raises BadFile."""
    name = readable(name, 200)
    stream.seek(0)
    head = stream.read(8)
    for magic, message in _OTHERS:
        if head.startswith(magic):
            raise BadFile(message)
    encoding, warning = encoding_of(stream)
    start = _first_line(stream, encoding)
    if not start:
        raise BadFile("The file is blank.")
    if start[0] == "<" and not (is_called_lines(name) and start.lower().startswith("<script")):
        raise BadFile("This is HTML or XML. If it is a page with ClaimReview, save its JSON-LD as a .json file.")
    warnings: tuple[str, ...] = (warning,) if warning else ()
    if start[0] in "[{<":
        return _json(stream, name, encoding, start, warnings)
    table = CsvTable(lambda: lines(stream, encoding), known_columns)
    if table.repeated:
        warnings += (f"Columns of one name: {', '.join(table.repeated[:5])}. All but the first got a number.",)
    return Table(name, Shape.CSV, table.columns, warnings, table.rows)


def _first_line(stream: BinaryIO, encoding: str) -> str:
    return next((content for line in lines_or_part(stream, encoding) if (content := line.strip(" \t\r\n\ufeff"))), "")


def lines_or_part(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines, of which one that is too long comes in pieces: JSON may be all on one."""
    text = text_of(stream, encoding)
    while piece := text.readline(JSON_LIMIT):
        yield piece


def _json(stream: BinaryIO, name: str, encoding: str, start: str, warnings: tuple[str, ...]) -> Table:
    shape = Shape.JSONL if _is_lines(stream, name, encoding, start) else Shape.JSON
    # Of what is all on its first line, as programs write it, the lines say nothing; its items are counted instead.
    counted = shape is Shape.JSON and start.strip() == _whole(stream, encoding).strip()

    def rows() -> Iterator[Row]:
        if shape is Shape.JSONL:
            found = json_lines(lambda: lines(stream, encoding))
        else:
            found = json_document(_whole(stream, encoding))
        for number, row in enumerate((claim for one in found for claim in opened(one)), start=1):
            yield replace(row, line=number) if counted else row

    sample = list(islice(rows(), SAMPLE))
    if counted and len(sample) > 1:
        warnings += ("The file is a single line: for a line, read the number of the item in it.",)
    if any(is_review(row.values) or is_media_review(row.values) for row in sample):
        return Table(name, Shape.CLAIMREVIEW, (), warnings, rows)
    return Table(name, shape, _names(sample), warnings, rows)


def _is_lines(stream: BinaryIO, name: str, encoding: str, start: str) -> bool:
    """Whether each line is a document of its own: it is called so, or the first one is whole and others follow."""
    if is_called_lines(name):
        return True
    follow = (line for line in lines_or_part(stream, encoding) if line.strip())
    if start[0] == "[" or len(list(islice(follow, 2))) < 2:
        return False
    try:
        return Decoder().value(start, 0)[1] == len(start)
    except BadFile:
        return False


def is_called_lines(name: str) -> bool:
    return name.lower().endswith((".jsonl", ".ndjson"))


def _whole(stream: BinaryIO, encoding: str) -> str:
    text = text_of(stream, encoding).read(JSON_LIMIT + 1)
    if len(text) > JSON_LIMIT:
        raise BadFile(f"The document has more than {JSON_LIMIT:,} characters. Write it as JSON Lines instead.")
    return text


def _names(sample: Sequence[Row]) -> tuple[str, ...]:
    """The names in the rows that can be shown; what nobody can read, nobody can choose."""
    names = dict.fromkeys(name for row in sample for name in row.values)
    return tuple(name for name in names if column_names([name]) == (name,))[:MAX_COLUMNS]
