"""What the document page shows of a text: blocks, marked pieces, order, coverage, and where to go next."""

import pytest
from pytest_django import DjangoAssertNumQueries

from claims import reading
from claims.actions import claims as claim_actions
from claims.actions.sentences import dispose
from claims.choices import Disposition, Stage
from claims.models import Snapshot, User
from claims.reading import marks as reading_marks
from claims.reading.marks import Block, Mark, blocks, isolated, lay
from tests import factories

TEXT = "# Heading\n\nOne two three four. Five six.\n\nSeven eight nine."


def mark(key: str, *spans: tuple[int, int], stage: str = "open", level: int = 0) -> Mark:
    return Mark(key, int(key.lstrip("s")), stage, stage, spans, level=level)


def marked(block: Block) -> list[tuple[str, list[str], list[str]]]:
    """Pieces as (text, keys of marks, keys of those that end)."""
    return [(p.html, [m.key for m in p.marks], [m.key for m in p.ends]) for p in block.pieces]


class TestBlocks:
    def test_paragraphs_and_headings_are_numbered_apart(self) -> None:
        assert [(block.id, block.text) for block in blocks(TEXT, [])] == [
            ("h1", "Heading"),
            ("p1", "One two three four. Five six."),
            ("p2", "Seven eight nine."),
        ]

    def test_a_block_starts_where_its_first_character_stands_in_the_snapshot(self) -> None:
        assert all(TEXT[block.start : block.end] == block.text for block in blocks(TEXT, []))

    def test_a_long_paragraph_is_cut_where_a_sentence_starts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading_marks, "LONG", 10)
        start = TEXT.index("Five")
        assert [block.text for block in blocks(TEXT, [start])][1:3] == ["One two three four. ", "Five six."]

    def test_an_empty_text_has_no_blocks(self) -> None:
        assert blocks("\n \n", []) == []


class TestPieces:
    def test_overlapping_claims_nest_by_level_and_end_with_their_last_piece(self) -> None:
        block = Block("p1", 1, "abcdefgh", 100)
        lay([mark("1", (101, 105)), mark("2", (103, 107), level=1)], [block])
        assert marked(block) == [
            ("a", [], []),
            ("bc", ["1"], []),
            ("de", ["1", "2"], ["1"]),
            ("fg", ["2"], ["2"]),
            ("h", [], []),
        ]

    def test_a_claim_over_two_paragraphs_marks_both_and_starts_in_the_first(self) -> None:
        first, second = Block("p1", 1, "abcd", 0), Block("p2", 2, "efgh", 6)
        lay([mark("1", (2, 8))], [first, second])
        assert marked(first) == [("ab", [], []), ("cd", ["1"], [])]
        assert marked(second) == [("ef", ["1"], ["1"]), ("gh", [], [])]
        assert (len(first.starting), len(second.starting)) == (1, 0)

    def test_the_text_of_the_pieces_is_the_text_of_the_block(self) -> None:
        block = Block("p1", 1, "a <b> & c", 0)
        lay([mark("1", (2, 5))], [block])
        assert "".join(piece.html for piece in block.pieces) == "a &lt;b&gt; &amp; c"

    def test_an_undecided_sentence_gets_no_number_in_the_text(self) -> None:
        block = Block("p1", 1, "abcd", 0)
        lay([mark("s1", (0, 4), stage="undecided")], [block])
        assert marked(block) == [("abcd", ["s1"], [])]

    @pytest.mark.parametrize(
        ("stages", "cover"),
        [([], ""), (["open"], "none"), (["verified", "open"], "part"), (["verified"], "full"), (["undecided"], "")],
    )
    def test_a_paragraph_is_covered_as_far_as_its_claims_are_verified(self, stages: list[str], cover: str) -> None:
        block = Block("p1", 1, "abcd", 0)
        prefix = "s" if stages == ["undecided"] else ""
        lay([mark(f"{prefix}{n}", (0, 4), stage=stage) for n, stage in enumerate(stages, start=1)], [block])
        assert block.cover == cover


def test_a_direction_control_stays_in_the_text_but_turns_nothing_and_is_named() -> None:
    html = isolated("a\u202eb<")
    assert html.startswith("a<bdi>\u202e</bdi><span data-skip")
    assert "⟦RLO⟧" in html
    assert html.endswith("b&lt;")


@pytest.fixture
def text(db: None) -> Snapshot:
    return factories.snapshot()


def keys(shown: reading.Reading) -> list[str]:
    return [mark.key for mark in shown.marks]


def test_claims_and_undecided_sentences_come_in_the_order_of_the_text(text: Snapshot) -> None:
    late = factories.claim_in_text(snapshot=text, quote="Kishida joined")
    early = factories.claim_in_text(snapshot=text, quote="ninth-largest")
    second, fourth = text.sentences.undecided()
    assert keys(reading.read(text)) == [str(early.pk), f"s{second.pk}", str(late.pk), f"s{fourth.pk}"]


def test_numbers_follow_the_order_of_making_so_that_a_new_claim_renames_no_other(text: Snapshot) -> None:
    factories.claim_in_text(snapshot=text, quote="Kishida joined")
    factories.claim_in_text(snapshot=text, quote="ninth-largest")
    assert [mark.number for mark in reading.read(text).marks if mark.is_claim] == [2, 1]


def test_a_claim_that_appears_twice_is_one_mark_with_two_places(text: Snapshot, analyst: User) -> None:
    claim = factories.claim_in_text(snapshot=text, quote="Japan")
    claim_actions.add_appearance(claim, text, *_place(text, "NATO"), by=analyst)
    [shown] = [mark for mark in reading.read(text).marks if mark.is_claim]
    assert shown.spans == (_place(text, "Japan"), _place(text, "NATO"))


