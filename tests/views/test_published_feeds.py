"""Feeds of releases, corrections and withdrawals, read as RFC 4287 and JSON Feed 1.1 ask."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions.publishing import publish
from claims.actions.releases import withdraw, write_correction
from claims.choices import Visibility
from claims.exports.feeds import JSON_VERSION, Entry, Feed, as_atom, as_json
from claims.models import Release, User
from tests import factories
from tests.views.test_published import _quickly_made  # noqa: F401  # the same quick releases

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
ONCE, AT_MOST_ONCE = ("id", "title", "updated"), ("subtitle", "generator", "icon", "logo", "rights")


def atom_problems(data: bytes) -> list[str]:
    """What RFC 4287 forbids or misses (sections 4.1.1, 4.1.2, 4.2.6, 4.2.7, 3.3)."""
    feed = ElementTree.fromstring(data)  # noqa: S314 -- our own
    found = [] if feed.tag == f"{ATOM}feed" else ["the root is no feed"]
    entries = feed.findall(f"{ATOM}entry")
    for place in [feed, *entries]:
        found += [f"{name} must be there once" for name in ONCE if len(place.findall(ATOM + name)) != 1]
        found += [f"{name} may be there once" for name in AT_MOST_ONCE if len(place.findall(ATOM + name)) > 1]
        found += [f"no IRI: {one.text}" for one in place.findall(f"{ATOM}id") if "://" not in (one.text or "")]
        dates = [*place.findall(f"{ATOM}updated"), *place.findall(f"{ATOM}published")]
        found += [f"no RFC 3339: {one.text}" for one in dates if not RFC_3339.match(one.text or "")]
        found += ["a link without href" for one in place.findall(f"{ATOM}link") if not one.get("href")]
    kinds = [(one.get("rel"), one.get("type"), one.get("hreflang")) for one in feed.findall(f"{ATOM}link")]
    found += ["two alternate links of one type"] if len(kinds) != len(set(kinds)) else []
    found += [] if any(kind[0] == "self" for kind in kinds) else ["no link to itself"]
    found += [] if feed.find(f"{ATOM}author/{ATOM}name") is not None else ["no author"]
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    found += ["an id twice"] if len(ids) != len(set(ids)) else []
    found += ["an entry without content" for one in entries if one.find(f"{ATOM}content") is None]
    return found


def json_problems(data: bytes) -> list[str]:
    """What JSON Feed 1.1 forbids or misses."""
    feed = json.loads(data)
    found = [] if feed.get("version") == JSON_VERSION else ["no version"]
    found += [] if isinstance(feed.get("title"), str) else ["no title"]
    found += [] if all(isinstance(one.get("name"), str) for one in feed.get("authors", [])) else ["a nameless author"]
    for item in feed["items"]:
        found += [] if isinstance(item.get("id"), str) and item["id"] else ["an item without id"]
        found += [] if {"content_html", "content_text"} & item.keys() else ["an item without content"]
        found += [] if RFC_3339.match(item["date_published"]) else ["no RFC 3339"]
        found += [] if all(isinstance(tag, str) for tag in item["tags"]) else ["a tag that is no text"]
    ids = [item["id"] for item in feed["items"]]
    return found + (["an id twice"] if len(ids) != len(set(ids)) else [])


def entry(**fields: Any) -> Entry:
    at = datetime(2026, 11, 22, 16, tzinfo=UTC)
    values = {
        "key": "https://desk.example.org/1#published",
        "url": "https://desk.example.org/1",
        "title": "Japan & NATO",
    }
    return Entry(**{**values, "html": "<p>Two claims.</p>", "at": at, **fields})


def feed(*entries: Entry) -> Feed:
    home = "https://desk.example.org/"
    return Feed("Claims", "What is new.", "The desk", home, f"{home}feed.atom", f"{home}feed.json", entries)


def test_a_feed_keeps_to_both_formats_whatever_it_holds() -> None:
    strange = entry(
        key="https://desk.example.org/2#published", title="]]> <b> \x85 \ufffe \x0b \u202e", html="<p>&amp;</p>"
    )
    for given in (feed(), feed(entry()), feed(strange, entry())):
        assert atom_problems(as_atom(given)) == []
        assert json_problems(as_json(given)) == []


def test_the_checks_find_what_is_wrong() -> None:
    broken = (
        as_atom(feed(entry(), entry())).replace(b"<updated>2026", b"<updated>in 2026", 1).replace(b'rel="self"', b"")
    )
    assert len(atom_problems(broken)) == 3
    data = json.loads(as_json(feed(entry())))
    del data["items"][0]["id"], data["items"][0]["content_html"], data["version"]
    with pytest.raises(KeyError):
        json_problems(json.dumps(data).encode())


def test_the_same_entries_make_the_same_bytes_and_none_no_clock() -> None:
    assert as_atom(feed()) == as_atom(feed())
    assert b"<updated>1970-01-01T00:00:00Z</updated>" in as_atom(feed())
    assert b"<updated>2026-11-22T16:00:00Z</updated>" in as_atom(feed(entry()))


def published(reviewer: User, visibility: str = Visibility.LISTED) -> Release:
    release = factories.release(by=reviewer)
    publish(release, visibility, by=reviewer)
    return release


def read(client: Client, url: str) -> list[dict[str, Any]]:
    """The items of a JSON feed; its Atom twin has as many entries with the same ids, and both keep to their formats."""
    response, twin = client.get(url), client.get(url.replace(".json", ".atom"))
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert twin.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert json_problems(response.content) == []
    assert atom_problems(twin.content) == []
    items: list[dict[str, Any]] = json.loads(response.content)["items"]
    entries = ElementTree.fromstring(twin.content).findall(f"{ATOM}entry")  # noqa: S314 -- our own
    assert [one.findtext(f"{ATOM}id") for one in entries] == [item["id"] for item in items]
    return items


def test_a_release_its_corrections_and_its_withdrawal_are_told_the_newest_first(client: Client, reviewer: User) -> None:
    release = published(reviewer)
    claim = release.entries.select_related("claim")[0].claim
    write_correction(release, claim, "It was *tenth*. <b>", by=reviewer)
    withdraw(release, by=reviewer, reason="A table was <misread>.")
    withdrawn, corrected, told = read(client, reverse("published_feed", args=["json"]))
    assert [one["tags"] for one in (withdrawn, corrected, told)] == [["withdrawn"], ["corrected"], ["published"]]
    assert "A table was &lt;misread&gt;." in withdrawn["content_html"]
    assert "It was <em>tenth</em>. &lt;b&gt;" in corrected["content_html"]
    assert corrected["url"].endswith(f"/claims/{claim.reference}/")
    assert told["title"] == str(release)


def test_the_feed_of_a_release_goes_on_when_it_is_withdrawn_and_tells_of_newer_ones(
    client: Client, reviewer: User
) -> None:
    release, other = published(reviewer, Visibility.UNLISTED), published(reviewer)
    later = factories.release(release.claim_set, by=reviewer)
    publish(later, Visibility.LISTED, by=reviewer)
    withdraw(release, by=reviewer, reason="Misread.")
    url = reverse("published_release_feed", args=[release.token, "json"])
    titles = {item["title"] for item in read(client, url)}
    assert titles == {f"Withdrawn: {release}", str(later), str(release)}
    assert str(other) not in titles
    assert client.get(url).headers["X-Robots-Tag"] == "noindex"


def test_pages_name_their_feeds(client: Client, reviewer: User) -> None:
    release = published(reviewer)
    for page, name, of in (("/published/", "published_feed", []), ("", "published_release_feed", [release.token])):
        text = client.get(page or reverse("published_release", args=of)).content.decode()
        for format, kind in (("atom", "application/atom+xml"), ("json", "application/feed+json")):
            assert re.search(rf'<link rel="alternate" type="{re.escape(kind)}" title="[^"]+" href="([^"]+)">', text)
            assert reverse(name, args=[*of, format]) in text


def test_there_is_no_third_format_and_no_feed_of_nothing(client: Client, reviewer: User) -> None:
    assert client.get("/published/feed.rss").status_code == 404
    assert client.get("/published/nowhere/feed.atom").status_code == 404
