"""Small spreadsheets, so that tests say what is in them."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import openpyxl

from tests.intake.samples import archive

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def xlsx(rows: Sequence[Sequence[Any]], *, formats: Mapping[str, str] | None = None, title: str = "") -> bytes:
    """An XLSX file with one sheet, “Budgets”; `formats` are of cells, such as {"B2": "0.0"}."""
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = title, "Ann Writer"
    sheet = book.active
    sheet.title = "Budgets"
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    return _saved(book)


def with_hidden_sheet() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Japan", 46])
    hidden = book.create_sheet("Hidden")
    hidden.append(["Kept from readers"])
    hidden.sheet_state = "veryHidden"
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """The same archive with this part added, or put in the place of its own."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    return archive({**parts, name: content})


def sheet_xml(rows: str, *, before: str = "", size: str = "A1:B2") -> str:
    """The first sheet of an XLSX file."""
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'{before}<worksheet {names}><dimension ref="{size}"/><sheetData>{rows}</sheetData></worksheet>'


def with_sheet(rows: str, **fields: str) -> bytes:
    return with_part(xlsx([["Japan"]]), "xl/worksheets/sheet1.xml", sheet_xml(rows, **fields))


def ods(rows: str, *, before: str = "", style: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An ODS file with one sheet, “Budgets”, of these rows; `style` is what is said of how it is shown."""
    shown = f'<style:style style:name="ta1"><style:table-properties {style}/></style:style>'
    content = (
        f"{before}<office:document-content {_NAMES}><office:automatic-styles>{shown}</office:automatic-styles>"
        '<office:body><office:spreadsheet><table:table table:name="Budgets" table:style-name="ta1">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return archive({"mimetype": ODS_TYPE, "content.xml": content, **(parts or {})})


def ods_row(*cells: str, repeated: str = "") -> str:
    """A row of ODS with a text in each cell."""
    row = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row {repeated}>{row}</table:table-row>"
