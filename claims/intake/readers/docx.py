"""DOCX: text, headings, lists, tables and notes by mammoth, which reads insertions and leaves out deletions."""

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import lxml.html
import mammoth

from claims.intake.readers.blocks import to_text
from claims.intake.readers.markup import blocks
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Heading 7'] => h6:fresh
p[style-name='Heading 8'] => h6:fresh
p[style-name='Heading 9'] => h6:fresh
"""
_MOST_PARTS = 10_000
_DC = "{http://purl.org/dc/elements/1.1/}"
_LANGUAGE = re.compile(rb'<w:lang\s[^>]*w:val="([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)"')
_DAMAGED = "This DOCX file is cut off or damaged."


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check(archive, limits)
            about = _properties(archive)
            language = _LANGUAGE.search(_part(archive, "word/styles.xml"))
        html = mammoth.convert_to_html(BytesIO(data), style_map=_STYLES, convert_image=_no_image).value
    except Unreadable:
        raise
    except MemoryError:
        raise
    except Exception as error:  # mammoth has no exceptions of its own: whatever a broken file trips over comes out
        raise Unreadable(_DAMAGED) from error
    return Reading(
        text=to_text(blocks(lxml.html.fragment_fromstring(html, create_parent="body"))),
        format=Format.DOCX,
        title=about.get("title", ""),
        authors=tuple(name.strip() for name in about.get("creator", "").split(";")),
        language=about.get("language", "") or (language[1].decode() if language else ""),
    )


def _check(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuses archives that expand without end, have a password, or define entities; Word writes none of these.

    The sizes that an archive states can be relied on: Python reads no part further than that.
    """
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.expanded:
        raise Unreadable(f"Unpacked, the file is larger than {limits.expanded / 1_000_000:,.0f} MB.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable("The file has a password. Save it without one.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part)[:10_000]:
            raise Unreadable("The file defines XML entities, which no DOCX file does.")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """What the file says about itself: title, creator, language."""
    if not (xml := _part(archive, "docProps/core.xml")):
        return {}
    root = ElementTree.fromstring(xml)  # noqa: S314  without entities, see _check
    return {name: root.findtext(_DC + name) or "" for name in ("title", "creator", "language")}


def _no_image(image: Any) -> list[Any]:
    """Leaves pictures unopened."""
    return []
