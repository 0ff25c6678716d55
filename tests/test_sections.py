"""The sections of a text, its stretches, and how far each sentence is: pure, and bounded for any text."""

import pytest

from claims.choices import Stage
from claims.intake.sentences import sentences
from claims.reading.marks import blocks
from claims.reading.sections import MOST_CELLS, MOST_SECTIONS, MOST_STRETCHES, Layout, Section
from claims.reading.states import HEIGHTS, WORDS, ClaimSpot, Spot, State, in_words, states_of

UNDECIDED, DECIDED, CLAIMED, VERIFIED, PENDING = (
    *(State.UNDECIDED, State.DECIDED, State.CLAIMED, State.VERIFIED, State.PENDING),
)


def sections(text: str, decided: bool = False, claims: list[ClaimSpot] | None = None) -> list[Section]:
    spots = [Spot(at, *span, decided) for at, span in enumerate(sentences(text), start=1)]
    found = blocks(text, [spot.start for spot in spots])
    made = claims or []
    return Layout(text, found, [1] * len(found), spots, states_of(spots, made, []), made, []).sections()


def titles(text: str) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in sections(text)]


# --- sections


def test_headings_begin_sections_and_what_is_before_the_first_is_the_beginning():
    text = "Before.\n\n# One\n\nFirst.\n\n## Deeper\n\nSecond.\n\n# Two\n\nThird."
    assert titles(text) == [(0, "Beginning"), (1, "One"), (2, "Deeper"), (1, "Two")]


def test_a_text_that_opens_with_a_heading_has_no_beginning():
    assert titles("# One\n\nFirst.") == [(1, "One")]


def test_a_short_text_without_headings_is_one_section():
    assert titles("One.\n\nTwo.") == [(0, "The whole text")]


def test_a_longer_text_without_headings_is_parted_by_paragraphs():
    found = titles("\n\n".join(f"Paragraph {number}." for number in range(1, 26)))
    assert found == [(0, "Paragraphs 1 to 10"), (0, "Paragraphs 11 to 20"), (0, "Paragraphs 21 to 25")]


def test_every_sentence_is_in_exactly_one_section():
    text = "Before. Again.\n\n# One\n\nFirst. Second!\n\n## Two\n\nThird?"
    spots = [spot.pk for section in sections(text) for spot in section.spots]
    assert spots == list(range(1, len(sentences(text)) + 1))


def test_deep_headings_give_way_when_there_are_many():
    chapters = "\n\n".join(
        f"# Chapter {a}\n\n" + "\n\n".join(f"## Part {b}\n\nSo." for b in range(20)) for a in range(5)
    )
    assert titles(chapters) == [(1, f"Chapter {number}") for number in range(5)]


def test_headings_too_many_of_the_first_level_part_nothing():
    found = titles("\n\n".join(f"# Line {number}\n\nSo." for number in range(400)))
    assert len(found) <= MOST_SECTIONS


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join("Some words." for _ in range(5000)),
        "\n\n".join(f"## Heading {number}\n\nOne. Two." for number in range(2000)),
        "It is so. " * 20_000,
        "x" * 200_000,
    ],
    ids=["many paragraphs", "many headings", "one long paragraph", "one long word"],
)
def test_what_is_drawn_of_a_long_text_is_bounded(text: str):
    found = sections(text)
    stretches = [stretch for section in found for stretch in section.stretches]
    assert len(found) <= MOST_SECTIONS
    assert len(stretches) <= MOST_STRETCHES + MOST_SECTIONS
    assert sum(len(stretch.cells) for stretch in stretches) <= 2 * MOST_CELLS
    assert sum(len(section.spots) for section in found) == len(sentences(text))


def test_paragraphs_are_named_by_their_numbers_on_the_page():
    (section,) = sections("# One\n\nFirst. Second.\n\nThird.", decided=True)
    assert [stretch.label for stretch in section.stretches] == ["Heading", "¶1", "¶2"]
    assert [stretch.anchor for stretch in section.stretches] == ["h1", "p1", "p2"]
    assert section.stretches[1].name == "Paragraph 1: 2 sentences decided"


def test_a_claim_counts_in_every_section_in_which_it_starts_and_once_in_each():
    text = "# One\n\nFirst. Second.\n\n# Two\n\nThird."
    places = [text.index("First"), text.index("Second"), text.index("Third")]
    claims = [ClaimSpot(7, at, at + 5, Stage.OPEN) for at in places]
    assert [section.claims for section in sections(text, claims=claims)] == [{7: "open"}, {7: "open"}]


# --- states


def spots(*decided: bool) -> list[Spot]:
    return [Spot(at, at * 10, at * 10 + 9, known) for at, known in enumerate(decided)]


def state(claims: list[str], *, decided: bool = True, pending: bool = False) -> State:
    (found,) = states_of(
        spots(decided),
        [ClaimSpot(at, 0, 5, stage) for at, stage in enumerate(claims)],
        [(0, 3)] if pending else [],
    )
    return found


@pytest.mark.parametrize(
    ("expected", "claims"),
    [
        (DECIDED, []),
        (DECIDED, [Stage.DISMISSED]),
        (VERIFIED, [Stage.VERIFIED]),
        (VERIFIED, [Stage.VERIFIED, Stage.DISMISSED]),
        (CLAIMED, [Stage.OPEN]),
        (CLAIMED, [Stage.IN_PROGRESS, Stage.VERIFIED]),
        (CLAIMED, [Stage.VERIFIED, Stage.IN_REVIEW]),
    ],
)
def test_a_decided_sentence_is_as_far_as_the_least_of_its_claims(expected: State, claims: list[str]):
    assert state(claims) == expected


def test_an_undecided_sentence_is_undecided_whatever_is_claimed_in_it():
    assert state([Stage.VERIFIED], decided=False) == UNDECIDED


def test_what_the_draft_asks_about_comes_first():
    assert state([Stage.VERIFIED], pending=True) == PENDING
    assert state([], decided=False, pending=True) == PENDING


def test_a_passage_touches_only_the_sentences_it_overlaps():
    found = states_of(spots(True, True, True), [ClaimSpot(1, 10, 19, Stage.OPEN)], [(20, 21)])
    assert found == [DECIDED, CLAIMED, PENDING]


def test_every_state_has_words_and_a_height_of_its_own():
    assert WORDS.keys() == HEIGHTS.keys() == set(State)
    assert len(set(HEIGHTS.values())) == len(State)


def test_states_in_words():
    assert in_words({UNDECIDED: 1, VERIFIED: 2}) == "1 sentence undecided, 2 with all its claims verified"
    assert in_words({}) == ""


def test_a_cell_of_several_sentences_is_as_far_as_the_least_of_them():
    text = "It is so. " * 20_000
    found = sections(text, decided=True, claims=[ClaimSpot(1, 0, 5, Stage.OPEN)])
    first, *rest = [cell for section in found for stretch in section.stretches for cell in stretch.cells]
    assert first.state == CLAIMED
    assert {cell.state for cell in rest} == {DECIDED}
