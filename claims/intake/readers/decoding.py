"""Bytes of a text to characters. Pure."""

import codecs
import re
from contextlib import suppress

from charset_normalizer import from_bytes

from claims.intake.readers.reading import Unreadable
from claims.text import BIDI_CONTROLS

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, with whose mark it begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
"""What texts were kept in before UTF-8, the likeliest first: that decides where the guesser finds several as good.
It knows fifty more, and takes short texts for some of them."""

_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


def decode(data: bytes, *, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """The text of `data` and warnings about it.

    Its byte order mark decides; then UTF-8, if it is that without fault, whatever was declared: servers declare by
    habit; then the declared encoding; then a guess. Raises Unreadable.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    named = _codec(declared)
    for encoding in (named, "utf-8") if named.startswith("iso2022") else ("utf-8", named):
        with suppress(UnicodeError, LookupError):
            return data.decode(encoding), ()
    return _mended(data) or _guessed(data)


def bidi_warning(text: str) -> tuple[str, ...]:
    """A warning when characters in `text` turn the direction of what follows: what is seen is not what is stored."""
    count = sum(text.count(char) for char in BIDI_CONTROLS)
    return (f"The text contains {count:,} characters that change the direction of reading.",) if count else ()


def _codec(declared: str) -> str:
    """Python's name of a declared encoding, as the web means it; "" for what is no encoding of texts, or hides them."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return ""
    if name in ("iso8859-1", "ascii"):
        return "cp1252"  # what is sent under these names has curly quotes
    return "" if name.startswith(("utf-7", "utf-16", "utf-32", "unicode", "raw-unicode", "punycode", "idna")) else name


def _marked(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeError:
        raise Unreadable(f"The file says it is {encoding.upper()}, and is not: it is cut off or damaged.") from None


def _mended(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """`data` as UTF-8 if no more of it is broken than whole; other encodings hardly ever look whole by chance."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken > len(_BEYOND_ASCII.findall(text)) - broken:
        return None
    return text, (f"{broken:,} places are broken UTF-8 and shown as “\ufffd”.",)


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    if not (name := likeliest_encoding(data)):
        raise Unreadable("This is not text, or in an encoding that cannot be told. Save it as UTF-8.")
    encoding = "windows-" + name[2:] if name.startswith("cp") else name
    text = data.decode(name, errors="replace")
    return text, (f"The encoding was guessed to be {encoding}; look whether accents and quotes are right.",)


def likeliest_encoding(data: bytes) -> str:
    """Python's name of the old encoding that fits best; "" when none fits."""
    found = list(from_bytes(data, cp_isolation=_LEGACY))
    if not found:
        return ""
    return min(found, key=lambda match: (match.chaos, -match.coherence, _LEGACY.index(match.encoding))).encoding
