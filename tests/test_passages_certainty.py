"""No passage is ever silently anchored to the wrong text: what is certain is right, whatever was done to the text.

Texts are built of sentences that repeat and nearly repeat, and every word is tracked through the edits.
"""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.characters import fold
from claims.passages import Found, Match, describe, locate
from tests.benchmarks.edits import Paragraph, Word, paragraphs, tracked
from tests.benchmarks.reanchoring import TARGETS, edits, synopsis, trial

SENTENCE = st.builds(
    "{} {} {} per cent of its budget on {} in {}.".format,
    st.sampled_from(["Japan spent", "Norway spent", "In its report, Japan said that it spent"]),
    st.sampled_from(["about", "less than"]),
    st.sampled_from(["2", "5"]),
    st.sampled_from(["defence", "the roads and harbours of the north"]),
    st.sampled_from(["2021", "2022"]),
)
TEXT = st.lists(st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6).map("\n\n".join)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["replace", "delete", "insert", "delete sentence", "move sentence", "move", "delete all"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
        st.sampled_from(["Japan", "about", "2", "5", "defence", "2021.", "2022.", "nearly", "\U0001f44d\U0001f3fd"]),
    ),
    max_size=6,
)


def changed(written: list[Paragraph], kind: str, at: int, to: int, word: str) -> list[Paragraph]:
    """One change of a kind of CHANGES; `at` and `to` choose the paragraph and the word, modulo their numbers."""
    if not written:
        return written
    number = at % len(written)
    paragraph = written[number]
    rest = [*written[:number], *written[number + 1 :]]
    if kind == "delete all":
        return rest
    if kind == "move":
        return [*rest[: to % len(written)], paragraph, *rest[to % len(written) :]]
    place = to % len(paragraph)
    if kind in ("delete sentence", "move sentence"):
        first, after = sentence_around(paragraph, place)
        left = (*paragraph[:first], *paragraph[after:])
        moved = (*left, *paragraph[first:after]) if kind == "move sentence" else left
        return [*written[:number], *([moved] if moved else []), *written[number + 1 :]]
    new = {"replace": (Word(paragraph[place].number, word),), "insert": (paragraph[place], Word(-1, f"({word})"))}
    edited = (*paragraph[:place], *new.get(kind, ()), *paragraph[place + 1 :])
    return [*written[:number], *([edited] if edited else []), *written[number + 1 :]]


def sentence_around(paragraph: Paragraph, place: int) -> tuple[int, int]:
    stops = [0, *(number + 1 for number, word in enumerate(paragraph) if word.text.endswith(".")), len(paragraph)]
    return max(stop for stop in stops if stop <= place), min(stop for stop in stops if stop > place)


@settings(max_examples=300)
@given(TEXT, CHANGES, st.data())
def test_what_is_certain_is_where_the_words_went(text, changes, data):
    written = edited = paragraphs(text)
    old = tracked(written)
    for change in changes:
        edited = changed(edited, *change)
    new = tracked(edited)
    paragraph = data.draw(st.sampled_from(written))
    first = data.draw(st.integers(0, len(paragraph) - 1))
    numbers = [word.number for word in paragraph[first : data.draw(st.integers(first + 1, len(paragraph)))]]
    place = old.range_of(numbers)
    passage = describe(old.text, *place)
    match = locate(passage, new.text, old=old.text)
    if match and match.certain:
        assert match.status != Found.REWORDED
        assert fold(new.text[match.start : match.end]).text == fold(passage.exact).text
        assert meets(match, new.range_of(numbers)) or line(old.text, *place) == line(new.text, match.start, match.end)


def meets(match: Match, truth: tuple[int, int] | None) -> bool:
    return truth is not None and max(match.start, truth[0]) < min(match.end, truth[1])


def line(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind the range in its paragraph. Nobody can tell two equal sentences in it apart."""
    return text[:start].rpartition("\n")[2], text[end:].partition("\n")[0]


@pytest.mark.parametrize(("kind", "least"), TARGETS.items())
def test_as_many_passages_are_found_in_an_edited_synopsis_as_promised(kind, least):
    chance = random.Random(kind)
    counts: Counter[str] = Counter()
    for _ in range(5):
        for counted in trial(synopsis(), edits()[kind], chance):
            counts.update(counted)
    assert counts["wrong"] == 0
    assert counts["found"] >= least * counts["left"]
