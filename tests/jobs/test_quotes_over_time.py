"""What is quoted is compared with the words that were captured first, until a person takes other ones."""

import pytest

from claims.actions.captures import prepare, store_capture
from claims.actions.evidence import edit_evidence
from claims.actions.quotes import place_quotes
from claims.choices import BROKEN, QuoteStatus, StillThere
from claims.jobs.captures import visit
from tests import factories
from tests.fetching.conftest import FILLING
from tests.jobs.test_captures import QUOTE, capture, document, piece, settle, still

__all__ = ["document", "piece"]
pytestmark = pytest.mark.django_db

NINTH = "the world’s ninth-largest military budget"


def say(living, rank):
    living.write(f"Japan has the world’s {rank}-largest military budget.", *FILLING)


def is_due(piece):
    piece.claim.refresh_from_db()
    return piece.claim.due_at is not None


def test_a_quote_that_was_typed_before_the_page_came_is_looked_for_once_it_comes(document, living):
    living.status = 503
    living.headers = {"Retry-After": "0"}
    wrong = factories.evidence_for(factories.claim(), document=document, quote="Nobody in Kyoto had heard of any of it")
    right = factories.evidence_for(factories.claim(), document=document, quote=QUOTE)
    capture(document)
    assert [one.quote_status for one in document.evidence.order_by("pk")] == [QuoteStatus.NOT_CAPTURED] * 2
    living.status = 200
    made = capture(document)
    found = dict(document.evidence.values_list("pk", "snapshot"))
    assert [one.quote_status for one in document.evidence.order_by("pk")] == [QuoteStatus.NOT_FOUND, QuoteStatus.FOUND]
    assert found == {wrong.pk: made.snapshot_id, right.pk: made.snapshot_id}


def test_a_quote_that_was_not_found_is_found_when_the_page_says_it(document, living):
    living.write("Nothing of the kind is to be read here yet.", *FILLING)
    waiting = factories.evidence_for(factories.claim(), document=document, quote="Sweden joined as the 32nd member")
    capture(document)
    waiting.refresh_from_db()
    assert waiting.quote_status == QuoteStatus.NOT_FOUND
    living.write("Sweden joined as the 32nd member.", *FILLING)
    capture(document)
    waiting.refresh_from_db()
    assert waiting.quote_status == QuoteStatus.FOUND


def test_a_look_never_moves_what_is_compared_with_to_changed_words(document, piece, living):
    first = capture(document)
    for rank in ("tenth", "eleventh", "ninth"):
        say(living, rank)
        capture(document)
        piece.refresh_from_db()
        assert (piece.snapshot, piece.exact, piece.quote_status) == (first.snapshot, NINTH, QuoteStatus.FOUND)
    assert list(piece.sightings.values_list("state", flat=True)) == ["changed", "changed", "same"]


def test_a_page_that_changes_step_by_step_is_compared_with_the_first_text(document, piece, living):
    capture(document)
    steps = (
        "the world’s ninth-largest defence budget",
        "the world’s ninth defence budget",
        "a ninth of defence",
        "Nothing to see here",
    )
    states = []
    for words in steps:
        living.write(f"Japan has {words}.", *FILLING)
        capture(document)
        states.append(still(piece))
    assert set(states) <= BROKEN


def test_words_that_a_person_takes_are_what_later_looks_compare_with(document, piece, analyst, living):
    capture(document)
    say(living, "tenth")
    made = capture(document)
    assert still(piece) == StillThere.CHANGED
    edit_evidence(piece, by=analyst, version=piece.version, quote="the world's tenth-largest military budget")
    piece.refresh_from_db()
    assert (piece.snapshot, piece.quote_status, piece.still) == (made.snapshot, QuoteStatus.FOUND, "")
    settle(piece.claim)
    capture(document)
    assert (still(piece), is_due(piece)) == (StillThere.SAME, False)
    say(living, "ninth")
    capture(document)
    assert (still(piece), is_due(piece)) == (StillThere.CHANGED, True)


def test_what_earlier_words_came_to_says_nothing_of_those_that_were_taken(document, piece, analyst, living):
    """Gone, then other words were quoted, which are gone, too: the claim falls due again."""
    capture(document)
    living.write("Of Sweden alone is written here, and of nobody else.", *FILLING)
    capture(document)
    assert still(piece) == StillThere.GONE
    edit_evidence(piece, by=analyst, version=piece.version, quote="Of Sweden alone is written here")
    settle(piece.claim)
    living.write(*FILLING)
    capture(document)
    assert (still(piece), is_due(piece)) == (StillThere.GONE, True)


def test_a_person_may_have_all_quotes_looked_for_in_the_newest_text(document, piece, analyst, living):
    capture(document)
    say(living, "tenth")
    made = capture(document)
    [replaced] = place_quotes(document, by=analyst)
    piece.refresh_from_db()
    assert (replaced.is_changed, piece.snapshot, piece.still) == (True, made.snapshot, "")
    assert piece.quote_status == QuoteStatus.DIFFERS  # the desk says so; what was typed stays
    capture(document)
    assert still(piece) == StillThere.SAME


def test_words_that_are_taken_while_a_look_is_under_way_are_not_judged_by_it(document, piece, analyst, living):
    capture(document)
    say(living, "tenth")
    prepared = prepare(document, visit(document, lambda *_: None))
    edit_evidence(piece, by=analyst, version=piece.version, quote="It was the eighth year in a row")
    settle(piece.claim)
    made = store_capture(document, prepared, by=analyst)
    assert (list(made.sightings.all()), still(piece), is_due(piece)) == ([], "", False)
