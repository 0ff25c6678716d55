"""Word differences, and merging two people's changes to one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.differences import WORDS_LIMIT, Piece, PieceKind, merge_words, word_diff

SAME, DELETED, INSERTED = PieceKind


def test_changed_words_are_marked_and_the_others_left() -> None:
    assert word_diff("It is ninth.", "Japan is ninth.") == [
        Piece(DELETED, "It"),
        Piece(INSERTED, "Japan"),
        Piece(SAME, " is ninth."),
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_hold_both_texts_to_the_character(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != INSERTED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != DELETED) == new


def test_very_long_texts_are_shown_as_replaced_whole() -> None:
    old, new = "a " * WORDS_LIMIT, "b " * WORDS_LIMIT
    assert word_diff(old, new) == [Piece(DELETED, old), Piece(INSERTED, new)]


def test_changes_in_different_places_go_together() -> None:
    base = "Ninth place held for 2021. The figures for 2022 put Japan tenth."
    mine = "Ninth place held for 2021. The figures for 2022 put Japan tenth, behind Korea."
    theirs = "Ninth place held for 2021 at market rates. The figures for 2022 put Japan tenth."
    merged = "Ninth place held for 2021 at market rates. The figures for 2022 put Japan tenth, behind Korea."
    assert merge_words(base, mine, theirs) == merged


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("one two four", "one two five"), ("one two", "one two five"), ("one two three a", "one two three b")],
)
def test_changes_to_the_same_words_are_left_to_a_person(mine: str, theirs: str) -> None:
    assert merge_words("one two three", mine, theirs) is None
