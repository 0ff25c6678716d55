"""Where paragraphs and sentences begin and end."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.intake.sentences import paragraphs, sentences
from tests.growth import assert_grows_in_step

SEEDS = Path(__file__).parent.parent / "seeds"
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from([". ", "\n\n", "\n", "# ", "Mr. ", "U.S. ", "? ", "”", "[1]", "- ", "No. 9"]),
    )
).map("".join)


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "Secretary General J. Stoltenberg came. | J. R. Smith met F. Kishida.",
        "Mr. Kishida and Dr. Abe met on Jan. 5. | Mrs. Sato came, too.",
        "Lt. Col. Jones met Adm. Rob Bauer. | Lt. Smith left.",
        "The U.S. Navy left. | It sailed for the U.S. | The crew rested.",
        "The Japan-U.S. alliance holds. | The U.N. General Assembly met.",
        "It lies in Washington, D.C. | He works there.",
        "See No. 9 on the list. | Is that so? | No. | It is not.",
        "It rose by 3.5 per cent. | Spending was $1.2 billion. | In 2022. | Next.",
        "It is apt. | The other is bold. | A third is true. | He ran the co. | It failed.",
        "They flew to Hokkaido. | Japan gained. | Prof. Smith came in Sept. | The Apple Corp. sank.",
        "Japan, i.e. the state, etc. | The rest, approx. Five ships.",
        "He paused ... and went on. | He paused… | Then he left.",
        "He said “It is late.” | Then he left. | “Go.” | “Why?” he asked.",
        "(It was so.) | And then. | “It is so.” | “Is it?” | ‘Yes.’",
        "She called it “a risk.” and left.",
        "The article “Who Pays?” (2023) is long. | “Why?” | (He was serious.) | Yes.",
        "The show Jeopardy! is old. | What?! | No way.",
        "It began with World War I. | It ended. | So did I. | Then he left.",
        "Prices fell.[1] | They rose again.[2][3] | Then stopped.[4]",
        "[1] A first note. | [2] A second note.",
        "It is at https://example.org/a.b. | Then go.",
        "Nikkei Asia Inc. reported it. | See pp. 7–9.",
        "Japan has a\nbudget of 3 billion.\n | NATO has more\nthan that.",
        "Three points:\n | 1. First it is. | It has two.\n | 2. Second.\n | - third",
        "日本は島国です。 | 東京は首都です。",
    ],
)
def test_sentences_end_where_a_reader_ends_them(marked):
    parts = marked.split(" | ")
    text = marked.replace("\n | ", "\n").replace("。 | ", "。").replace(" | ", " ")
    assert split(text) == [part.strip() for part in parts]


def test_the_synopsis_comes_apart_as_people_took_it_apart():
    text = (SEEDS / "japan-nato-synopsis.md").read_text()
    by_hand = json.loads((SEEDS / "desk.json").read_text())["sentences"]
    assert sentences(text) == [(sentence["start"], sentence["end"]) for sentence in by_hand]


def test_a_heading_is_a_sentence_of_its_own_whatever_surrounds_it():
    text = "Intro.\n## What Japan can bring. And when\nTwo things.\n\n#hashtag goes on.\n"
    assert split(text) == ["Intro.", "## What Japan can bring. And when", "Two things.", "#hashtag goes on."]
    assert [paragraph.is_heading for paragraph in paragraphs(text)] == [False, True, False, False]


def test_blank_lines_part_paragraphs_even_with_blanks_in_them():
    text = "\n  One\nline. \n \t\nTwo.\n\n\n\nThree"
    assert [text[start:end] for start, end, _ in paragraphs(text)] == ["One\nline.", "Two.", "Three"]


def test_a_sentence_does_not_cross_paragraphs():
    assert split("Mr.\n\nKishida came") == ["Mr.", "Kishida came"]


@pytest.mark.parametrize("text", ["", " \n\n\t ", "\n"])
def test_a_blank_text_has_no_sentences(text):
    assert paragraphs(text) == []
    assert sentences(text) == []


def test_offsets_count_code_points():
    assert sentences("\U0001f600 Yes. Good \U0001f44d.") == [(0, 6), (7, 14)]


@given(TEXTS)
def test_every_character_but_blanks_is_in_exactly_one_sentence_of_one_paragraph(text):
    for spans in (paragraphs(text), sentences(text)):
        end = 0
        for span in spans:
            assert end <= span.start < span.end
            assert not text[end : span.start].strip()
            assert text[span.start : span.end].strip() == text[span.start : span.end]
            end = span.end
        assert not text[end:].strip()


@pytest.mark.parametrize(
    "unit", ["a! ", ". ", "1. ", "?” (x) ", "Mr. ", "a", " ", "\n", "- \n", "[1]", "“", "A.", "Is it so. "]
)
def test_a_long_hostile_text_takes_time_in_step_with_its_length(unit):
    assert_grows_in_step(sentences, unit, 60_000)
