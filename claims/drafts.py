"""What a new draft keeps of the old one: where each passage went, and which sentences stand as they stood. Pure.

Whatever is not plainly the same is left for a person: a passage whose place is not certain, and a sentence that is new,
changed, or cannot be told from its twin.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz.distance import LCSseq

from claims.characters import fold
from claims.differences import Piece, word_diff
from claims.passages import Found, Match, Passage, locate

TELLING = 48
"""A sentence of this many code points that occurs once in either draft is the same sentence wherever it stands."""

Key = TypeVar("Key", bound=Hashable)


class Draft(NamedTuple):
    text: str
    sentences: Sequence[tuple[int, int]]  # start and end of each, in order


@dataclass(frozen=True)
class Outcome:
    """What became of a passage.

    Unlike its match's, its status does not mind that text was put in or taken out before it: UNCHANGED passages follow
    one another as they did, MOVED ones do not.
    """

    passage: Passage
    match: Match | None
    status: Found

    @property
    def is_settled(self) -> bool:
        """Whether nobody needs to look: the words are the same, and so is their place beyond doubt."""
        return self.match is not None and self.match.certain

    def wording(self, text: str) -> list[Piece]:
        """The quote and what stands for it in the new `text`, compared word by word; all deleted when it is gone."""
        return word_diff(self.passage.exact, text[self.match.start : self.match.end] if self.match else "")


@dataclass(frozen=True)
class Comparison(Generic[Key]):
    """Sentences are given by their index in their draft, from 0."""

    outcomes: dict[Key, Outcome]
    kept: dict[int, int]  # sentence of the new draft -> the same sentence in the old one
    added: list[int]  # of the new draft
    gone: list[int]  # of the old draft


def compare(old: Draft, new: Draft, passages: Mapping[Key, Passage]) -> Comparison[Key]:
    """`passages` are of the old draft; the outcomes come in their order."""
    kept = kept_sentences(old, new)
    standing = set(kept.values())
    return Comparison(
        outcomes=outcomes(old.text, new.text, passages),
        kept=kept,
        added=[number for number in range(len(new.sentences)) if number not in kept],
        gone=[number for number in range(len(old.sentences)) if number not in standing],
    )


def outcomes(old: str, new: str, passages: Mapping[Key, Passage]) -> dict[Key, Outcome]:
    """What became of each passage of the text `old`, in the order given."""
    matches = {key: locate(passage, new, old=old) for key, passage in passages.items()}
    found = {key: match for key, match in matches.items() if match and match.status != Found.REWORDED}
    steady = _in_order(
        sorted(found, key=lambda key: (passages[key].start, passages[key].end)),
        sorted(found, key=lambda key: (found[key].start, found[key].end)),
    )
    return {
        key: Outcome(passage, matches[key], _status(matches[key], is_steady=key in steady))
        for key, passage in passages.items()
    }


def _status(match: Match | None, *, is_steady: bool) -> Found:
    if match is None:
        return Found.GONE
    if match.status == Found.REWORDED:
        return match.status
    return Found.UNCHANGED if is_steady else Found.MOVED


def _in_order(before: Sequence[Key], after: Sequence[Key]) -> set[Key]:
    """The most keys that come in the same order in both."""
    steps = LCSseq.opcodes(before, after)
    return {key for step in steps if step.tag == "equal" for key in before[step.src_start : step.src_end]}


def kept_sentences(old: Draft, new: Draft) -> dict[int, int]:
    """For each sentence of the new draft that stands unchanged, its index in the old one.

    Long sentences that occur once are recognised anywhere. Short and repeated ones mean little by themselves: they
    count only where they follow, or are followed by, a recognised sentence or an end of the text, as they did before.
    """
    before, after = _sentences(old), _sentences(new)
    anchors = _anchors(before, after)
    forward = _spread(before, after, [(-1, -1), *anchors], step=1)
    backward = _spread(before, after, [(len(before), len(after)), *anchors], step=-1)
    pairs = {*anchors, *forward, *backward}
    olds, news = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return {b: a for a, b in sorted(pairs) if olds[a] == news[b] == 1}


def _sentences(draft: Draft) -> list[str]:
    return [fold(draft.text[start:end]).text for start, end in draft.sentences]


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    places = _single(before)
    return [(places[text], b) for text, b in _single(after).items() if text in places and len(text) >= TELLING]


def _single(sentences: Sequence[str]) -> dict[str, int]:
    """Where each sentence is that occurs once."""
    counts = Counter(sentences)
    return {text: number for number, text in enumerate(sentences) if counts[text] == 1}


def _spread(
    before: Sequence[str], after: Sequence[str], pairs: Iterable[tuple[int, int]], *, step: int
) -> set[tuple[int, int]]:
    """The pairs of equal sentences that follow on these pairs without a gap, forwards or backwards."""
    taken = set(pairs)
    found: set[tuple[int, int]] = set()
    for pair in list(taken):
        a, b = pair[0] + step, pair[1] + step
        while 0 <= a < len(before) and 0 <= b < len(after) and before[a] == after[b] and (a, b) not in taken:
            found.add((a, b))
            taken.add((a, b))
            a, b = a + step, b + step
    return found
