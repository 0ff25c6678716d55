"""Addresses that would make the server reach where it must not: no connection is made, and the reason is given."""

import socket

import pytest

from claims.fetching import FetchError, Kind, Limits, fetch
from claims.fetching.addresses import is_public

TYPED = [
    # Loopback, in the spellings that some part of some stack understands.
    *("http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://127.127.127.127/", "http://127.0.0.1.:80/"),
    *("http://2130706433/", "http://017700000001/", "http://0177.0.0.1/", "http://0177.0.0.01/"),
    *("http://0x7f000001/", "http://0x7f.0x0.0x0.0x1/", "http://0x7f.1/", "http://0X7F.0.0.1/", "http://127.0x1/"),
    *(
        "http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[0000::0001]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
    ),
    *("http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"),
    *("http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://0/", "http://0.0.0.0/", "http://00000.0/"),
    *("http://１２７.０.０.１/", "http://127。0。0。1/", "http://①②⑦.⓪.⓪.①/", "http://%31%32%37.0.0.1/"),
    *("http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://localhost.:80/", "http://a.localhost/"),
    *("http://ｌｏｃａｌｈｏｓｔ/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://local\u00adhost/", "http://lo\u200bcalhost/"),
    # Other machines of the network, and the clouds' own.
    *("http://10.0.0.1/", "http://192.168.1.1/admin", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/"),
    *("http://2852039166/", "http://0xa9fea9fe/", "http://[fd00:ec2::254]/", "http://metadata/", "http://100.64.0.1/"),
    *("http://metadata.google.internal/", "http://nas.local/", "http://router.home.arpa/", "http://intranet/"),
    # Credentials, and hosts that two parsers read differently.
    *("http://ann:secret@example.org/", "http://example.org@127.0.0.1/", "http://127.0.0.1@example.org/"),
    *("http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/", "http://127.0.0.1#@example.org/"),
    *("http://example.org:80@127.0.0.1:80/", "http://[::1]@example.org/", "http://127.0.0.1%2f@example.org/"),
    *(
        "http:///127.0.0.1/",
        "http:127.0.0.1/",
        "//127.0.0.1/",
        "http://127.0.0.1%00.example.org/",
        "http://exa mple.org/",
    ),
    *("http://example.org\r\nHost: 127.0.0.1/", "http://127.0.0.1\t/", "\x00http://127.0.0.1/", "http://[::1"),
    # Other doors.
    *("file:///etc/passwd", "file://localhost/etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://127.0.0.1/"),
    *("dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/", "data:text/html,a", "javascript:alert(1)", "jar:http://a!/b"),
    *(
        "view-source:http://127.0.0.1/",
        "unix:/run/docker.sock",
        "",
        "   ",
        "http://",
        "https://",
        "http://" + "a" * 3000,
    ),
]
"""Refused as they stand, without asking what the name leads to."""

LED_TO = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1"),  # noqa: S104
    *("169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1"),
    *("192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
    *("::ffff:0:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"),
    *("100::1", "2001::7f00:1", "2001:2::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1"),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1"),
]
"""Addresses that a harmless name may be made to lead to."""


@pytest.mark.parametrize("url", TYPED)
def test_an_address_that_may_not_be_asked_is_refused_as_it_stands(url, resolve, connected):
    looked_up = resolve(["127.0.0.1"])
    with pytest.raises(FetchError) as refused:
        fetch(url)
    assert refused.value.kind is Kind.ADDRESS
    assert len(str(refused.value)) > 20
    assert (looked_up, connected) == ([], [])


@pytest.mark.parametrize("address", LED_TO)
def test_a_name_that_leads_into_a_private_network_is_refused_unconnected(address, resolve, connected):
    resolve([address])
    with pytest.raises(FetchError, match="example.org leads into a private network") as refused:
        fetch("http://example.org/")
    assert refused.value.kind is Kind.BLOCKED
    assert connected == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(resolve, connected):
    resolve(["93.184.216.34", "127.0.0.1"])
    with pytest.raises(FetchError, match="private network"):
        fetch("https://example.org/")
    assert connected == []


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "100.63.255.255", "192.0.1.1", "2606:2800:220:1::1"])
def test_public_addresses_are_public(address):
    assert is_public(address)


def test_what_was_checked_is_connected_to_although_the_resolver_changes_its_answer(resolve, monkeypatch):
    looked_up = resolve(["93.184.216.34"], ["127.0.0.1"])
    asked = []
    monkeypatch.setattr("socket.create_connection", lambda address, **kwargs: asked.append(address) or _refuse())
    with pytest.raises(FetchError, match="does not answer"):
        fetch("http://example.org/")
    assert asked == [("93.184.216.34", 80)]
    assert looked_up == ["example.org"]


def _refuse() -> None:
    raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("http://127.0.0.1:{port}/page", Kind.ADDRESS),
        ("http://[::1]:{port}/page", Kind.ADDRESS),
        ("//127.0.0.1:{port}/page", Kind.ADDRESS),
        ("http://2130706433:{port}/", Kind.ADDRESS),
        ("http://169.254.169.254/latest/", Kind.ADDRESS),
        ("http://ann:secret@localhost:{port}/page", Kind.ADDRESS),
        ("file:///etc/passwd", Kind.ADDRESS),
        ("gopher://localhost:{port}/", Kind.ADDRESS),
        ("http://localhost:1/", Kind.BLOCKED),
        ("http://localhost/", Kind.BLOCKED),
        ("http://localhost.example.org:{port}/", Kind.BLOCKED),
    ],
)
def test_a_redirect_is_checked_like_an_address_that_was_typed(site, port, to, kind, connected, resolve):
    resolve(["127.0.0.1"])
    with pytest.raises(FetchError) as refused:
        fetch(f"{site}/redirect?to={to.format(port=port)}")
    assert refused.value.kind is kind
    assert connected == [("127.0.0.1", port)]


def test_a_redirect_back_to_the_same_name_is_looked_up_and_checked_anew(
    settings, resolve, port, connected, monkeypatch
):
    """The second answer of the resolver is the site itself; the first request is let through as if it were public."""
    settings.FETCH_PORTS = [port]
    resolve(["93.184.216.34"], ["127.0.0.1"])
    connect = socket.create_connection
    monkeypatch.setattr("socket.create_connection", lambda address, **kwargs: connect(("127.0.0.1", port), **kwargs))
    with pytest.raises(FetchError, match="private network"):
        fetch(f"http://example.org:{port}/redirect?to=/page")
    assert len(connected) == 1


@pytest.mark.parametrize("port", [0, 21, 22, 25, 6379, 8080, 65535])
def test_other_ports_than_the_webs_are_refused_unconnected(port, resolve, connected):
    resolve(["93.184.216.34"])
    with pytest.raises(FetchError, match=f"Port {port} of example.org") as refused:
        fetch(f"http://example.org:{port}/")
    assert refused.value.kind is Kind.BLOCKED
    assert connected == []


def test_a_host_is_admitted_by_its_exact_name_and_port(site, port, resolve):
    resolve(["127.0.0.1"])
    assert fetch(f"{site}/page", limits=Limits(seconds=5)).status == 200
    for url in (f"http://localhost:{port + 1}/", f"http://a.localhost:{port}/", f"http://localhost.:{port + 1}/"):
        with pytest.raises(FetchError):
            fetch(url)


def test_an_admitted_number_needs_no_name(settings, port):
    settings.FETCH_ALLOWED_HOSTS = [f"127.0.0.1:{port}"]
    assert fetch(f"http://127.0.0.1:{port}/page").status == 200