def _place(snapshot: Snapshot, quote: str) -> tuple[int, int]:
    start = snapshot.text.index(quote)
    return start, start + len(quote)


def test_overlapping_claims_get_different_levels(text: Snapshot) -> None:
    factories.claim_in_text(snapshot=text, quote="the ninth-largest military budget")
    factories.claim_in_text(snapshot=text, quote="military budget in the world")
    assert [mark.level for mark in reading.read(text).marks if mark.is_claim] == [0, 1]


def test_dismissed_claims_leave_the_text_unless_asked_for(text: Snapshot, analyst: User) -> None:
    claim = factories.claim_in_text(snapshot=text)
    claim_actions.dismiss(claim, by=analyst, reason="A figure of speech.")
    assert str(claim.pk) not in keys(reading.read(text))
    assert str(claim.pk) in keys(reading.read(text, selected=str(claim.pk)))
    assert keys(reading.read(text, stage=Stage.DISMISSED)) == [str(claim.pk)]


def test_a_stage_shows_its_own_marks_and_what_is_selected(text: Snapshot, analyst: User) -> None:
    taken = factories.claim_in_text(snapshot=text)
    claim_actions.take(taken, by=analyst)
    other = factories.claim_in_text(snapshot=text, quote="Kishida")
    assert keys(reading.read(text, stage=Stage.IN_PROGRESS)) == [str(taken.pk)]
    assert len(keys(reading.read(text, stage=Stage.IN_PROGRESS, selected=str(other.pk)))) == 2


def test_a_threshold_leaves_what_is_below_it_to_the_strip(text: Snapshot) -> None:
    for number, score in enumerate((0.2, None, 0.3, 0.9), start=1):
        text.sentences.filter(number=number).update(score=score)
    low = text.sentences.get(number=1)
    assert [mark.number for mark in reading.read(text, threshold=30).marks] == [2, 3, 4]
    assert [mark.number for mark in reading.read(text, threshold=30, selected=f"s{low.pk}").marks] == [1, 2, 3, 4]
    assert len(reading.read(text, threshold=30, stage="undecided").marks) == 4
    assert reading.read(text, threshold=30).strip == reading.read(text).strip


def test_coverage_counts_sentences_with_a_disposition_and_claims_by_stage(text: Snapshot, analyst: User) -> None:
    claim = factories.claim_in_text(snapshot=text)
    dispose(text.sentences.undecided()[0], Disposition.OPINION, by=analyst)
    coverage = reading.read(text).coverage
    assert (coverage.decided, coverage.sentences, coverage.percent, coverage.undecided) == (2, 4, 50, 2)
    assert coverage.by_stage == [(Stage.OPEN, 1)]
    assert reading.coverage_of([text.pk])[text.pk] == coverage
    claim_actions.dismiss(claim, by=analyst, reason="No.")
    assert reading.coverage_of([text.pk])[text.pk].claims == 0


def test_coverage_of_many_texts_takes_three_queries(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    texts = [factories.snapshot() for _ in range(3)]
    factories.claim_in_text(snapshot=texts[0])
    with django_assert_num_queries(3):
        found = reading.coverage_of([one.pk for one in texts])
    assert [found[one.pk].claims for one in texts] == [1, 0, 0]
    assert found[texts[0].pk].bars[0].width == 100


def test_the_strip_draws_claims_by_stage_and_runs_of_undecided_sentences(text: Snapshot) -> None:
    claim = factories.claim_in_text(snapshot=text)
    strip = reading.read(text).strip
    assert [(block.key, block.stage) for block in strip] == [("", "undecided"), (str(claim.pk), "open")]
    assert strip[0].height < strip[1].height
    assert all(block.x + block.width <= 1000 and block.y + block.height == 20 for block in strip)


def test_next_unchecked_goes_through_claims_and_sentences_and_round_again(text: Snapshot, analyst: User) -> None:
    claim = factories.claim_in_text(snapshot=text, quote="Kishida joined")
    shown = reading.read(text)
    order = shown.unchecked(analyst)
    assert [mark.key for mark in order][2] == str(claim.pk)
    assert shown.next_unchecked(analyst) == order[0]
    assert shown.next_unchecked(analyst, order[2]) == order[3]
    assert shown.next_unchecked(analyst, order[3]) == order[0]


def test_next_claim_prefers_claims_and_skips_what_others_have_in_hand(text: Snapshot, analyst: User) -> None:
    taken, free = factories.claim_in_text(snapshot=text), factories.claim_in_text(snapshot=text, quote="Kishida")
    claim_actions.take(taken, by=factories.user("colleague"))
    following = reading.read(text).next_claim(analyst)
    assert following is not None
    assert following.key == str(free.pk)


def test_nothing_is_next_when_all_is_checked(text: Snapshot, analyst: User) -> None:
    for sentence in text.sentences.all():
        dispose(sentence, Disposition.OPINION, by=analyst)
    assert reading.read(text).next_unchecked(analyst) is None


def test_a_long_text_is_read_in_parts(text: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART", 90)
    shown = reading.read(text)
    assert [[block.id for block in part] for part in shown.parts] == [["p1"], ["p2"]]
    assert [shown.part_at(offset) for offset in (0, 94, 95, 97, 10_000)] == [1, 1, 2, 2, 2]


def test_reading_takes_three_queries_whatever_the_number_of_claims(
    text: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for quote in ("Japan", "ninth-largest", "Kishida"):
        factories.claim_in_text(snapshot=text, quote=quote)
    with django_assert_num_queries(3):
        shown = reading.read(text)
        assert len(shown.marks) == 5
        assert [block.pieces for block in shown.blocks]
