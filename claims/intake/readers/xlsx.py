"""XLSX: the cells of the visible sheets by openpyxl. Formulas are never computed: their stored results are read."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import Any

import openpyxl

from claims.intake.readers.packed import check, properties
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable
from claims.intake.readers.sheets import Sheet, hidden_sheets, to_text

_DAMAGED = "This XLSX file is cut off or damaged."
_NO_RESULT = re.compile(rb"</f>(?:<v\s*/>|<v></v>)?</c>|<f[^>]*/>(?:<v\s*/>|<v></v>)?</c>")
_DECORATION = re.compile(r'\[[^\]]*\]|"[^"]*"|[_*\\].|[ $€£¥+()-]')
_FIXED = re.compile(r"(?P<thousands>#,##)?0(?:\.(?P<decimals>0{1,15}))?(?P<percent>%)?")


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check(archive, limits)
            about = properties(archive)
            missing = sum(len(_NO_RESULT.findall(archive.read(name))) for name in _sheet_parts(archive))
        with warnings.catch_warnings(action="ignore"):  # of features that are not kept, such as pictures
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            text = to_text(_sheets(book), limits)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # whatever a broken file trips over comes out
        raise Unreadable(_DAMAGED) from error
    return Reading(
        text=text,
        format=Format.XLSX,
        title=about.get("title", ""),
        authors=tuple(name.strip() for name in about.get("creator", "").split(";")),
        warnings=(*hidden_sheets(sum(_is_hidden(sheet) for sheet in book.worksheets)), *_without_result(missing)),
    )


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]


def _without_result(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    one = "1 formula has no stored result" if count == 1 else f"{count:,} formulas have no stored result"
    return (f"{one}, and formulas are not computed here: what they would give is missing.",)


def _is_hidden(sheet: Any) -> bool:
    return bool(sheet.sheet_state != "visible")


def _sheets(book: Any) -> Iterator[Sheet]:
    for sheet in book.worksheets:
        if not _is_hidden(sheet):
            sheet.reset_dimensions()  # what a file says of its size may be a million empty rows
            yield Sheet(sheet.title, ([_shown(cell) for cell in row] for row in sheet.iter_rows()))


def _shown(cell: Any) -> str:
    """The cell as a person sees it, as far as its format is a plain one; dates as 2023-05-24."""
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)


def _number(value: float, number_format: str) -> str:
    plain = _FIXED.fullmatch(_DECORATION.sub("", number_format.partition(";")[0]))
    exact = Decimal(repr(value))
    if plain is None or not exact.is_finite() or abs(value) >= 1e15:
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    rounded = (exact * 100 if plain["percent"] else exact).quantize(
        Decimal(1).scaleb(-len(plain["decimals"] or "")), ROUND_HALF_UP
    )
    return f"{rounded:{',' if plain['thousands'] else ''}f}{plain['percent'] or ''}"
