"""Where paragraphs and sentences begin and end."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.intake.sentences import paragraphs, sentences, sentences_in
from tests.growth import assert_grows_in_step

SEEDS = Path(__file__).parent.parent / "seeds"
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            [". ", "\n\n", "\n", "# ", "Mr. ", "U.S. ", "? ", "”", "[1]", "- ", "No. 9", "🎉", "3. ", "May "]
        ),
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


FURTHER = {
    "abbreviations": """
        The firm paid approx. $40 million. | It owed more.
        Fig. 3 shows the rise. | See Eq. 4 and Sec. 2.
        At 5 p.m. the ship left. | At 6 a.m. it came back.
        He holds a Ph.D. in physics. | She has an M.A. from Yale.
        The law, cf. Art. 5, holds. | No. 7 is void.
        It is Toyota vs. Honda. | Honda won.
        The case is Roe v. Wade. | It was overturned.
        The U.K. and the E.U. agreed. | The U.S.A. did not.
        He lives in the U.S. | She lives in the U.K. | They met.
        He wrote e.g. novels. | They sold.
        He was born c. 1850. | He died ca. 1900.
        Mt. Fuji is high. | Ft. Worth is flat.
        She is Vice Pres. of the firm. | He is Asst. Sec. of State.
        In Jan. 2020 it began. | In Feb. it spread. | By Mar. 11 it was everywhere.
        It happened in Washington D.C. in May. | It rained.
        The Rev. Dr. King spoke. | Thousands came.
    """,
    "ordinals and numbers": """
        On 3. March it rained. | Then the sun shone.
        The 21st century began. | The 2nd half was better.
        Louis XIV. ruled long. | Henry VIII. did not.
        Prices rose by 2.5% in Q1. | They fell by 1.2% in Q2.
        Version 3.11.7 came out. | It is fast.
        The population is 1,000,000. | It was 900.000 then.
        It cost €3.5bn. | That is a lot.
        It is No. 1. | Nobody doubts it.
        Order no. 5 was late. | Order no. 6 was not.
        It fell by 3 p.p. in May. | It rose again.
    """,
    "quotations": """
        He called it “a burden.”[3] | Next year it fell. | He said so.[12]
        “We will not wait.”[3] | Nobody answered.
        "We will not wait."[3] | Nobody answered.
        It rose.”[1][2] | Then it stayed.
        (It was so.)[4] | Then it was not.
        “Is it true?” she asked. | “Yes,” he said.
        “Stop!” he cried. | “Never!”
        He said, “Go home. | Stay there.” | Nobody moved.
        “I know,” he said. | “It is late.”
        'It is done.' | She nodded.
        He said: “No.” | Then: “Yes.”
        Sales doubled.³ | Profits fell.¹² | Nobody minded.
        He left (it was late). | She stayed.
        The plan (see Fig. 2) failed. | It was bold.
    """,
    "initials": """
        J.R.R. Tolkien wrote it. | C.S. Lewis read it.
        George W. Bush lost. | John F. Kennedy won.
        Gen. Mark A. Milley spoke. | Sen. Lindsey Graham did not.
        He works at J.P. Morgan. | She works at AT&T.
        He got an A. | She got a B. | They left.
        It is vitamin C. | It is cheap.
        Dr. No is a film. | Mr. T is an actor.
    """,
    "emoji and addresses": """
        It works! 🎉 | Next we ship. 🚀
        Good news 😀. | Bad news 😢!
        😀 Good news. | We sent 👩🏽‍🚀 home.
        We won! 🏆🏆 🏆 | And then we left.
        Is it so? ❤️ | It is.
        Visit example.com. | Then write to a.b@c.org. | We reply.
        See https://a.org/x?y=1. | It is there.
    """,
    "other languages and stops": """
        Wait... | What?
        Wait … | What happened?
        He waited… and waited.
        Él dijo que sí. | ¿Por qué? | ¡Nunca!
        Das ist gut. | Über uns steht nichts.
        Il est là. | Élise arrive. | À demain.
        The ship sank; all died. | None were found.
    """,
}


@pytest.mark.parametrize(
    "marked",
    [
        pytest.param(line.strip(), id=f"{kind} {number}")
        for kind, lines in FURTHER.items()
        for number, line in enumerate(lines.strip().splitlines(), start=1)
    ],
)
def test_further_sentences_end_where_a_reader_ends_them(marked):
    assert split(marked.replace(" | ", " ")) == marked.split(" | ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# On U.S. policy. A view\nIt holds.", ["# On U.S. policy. A view", "It holds."]),
        ("### 1. What is so?\n\nNobody knows.", ["### 1. What is so?", "Nobody knows."]),
        ("- One. Two.\n- Three", ["- One.", "Two.", "- Three"]),
        ("1) First\n2) Second\n10) Tenth", ["1) First", "2) Second", "10) Tenth"]),
        ("• 3 ships sank\n• 4 ships left", ["• 3 ships sank", "• 4 ships left"]),
        ("Done.\n✅ Paid.\n✅ Sent.", ["Done.", "✅ Paid.", "✅ Sent."]),
        ("日本は島国です。東京は？はい！", ["日本は島国です。", "東京は？", "はい！"]),
    ],
)
def test_headings_lists_and_lines_come_apart(text, expected):
    assert split(text) == expected


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
def test_spans_joined_with_what_lies_between_give_the_text_back(text):
    in_paragraphs = [(one, sentences_in(text, one)) for one in paragraphs(text)]
    assert [span for _, spans in in_paragraphs for span in spans] == sentences(text)
    assert rejoined(text, 0, len(text), [(one.start, one.end) for one, _ in in_paragraphs]) == text
    assert rejoined(text, 0, len(text), sentences(text)) == text
    for paragraph, spans in in_paragraphs:
        assert rejoined(text, paragraph.start, paragraph.end, spans) == text[paragraph.start : paragraph.end]


def rejoined(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    """The spans and the blanks between them; fails when something else lies between."""
    pieces = []
    for first, last in [*spans, (end, end)]:
        assert not text[start:first].strip()
        pieces += [text[start:first], text[first:last]]
        start = last
    return "".join(pieces)


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
    "unit",
    [
        "a! ",
        ". ",
        "1. ",
        "?” (x) ",
        "Mr. ",
        "a",
        " ",
        "\n",
        "- \n",
        "[1]",
        "“",
        "A.",
        "Is it so. ",
        ".🎉 ",
        "3. May ",
        ".”[3] A",
    ],
)
def test_a_long_hostile_text_takes_time_in_step_with_its_length(unit):
    assert_grows_in_step(sentences, unit, 60_000)
