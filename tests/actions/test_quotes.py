"""Where quotes stand in captures: computed, chosen among what was found, and looked for again in newer captures."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims.actions import evidence, quotes
from claims.choices import Act, Origin, QuoteStatus
from claims.models import Document, Event, Evidence, Snapshot, StaleVersion, User
from claims.workflow import Refused
from tests import factories

TABLE = (
    "The ten largest budgets are listed below, with shares of the world total.\n\n"
    "Japan comes tenth with 46 billion dollars.\n\nFrance comes eighth. Of the world total, Japan has two per cent."
)
SENTENCE = "Japan comes tenth with 46 billion dollars."


@pytest.fixture
def capture(db: None) -> Document:
    return factories.snapshot(text=TABLE).document


def quoted(capture: Document, quote: str) -> Evidence:
    return factories.evidence_for(factories.claim(), document=capture, quote=quote)


def stored(piece: Evidence) -> Evidence:
    return Evidence.objects.select_related("claim", "document", "snapshot").get(pk=piece.pk)


def last_event(piece: Evidence) -> Event:
    return Event.objects.of(piece.claim).latest("number")


def test_a_quote_keeps_the_words_that_the_capture_says(capture: Document) -> None:
    piece = stored(quoted(capture, "Japan comes tenth with 46  billion dollars"))

    assert (piece.quote_status, piece.exact) == (QuoteStatus.FOUND, SENTENCE[:-1])
    assert capture.latest_snapshot().text[piece.start : piece.end] == piece.exact


def test_a_quote_that_differs_is_never_called_found(capture: Document) -> None:
    piece = stored(quoted(capture, "Japan comes ninth with 46 billion dollars."))

    assert (piece.quote_status, piece.exact) == (QuoteStatus.DIFFERS, SENTENCE)


def test_nobody_can_mark_a_quote_as_found(capture: Document) -> None:
    piece = quoted(capture, "Japan comes ninth with 46 billion dollars.")

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(exact=piece.quote)

    assert stored(piece).quote_status == QuoteStatus.DIFFERS


def test_of_several_places_a_person_chooses_one(capture: Document, analyst: User) -> None:
    piece = stored(quoted(capture, "world total"))
    assert (piece.quote_status, piece.places, piece.start) == (QuoteStatus.SEVERAL, 2, None)

    second = TABLE.rindex("world total")
    quotes.choose_place(piece, second, by=analyst, version=piece.version)

    piece = stored(piece)
    assert (piece.quote_status, piece.start, piece.exact) == (QuoteStatus.FOUND, second, "world total")
    event = last_event(piece)
    before, now = event.changes.pop("placed")
    assert (event.act, event.changes) == (Act.CHOOSE_PLACE, {"start": [None, second]})
    assert (before["start"], before["exact"], before["places"]) == (None, "", 2)
    assert now == {**before, "start": second, "end": second + len("world total"), "exact": "world total"}


def test_choosing_the_same_place_again_is_no_act(capture: Document, analyst: User) -> None:
    piece = stored(quoted(capture, "world total"))
    second = TABLE.rindex("world total")
    quotes.choose_place(piece, second, by=analyst, version=piece.version)
    before = Event.objects.of(piece.claim).count()

    quotes.choose_place(piece, second, by=analyst, version=piece.version)

    assert Event.objects.of(piece.claim).count() == before


def test_only_a_place_that_was_found_can_be_chosen(capture: Document, analyst: User, reader: User) -> None:
    piece = stored(quoted(capture, "world total"))

    with pytest.raises(ValidationError, match="not found there"):
        quotes.choose_place(piece, 0, by=analyst, version=piece.version)
    with pytest.raises(StaleVersion):
        quotes.choose_place(piece, TABLE.rindex("world total"), by=analyst, version=piece.version + 1)
    with pytest.raises(Refused):
        quotes.choose_place(piece, TABLE.rindex("world total"), by=reader, version=piece.version)
    evidence.retract_evidence(piece, by=analyst, reason="The wrong table.")
    with pytest.raises(Refused, match="retracted"):
        quotes.choose_place(stored(piece), TABLE.rindex("world total"), by=analyst, version=stored(piece).version)


@pytest.mark.parametrize(
    ("text", "status", "exact"),
    [
        ("A new heading.\n\n" + TABLE, QuoteStatus.FOUND, SENTENCE),
        (
            TABLE.replace("tenth with 46", "ninth with 47"),
            QuoteStatus.DIFFERS,
            "Japan comes ninth with 47 billion dollars.",
        ),
        ("The page you look for has moved.", QuoteStatus.NOT_FOUND, ""),
    ],
    ids=["moved", "changed", "gone"],
)
def test_a_newer_capture_is_searched_for_every_quote(
    capture: Document, analyst: User, text: str, status: QuoteStatus, exact: str
) -> None:
    piece = quoted(capture, SENTENCE)
    events = Event.objects.of(piece.claim).count()
    snapshot = factories.snapshot(text=text, document=capture)

    [replaced] = quotes.place_quotes(capture, by=analyst)

    piece = stored(piece)
    assert (piece.snapshot, piece.quote_status, piece.exact) == (snapshot, status, exact)
    assert (replaced.before, replaced.is_changed) == (QuoteStatus.FOUND, status != QuoteStatus.FOUND)
    assert Event.objects.of(piece.claim).count() - events == 1
    assert last_event(piece).changes["placed"][1]["snapshot"] == snapshot.pk
    assert quotes.place_quotes(capture, by=analyst) == []


def test_a_quote_is_found_once_its_page_is_captured(analyst: User) -> None:
    capture = factories.document()
    piece = quoted(capture, SENTENCE)
    assert piece.quote_status == QuoteStatus.NOT_CAPTURED
    assert quotes.place_quotes(capture, by=analyst) == []
    factories.snapshot(text=TABLE, document=capture)

    quotes.place_quotes(capture, by=analyst)

    assert stored(piece).quote_status == QuoteStatus.FOUND
    changes = last_event(piece).changes
    assert [one["snapshot"] for one in changes.pop("placed")] == [None, stored(piece).snapshot_id]
    assert changes == {"quote_status": ["not_captured", "found"], "exact": ["", SENTENCE]}


def test_a_chosen_place_is_followed_into_the_newer_capture(capture: Document, analyst: User) -> None:
    piece = stored(quoted(capture, "world total"))
    quotes.choose_place(piece, TABLE.rindex("world total"), by=analyst, version=piece.version)
    text = "As of today.\n\n" + TABLE
    factories.snapshot(text=text, document=capture)

    quotes.place_quotes(capture, by=analyst)

    assert stored(piece).start == text.rindex("world total")


def test_the_cost_of_a_newer_capture_does_not_grow_with_the_quotes(
    capture: Document, analyst: User, django_assert_max_num_queries: object
) -> None:
    claim = factories.claim()
    for _ in range(12):
        factories.evidence_for(claim, document=capture, quote=SENTENCE)
    factories.snapshot(text="Nothing is here.", document=capture)

    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert len(quotes.place_quotes(capture, by=analyst)) == 12


def test_a_reader_cannot_have_quotes_looked_for(capture: Document, reader: User) -> None:
    with pytest.raises(Refused):
        quotes.place_quotes(capture, by=reader)


def test_a_quote_of_another_document_is_refused_by_the_database(capture: Document) -> None:
    piece = quoted(capture, SENTENCE)
    other = Snapshot.objects.get(pk=factories.snapshot(text=TABLE).pk)
    assert other.origin == Origin.PASTED
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(snapshot=other)
