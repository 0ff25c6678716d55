"""How text becomes words: the same for what is indexed and what is asked, on every database. Pure."""

import re
import unicodedata

LONGEST = 100  # characters of one word that count; PostgreSQL refuses lexemes over 2 kB

# Chinese and Japanese are written without spaces: each character is a word, so that part of a sentence is found.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def tokens(text: str) -> list[str]:
    """The words of a text, in order: letters and digits only, case and accents removed ("Ōta-ku" gives ota, ku)."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    spaced = _UNSPACED.sub(r" \1 ", plain.casefold())
    return [word[:LONGEST] for word in _BETWEEN_WORDS.split(spaced) if word]
