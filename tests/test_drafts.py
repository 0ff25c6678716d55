"""Comparing two drafts: outcomes of passages, and sentences that keep what was decided on them."""

from hypothesis import given
from hypothesis import strategies as st

from claims.differences import PieceKind
from claims.drafts import Draft, compare, kept_sentences, outcomes
from claims.intake.sentences import sentences
from claims.passages import Found, Passage, describe

ARTICLE = """Japan has the world’s ninth-largest military budget, by the count of one institute.

NATO has thirty-one members, of which only a few border on the Pacific. That is so. \
The office in Tokyo is to open in 2024, says a newspaper that has seen the plan.

Nobody doubts that the partnership will deepen in the years to come. That is so."""


def draft(text: str) -> Draft:
    return Draft(text, sentences(text))


def passage(exact: str, text: str = ARTICLE) -> Passage:
    start = text.index(exact)
    return describe(text, start, start + len(exact))


def kept_texts(old: str, new: str) -> list[str]:
    after = draft(new)
    return [new[slice(*after.sentences[number])] for number in kept_sentences(draft(old), after)]


def test_an_identical_draft_keeps_everything():
    comparison = compare(draft(ARTICLE), draft(ARTICLE), {"a": passage("only a few border")})
    assert comparison.outcomes["a"].status == Found.UNCHANGED
    assert comparison.kept == {number: number for number in range(6)}
    assert comparison.added == comparison.gone == []


def test_text_put_in_before_a_passage_leaves_it_unchanged_though_its_offsets_change():
    outcome = outcomes(ARTICLE, "A new beginning.\n\n" + ARTICLE, {1: passage("only a few border")})[1]
    assert (outcome.status, outcome.is_settled) == (Found.UNCHANGED, True)
    assert outcome.match is not None
    assert outcome.match.start == ARTICLE.index("only a few border") + 18


def test_a_passage_that_overtakes_others_has_moved():
    first, *rest = ARTICLE.split("\n\n")
    quotes = ("ninth-largest military budget", "thirty-one members", "partnership will deepen")
    found = outcomes(ARTICLE, "\n\n".join([*rest, first]), {quote: passage(quote) for quote in quotes})
    assert [outcome.status for outcome in found.values()] == [Found.MOVED, Found.UNCHANGED, Found.UNCHANGED]
    assert all(outcome.is_settled for outcome in found.values())


def test_a_reworded_passage_asks_and_shows_its_words():
    new = ARTICLE.replace("is to open in 2024", "opened in May 2024")
    outcome = outcomes(ARTICLE, new, {1: passage("The office in Tokyo is to open in 2024")})[1]
    assert (outcome.status, outcome.is_settled) == (Found.REWORDED, False)
    assert "".join(piece.text for piece in outcome.wording(new) if piece.kind != PieceKind.DELETED) == (
        "The office in Tokyo opened in May 2024"
    )


def test_a_passage_that_is_gone_shows_all_its_words_deleted():
    new = "Something else was written about fish and the sea, and about nothing more than that."
    outcome = outcomes(ARTICLE, new, {1: passage("NATO has thirty-one members")})[1]
    assert (outcome.status, outcome.is_settled) == (Found.GONE, False)
    assert [(piece.kind, piece.text) for piece in outcome.wording(new)] == [
        (PieceKind.DELETED, "NATO has thirty-one members")
    ]


def test_a_changed_sentence_is_gone_and_added():
    new = ARTICLE.replace("thirty-one", "thirty-two")
    comparison = compare(draft(ARTICLE), draft(new), {})
    assert comparison.added == comparison.gone == [1]
    assert comparison.kept == {number: number for number in (0, 2, 3, 4, 5)}


def test_sentences_of_a_moved_paragraph_are_kept_with_typography_changed():
    first, *rest = ARTICLE.split("\n\n")
    new = "\n\n".join([*rest, first.replace("’", "'")])
    assert len(kept_texts(ARTICLE, new)) == 6


def test_a_short_sentence_is_not_recognised_without_its_neighbours():
    old = "Taxes fell by half in the year of the reform, the ministry says. That is so. Wages rose."
    new = "Taxes rose by half in the year of the reform, the ministry says. That is so. Rents rose."
    assert kept_texts(old, new) == []


def test_of_two_equal_neighbours_none_is_kept_when_one_is_left():
    telling = "Taxes fell by half in the year of the reform, the ministry says."
    end = "Rents rose by a third in the year after the reform, it says."
    assert kept_texts(f"{telling} Yes. Yes. {end}", f"{telling} Yes. {end}") == [telling, end]


WORDS = st.sampled_from(["Yes.", "No.", "That is so.", "Taxes fell by half in the year of the great reform, they say."])


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=8))
def test_what_is_kept_reads_the_same_and_is_kept_once(old, new):
    before, after = draft(" ".join(old)), draft(" ".join(new))
    kept = kept_sentences(before, after)
    assert len(set(kept.values())) == len(kept)
    for b, a in kept.items():
        assert after.text[slice(*after.sentences[b])] == before.text[slice(*before.sentences[a])]


@given(st.lists(WORDS, max_size=8))
def test_every_sentence_of_an_equal_draft_is_kept(written):
    text = " ".join(written)
    assert kept_sentences(draft(text), draft(text)) == {n: n for n in range(len(sentences(text)))}
