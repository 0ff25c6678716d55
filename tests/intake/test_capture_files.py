"""What was captured is kept as it came, under its hash."""

from datetime import UTC, datetime
from io import BytesIO
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from warcio.archiveiterator import ArchiveIterator

from claims.fetching import Fetched, Hop
from claims.intake import files
from claims.intake.warc import warc_of
from claims.models import IntegrityFault, sha256

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

URL = "https://example.org/table?year=2023"


@pytest.fixture(autouse=True)
def _store(tmp_path, settings):
    """Files on a disk, as in earnest."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "workbench.storage.WholeFileStorage"}}
    settings.MEDIA_ROOT = tmp_path


def page(body=b"<p>Ninth.", **fields):
    hops = (
        Hop("http://example.org/table", 301, "192.0.2.1", {"location": URL, "content-length": "0"}),
        Hop(URL, 200, "192.0.2.2", {"content-type": "text/html", "content-encoding": "gzip", "content-length": "7"}),
    )
    values = {"url": hops[0].url, "final_url": URL, "status": 200, "headers": {}, "content_type": "text/html"}
    return Fetched(**{**values, "body": body, "chain": hops, "fetched_at": NOW, **fields})


def records(warc):
    return [
        (record.rec_type, record.rec_headers, record.http_headers, record.raw_stream.read())
        for record in ArchiveIterator(BytesIO(warc), check_digests="raise")
    ]


def test_a_file_comes_back_byte_for_byte_by_its_hash():
    digest = files.keep(b"\x00\xff page")
    assert (digest, files.read(digest)) == (sha256(b"\x00\xff page"), b"\x00\xff page")


def test_the_same_file_is_kept_once(tmp_path):
    assert files.keep(b"page") == files.keep(b"page")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256(b"page")]


def test_many_who_keep_the_same_at_once_keep_it_once_and_whole_at_every_moment(tmp_path):
    for data in (number.to_bytes(1, "big") * 400_000 for number in range(20)):
        read = []

        def keep_and_read(data=data, read=read):
            read.append(files.read(files.keep(data)))

        threads = [Thread(target=keep_and_read) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert read == [data] * 8
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 20


@pytest.mark.parametrize("damage", [b"", b"pag", b"another page"])
def test_a_file_that_was_altered_is_noticed_and_mended_when_it_comes_again(damage):
    digest = files.keep(b"page")
    default_storage.save(files.name_of(digest), ContentFile(damage))
    with pytest.raises(IntegrityFault, match="altered"):
        files.read(digest)
    files.keep(b"page")
    assert files.read(digest) == b"page"


def test_a_file_that_is_gone_is_noticed():
    with pytest.raises(IntegrityFault, match="not in the store"):
        files.read(sha256(b"never"))


def test_an_archive_has_every_request_and_answer_in_order():
    found = records(warc_of(page()))
    assert [(kind, head.get_header("WARC-Target-URI")) for kind, head, _, _ in found] == [
        ("request", "http://example.org/table"),
        ("response", "http://example.org/table"),
        ("request", URL),
        ("response", URL),
    ]
    kind, head, http, body = found[3]
    assert (http.get_statuscode(), http.get_header("content-type"), body) == ("200", "text/html", b"<p>Ninth.")
    assert head.get_header("WARC-IP-Address") == "192.0.2.2"
    assert head.get_header("WARC-Date") == "2026-11-22T12:00:00.000000Z"


def test_an_archive_says_how_the_body_was_packed_without_packing_it():
    http = records(warc_of(page()))[3][2]
    assert (http.get_header("X-Archive-Orig-content-encoding"), http.get_header("content-encoding")) == ("gzip", None)
    assert http.get_header("Content-Length") == "9"


def test_the_same_exchange_makes_the_same_archive():
    assert warc_of(page()) == warc_of(page())
    assert warc_of(page()) != warc_of(page(b"<p>Tenth."))


def test_a_header_folded_over_lines_does_not_break_the_archive():
    hop = Hop(URL, 200, "192.0.2.2", {"x-odd": "one\r\n two\r\n\r\nHTTP/1.1 200 OK", "x-é": "日本"})
    found = records(warc_of(page(chain=(hop,))))
    assert (len(found), found[1][3]) == (2, b"<p>Ninth.")
    assert found[1][2].get_header("x-odd") == "one two HTTP/1.1 200 OK"
