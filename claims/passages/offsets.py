"""Offsets as browsers count them, in UTF-16 code units, and as Python does, in code points. Pure."""

from claims.passages.passage import PassageError


def utf16_to_code_points(text: str, offset: int) -> int:
    """The code point offset of a browser's `offset`, which counts UTF-16 code units.

    Raises PassageError when the offset lies outside `text` or between the two units of one code point.
    """
    units = text.encode("utf-16-le")
    if not 0 <= 2 * offset <= len(units):
        raise PassageError(f"offset {offset} lies outside the text, which has {len(units) // 2} UTF-16 units")
    try:
        return len(units[: 2 * offset].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise PassageError(f"offset {offset} splits a character") from None


def code_points_to_utf16(text: str, offset: int) -> int:
    """The offset in UTF-16 code units, as browsers count, of a code point offset. PassageError outside `text`."""
    if not 0 <= offset <= len(text):
        raise PassageError(f"offset {offset} lies outside the text, which has {len(text)} characters")
    return len(text[:offset].encode("utf-16-le")) // 2
