"""Evidence that shares where it comes from counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.independence import independence


def test_no_evidence_is_no_source() -> None:
    found = independence([])
    assert (found.links, found.sources, str(found)) == (0, 0, "0 links, 0 independent sources")


def test_pieces_without_a_common_trait_are_independent() -> None:
    found = independence([{"a"}, {"b"}, {"c"}])
    assert (found.sources, found.is_shared) == (3, False)


def test_pieces_of_one_publisher_count_once() -> None:
    found = independence([{"SIPRI", 1}, {"SIPRI", 2}, {"SIPRI", 3}])
    assert str(found) == "3 links, 1 independent source"
    assert found.is_shared


def test_what_two_pieces_share_with_a_third_joins_them() -> None:
    found = independence([{"Harbour", "wire 1"}, {"Kantoor"}, {"Agency", "wire 1"}, {"Harbour", "report"}])
    assert found.voices == ((0, 2, 3), (1,))


def test_the_author_and_all_who_publish_for_them_are_one_voice() -> None:
    found = independence([{"Journal"}, {"Blog"}, {"SIPRI"}], own={"Journal", "Blog"})
    assert (found.voices, found.own) == (((0, 1), (2,)), (0, 1))


def test_an_author_who_gives_no_evidence_is_no_voice() -> None:
    found = independence([{"SIPRI"}], own={"Journal"})
    assert (found.sources, found.own) == (1, ())


@pytest.mark.parametrize("pieces", [[set(), set()], [frozenset(), {"a"}]])
def test_pieces_of_unknown_origin_are_voices_of_their_own(pieces: list[set[str]]) -> None:
    assert independence(pieces).sources == 2


@given(st.lists(st.frozensets(st.integers(0, 6), max_size=3), max_size=8), st.frozensets(st.integers(0, 6), max_size=2))
def test_voices_part_the_pieces_and_share_nothing(pieces: list[frozenset[int]], own: frozenset[int]) -> None:
    found = independence(pieces, own)
    assert sorted(place for voice in found.voices for place in voice) == list(range(len(pieces)))
    traits = [set().union(*(pieces[place] for place in voice)) for voice in found.voices]
    for number, one in enumerate(traits):
        assert all(one.isdisjoint(other) for other in traits[number + 1 :])
