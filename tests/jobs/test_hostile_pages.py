"""Pages that misbehave: the attempt is on record in clear words, and nothing of it is stored by half."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.html import escape

from claims.choices import JobState, Outcome, QuoteStatus
from claims.intake import files
from claims.jobs.captures import start_capture
from claims.models import Capture, Event, Sighting, Snapshot
from tests import factories
from tests.fetching.conftest import FILLING
from tests.jobs.test_captures import QUOTE, capture, still

pytestmark = pytest.mark.django_db

NINTH = "Japan has the world’s ninth-largest military budget."


@pytest.fixture
def document(site, living, settings):
    """A page that was captured once, and turns bad then; its query is for what it turns into."""
    settings.FETCH_MAX_SECONDS, settings.FETCH_MAX_BYTES = 1, 5_000_000
    return factories.document(url=f"{site}/living?megabytes=200&code=204&to=http%3A%2F%2F10.0.0.1%2F")


@pytest.fixture
def piece(document):
    """A quote from the page, on which a verified claim rests that nobody has to look at."""
    claim = factories.verified_claim()
    piece = factories.evidence_for(claim, document=document, quote=QUOTE)
    capture(document)
    type(claim).objects.filter(pk=claim.pk).update(due_at=None, due_reason="")
    piece.refresh_from_db()
    return piece


def kept():
    """The names of all files in the store of what was captured."""
    folders = default_storage.listdir("captured")[0]
    return {name for folder in folders for name in default_storage.listdir(f"captured/{folder}")[1]}


def status(number):
    return {"status": number}


def like(name):
    return {"acts_like": name}


BAD = [
    ("redirects for ever", like("round"), Outcome.REDIRECTS, "leads on more than 3 times"),
    ("leads into the network", like("redirect"), Outcome.ADDRESS, "names a machine by number"),
    ("401", status(401), Outcome.STATUS, "answered 401: the page is only for people who sign in"),
    ("403", status(403), Outcome.STATUS, "answered 403: the site does not give the page to programs"),
    ("404", status(404), Outcome.STATUS, "answered 404: there is no such page"),
    ("410", status(410), Outcome.STATUS, "answered 410: the page is gone"),
    ("429", status(429), Outcome.STATUS, "answered 429: the site was asked too often; try again later"),
    ("500", status(500), Outcome.STATUS, "answered 500: there is no page to read"),
    ("no content", like("status"), Outcome.STATUS, "answered 204"),
    ("hangs", like("silence"), Outcome.TIME, "took too long and was given up on"),
    ("drips", like("drip"), Outcome.TIME, "took too long and was given up on"),
    ("drips headers", like("drip_of_headers"), Outcome.TIME, "took too long and was given up on"),
    ("is 200 MB", like("sized"), Outcome.SIZE, "larger than 5 MB"),
    ("unpacks to 100 MB", like("bomb"), Outcome.SIZE, "larger than 5 MB"),
    ("never ends", like("endless_chunks"), Outcome.SIZE, "larger than 5 MB"),
    ("breaks off", like("cut"), Outcome.GARBLED, "broke off, or answered with something that is not a page"),
    ("is no HTTP", like("no_http"), Outcome.GARBLED, "broke off, or answered with something that is not a page"),
    ("is not packed as it says", like("not_gzip"), Outcome.GARBLED, "broke off, or answered with something"),
]


@pytest.mark.parametrize(("turns", "outcome", "words"), [pytest.param(*bad, id=name) for name, *bad in BAD])
def test_a_page_that_turns_bad_is_an_attempt_on_record_and_changes_nothing(
    signed_in, reader, document, piece, living, turns, outcome, words
):
    files_before, snapshots = kept(), Snapshot.objects.count()
    vars(living).update(turns)
    made = capture(document)

    assert (made.number, made.outcome) == (2, outcome)
    assert (made.raw_sha256, made.warc_sha256, made.snapshot, made.found) == ("", "", None, {})
    assert words in made.reason
    assert (kept(), Snapshot.objects.count()) == (files_before, snapshots)
    before = (piece.exact, piece.start, piece.snapshot_id)
    piece.refresh_from_db()
    assert (piece.quote_status, (piece.exact, piece.start, piece.snapshot_id)) == (QuoteStatus.FOUND, before)
    assert piece.still == ("gone" if made.status == 410 else "unreachable")
    piece.claim.refresh_from_db()
    assert bool(piece.claim.due_at) == (made.status == 410)
    last = Event.objects.of(document).latest("number")
    assert (last.act, last.changes["outcome"]) == ("capture", [None, outcome.value])
    shown = signed_in(reader).get(reverse("document_captures", args=[document.pk])).content.decode()
    assert escape(made.reason) in shown


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "shift_jis"),
        ("utf-8", "utf-16"),
        ("utf-8", "no-such-encoding"),
        ("cp1252", "utf-8"),
        ("cp1252", "iso-8859-1"),
        ("utf-16", "utf-8"),
    ],
)
def test_a_page_that_lies_about_its_encoding_is_read_as_what_it_is(site, living, encoding, declared):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (NINTH, *FILLING))
    living.body = f"<html><title>Trends</title><article>{text}</article></html>".encode(encoding)
    document = factories.document(url=f"{site}/lying?type=text/html;%20charset={declared}")
    piece = factories.evidence_for(factories.claim(), document=document, quote=QUOTE)
    made = capture(document)
    assert NINTH in made.snapshot.text
    piece.refresh_from_db()
    assert piece.quote_status == QuoteStatus.FOUND
    assert files.read(made.raw_sha256) == living.body


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><text>Japan</text></svg>'


@pytest.mark.parametrize("kind", ["image/svg%2Bxml", "text/html", "text/plain", "image/png"])
def test_a_drawing_with_script_has_no_text_whatever_it_says_it_is(signed_in, reader, site, living, kind):
    living.body = SVG
    made = capture(factories.document(url=f"{site}/lying?type={kind}"))
    assert (made.outcome, made.snapshot) == (Outcome.NO_TEXT, None)
    assert "SVG picture" in made.reason
    given = signed_in(reader).get(reverse("capture_raw", args=[made.pk]))
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] in ("application/octet-stream", "text/plain; charset=utf-8")


def test_script_in_a_page_is_neither_text_nor_run_where_the_text_is_shown(signed_in, reader, document, living):
    shown = "&lt;script&gt;alert(2)&lt;/script&gt;"
    living.write(f"Japan<script>alert(1)</script> ranks ninth. {shown}<img src=x onerror=alert(3)>", *FILLING)
    made = capture(document)
    assert "alert(1)" not in made.snapshot.text
    assert "<script>alert(2)</script>" in made.snapshot.text
    page = signed_in(reader).get(reverse("document_text", args=[document.pk])).content.decode()
    assert shown in page
    assert "<script>alert" not in page
    assert "onerror" not in page


def test_a_page_that_changes_at_every_visit_is_kept_each_time_and_compared_with_the_first(document, living):
    living.acts_like = "counting"
    first = capture(document)
    words = first.snapshot.text.split("\n")[2]
    piece = factories.evidence_for(factories.claim(), document=document, quote=words)
    for _ in range(3):
        capture(document)
        assert still(piece) == "changed"
    piece.refresh_from_db()
    assert (piece.snapshot, piece.exact) == (first.snapshot, words)
    assert document.snapshots.count() == 4


def test_what_fails_while_it_is_stored_is_not_stored_at_all(document, piece, living, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    living.write("Japan has the tenth-largest budget.", *FILLING)
    before = [model.objects.count() for model in (Capture, Snapshot, Sighting, Event)]
    monkeypatch.setattr("claims.actions.captures.store_sightings", fail)
    start_capture(document, by=factories.user("maker"))
    assert factories.run_jobs()[-1].state == JobState.FAILED
    assert [model.objects.count() for model in (Capture, Snapshot, Sighting, Event)] == before
    monkeypatch.undo()
