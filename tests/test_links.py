"""Which web addresses are refused, and the one spelling of each."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.links import MAX_LENGTH, LinkError, normalise_url, safe_href, url_key, validate_url

SEGMENTS = st.text(alphabet="ab/.é%2F~()=&?#+;:@!ü日", max_size=30)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("HTTPS://Example.ORG:443", "https://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/%7eann/%c3%bc", "https://example.org/~ann/%C3%BC"),
        ("https://bücher.example.org/ü", "https://xn--bcher-kva.example.org/%C3%BC"),
        ("https://example.org/?utm_source=x&id=7&fbclid=a&UTM_Medium=y", "https://example.org/?id=7"),
        ("https://example.org/?gclid=1&mc_cid=2&mc_eid=3", "https://example.org/"),
        ("https://example.org/?b=2&a=1&c&d=", "https://example.org/?b=2&a=1&c&d="),
        ("https://example.org/a/", "https://example.org/a/"),
        ("https://www.example.org/a", "https://www.example.org/a"),
        (
            "https://web.archive.org/web/2023/https://example.org/",
            "https://web.archive.org/web/2023/https://example.org/",
        ),
        ("https://example.org/a?next=https://x.example/%26y", "https://example.org/a?next=https://x.example/%26y"),
        ("https://de.wikipedia.org/wiki/Elf_(Begriff)", "https://de.wikipedia.org/wiki/Elf_(Begriff)"),
    ],
)
def test_each_address_has_one_spelling(typed, kept):
    assert normalise_url(typed) == kept


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "mailto:ann@example.org",
        "example.org/a",
        "//example.org/a",
        "https:example.org",
        "https:///example.org/",
        "",
    ],
)
def test_only_web_addresses_are_accepted(url):
    with pytest.raises(LinkError, match="begin with https:// or http://"):
        validate_url(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "192.0.2.7", "2130706433", "0177.0.0.1", "0x7f000001", "0x7f.1", "127.1", "127.0.0.1."),
        *("１２７.０.０.１", "127。0。0。1", "[::1]", "[::ffff:127.0.0.1]", "[2001:db8::1]:8080", "example.99"),
    ],
)
def test_numbers_instead_of_names_are_refused_in_every_spelling(host):
    with pytest.raises(LinkError, match="names a machine by number"):
        validate_url(f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["localhost", "intranet", "LOCALHOST.", "a.localhost", "nas.local", "db.internal:5432"]
)
def test_names_inside_a_network_are_refused(host):
    with pytest.raises(LinkError, match="reachable only inside a network"):
        validate_url(f"https://{host}/a")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://ann:secret@example.org/", "user name or password"),
        ("https://example.org@evil.example.com/", "user name or password"),
        ("https://example.org/a b", r"space or an invisible character \(U\+0020\)"),
        ("https://example.org/\x00", r"U\+0000"),
        ("https://example.org/\na", r"U\+000A"),
        ("https://example.org/\u202egpj.exe", r"U\+202E"),
        ("https://exam\u200bple.org/", r"U\+200B"),
        ("https://example.org/\ud800", r"U\+D800"),
        ("https://example.org\\@evil.example.com", "backslash"),
        ("https://example.org:99999/", "not a web address: Port out of range"),
        ("https://example.org:port/", "not a web address"),
        ("https://[::1/", "not a web address"),
        ("https://a..example.org/", "a dot too many"),
        ("https://-example.org/", "is not the name of a site"),
        ("https://%31%32.example.org/", "is not the name of a site"),
        ("https://exa$mple.org/", "is not the name of a site"),
        ("https://" + "a" * 64 + ".org/", "cannot be written as the name of a site"),
        ("https://" + "é" * 64 + ".org/", "cannot be written as the name of a site"),
    ],
)
def test_malformed_addresses_are_refused_with_a_reason(url, message):
    with pytest.raises(LinkError, match=message):
        validate_url(url)


def test_addresses_that_are_too_long_are_refused_with_both_figures():
    with pytest.raises(LinkError, match=r"5,000 characters; at most 2,000"):
        validate_url("https://example.org/".ljust(5_000, "a"))
    with pytest.raises(LinkError, match="Written out in ASCII"):
        validate_url("https://example.org/".ljust(MAX_LENGTH, "日"))
    validate_url("https://example.org/".ljust(MAX_LENGTH, "a"))


@given(SEGMENTS)
def test_spelling_an_address_twice_changes_nothing_more(rest):
    once = normalise_url(f"https://example.org/{rest}")
    assert normalise_url(once) == once
    assert once.isascii()


@given(st.text())
def test_any_text_is_either_an_address_or_refused(text):
    for url in (text, f"https://{text}"):
        with suppress(LinkError):
            assert safe_href(normalise_url(url))


def test_http_and_https_are_one_document_but_www_is_another():
    assert url_key("http://Example.org/a?utm_source=x") == url_key("https://example.org/a") == "https://example.org/a"
    assert url_key("https://www.example.org/a") != url_key("https://example.org/a")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " https://example.org", "//example.org", "https:// x", "data:,", ""]
)
def test_pages_link_to_nothing_but_the_web(url):
    assert safe_href(url) == ""


def test_pages_link_to_web_addresses():
    assert safe_href("https://example.org/a") == "https://example.org/a"
