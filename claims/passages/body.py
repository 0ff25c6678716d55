"""A text made ready to be searched many times: in one spelling, cut into words, with an index of them. Pure."""

import re
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property, lru_cache

from claims.characters import fold

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese put no space between words: there each letter counts as one."""

_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")


class Body:
    """Words are counted from 0 and include marks of punctuation, each a word of its own."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each word is in the folded text."""
        return [match.span() for match in _WORD.finditer(self.folded.text)]

    @cached_property
    def words(self) -> list[str]:
        """Without regard to case: a sentence that gets a new beginning keeps its words."""
        return [self.folded.text[start:end].casefold() for start, end in self.spans]

    @cached_property
    def index(self) -> dict[str, list[int]]:
        """Where each word occurs, in order."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            found[word].append(number)
        return dict(found)

    def folded_at(self, offset: int) -> int:
        """The character of the folded text that stands for what is at an offset of the original, or the next one."""
        return bisect_right(self.folded.ends, offset)

    def word_at(self, offset: int) -> int:
        """The word at an offset of the original text, or the next one; the last one at the end."""
        return min(bisect_right(self.spans, self.folded_at(offset), key=lambda span: span[1]), len(self.spans) - 1)

    def original(self, first: int, after: int) -> tuple[int, int]:
        """The range of the original text that the words from `first` to before `after`, at least one, stand for."""
        return self.folded.original(self.spans[first][0], self.spans[after - 1][1])


@lru_cache(maxsize=4)  # many passages are looked for in the same two texts, one after another
def body(text: str) -> Body:
    return Body(text)


def words(text: str) -> list[str]:
    """The words of a short text, as `Body.words` has them."""
    return [word.casefold() for word in _WORD.findall(fold(text).text)]
