"""ODS: the cells of the visible sheets, as they were shown when the file was saved. Formulas are never computed."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from claims.intake.readers.packed import check, properties
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable
from claims.intake.readers.sheets import Sheet, hidden_sheets, to_text

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _TEXT, _STYLE = (_NAMES % name for name in ("table", "text", "style"))
_GAPS = {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}
_DAMAGED = "This ODS file is cut off or damaged."


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    hidden: list[str] = []
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check(archive, limits)
            about = properties(archive, "meta.xml")
            with archive.open("content.xml") as content:
                text = to_text(_sheets(content, limits, hidden), limits)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # whatever a broken file trips over comes out
        raise Unreadable(_DAMAGED) from error
    return Reading(
        text=text,
        format=Format.ODS,
        title=about.get("title", ""),
        authors=(about.get("creator", ""),),
        language=about.get("language", ""),
        warnings=hidden_sheets(len(hidden)),
    )


def _sheets(content: Any, limits: Limits, hidden: list[str]) -> Iterator[Sheet]:
    """The sheets in order; the names of those that are hidden go to `hidden`."""
    unseen: set[str] = set()
    rows: list[list[str]] = []
    for _, element in ElementTree.iterparse(content):  # noqa: S314  without entities, see packed.check
        if element.tag == f"{_STYLE}style":
            if any(one.get(f"{_TABLE}display") == "false" for one in element):
                unseen.add(element.get(f"{_STYLE}name", ""))
        elif element.tag == f"{_TABLE}table-row":
            rows += _rows(element, limits)
            element.clear()
        elif element.tag == f"{_TABLE}table":
            name = element.get(f"{_TABLE}name", "")
            if element.get(f"{_TABLE}style-name") in unseen:
                hidden.append(name)
            else:
                yield Sheet(name, rows)
            rows = []
            element.clear()


def _rows(row: Any, limits: Limits) -> list[list[str]]:
    """One row, as often as it is repeated; nothing for an empty one, which is repeated to the end of the sheet."""
    cells: list[str] = []
    for cell in row:
        if text := _words(cell):
            cells += [text] * _times(cell, "columns", len(text), limits)
    return [cells] * _times(row, "rows", sum(map(len, cells)), limits) if cells else []


def _times(element: Any, what: str, characters: int, limits: Limits) -> int:
    times = int(element.get(f"{_TABLE}number-{what}-repeated", "1"))
    if times * characters > limits.characters:
        raise Unreadable(f"The text is longer than {limits.characters:,} characters.")
    return times


def _words(cell: Any) -> str:
    """The paragraphs of a cell; a note that is pinned to it lies deeper."""
    for part in cell.iter():
        if part.tag in _GAPS:
            part.text = " "
    return " ".join("".join(paragraph.itertext()) for paragraph in cell.findall(f"{_TEXT}p"))
