"""claims.xlsx: the tables of a release as a workbook, for people. No cell is a formula, whatever its text.

XlsxWriter writes it a row at a time into a temporary folder; `repacked` gives its parts one order and fixed dates, so
that the same content makes the same bytes. Text that a cell cannot hold is cut, with a note; rows that a sheet cannot
hold go on another. What each column is, the manifest says.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from claims.releases.archive import Member
from claims.releases.content import Content, Header
from claims.releases.formats import workbook_about
from claims.releases.formats.schema import tables_of
from claims.releases.formats.sheets import Sheets
from claims.releases.formats.styles import Styles

NAME = "claims.xlsx"
PIECE = 1 << 16
FIRST_PARTS = ("[Content_Types].xml", "_rels/.rels")
"""Where programs look first."""
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class TextSheet(Worksheet):
    """XlsxWriter takes a text between <r> and </r> for markup of its own, and would write it as it is: whoever writes
    such a text could write cells, and formulas. Here it is a text.
    """

    def _xml_rich_inline_string(self, string: str, attributes: list[tuple[str, Any]] | None = None) -> None:
        self._xml_inline_string(string, True, attributes or [])


def members(content: Content) -> Iterator[Member]:
    yield Member(NAME, partial(pieces, content))


def pieces(content: Content) -> Iterator[bytes]:
    """The file. It waits in a temporary folder until it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        written, packed = Path(folder, "written.xlsx"), Path(folder, "packed.xlsx")
        _write(content, written)
        repacked(written, packed)
        with packed.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _write(content: Content, path: Path) -> None:
    book = Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
    book.worksheet_class = TextSheet
    book.use_zip64()
    book.set_properties(_properties(content.header))
    styles = Styles(book)
    workbook_about.write(book, content.header, styles)
    sheets = [Sheets(book, table, styles) for table in tables_of(content.header)]
    for claim in content.claims():
        for sheet in sheets:
            sheet.add(claim)
    for sheet in sheets:
        sheet.finish()
    book.close()


def _properties(header: Header) -> dict[str, Any]:
    """Without `created` a workbook would tell when it was written."""
    return {
        "title": header["title"],
        "author": header["desk"]["name"],
        "created": datetime.fromisoformat(header["as_of"]).replace(microsecond=0, tzinfo=None),
    }


def repacked(written: Path, packed: Path) -> None:
    """The same parts in one order, with fixed dates and permissions."""
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name not in FIRST_PARTS, name))
        for name in names:
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            part.file_size = source.getinfo(name).file_size
            with source.open(name) as data, target.open(part, "w") as copy:
                while piece := data.read(PIECE):
                    copy.write(piece)
