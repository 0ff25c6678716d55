"""Fetching from a real server: what comes back, what is given up on, and how soon."""

import shutil
import ssl
import subprocess
import time
from datetime import UTC, datetime
from http.server import HTTPServer
from threading import Thread

import pytest

from claims.fetching import FetchError, Kind, Limits, fetch
from tests.fetching.site import PAGE, Handler


def test_a_page_comes_with_all_that_is_known_about_it(site, port):
    fetched = fetch(f"{site}/page#part")
    assert fetched.body == PAGE
    assert (fetched.status, fetched.content_type) == (200, "text/html; charset=utf-8")
    assert fetched.final_url == f"{site}/page"
    assert [(hop.url, hop.status, hop.address) for hop in fetched.chain] == [(f"{site}/page", 200, "127.0.0.1")]
    assert abs((datetime.now(UTC) - fetched.fetched_at).total_seconds()) < 60
    assert fetched.headers["content-length"] == str(len(PAGE))
    assert "set-cookie" not in fetched.headers


def test_three_redirects_are_followed_and_written_down(site):
    fetched = fetch(f"{site}/redirect?status=301&to=/redirect%3Fto=/redirect%253Fstatus=308%2526to=/page")
    assert [hop.status for hop in fetched.chain] == [301, 302, 308, 200]
    assert fetched.final_url == f"{site}/page"


@pytest.mark.parametrize("to", ["/asked%3Fq=%C3%BC", " /asked%3Fq=%25C3%25BC "])
def test_a_redirect_is_followed_however_its_address_is_spelled(site, to):
    assert fetch(f"{site}/redirect?to={to.replace(' ', '%20')}").final_url == f"{site}/asked?q=%C3%BC"


def test_nothing_is_told_about_who_asks(site, monkeypatch, tmp_path):
    """Not by cookies, not by credentials kept on the machine, and not by way of a proxy."""
    (tmp_path / ".netrc").write_text("machine localhost login ann password secret")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    asked = fetch(f"{site}/asked?q=%C3%BC").body.decode()
    assert asked.startswith("GET /asked?q=%C3%BC HTTP/1.1\n")
    names = {line.partition(":")[0].lower() for line in asked.splitlines()[1:] if line}
    assert names == {"host", "accept", "accept-encoding", "user-agent"}


def test_a_compressed_page_is_unpacked(site):
    assert fetch(f"{site}/compressed").body == PAGE


@pytest.mark.parametrize("path", ["endless", "endless-chunks", "bomb", "wrapped-bomb"])
def test_a_body_over_the_limit_is_given_up_on_in_the_middle(site, path):
    with pytest.raises(FetchError, match="larger than 1 MB") as refused:
        fetch(f"{site}/{path}", limits=Limits(bytes=1_000_000))
    assert refused.value.kind is Kind.SIZE


@pytest.mark.parametrize("path", ["drip", "drip-of-headers", "early-hints-for-ever", "silence"])
def test_slowness_ends_at_the_limit_whatever_trickles_in(site, path):
    started = time.monotonic()
    with pytest.raises(FetchError, match="took too long") as refused:
        fetch(f"{site}/{path}", limits=Limits(seconds=0.5))
    assert refused.value.kind is Kind.TIME
    assert time.monotonic() - started < 2.5


@pytest.mark.parametrize("path", ["cut", "no-http", "many-headers", "long-header", "not-gzip"])
def test_what_is_not_a_whole_answer_is_refused(site, path):
    with pytest.raises(FetchError, match="broke off, or answered with something that is not a page") as refused:
        fetch(f"{site}/{path}")
    assert refused.value.kind is Kind.GARBLED


def test_a_senseless_length_is_ignored(site):
    assert fetch(f"{site}/boast").body == PAGE


@pytest.mark.parametrize(
    ("code", "message"), [(404, "404: there is no such page"), (500, "500: there is no page"), (204, "204: there is")]
)
def test_only_an_answer_with_a_page_counts(site, code, message):
    with pytest.raises(FetchError, match=message) as refused:
        fetch(f"{site}/status?code={code}")
    assert refused.value.kind is Kind.STATUS


def test_a_redirect_that_leads_nowhere_is_no_page(site):
    with pytest.raises(FetchError, match="answered 302"):
        fetch(f"{site}/status?code=302")


def test_going_round_ends_after_three_redirects(site, connected):
    with pytest.raises(FetchError, match="leads on more than 3 times") as refused:
        fetch(f"{site}/round")
    assert refused.value.kind is Kind.REDIRECTS
    assert len([address for address in connected if address[0] == "127.0.0.1"]) == 4


def test_nobody_at_home_and_no_such_name_are_told_apart(settings, resolve, monkeypatch):
    settings.FETCH_ALLOWED_HOSTS = ["wiki.internal"]
    monkeypatch.setattr("socket.socket.connect", _refuse)
    resolve(["127.0.0.1"])
    with pytest.raises(FetchError, match="wiki.internal does not answer") as refused:
        fetch("http://wiki.internal/")
    assert refused.value.kind is Kind.UNREACHABLE


def _refuse(self: object, address: object) -> None:
    raise ConnectionRefusedError


def test_a_name_that_cannot_be_looked_up_says_so(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: _fail())
    with pytest.raises(FetchError, match="No site is called example.org") as refused:
        fetch("https://example.org/")
    assert refused.value.kind is Kind.UNRESOLVED


def _fail() -> None:
    raise OSError("temporary failure in name resolution")


def test_plain_http_where_tls_was_asked_for_is_refused(site):
    with pytest.raises(FetchError, match="cannot prove that it is localhost") as refused:
        fetch(f"{site}/page".replace("http:", "https:"))
    assert refused.value.kind is Kind.TLS


@pytest.fixture
def tls(tmp_path, port, settings, monkeypatch):
    """A function that starts a site with a certificate for this name, and trusts it if asked to; its address."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    servers = []

    def start(name: str, *, trusted: bool) -> str:
        certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
            + ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = HTTPServer(("127.0.0.1", 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda request, address: None  # type: ignore[method-assign]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        monkeypatch.undo()  # the guard on connections, which knows one port only
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        settings.FETCH_ALLOWED_HOSTS = [f"localhost:{server.server_port}"]
        return f"https://localhost:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_certificate_is_checked_against_the_name_although_the_number_is_connected_to(tls):
    assert fetch(tls("localhost", trusted=True)).body == PAGE


def test_a_certificate_of_another_name_is_refused(tls):
    with pytest.raises(FetchError, match="cannot prove that it is localhost") as refused:
        fetch(tls("example.org", trusted=True))
    assert refused.value.kind is Kind.TLS


def test_a_certificate_that_nobody_vouches_for_is_refused(tls):
    with pytest.raises(FetchError, match="self-signed certificate"):
        fetch(tls("localhost", trusted=False))
