"""The tables of a release as CSV (RFC 4180), in UTF-8 without a byte order mark, a row at a time.

No cell is taken for a formula by a spreadsheet: text goes through `exports.csv.escape`, which `csv.unescape` undoes.
All cells are quoted, for where a program parts them at semicolons, as in half of Europe, text such as "see;=1+1" would
be two cells otherwise.
"""

import csv
import io
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from claims.exports.csv import escape
from claims.releases.archive import Member
from claims.releases.content import Content
from claims.releases.formats.columns import Column, Kind, Table
from claims.releases.formats.schema import tables_of

PIECE = 1 << 16  # characters after which what was written so far is handed on


def members(content: Content) -> Iterator[Member]:
    for table in tables_of(content.header):
        yield Member(table.file, partial(lines, table, content))


def lines(table: Table, content: Content) -> Iterator[bytes]:
    """The file of a table, in pieces."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(column.name for column in table.columns)
    for claim in content.claims():
        for row in table.rows(claim):
            writer.writerow([cell(column, row[column.name]) for column in table.columns])
        if buffer.tell() > PIECE:
            yield _taken(buffer)
    yield _taken(buffer)


def cell(column: Column, value: Any) -> str:
    """What stands in the file; nothing where there is no value."""
    if value is None:
        return ""
    match column.kind:
        case Kind.BOOLEAN:
            return "true" if value else "false"
        case Kind.LIST | Kind.OBJECT:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return escape(str(value))


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
