"""Find a quote that was reworded: the places whose words resemble it and its surroundings. Pure.

Rare words of the passage vote for where it may begin; only the places with most votes are compared word by word. So
the time for a passage hardly depends on the length of the text.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein, Opcode

from claims.passages.body import Body, words
from claims.passages.passage import CONTEXT, Passage

FLOOR = 0.5
"""A place that scores less is not shown. The best place for words that are gone scores 0.27 in the median, and 0.47 or
more in one of ten cases: near copies."""

QUOTE, BESIDE, NEXT, NEARNESS = 0.5, 0.2, 0.05, 0.02
"""What the quote, each side of its surroundings, the very next word on each side, and the old place weigh."""

VOTES = 4_000  # occurrences of the passage's words that are looked at; the rarest words come first
REGIONS = 6  # places compared word by word
ALIGNED = 400  # words; aligning longer quotes piece by piece would take seconds


@dataclass(frozen=True, order=True)
class Likeness:
    """A range of a text, and how much it and its surroundings are like the passage."""

    score: float  # 0 to 1
    start: int
    end: int


@dataclass(frozen=True)
class _Sought:
    """The words of a passage."""

    before: list[str]
    quote: list[str]
    behind: list[str]

    @cached_property
    def all(self) -> list[str]:
        return [*self.before, *self.quote, *self.behind]


def likenesses(passage: Passage, within: Body, *, also: Iterable[tuple[int, int]] = ()) -> list[Likeness]:
    """Places that score at least FLOOR, the best first; they may overlap. Ranges `also` of the text are weighed too."""
    sought = _sought(passage)
    if not sought.quote or not within.words:
        return []
    expected = within.word_at(passage.start)
    ranges = {pair for region in _regions(sought, within, expected) for pair in _ranges(sought, within.words, region)}
    ranges |= {(within.word_at(start), within.word_at(end - 1) + 1) for start, end in also}
    found = []
    for first, after in ranges:
        score = _score(sought, within.words, first, after, expected) if first < after else 0
        if score >= FLOOR:
            found.append(Likeness(score, *within.original(first, after)))
    return sorted(found, reverse=True)


def _sought(passage: Passage) -> _Sought:
    before, behind = words(passage.prefix), words(passage.suffix)
    if len(passage.prefix) >= CONTEXT:  # the outermost words were most likely cut in two
        before = before[1:]
    if len(passage.suffix) >= CONTEXT:
        behind = behind[:-1]
    return _Sought(before, words(passage.exact), behind)


def _regions(sought: _Sought, within: Body, expected: int) -> list[range]:
    """Where the passage may be, each a little longer than the passage: by votes, then by nearness."""
    size = len(sought.all)
    band = max(4, size // 3)
    votes = _votes(sought, within, band)
    pairs = {start: votes[start] + votes.get(start + 1, 0) for start in votes}
    best = sorted(pairs, key=lambda start: (-pairs[start], abs(start * band - expected)))[:REGIONS]
    count = len(within.words)
    return [range(max(0, (start - 1) * band), min(count, (start + 3) * band + size)) for start in best]


def _votes(sought: _Sought, within: Body, band: int) -> dict[int, float]:
    """How much speaks for each band of `band` words that the passage, with its surroundings, begins in it."""
    offsets: defaultdict[str, list[int]] = defaultdict(list)
    for offset, word in enumerate(sought.all):
        offsets[word].append(offset)
    votes: defaultdict[int, float] = defaultdict(float)
    left = VOTES
    for word in sorted(offsets.keys() & within.index.keys(), key=lambda word: (len(within.index[word]), word)):
        numbers = within.index[word]
        left -= len(numbers) * len(offsets[word])
        if left < 0 and votes:
            break
        weight = math.log(1 + len(within.words) / len(numbers))
        for start in {(number - offset) // band for number in numbers for offset in offsets[word]}:
            votes[start] += weight
    return votes


def _ranges(sought: _Sought, text: Sequence[str], region: range) -> Iterator[tuple[int, int]]:
    """What may stand for the quote within a region: what lies between its surroundings, and what is most like it."""
    part = text[region.start : region.stop]
    first, last = _between(sought, part)
    yield region.start + first, region.start + last
    if len(sought.quote) <= ALIGNED:
        first, last = _most_alike(sought.quote, part)
        yield region.start + first, region.start + last


def _between(sought: _Sought, part: Sequence[str]) -> tuple[int, int]:
    """The words that stand where the quote stood, when the passage and its surroundings are laid along `part`."""
    start, stop = _most_alike(sought.all, part) if len(sought.all) <= ALIGNED else (0, len(part))
    steps = list(Levenshtein.opcodes(sought.all, part[start:stop]))
    first, last = len(sought.before), len(sought.before) + len(sought.quote) - 1
    return start + _beginning(steps, first), start + _ending(steps, last)


def _beginning(steps: list[Opcode], word: int) -> int:
    """Where the counterpart of `word` begins; words put in before it count with it, unless it stayed itself."""
    number, step = next(pair for pair in enumerate(steps) if pair[1].src_start <= word < pair[1].src_end)
    before = steps[number - 1] if number else step
    if step.tag != "equal" and word == step.src_start and before.tag == "insert":
        return before.dest_start
    return step.dest_start + (0 if step.tag == "delete" else word - step.src_start)


def _ending(steps: list[Opcode], word: int) -> int:
    """Where the counterpart of `word` ends; words put in after it count with it, unless it stayed itself."""
    number, step = next(pair for pair in enumerate(steps) if pair[1].src_start <= word < pair[1].src_end)
    behind = steps[number + 1] if number + 1 < len(steps) else step
    if step.tag != "equal" and word + 1 == step.src_end and behind.tag == "insert":
        return behind.dest_end
    return step.dest_start + (0 if step.tag == "delete" else word + 1 - step.src_start)


def _most_alike(wanted: Sequence[str], part: Sequence[str]) -> tuple[int, int]:
    """The stretch of `part`, about as long as `wanted`, that is most like it."""
    found = fuzz.partial_ratio_alignment(wanted, part)
    return (found.dest_start, found.dest_end) if found else (0, 0)


def _score(sought: _Sought, text: Sequence[str], first: int, after: int, expected: int) -> float:
    parts = [
        (QUOTE, sought.quote, text[first:after]),
        (BESIDE, sought.before, text[max(0, first - len(sought.before)) : first]),
        (NEXT, sought.before[-1:], text[max(0, first - 1) : first]),
        (NEXT, sought.behind[:1], text[after : after + 1]),
        (BESIDE, sought.behind, text[after : after + len(sought.behind)]),
    ]
    near = 1 - min(1.0, abs(first - expected) / len(text))
    # A passage at the end of its text has no surroundings on one side; what it has then counts for more.
    total = NEARNESS + sum(weight for weight, wanted, _ in parts if wanted)
    alike = sum(weight * Indel.normalized_similarity(wanted, there) for weight, wanted, there in parts if wanted)
    return (alike + NEARNESS * near) / total
