"""DOCX: text, headings, lists, tables and notes by mammoth, which reads insertions and leaves out deletions."""

import re
import zipfile
from io import BytesIO
from typing import Any

import lxml.html
import mammoth

from claims.intake.readers.blocks import to_text
from claims.intake.readers.markup import blocks
from claims.intake.readers.packed import check, part, properties
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Heading 7'] => h6:fresh
p[style-name='Heading 8'] => h6:fresh
p[style-name='Heading 9'] => h6:fresh
"""
_LANGUAGE = re.compile(rb'<w:lang\s[^>]*w:val="([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)"')
_DAMAGED = "This DOCX file is cut off or damaged."


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check(archive, limits)
            about = properties(archive)
            language = _LANGUAGE.search(part(archive, "word/styles.xml"))
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


def _no_image(image: Any) -> list[Any]:
    """Leaves pictures unopened."""
    return []
