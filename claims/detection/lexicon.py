"""Lists of words and phrases, looked up word by word. Pure.

An entry of a list is one or more words. `cut*` and `*est` are the beginning and the ending of a word, `*` alone is any
word, `#` is any number that is no year; an entry with a capital letter asks for the word as it is written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from claims.detection.words import Word, words_of

_PARTS = re.compile(r"\S*\*\S*|#|[^\s*#]+")
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_KNOWN_WORDS = 50_000  # distinct words whose entries are remembered; a long document has about 10,000


@dataclass(frozen=True, slots=True)
class _Part:
    """One word of an entry."""

    text: str
    beginning: str = ""
    ending: str = ""

    @property
    def is_whole_word(self) -> bool:
        return not (self.beginning or self.ending or self.text in ("#", "*"))

    def fits(self, word: Word, numbers: frozenset[str]) -> bool:
        if self.text == "#":
            return (word.key[0].isdigit() and not _YEAR.fullmatch(word.key)) or word.key in numbers
        if self.beginning or self.ending:
            key = word.key
            return len(key) >= len(self.text) and key.startswith(self.beginning) and key.endswith(self.ending)
        return self.text in (word.key, word.text, "*")


class Entry(NamedTuple):
    list_name: str
    first: _Part
    rest: tuple[_Part, ...]
    is_exception: bool

    @property
    def length(self) -> int:
        return 1 + len(self.rest)

    def goes_on(self, words: Sequence[Word], at: int, numbers: frozenset[str]) -> bool:
        """Whether the words from `at` on are those of this entry after its first."""
        if at + len(self.rest) > len(words):
            return False
        for place, part in enumerate(self.rest, at):  # noqa: SIM110  a generator would take twice as long
            if not part.fits(words[place], numbers):
                return False
        return True


def entries(text: str) -> list[str]:
    """The entries of a list written with commas."""
    return [entry for part in text.split(",") if (entry := " ".join(part.split()))]


@dataclass
class Lexicon:
    """Named lists; `found_in` gives what of each list is in a sentence."""

    numbers: frozenset[str] = frozenset()
    _by_word: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _open: list[Entry] = field(default_factory=list)  # those that do not begin with a whole word

    def __post_init__(self) -> None:
        self._beginning_with = lru_cache(_KNOWN_WORDS)(self._look_up)

    def add(self, list_name: str, texts: Iterable[str], *, is_exception: bool = False) -> None:
        for text in texts:
            first, *rest = _parts(text)
            entry = Entry(list_name, first, tuple(rest), is_exception)
            if first.is_whole_word:
                self._by_word[first.text].append(entry)
            else:
                self._open.append(entry)

    def found_in(self, words: Sequence[Word]) -> Mapping[str, list[tuple[int, int]]]:
        """For each list with something in the sentence: the spans of words found, `(first, last + 1)`, in order.

        Of several entries of a list at one place the longest counts, and no word counts twice for one list.
        """
        found: dict[str, list[tuple[int, int]]] = {}
        taken: dict[str, int] = {}
        for at, word in enumerate(words):
            for entry in self._beginning_with(word.text):
                name, _, rest, is_exception = entry
                if at < taken.get(name, 0) or (rest and not entry.goes_on(words, at + 1, self.numbers)):
                    continue
                taken[name] = end = at + 1 + len(rest)
                if not is_exception:
                    found.setdefault(name, []).append((at, end))
        return found

    def _look_up(self, text: str) -> tuple[Entry, ...]:
        """The entries whose first word this is, the longest first and exceptions before the rule."""
        word = Word(text, text.lower(), 0, 0)
        fitting = {entry: None for written in (word.text, word.key) for entry in self._by_word.get(written, ())}
        fitting |= {entry: None for entry in self._open if entry.first.fits(word, self.numbers)}
        return tuple(sorted(fitting, key=lambda entry: (-entry.length, not entry.is_exception)))


def _parts(entry: str) -> Iterator[_Part]:
    for text in _PARTS.findall(entry):
        if text in ("#", "*"):
            yield _Part(text)
        elif "*" in text:
            beginning, _, ending = text.partition("*")
            yield _Part(text, beginning, ending)
        else:
            yield from (_Part(word.text) for word in words_of(text))
