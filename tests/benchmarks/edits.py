"""Texts that are edited while we keep track of every word: where a passage is afterwards is known, not guessed.

A text is a list of paragraphs of words; a word keeps its number through every edit.
"""

import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

EMOJI = ("\U0001f44d\U0001f3fd", "\U0001f1ef\U0001f1f5", "\u2764\ufe0f", "\U0001f468\u200d\U0001f469\u200d\U0001f467")
CURLY = str.maketrans({"'": "’", "-": "–"})
PLAIN = str.maketrans({"’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


@dataclass(frozen=True)
class Word:
    number: int  # -1: inserted
    text: str


Paragraph = tuple[Word, ...]
Edit = Callable[[list[Paragraph], random.Random], list[Paragraph]]


@dataclass(frozen=True)
class Tracked:
    """A text, and the range of each numbered word in it."""

    text: str
    spans: dict[int, tuple[int, int]]

    def range_of(self, numbers: Iterable[int]) -> tuple[int, int] | None:
        """From the first to the last that is left of these words; None when none is."""
        left = [self.spans[number] for number in numbers if number in self.spans]
        return (min(left)[0], max(left)[1]) if left else None


def paragraphs(text: str) -> list[Paragraph]:
    numbers = iter(range(len(text)))
    return [tuple(Word(next(numbers), word) for word in line.split()) for line in text.split("\n") if line.strip()]


def tracked(written: Iterable[Paragraph], space: str = " ") -> Tracked:
    parts: list[str] = []
    spans = {}
    length = 0
    for paragraph in written:
        for place, word in enumerate(paragraph):
            between = space if place else "\n\n" if parts else ""
            parts += [between, word.text]
            length += len(between) + len(word.text)
            if word.number >= 0:
                spans[word.number] = (length - len(word.text), length)
    return Tracked("".join(parts), spans)


def change_words(share: float, vocabulary: Sequence[str]) -> Edit:
    """Replaces, deletes or inserts in equal parts, at `share` of the words."""

    def edit(written: list[Paragraph], chance: random.Random) -> list[Paragraph]:
        return [tuple(_changed(paragraph, share, vocabulary, chance)) for paragraph in written]

    return edit


def _changed(paragraph: Paragraph, share: float, vocabulary: Sequence[str], chance: random.Random) -> Iterator[Word]:
    for word in paragraph:
        if chance.random() >= share:
            yield word
            continue
        kind = chance.choice(("replace", "delete", "insert"))
        if kind == "replace":
            yield Word(word.number, chance.choice(vocabulary))
        elif kind == "insert":
            yield word
            yield Word(-1, chance.choice(vocabulary))


def move_paragraphs(written: list[Paragraph], chance: random.Random) -> list[Paragraph]:
    """A third of the paragraphs go elsewhere."""
    moved = set(chance.sample(range(len(written)), len(written) // 3))
    kept = [paragraph for number, paragraph in enumerate(written) if number not in moved]
    for number in moved:
        kept.insert(chance.randint(0, len(kept)), written[number])
    return kept


def delete_paragraphs(written: list[Paragraph], chance: random.Random) -> list[Paragraph]:
    """A quarter of the paragraphs go for good."""
    return [paragraph for paragraph in written if chance.random() >= 0.25]


def respell(to: Callable[[str], str]) -> Edit:
    def edit(written: list[Paragraph], chance: random.Random) -> list[Paragraph]:
        return [tuple(Word(word.number, to(word.text)) for word in paragraph) for paragraph in written]

    return edit


def curly(word: str) -> str:
    return word.translate(CURLY).replace("...", "…").replace("fi", "\ufb01")


def plain(word: str) -> str:
    return word.translate(PLAIN)


def decomposed(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def add_emoji(written: list[Paragraph], chance: random.Random) -> list[Paragraph]:
    return change_words(0.1, EMOJI)([*written], chance)


def foreign(text: str, chance: random.Random) -> str:
    """The text with an accent on some letters, composed, and an emoji or a flag after some words."""
    letters = [letter + "\u0301" if letter in "aeiou" and chance.random() < 0.3 else letter for letter in text]
    words = unicodedata.normalize("NFC", "".join(letters)).split(" ")
    return " ".join(f"{word} {chance.choice(EMOJI)}" if chance.random() < 0.05 else word for word in words)
