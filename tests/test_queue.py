"""The queue of undecided sentences, the reasons for their scores, and where they stand."""

import pytest
from pytest_django import DjangoAssertNumQueries

from claims.actions.sentences import dispose
from claims.choices import Disposition
from claims.models import Sentence, Snapshot, User, Weighting
from claims.reading.marks import LONG, blocks
from claims.reading.outline import Outline
from claims.reading.queue import SCORE, TEXT, Counts, Queue
from claims.reading.worth import percent_of, threshold_of, worth_of
from tests import factories

SCORES = {1: 0.5, 2: 0.9, 3: 0.5, 4: 0.1}


@pytest.fixture
def text(db: None) -> Snapshot:
    """Four sentences with the scores above."""
    snapshot = factories.snapshot()
    for number, score in SCORES.items():
        snapshot.sentences.filter(number=number).update(score=score)
    return snapshot


def numbers(queue: Queue, size: int = 50) -> list[int]:
    """Page by page."""
    found: list[int] = []
    cursor = ""
    while True:
        page = queue.page(cursor, size)
        found += [sentence.number for sentence in page.rows]
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.mark.parametrize("size", [1, 2, 50])
def test_sentences_are_ranked_and_equal_ones_come_in_the_order_of_the_text(text: Snapshot, size: int) -> None:
    assert numbers(Queue(text, SCORE), size) == [2, 1, 3, 4]
    assert numbers(Queue(text, TEXT), size) == [1, 2, 3, 4]


@pytest.mark.parametrize(("percent", "expected"), [(0, [2, 1, 3, 4]), (50, [2, 1, 3]), (51, [2]), (91, [])])
def test_a_threshold_leaves_out_what_is_below_it(text: Snapshot, percent: int, expected: list[int]) -> None:
    assert numbers(Queue(text, SCORE, percent)) == expected


@pytest.mark.parametrize("size", [1, 50])
def test_what_has_no_score_comes_last_and_is_never_below_a_threshold(text: Snapshot, size: int) -> None:
    text.sentences.filter(number__in=[2, 3]).update(score=None)
    assert numbers(Queue(text, SCORE, 40), size) == [1, 2, 3]
    assert Queue(text, SCORE, 40).counts() == Counts(4, 0, 1, 1, 2)
    assert Queue(text, SCORE, 40).counts().listed == 3


def test_decided_sentences_leave_the_queue_and_are_counted(text: Snapshot, analyst: User) -> None:
    dispose(text.sentences.get(number=2), Disposition.OPINION, by=analyst)
    assert numbers(Queue(text, SCORE, 50)) == [1, 3]
    counts = Queue(text, SCORE, 50).counts()
    assert (counts, counts.undecided) == (Counts(4, 1, 2, 1, 0), 3)
    assert [one.number for one in Queue(text, SCORE, 50).below()] == [4]


@pytest.mark.parametrize(
    ("order", "at", "expected"), [(SCORE, 2, 1), (SCORE, 1, 3), (SCORE, 3, 2), (TEXT, 2, 3), (TEXT, 3, 1)]
)
def test_behind_a_sentence_comes_the_next_and_behind_the_last_the_first(
    text: Snapshot, order: str, at: int, expected: int
) -> None:
    following = Queue(text, order, 50).behind(text.sentences.get(number=at))
    assert following is not None
    assert following.number == expected


def test_behind_the_only_one_comes_nothing(text: Snapshot) -> None:
    assert Queue(text, SCORE, 80).behind(text.sentences.get(number=2)) is None


def test_behind_one_without_a_score_come_others_without(text: Snapshot) -> None:
    text.sentences.update(score=None)
    found = Queue(text).behind(text.sentences.get(number=2))
    assert found is not None
    assert found.number == 3


