"""A page is captured, changed, taken down and brought back, and the workbench notices each."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator

from claims.actions import captures, evidence
from claims.actions.captures import accept_suggestion
from claims.choices import Health, JobState, Outcome, QuoteStatus, Robots, StillThere
from claims.intake import files
from claims.jobs import keep_upload
from claims.jobs.captures import start_capture
from claims.models import Event, IntegrityFault, sha256
from tests import factories
from tests.fetching.conftest import FILLING
from tests.intake import samples

pytestmark = pytest.mark.django_db

QUOTE = "the world's ninth-largest military budget"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@pytest.fixture
def document(analyst, site, living):
    return factories.document(by=analyst, url=f"{site}/living")


@pytest.fixture
def piece(document, analyst):
    """A quote from the page, on which a verified claim rests."""
    claim = factories.verified_claim(by=analyst)
    piece = factories.evidence_for(claim, document=document, quote=QUOTE, by=analyst)
    settle(claim)
    return piece


def settle(claim):
    """As after somebody has looked at the claim again."""
    type(claim).objects.filter(pk=claim.pk).update(due_at=None, due_reason="")


def capture(document, *, by=None):
    """The page, captured now: what was stored of it, and the document read anew."""
    start_capture(document, by=by or factories.user("maker"))
    job = factories.run_jobs()[-1]
    assert job.state == JobState.DONE, job.problem
    document.refresh_from_db()
    return document.captures.latest("number")


@pytest.fixture
def long_after(monkeypatch):
    """A function after which each look comes long after the one before."""
    return lambda: monkeypatch.setattr(captures, "GONE_AFTER", timedelta(microseconds=1))


def still(piece):
    piece.refresh_from_db()
    return piece.still


def test_a_page_is_captured_with_all_that_came_and_what_it_says_of_itself(document, living, site):
    living.headers = {"ETag": '"one"', "X-Odd": "left out"}
    made = capture(document)
    assert (made.outcome, made.status, made.url, made.final_url) == (Outcome.CAPTURED, 200, document.url, document.url)
    assert files.read(made.raw_sha256) == living.body
    assert (made.raw_size, made.headers["etag"], "x-odd" in made.headers) == (len(living.body), '"one"', False)
    assert made.snapshot.text.startswith("Japan has the world’s ninth-largest")
    assert (made.found["title"], made.robots) == ("Trends", Robots.ALLOWED)
    assert made.hops == [{"url": document.url, "status": 200, "address": "127.0.0.1"}]
    assert (document.health, document.looked_at) == (Health.CAPTURED, made.finished_at)


def test_the_exchange_is_kept_as_an_archive(document, living):
    made = capture(document)
    warc = files.read(made.warc_sha256)
    kept = {record.rec_type: record.raw_stream.read() for record in ArchiveIterator(BytesIO(warc))}
    assert kept == {"request": b"", "response": living.body}


def test_a_capture_is_one_event_and_its_text_another(document):
    capture(document)
    acts = Event.objects.of(document).values_list("act", flat=True)
    assert list(acts) == ["add", "add_snapshot", "capture"]


def test_a_quote_that_waited_for_the_capture_is_found_in_it(document, piece):
    assert piece.quote_status == QuoteStatus.NOT_CAPTURED
    made = capture(document)
    piece.refresh_from_db()
    assert (piece.quote_status, piece.snapshot) == (QuoteStatus.FOUND, made.snapshot)
    assert still(piece) == ""


def test_the_same_page_again_is_a_capture_more_and_no_snapshot(document, piece):
    first, second = capture(document), capture(document)
    assert (second.number, second.snapshot, document.snapshots.count()) == (2, first.snapshot, 1)
    assert (still(piece), document.health) == (StillThere.SAME, Health.SAME)
    assert second.raw_sha256 == first.raw_sha256


def test_a_page_that_changed_elsewhere_still_says_so(document, piece, living):
    capture(document)
    living.write("Added on top.", "Japan has the world’s ninth-largest military budget.", *FILLING, "And below.")
    made = capture(document)
    assert (still(piece), document.snapshots.count()) == (StillThere.SAME, 2)
    seen = made.sightings.get()
    assert made.snapshot.text[seen.start : seen.end] == seen.wording == "the world’s ninth-largest military budget"


def test_words_that_went_elsewhere_are_said_to_have_moved(document, analyst, living):
    quotes = ["ninth-largest military budget", FILLING[0][:40], FILLING[1][:40]]
    pieces = [factories.evidence_for(factories.claim(), document=document, quote=quote) for quote in quotes]
    capture(document)
    living.write(*FILLING, "Japan has the world’s ninth-largest military budget.")
    capture(document)
    assert [still(piece) for piece in pieces] == [StillThere.MOVED, StillThere.SAME, StillThere.SAME]
    assert document.health == Health.MOVED


def test_a_changed_passage_makes_the_claim_due_with_the_reason_in_its_history(document, piece, living):
    capture(document)
    living.write("Japan has the world’s tenth-largest military budget.", *FILLING)
    made = capture(document)
    claim = piece.claim
    claim.refresh_from_db()
    assert (still(piece), document.health) == (StillThere.CHANGED, Health.CHANGED)
    assert made.sightings.get().wording == "the world’s tenth-largest military budget"
    assert claim.due_reason == f"“{document.title}”, given as evidence, says something else now where it is quoted."
    last = Event.objects.of(claim).last()
    assert (last.act, last.reason) == ("fall_due", claim.due_reason)


def test_a_passage_that_is_gone_makes_the_claim_due(document, piece, living):
    capture(document)
    living.write("Nothing of the kind is to be read on this page, and nothing like it either.", *FILLING)
    capture(document)
    piece.claim.refresh_from_db()
    assert (still(piece), document.health, bool(piece.claim.due_at)) == (StillThere.GONE, Health.GONE, True)


def test_a_page_that_was_taken_down_and_brought_back_is_noticed_each_time(document, piece, living):
    capture(document)
    living.status = 410
    made = capture(document)
    piece.claim.refresh_from_db()
    assert (made.outcome, made.status, still(piece), document.health) == ("status", 410, "gone", Health.GONE)
    assert "The site answered 410" in piece.claim.due_reason
    living.status = 200
    capture(document)
    assert (still(piece), document.health, document.snapshots.count()) == (StillThere.SAME, Health.SAME, 1)
    assert list(piece.sightings.values_list("state", flat=True)) == ["gone", "same"]


def test_a_page_that_is_not_found_is_gone_when_that_stays_so(document, piece, living, long_after):
    capture(document)
    living.status = 404
    for _ in range(2):
        capture(document)
        piece.claim.refresh_from_db()
        assert (still(piece), document.health, piece.claim.due_at) == ("unreachable", Health.UNREACHABLE, None)
    long_after()
    capture(document)
    piece.claim.refresh_from_db()
    assert (still(piece), document.health) == ("gone", Health.GONE)
    assert "The site answered 404" in piece.claim.due_reason


def test_a_page_that_came_back_between_is_not_gone_when_it_is_missed_again(document, piece, living, long_after):
    long_after()
    capture(document)
    for status in (404, 200, 404):
        living.status = status
        capture(document)
    assert (still(piece), document.health) == ("unreachable", Health.UNREACHABLE)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_page_that_is_not_given_is_unreachable_and_makes_nothing_due(document, piece, living, status):
    capture(document)
    living.status = status
    made = capture(document)
    piece.claim.refresh_from_db()
    assert (still(piece), document.health, piece.claim.due_at) == (StillThere.UNREACHABLE, Health.UNREACHABLE, None)
    assert str(status) in made.reason
    assert document.health_reason == made.reason


def test_a_claim_is_not_made_due_again_by_what_somebody_has_seen(document, piece, living):
    capture(document)
    living.write("Japan has the world’s tenth-largest military budget.", *FILLING)
    capture(document)
    settle(piece.claim)
    capture(document)
    piece.claim.refresh_from_db()
    assert (still(piece), piece.claim.due_at) == (StillThere.CHANGED, None)
    living.write("Japan has the world’s eighth-largest military budget.", *FILLING)
    capture(document)
    piece.claim.refresh_from_db()
    assert piece.claim.due_at


def test_a_retracted_piece_is_not_looked_for(document, piece, analyst, living):
    capture(document)
    evidence.retract_evidence(piece, by=analyst, reason="The wrong table.")
    living.write("Nothing of the kind.", *FILLING)
    assert not capture(document).sightings.exists()


def test_a_page_without_a_quote_is_missed_when_it_is_gone_and_no_longer_once_it_is_back(document, living):
    claim = factories.verified_claim()
    piece = factories.evidence_for(claim, document=document)
    capture(document)
    settle(claim)
    living.status = 410
    capture(document)
    claim.refresh_from_db()
    assert (still(piece), bool(claim.due_at)) == (StillThere.GONE, True)
    living.status = 200
    capture(document)
    assert (still(piece), document.health) == ("", Health.CAPTURED)


def test_a_site_is_asked_only_for_what_changed(document, piece, living):
    living.headers = {"ETag": '"one"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}
    first = capture(document)
    second = capture(document)
    assert (second.outcome, second.status, second.raw_sha256) == (Outcome.UNCHANGED, 304, "")
    assert second.snapshot == first.snapshot
    assert (still(piece), document.health) == (StillThere.SAME, Health.SAME)
    assert living.asked[-1]["If-Modified-Since"] == "Sun, 22 Nov 2026 12:00:00 GMT"


def test_a_site_that_says_304_unasked_has_refused_the_page(document, living):
    living.status = 304
    assert capture(document).outcome == Outcome.STATUS


def test_what_robots_txt_says_is_noted_and_not_obeyed(document, living):
    living.robots = b"User-agent: *\nDisallow: /"
    made = capture(document)
    assert (made.robots, made.outcome) == (Robots.DISALLOWED, Outcome.CAPTURED)


def test_a_busy_site_is_left_alone_until_the_moment_that_it_names(document, living):
    living.status, living.headers = 429, {"Retry-After": "3600"}
    made = capture(document)
    assert timedelta(minutes=59) < made.retry_at - timezone.now() <= timedelta(hours=1)
    start_capture(document, by=factories.user("maker"))
    (job,) = factories.run_jobs()
    assert (job.state, len(living.asked)) == (JobState.FAILED, 1)
    assert "left alone until" in job.problem


def test_an_address_that_was_never_reached_stays_not_captured_with_the_reason(analyst):
    document = factories.document(url="http://www.example.org:9/report")
    made = capture(document)
    assert (made.outcome, document.health) == (Outcome.BLOCKED, Health.NOT_CAPTURED)
    assert document.health_reason == made.reason != ""


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("round", Outcome.REDIRECTS),
        ("no-http", Outcome.GARBLED),
        ("not-gzip", Outcome.GARBLED),
        ("silence", Outcome.TIME),
        ("drip", Outcome.TIME),
        ("sized?megabytes=200", Outcome.SIZE),
        ("bomb", Outcome.SIZE),
    ],
)
def test_a_page_that_will_not_be_had_is_an_attempt_on_record(site, living, settings, path, outcome):
    settings.FETCH_MAX_SECONDS, settings.FETCH_MAX_BYTES = 1, 5_000_000
    document = factories.document(url=f"{site}/{path}")
    made = capture(document)
    assert (made.outcome, made.raw_sha256, made.snapshot) == (outcome, "", None)
    assert made.reason


def test_a_page_that_changes_at_every_visit_makes_a_claim_due_once_and_is_stored_each_time(site, living):
    document = factories.document(url=f"{site}/counting")
    claim = factories.verified_claim()
    capture(document)
    piece = factories.evidence_for(claim, document=document, quote="Japan ranks number 1 in the world")
    settle(claim)
    for _ in range(3):
        capture(document)
    assert (still(piece), document.snapshots.count()) == (StillThere.CHANGED, 4)
    assert Event.objects.of(claim).filter(act="fall_due").count() == 1


@pytest.mark.parametrize(
    "kind", ["image/png", "application/pdf", "text/plain; charset=shift_jis", "nonsense", "text/css"]
)
def test_a_page_that_lies_about_its_type_is_read_as_what_it_is(site, living, kind):
    document = factories.document(url=f"{site}/lying?type={kind.replace(' ', '%20')}")
    made = capture(document)
    assert made.outcome == Outcome.CAPTURED
    assert files.read(made.raw_sha256) == living.body


SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("body", [SCRIPTED, PNG, bytes(100), b"MZ" + bytes(100)])
def test_what_has_no_text_is_kept_and_said_to_have_none(document, living, body):
    living.body = body
    made = capture(document)
    assert (made.outcome, made.snapshot, made.reason != "") == (Outcome.NO_TEXT, None, True)
    assert files.read(made.raw_sha256) == body


def test_an_empty_page_has_no_text_and_is_kept(document, living):
    living.body = b""
    made = capture(document)
    assert (made.outcome, made.raw_size) == (Outcome.NO_TEXT, 0)


def test_script_in_a_page_is_no_part_of_its_text(document, living):
    living.write("Japan has the ninth-largest budget.<script>alert(1)</script>", *FILLING)
    assert "alert" not in capture(document).snapshot.text


def test_the_article_under_check_gets_no_draft_behind_its_checkers_backs(living, site):
    document = factories.document(url=f"{site}/living", under_check=True)
    capture(document)
    living.write("Japan has the tenth-largest budget.", *FILLING)
    made = capture(document)
    assert (made.outcome, made.snapshot, document.snapshots.count()) == (Outcome.CAPTURED, None, 1)
    assert "under check" in made.warnings[-1]


def test_a_document_is_not_captured_twice_at_once(document, analyst):
    assert start_capture(document, by=analyst) == start_capture(document, by=analyst)


@pytest.mark.parametrize(
    ("name", "data", "outcome"),
    [
        ("report.docx", samples.docx(samples.paragraph("Japan ranks ninth.")), Outcome.CAPTURED),
        ("photo.png", PNG, Outcome.NO_TEXT),
        ("notes.txt", b"Japan ranks ninth.", Outcome.CAPTURED),
        ("evil.html", b"<p>Japan ranks ninth.<script>alert(1)</script>", Outcome.CAPTURED),
    ],
)
def test_a_file_is_evidence_too(analyst, name, data, outcome):
    document = factories.document(title="Report")
    upload = keep_upload(by=analyst, name=name, content_type="text/html", data=data)
    start_capture(document, by=analyst, upload=upload)
    (job,) = factories.run_jobs()
    made = document.captures.get()
    assert (job.state, made.outcome, made.origin, made.filename) == (JobState.DONE, outcome, "uploaded", name)
    assert (files.read(made.raw_sha256), made.raw_sha256) == (data, sha256(data))


def test_a_suggestion_is_taken_over_only_when_somebody_accepts_it(document, analyst):
    made = capture(document)
    assert document.title != "Trends"
    accept_suggestion(document, made, "title", by=analyst, version=document.version)
    document.refresh_from_db()
    assert document.title == "Trends"


def test_a_capture_whose_file_was_altered_says_so(document):
    made = capture(document)
    name = files.name_of(made.raw_sha256)
    files.default_storage.delete(name)
    with pytest.raises(IntegrityFault):
        files.read(made.raw_sha256)


def test_attempts_are_numbered_and_none_is_forgotten(document, living):
    for status in (200, 500, 404, 200):
        living.status = status
        living.headers = {"Retry-After": "0"}
        capture(document)
    assert list(document.captures.values_list("number", "status")) == [(1, 200), (2, 500), (3, 404), (4, 200)]
