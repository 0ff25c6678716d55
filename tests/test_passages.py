"""Describing a passage and finding it again; the offsets of highlights."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from claims.characters import fold, is_border
from claims.passages import (
    CONTEXT,
    Found,
    Match,
    Passage,
    PassageError,
    code_points_to_utf16,
    describe,
    find_quote,
    levels,
    locate,
    segments,
    snap,
    utf16_to_code_points,
)

SEEDS = Path(__file__).parent.parent / "seeds"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
JAPAN, NORWAY = "\U0001f1ef\U0001f1f5", "\U0001f1f3\U0001f1f4"
ODD = st.sampled_from(
    [
        "e\u0301",
        "a\u0308",
        FAMILY,
        JAPAN,
        NORWAY,
        "\u2764\ufe0f",
        "\U0001f44d\U0001f3fd",
        "\r\n",
        "’",
        "…",
        " ",
        "\u202e",
    ]
)
TEXTS = st.lists(st.one_of(st.text(max_size=8), ODD), max_size=12).map("".join)
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).map(tuple), unique=True, max_size=8).map(
    lambda ends: [(f"claim {number}", *span) for number, span in enumerate(ends)]
)

ARTICLE = "Japan has a bridge role. Its forces are well paid for. Only four members of NATO spend more than Japan."


def passage_of(text: str, exact: str) -> Passage:
    start = text.index(exact)
    return describe(text, start, start + len(exact))


def test_a_passage_carries_its_quote_and_what_surrounds_it():
    text = "a" * 40 + "quote" + "b" * 40
    assert describe(text, 40, 45) == Passage("quote", "a" * CONTEXT, "b" * CONTEXT, 40, 45)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (2, 500), (5, 4), (500, 501)])
def test_a_range_outside_the_text_is_refused(start, end):
    with pytest.raises(PassageError, match="lie outside the text, which has 6"):
        describe("Tokyo.", start, end)


def test_an_empty_or_blank_range_is_refused():
    with pytest.raises(PassageError, match="the selection is empty"):
        describe("Tokyo.", 3, 3)
    with pytest.raises(PassageError, match="no words are selected"):
        describe("Tokyo \n Kyoto", 5, 8)


def test_a_place_with_all_its_surroundings_is_preferred_to_one_that_is_merely_like_it():
    assert locate(describe(":0:00000", 2, 7), ":0:00000") == Match(2, 7, Found.UNCHANGED, certain=False)


@given(TEXTS, st.data())
def test_a_described_passage_is_found_where_it_was(text, data):
    start, end = snap(text, *sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text))))))
    assume(fold(text[start:end]).text.strip())
    passage = describe(text, start, end)
    assert locate(passage, text, old=text) == Match(start, end, Found.UNCHANGED)
    match = locate(passage, text)
    assert match is not None
    assert (match.start, match.end, match.status) == (start, end, Found.UNCHANGED)


@given(st.text(), st.text(), st.text(alphabet="αβγδε", min_size=20))
def test_a_long_passage_that_occurs_once_is_found_whatever_is_put_before_it(before, inserted, quote):
    assume(not set("αβγδε") & set(before + inserted))
    passage = describe(before + quote, len(before), len(before + quote))
    moved = len(inserted + before)
    match = locate(passage, inserted + before + quote, old=before + quote)
    assert match is not None
    assert (match.start, match.end, match.certain) == (moved, moved + len(quote), True)


def test_a_moved_passage_is_found_with_certainty_when_the_old_text_is_known():
    passage, draft = passage_of(ARTICLE, "well paid for"), "A new first sentence. " + ARTICLE
    assert locate(passage, draft, old=ARTICLE) == Match(62, 75, Found.MOVED)
    assert locate(passage, draft) == Match(62, 75, Found.MOVED, certain=False)


def test_the_surroundings_tell_two_equal_quotes_apart():
    passage = passage_of(ARTICLE, "Japan")
    draft = "Than Japan, nobody spends less. " + ARTICLE
    assert locate(passage, draft, old=ARTICLE) == Match(32, 37, Found.MOVED)


def test_the_surroundings_outweigh_the_old_place():
    passage = passage_of(ARTICLE, "Japan has")
    draft = "Japan has critics, it is said. " + ARTICLE
    assert locate(passage, draft, old=ARTICLE) == Match(31, 40, Found.MOVED)


def test_equal_places_with_equal_surroundings_are_not_decided_silently():
    sentence = "The partnership will go on to deepen in the coming years. "
    match = locate(passage_of(sentence * 3, "will go on to deepen"), sentence * 2 + "New.", old=sentence * 3)
    assert match is not None
    assert not match.certain


def test_a_short_quote_in_strange_surroundings_is_not_certain():
    match = locate(passage_of(ARTICLE, "NATO"), "A leaflet on NATO in general", old=ARTICLE)
    assert match == Match(13, 17, Found.MOVED, certain=False)


def test_a_long_quote_in_strange_surroundings_is_certain_when_the_old_text_has_it_once():
    passage = passage_of(ARTICLE, "Only four members of NATO spend more than Japan.")
    draft = "She wrote: Only four members of NATO spend more than Japan."
    assert locate(passage, draft, old=ARTICLE) == Match(11, 59, Found.MOVED)
    assert locate(passage, draft, old=ARTICLE + " But: " + passage.exact) == Match(11, 59, Found.MOVED, certain=False)


def test_a_passage_whose_words_are_not_there_is_gone():
    assert locate(passage_of(ARTICLE, "a bridge role"), "Nothing of the kind.") is None
    assert locate(passage_of("a\u200b\u200bb", "\u200b"), "other text") is None


@pytest.mark.parametrize(
    ("quote", "printed"),
    [
        ('the "normal" partner', "the “normal” partner"),
        ("Japan's role", "Japan’s role"),
        ("2010-2020 data", "2010–2020 data"),
        ("the first two", "the  first\n two"),
        ("a cafe\u0301 here", "a caf\u00e9 here"),
        ("more to come...", "more to come…"),
        ("cooperation", "co\u00adoperation".replace("oo", "o")),
        ("official office", "o\ufb03cial o\ufb03ce"),
        ("10 per cent", "10\u00a0per\u202fcent"),
    ],
)
def test_typography_does_not_hide_a_quote(quote, printed):
    text = f"Some words go before, then {printed} and some come after."
    assert find_quote(quote, text) == (27, 27 + len(printed))
    old = f"Some words go before, then {quote} and some come after."
    match = locate(passage_of(old, quote), text, old=old)
    assert match is not None
    assert (match.start, match.end, match.certain, match.normalised) == (27, 27 + len(printed), True, True)


@pytest.mark.parametrize(
    ("quote", "text"), [("10²", "102"), ("NATO", "nato"), ("", "text"), ("  ", "a  b"), ("½", "1/2")]
)
def test_what_carries_meaning_is_not_normalised_away(quote, text):
    assert find_quote(quote, text) is None


def test_every_appearance_of_the_demonstration_is_found_again_in_a_plainly_typed_copy():
    text = (SEEDS / "japan-nato-synopsis.md").read_text()
    claims = json.loads((SEEDS / "desk.json").read_text())["claims"]
    copy = "Copy.\n" + text.replace("’", "'").replace("“", '"').replace("”", '"').replace("\n", "\r\n")
    for appearance in (appearance for claim in claims for appearance in claim["appearances"]):
        passage = Passage(*(appearance[key] for key in ("exact", "prefix", "suffix", "start", "end")))
        assert describe(text, passage.start, passage.end) == passage
        match = locate(passage, copy, old=text)
        assert match is not None
        assert (match.status, match.certain) == (Found.MOVED, True)
        assert find_quote(copy[match.start : match.end], passage.exact) == (0, len(passage.exact))


TWINS = (
    "Rents fell. Japan spent two per cent of its budget on defence in 2021. Critics of the plan disagree.\n\n"
    "Wages rose. Japan spent two per cent of its budget on defence in 2021. Hardly anybody seemed to mind."
)


def test_a_twin_is_not_taken_for_a_passage_that_was_deleted():
    passage = passage_of(TWINS, "Japan spent two per cent of its budget on defence in 2021.")
    match = locate(passage, TWINS.partition("\n\n")[2], old=TWINS)
    assert match is not None
    assert not match.certain


def test_an_edited_passage_is_preferred_to_its_untouched_twin():
    passage = passage_of(TWINS, "Japan spent two per cent of its budget on defence in 2021")
    match = locate(passage, TWINS.replace("spent two", "used three", 1), old=TWINS)
    assert match == Match(12, 70, Found.REWORDED, certain=False)


@pytest.mark.parametrize(
    ("quote", "reworded"),
    [
        ("Its forces are well paid for", "Its armed forces are now well paid for"),
        ("Its forces are well paid for", "Its forces are paid"),
        ("well paid for", "badly off"),
        ("Only four members of NATO spend more", "only four of the members of NATO spend rather more"),
        ("a bridge role", "a bridge\u2011like r\u00f4le"),
    ],
)
def test_a_reworded_passage_is_found_and_never_certain(quote, reworded):
    draft = "One more sentence. " + ARTICLE.replace(quote, reworded)
    match = locate(passage_of(ARTICLE, quote), draft, old=ARTICLE)
    assert match is not None
    assert draft[match.start : match.end] == reworded
    assert (match.status, match.certain) == (Found.REWORDED, False)


def test_a_reworded_passage_is_found_in_a_language_without_spaces():
    old = "日本は世界で九番目に大きい軍事予算を持つ。北大西洋条約機構には三十一の加盟国がある。"
    draft = "序文。" + old.replace("九番目に大きい", "八番目の")
    match = locate(passage_of(old, "日本は世界で九番目に大きい軍事予算を持つ"), draft, old=old)
    assert match is not None
    assert (draft[match.start : match.end], match.status) == ("日本は世界で八番目の軍事予算を持つ", Found.REWORDED)


def test_a_very_long_quote_is_found_reworded():
    old = " ".join(f"Sentence {number} is about the harbour of {number * 7919 % 1000}." for number in range(300))
    draft = "Preface. " + old.replace("about the harbour", "on the harbour") + " The end."
    match = locate(passage_of(old, old[100:-100]), draft, old=old)
    assert match is not None
    assert match.status == Found.REWORDED
    assert abs(match.start - 109) < 30
    assert abs(match.end - (len(draft) - 109)) < 30


@pytest.mark.parametrize("draft", ["", " ", "\u200b", "!", "Japan"])
def test_a_draft_with_next_to_nothing_in_it_is_searched_too(draft):
    assert locate(passage_of(ARTICLE, "a bridge role"), draft, old=ARTICLE) is None


@given(TEXTS, TEXTS, st.data())
def test_a_match_in_any_text_is_a_range_of_whole_characters(text, draft, data):
    start, end = snap(text, *sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text))))))
    assume(text[start:end].strip())
    match = locate(describe(text, start, end), draft, old=text)
    if match:
        assert 0 <= match.start < match.end <= len(draft)
        assert match.certain <= (fold(draft[match.start : match.end]).text == fold(text[start:end]).text)
        assert text == draft or (is_border(draft, match.start) and is_border(draft, match.end))


def test_two_paragraphs_that_read_like_one_are_not_taken_for_it():
    one, other = "Norway spent five per cent on its roads that year.", "Japan spent about two per cent on its ships."
    old = f"{one} Nobody was surprised by that.\n\n{one} {other}"
    second = describe(old, old.rindex(one), old.rindex(one) + len(one))
    match = locate(second, f"Nobody was surprised by that. {one}\n\n{other}", old=old)
    assert match is not None
    assert not match.certain


def test_a_quote_is_found_without_the_blanks_around_it():
    assert find_quote("\n fast growing ", "a fast\ngrowing list") == (2, 14)


@given(TEXTS, TEXTS)
def test_a_quote_is_found_in_every_text_that_holds_it(quote, before):
    assume(any(char.isascii() and char.isalnum() for char in quote))
    found = find_quote(quote, f"{before}\n{quote}\nafter")
    assert found is not None
    assert found[0] <= len(before) + 1 + len(quote)


@pytest.mark.parametrize(
    ("text", "selected", "snapped"),
    [
        ("  Tokyo rises ", (0, 14), "Tokyo rises"),
        ("cafe\u0301 au lait", (0, 4), "cafe\u0301"),
        ("cafe\u0301 au lait", (4, 5), "e\u0301"),
        (f"x{FAMILY}y", (2, 3), FAMILY),
        (f"{JAPAN}{NORWAY}", (1, 2), JAPAN),
        (f"{JAPAN}{NORWAY}", (2, 3), NORWAY),
        ("\u2764\ufe0f!", (0, 1), "\u2764\ufe0f"),
        ("\U0001f44d\U0001f3fd", (0, 1), "\U0001f44d\U0001f3fd"),
        ("한국", (0, 1), "한"),
        ("\u1112\u1161\u11ab!", (1, 2), "\u1112\u1161\u11ab"),
        ("  \n ", (0, 4), ""),
        ("Tokyo", (-5, 500), "Tokyo"),
        ("Tokyo", (3, 1), ""),
    ],
)
def test_a_selection_snaps_to_whole_characters_without_outer_blanks(text, selected, snapped):
    start, end = snap(text, *selected)
    assert text[start:end] == snapped


@given(TEXTS, st.integers(-3, 60), st.integers(-3, 60))
def test_snapping_twice_changes_nothing_more_unless_a_blank_joined(text, start, end):
    once = snap(text, start, end)
    assert 0 <= once[0] <= once[1] <= len(text)
    assume(text[slice(*once)] == text[slice(*once)].strip())
    assert snap(text, *once) == once


@given(TEXTS, st.data())
def test_code_point_and_utf16_offsets_invert_each_other(text, data):
    offset = data.draw(st.integers(0, len(text)))
    assert utf16_to_code_points(text, code_points_to_utf16(text, offset)) == offset


def test_browsers_count_an_emoji_as_two():
    assert utf16_to_code_points("\U0001f600 ok", 3) == 2
    assert code_points_to_utf16("\U0001f600 ok", 2) == 3


@pytest.mark.parametrize(("offset", "message"), [(1, "splits a character"), (3, "outside"), (-1, "outside")])
def test_an_offset_that_no_character_starts_at_is_refused(offset, message):
    with pytest.raises(PassageError, match=message):
        utf16_to_code_points("\U0001f600", offset)


def test_a_code_point_offset_outside_the_text_is_refused():
    with pytest.raises(PassageError, match="outside"):
        code_points_to_utf16("ab", 3)


def test_overlapping_spans_are_cut_into_pieces():
    assert segments(10, [("a", 1, 6), ("b", 4, 8)]) == [
        (0, 1, ()),
        (1, 4, ("a",)),
        (4, 6, ("a", "b")),
        (6, 8, ("b",)),
        (8, 10, ()),
    ]


def test_a_text_without_spans_is_one_piece_and_an_empty_one_none():
    assert segments(5, []) == [(0, 5, ())]
    assert segments(0, [("a", 0, 3)]) == []


@given(st.integers(0, 40), SPANS)
def test_the_pieces_rebuild_the_text_and_each_span(length, spans):
    pieces = segments(length, spans)
    assert [offset for piece in pieces for offset in range(piece.start, piece.end)] == list(range(length))
    for key, start, end in spans:
        covered = [offset for piece in pieces if key in piece.keys for offset in range(piece.start, piece.end)]
        assert covered == list(range(start, min(end, length)))


@given(SPANS)
def test_overlapping_spans_are_on_different_levels(spans):
    level = levels(spans)
    for (one, a, b), (other, c, d) in itertools.combinations(spans, 2):
        if max(a, c) < min(b, d):
            assert level[one] != level[other]


@given(SPANS)
def test_no_more_levels_are_used_than_spans_meet_in_one_place(spans):
    deepest = max((len(piece.keys) for piece in segments(40, spans)), default=0)
    assert max(levels([span for span in spans if span[1] < span[2]]).values(), default=-1) + 1 <= deepest


def test_a_claim_that_appears_twice_keeps_one_level():
    spans = [("a", 0, 5), ("b", 3, 9), ("a", 8, 12)]
    assert levels(spans) == {"a": 0, "b": 1}