def test_counting_takes_one_query(text: Snapshot, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        Queue(text, SCORE, 50).counts()


class TestWorth:
    def sentence(self) -> Sentence:
        signals = [
            {"name": "quantity", "weight": 0.872, "words": ["40 ships", "\u202eabc"]},
            {"name": "opinion", "weight": -0.96, "words": ["good"]},
            {"name": "term", "weight": 0.41, "words": ["billion"]},
            {"name": "term", "weight": -0.01, "words": ["of"]},
            {"name": "forgotten", "weight": 0.2, "words": []},
        ]
        return Sentence(score=0.57, signals=signals, assertions=2)

    def test_reasons_are_sentences_of_the_language_with_sign_and_words(self) -> None:
        worth = worth_of(self.sentence(), "en")
        assert (worth.percent, worth.has_several_assertions) == (57, True)
        told = [(one.says, one.amount, one.quoted, one.is_for) for one in worth.signals]
        assert told == [
            ("It counts or measures something", "+0.9", "“40 ships”, “⟦RLO⟧abc”", True),
            ("It gives an opinion", "\u22121.0", "“good”", False),
            ("Forgotten", "+0.2", "", True),
        ]
        assert [(one.amount, one.quoted) for one in worth.terms] == [("+0.4", "“billion”"), ("\u22120.01", "“of”")]

    def test_without_a_score_there_are_no_reasons(self) -> None:
        assert worth_of(Sentence(score=None), "en").percent is None
        assert worth_of(self.sentence(), None).signals[0].says == "Quantity"

    @pytest.mark.parametrize(("score", "percent"), [(0.0, 0), (0.57, 57), (0.29, 29), (0.5699, 56), (1.0, 100)])
    def test_a_score_is_shown_in_percent_rounded_down(self, score: float, percent: int) -> None:
        assert percent_of(score) == percent

    def test_the_threshold_is_that_of_the_weights_in_force(self, admin: User) -> None:
        document = factories.document(language="en-GB")
        shipped = threshold_of(document)
        weights = Weighting.objects.weights_in_force("en").as_data() | {"threshold": 0.77}
        Weighting.objects.create(
            language="en", number=1, data=weights, in_force=True, accepted_by=admin, accepted_at=document.added_at
        )
        assert shipped != threshold_of(document) == 77
        assert threshold_of(factories.document(language="ja")) is None


class TestOutline:
    TEXT = "Above.\n\n# Ships\n\nPorts grew. They are old.\n\nA tail.\n\n## Crews\n\nFew men."

    def outline(self) -> Outline:
        return Outline(self.TEXT, blocks(self.TEXT, []))

    def spot(self, words: str) -> tuple[str, str]:
        found = self.outline().spot(self.TEXT.index(words) + len(words))
        return found.name, found.heading

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Above.", ("¶1", "")),
            ("# Ships", ("Heading", "")),
            ("Ports grew.", ("¶2", "Ships")),
            ("They are old.", ("¶2", "Ships")),
            ("A tail.", ("¶3", "Ships")),
            ("## Crews", ("Heading", "")),
            ("Few men.", ("¶4", "Crews")),
        ],
    )
    def test_a_sentence_stands_in_a_paragraph_under_a_heading(self, words: str, expected: tuple[str, str]) -> None:
        assert self.spot(words) == expected

    def test_a_heading_is_shown_without_its_signs(self) -> None:
        start = self.TEXT.index("## Crews")
        assert self.outline().words(start, start + 8) == "Crews"

    def test_a_sentence_is_shown_in_its_paragraph(self) -> None:
        start = self.TEXT.index("They")
        context = self.outline().context(start, start + 13)
        assert (context.before, context.words, context.after) == ("Ports grew. ", "They are old.", "")
        assert (context.start, context.is_cut_before) == (self.TEXT.index("Ports"), False)

    def test_a_long_paragraph_and_a_long_sentence_are_cut(self) -> None:
        text = "a" * LONG + " Here. " + "b" * LONG
        outline = Outline(text, blocks(text, []))
        context = outline.context(LONG + 1, LONG + 6)
        assert (context.is_cut_before, context.is_cut_after, context.words) == (True, True, "Here.")
        assert text.startswith(context.before, context.start)
        assert outline.words(0, LONG).endswith("a…")
        assert len(outline.words(0, LONG)) < LONG

    def test_what_turns_the_reading_order_is_shown(self) -> None:
        text = "One \u202egnp\u202c two."
        outline = Outline(text, blocks(text, []))
        assert "⟦RLO⟧" in outline.words(0, len(text))
        assert "<bdi>\u202e</bdi>" in outline.context(0, len(text)).words
