"""From bytes to a Reading, by what the bytes are. Pure; `read` runs it where it can do no harm."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import cast

from claims.intake.readers.decoding import bidi_warning
from claims.intake.readers.formats import mismatch, recognise
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable
from claims.text import clean_line, clean_text

_MODULES = {Format.TEXT: "plain", Format.MARKDOWN: "plain"}  # the others are called like their formats
_LINE = 300


def parse(data: bytes, *, filename: str = "", content_type: str = "", limits: Limits) -> Reading:
    """The text of a file, cleaned and within `limits.characters`. Raises Unreadable."""
    found = recognise(data, filename=filename, content_type=content_type)
    raw = _reader(found)(data, content_type, limits)
    text = _clean(raw.text)
    if not text.strip():
        raise Unreadable("There is no text in the file.")
    if len(text) > limits.characters:
        raise Unreadable(f"The text has {len(text):,} characters; at most {limits.characters:,} are read.")
    return replace(
        raw,
        format=found,
        text=text,
        title=_line(raw.title),
        authors=tuple(filter(None, map(_line, raw.authors))),
        warnings=(*mismatch(found, filename, content_type), *raw.warnings, *bidi_warning(text)),
    )


def _reader(found: Format) -> Callable[[bytes, str, Limits], Reading]:
    # Imported only when needed: the libraries of all formats take a second to load.
    module = import_module(f"claims.intake.readers.{_MODULES.get(found, found)}")
    return cast(Callable[[bytes, str, Limits], Reading], module.reading)


def _clean(text: str) -> str:
    try:
        return clean_text(text)
    except ValueError:
        raise Unreadable("This is not text: it contains characters that no text has.") from None


def _line(text: str) -> str:
    try:
        return clean_line(text)[:_LINE]
    except ValueError:  # what a file says about itself is not worth refusing its text for
        return ""
