"""Plain text and Markdown: kept as they are."""

import re

from claims.intake.readers.decoding import decode
from claims.intake.readers.reading import Format, Limits, Reading

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HEADING = re.compile(r"\s*#[ \t]+(?P<title>\S[^\r\n]*)")


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    text, warnings = decode(data, declared=charset(content_type))
    heading = _HEADING.match(text)
    return Reading(
        text=text, format=Format.TEXT, title=heading["title"].rstrip(" \t#") if heading else "", warnings=warnings
    )


def charset(content_type: str) -> str:
    """The encoding that a Content-Type names, or ""."""
    found = _CHARSET.search(content_type)
    return found[1] if found else ""
