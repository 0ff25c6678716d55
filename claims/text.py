"""Hygiene of text that people type or paste. Pure.

Lines (names, titles, assertions) lose what cannot be seen or turns the reading order; longer text (rationales, quotes,
documents) keeps every character but control characters, and `show_bidi` makes the turning ones visible.
"""

import re
import unicodedata

BIDI_CONTROLS = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
"""Characters that set the direction of what follows, with their Unicode abbreviations."""

_NEWLINE = re.compile(r"\r\n?")
_CONTROLS = re.compile(r"[\x01-\x08\x0b-\x1f\x7f]")
_UNSEEN_IN_LINES = dict.fromkeys(map(ord, [*BIDI_CONTROLS, "\u200b", "\u2060", "\ufeff"]))
_SHOWN = str.maketrans({char: f"\u27e6{name}\u27e7" for char, name in BIDI_CONTROLS.items()})


def clean_text(text: str) -> str:
    """`text` with newlines as LF and without control characters except tab and newline; all else untouched.

    Raises ValueError when it contains a NUL or half a surrogate pair: neither can be stored, and either means that
    something other than text was sent.
    """
    if "\x00" in text:
        raise ValueError("The text contains a NUL character.")
    if re.search("[\ud800-\udfff]", text):
        raise ValueError("The text contains half a surrogate pair.")
    return _CONTROLS.sub("", _NEWLINE.sub("\n", text))


def clean_line(text: str) -> str:
    """`text` as one composed (NFC) line, white space collapsed, no direction marks. Raises as `clean_text` does."""
    visible = clean_text(text).translate(_UNSEEN_IN_LINES)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def opening(text: str, most: int) -> str:
    """The first `most` code points of `text` as one line for people, with … when there are more."""
    return show_bidi(" ".join(text[:most].split())) + ("…" if len(text) > most else "")


def show_bidi(text: str) -> str:
    """`text` with each direction control as its name, such as ⟦RLO⟧, in the place where it took effect."""
    return text.translate(_SHOWN)


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def is_language_tag(text: str) -> bool:
    """Whether it has the form of a BCP 47 tag, such as en, ja or pt-BR, and fits its column."""
    return len(text) <= 35 and _LANGUAGE.fullmatch(text) is not None
