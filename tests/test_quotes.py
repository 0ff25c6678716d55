"""A quote in a captured text: found, found with differences, in several places, or not at all."""

import pytest

from claims.passages import QuotePlaces, reads_like, sight
from claims.passages.quotes import MOST

TEXT = (
    "Japan spent $13.5 billion more, the ninth\u2010largest budget in the world.\n\n"
    "\u201cWe will double it,\u201d he said \u2013 within five years.\n\nHe said so often, and said it again."
)


def words(text: str, place: tuple[int, int] | None) -> str:
    assert place is not None
    return text[slice(*place)]


@pytest.mark.parametrize(
    ("quote", "seen"),
    [
        ("the ninth-largest budget", "the ninth\u2010largest budget"),
        ('"We will double it," he said - within', "\u201cWe will double it,\u201d he said \u2013 within"),
        ("  budget\n in   the\u00a0world ", "budget in the world"),
        ("in the world. \u201cWe will", "in the world.\n\n\u201cWe will"),
        ("ninth\u00ad-largest", "ninth\u2010largest"),
    ],
    ids=["dash", "quotation marks", "spaces", "over two paragraphs", "soft hyphen"],
)
def test_a_quote_is_found_whatever_its_marks_dashes_and_spaces(quote: str, seen: str) -> None:
    sighting = sight(quote, TEXT)
    assert len(sighting.places) == 1
    assert words(TEXT, sighting.place) == seen
    assert reads_like(quote, seen)


@pytest.mark.parametrize(
    ("quote", "seen"),
    [
        ("the tenth-largest budget in the world", "the ninth\u2010largest budget in the world"),
        ("He says so often, and says it again.", "He said so often, and said it again."),
        ("Japan spent $13", "Japan spent $13.5"),
    ],
    ids=["a figure differs", "other tense", "half a number"],
)
def test_a_quote_that_differs_shows_the_most_alike_place(quote: str, seen: str) -> None:
    sighting = sight(quote, TEXT)
    assert sighting.places == ()
    assert words(TEXT, sighting.place).startswith(seen)
    assert not reads_like(quote, words(TEXT, sighting.place))


@pytest.mark.parametrize("quote", ["Nobody in Kyoto had heard of any of this", "", "   ", "\u200f", "\u2026?!"])
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert sight(quote, TEXT) == QuotePlaces()


def test_a_quote_in_several_places_has_no_place_until_a_person_chooses() -> None:
    sighting = sight("said", TEXT)
    assert [words(TEXT, place) for place in sighting.places] == ["said"] * 3
    assert sighting.place is None


def test_places_are_told_apart_up_to_a_number() -> None:
    assert len(sight("and", "and " * (MOST + 9)).places) == MOST


def test_places_that_overlap_count_once() -> None:
    assert len(sight("now and now", "now and now and now").places) == 1


def test_part_of_a_word_or_number_is_no_quote() -> None:
    assert sight("ten", "They often wrote 10.5 tens.") == QuotePlaces()
    assert sight("1,000", "It cost 1,000,000.").places == ()
    assert sight("000", "It cost 1,000.").places == ()
    assert len(sight("1,000", "It cost 1,000, no more.").places) == 1


def test_languages_without_spaces_are_cut_anywhere() -> None:
    text = "日本の防衛予算は世界第九位である。"
    assert words(text, sight("世界第九位", text).place) == "世界第九位"


def test_a_quote_from_right_to_left_is_found_without_its_direction_marks() -> None:
    text = "كتب: \u202bميزانية الدفاع هي التاسعة في العالم\u202c، ثم سكت."
    quote = "\u200fميزانية الدفاع هي التاسعة"
    sighting = sight(quote, text)
    assert words(text, sighting.place).strip("\u202b\u202c") == "ميزانية الدفاع هي التاسعة"
    assert reads_like(quote, words(text, sighting.place))


def test_a_quote_beyond_the_basic_plane_is_counted_in_code_points() -> None:
    text = "🇯🇵 𝟵th largest 🗾 budget"
    assert words(text, sight("largest 🗾 budget", text).place) == "largest 🗾 budget"


def test_a_long_quote_in_a_long_text_takes_no_time_to_speak_of() -> None:
    text = " ".join(f"Sentence {number} says something of its own." for number in range(20_000))
    quote = " ".join(f"Sentence {number} says something of their own." for number in range(300, 340))
    assert sight(quote, text).place is not None
