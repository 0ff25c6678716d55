"""What readers without an account see of releases: pages, files, answers when there is nothing, or nothing any more."""

import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from claims.actions.publishing import publish
from claims.actions.relations import relate
from claims.actions.releases import withdraw, write_correction
from claims.choices import Visibility
from claims.models import Claim, Release, User
from claims.releases import shelf
from claims.releases.archive import Member
from claims.releases.content import CLAIMS, HEADER, Content, header_bytes, line_of
from claims.releases.files import path_of
from claims.releases.formats import report, tables
from tests import factories

LINKED_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(autouse=True)
def _quickly_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases of these tests have the files that are asked for here; the others take a second to write."""
    cache.clear()
    monkeypatch.setattr("claims.releases.build.members", few_members)


def few_members(content: Content) -> Iterator[Member]:
    yield Member(HEADER, lambda: [header_bytes(content.header)])
    yield Member(CLAIMS, lambda: map(line_of, content.claims()))
    yield from tables.members(content)
    yield from report.members(content)


def made(reviewer: User, *claims: Claim, visibility: str = Visibility.LISTED) -> Release:
    """A published release."""
    release = factories.release(claims=claims, by=reviewer)
    publish(release, visibility, by=reviewer)
    return release


def address(release: Release, name: str = "published_release", *more: str) -> str:
    return reverse(name, args=[release.token, *more])


def every_address(release: Release) -> list[str]:
    reference = release.entries.select_related("claim")[0].claim.reference
    return [
        address(release),
        address(release, "published_claim", reference),
        address(release, "published_zip"),
        address(release, "published_file", "claims.csv"),
    ]


def text_of(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return str(response.content.decode())


def linked_data(page: str) -> dict[str, object]:
    (found,) = LINKED_DATA.findall(page)
    return dict(json.loads(found))


def test_a_release_shows_what_its_file_says_and_not_what_the_desk_says_now(client: Client, reviewer: User) -> None:
    claim = factories.sound_claim(assertion="Japan had the ninth-largest budget.")
    release = made(reviewer, claim)
    Claim.objects.filter(pk=claim.pk).update(assertion="Something else entirely.")
    page = text_of(client, address(release))
    assert "Japan had the ninth-largest budget." in page
    assert "Something else" not in page
    assert release.sha256 in page
    assert release.signing_key is not None
    assert f"--key {release.signing_key.public_key}" in page


def test_no_answer_sets_a_cookie_or_depends_on_one(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    others = [
        "/published/",
        "/published/keys/",
        "/verify/",
        "/robots.txt",
        "/published/feed.atom",
        "/published/nowhere/",
    ]
    others += ["/published/nowhere/at/all/", "/published/?after=tampered", "/verify/nothing/"]
    for url in [*every_address(release), *others]:
        for method in ("GET", "HEAD", "POST"):
            response = client.generic(method, url)
            assert response.cookies == {}, f"{method} {url}"
            assert "Cookie" not in response.headers.get("Vary", ""), f"{method} {url}"


def test_somebody_who_is_signed_in_sees_the_same(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    before = text_of(client, address(release))
    client.force_login(reviewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert text_of(client, address(release)) == before


def test_a_release_that_is_not_published_cannot_be_told_from_one_that_never_was(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    publish(release, Visibility.NO, by=reviewer)
    for url in every_address(release):
        assert text_of(client, url, 404) == text_of(client, "/published/nowhere/", 404)


def test_a_release_being_built_has_no_public_address(client: Client, reviewer: User) -> None:
    factories.release(by=reviewer)
    assert "Nothing is published yet." in text_of(client, "/published/")


def test_a_withdrawn_release_says_why_at_each_of_its_addresses(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    withdraw(release, by=reviewer, reason="A table was misread.")
    for url in every_address(release):
        page = text_of(client, url, 410)
        assert "A table was misread." in page
        assert "newer release" not in page
    assert "Withdrawn on" in text_of(client, "/published/")


def test_a_withdrawn_release_leads_to_the_newer_one_of_its_set_if_everybody_may_find_it(
    client: Client, reviewer: User
) -> None:
    release = made(reviewer)
    later = factories.release(release.claim_set, by=reviewer)
    withdraw(release, by=reviewer, reason="A table was misread.")
    publish(later, Visibility.UNLISTED, by=reviewer)
    assert str(later.token) not in text_of(client, address(release), 410)
    publish(later, Visibility.LISTED, by=reviewer)
    assert address(later) in text_of(client, address(release), 410)


def test_an_older_release_names_the_newer_one(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    later = factories.release(release.claim_set, by=reviewer)
    publish(later, Visibility.LISTED, by=reviewer)
    assert "A newer release of these claims" in text_of(client, address(release))
    assert "A newer release of these claims" not in text_of(client, address(later))


def test_an_unlisted_release_is_in_no_list_and_no_search_engine(client: Client, reviewer: User) -> None:
    release = made(reviewer, visibility=Visibility.UNLISTED)
    response = client.get(address(release))
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    for url in ("/published/", "/published/feed.atom", "/published/feed.json"):
        assert str(release.token) not in text_of(client, url)


def test_a_listed_release_may_be_found(client: Client, reviewer: User) -> None:
    response = client.get(address(made(reviewer)))
    assert "X-Robots-Tag" not in response.headers
    assert "noindex" not in response.content.decode()
    assert "Allow: /published/" in text_of(client, "/robots.txt")


def test_whoever_has_a_page_already_is_told_so(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    for url in [*every_address(release), "/published/", "/published/feed.json", "/published/keys/"]:
        first = client.get(url)
        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, url
        assert "max-age=60" in again.headers["Cache-Control"], url
        assert client.head(url).headers["ETag"] == first.headers["ETag"], url


def test_a_correction_stands_at_the_top_and_at_its_claim_and_changes_the_tag(client: Client, reviewer: User) -> None:
    claim, other = factories.sound_claim(), factories.sound_claim()
    release = made(reviewer, claim, other)
    before = client.get(address(release)).headers["ETag"]
    write_correction(release, claim, "It was **tenth**, not ninth.", by=reviewer)
    response = client.get(address(release), headers={"If-None-Match": before})
    assert response.status_code == 200
    assert response.content.decode().count("It was <strong>tenth</strong>, not ninth.") == 2
    assert "<strong>tenth</strong>" in text_of(client, address(release, "published_claim", claim.reference))
    assert "<strong>tenth</strong>" not in text_of(client, address(release, "published_claim", other.reference))


def test_the_page_of_a_claim_has_one_review_whose_address_is_that_page(
    client: Client, reviewer: User, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://desk.example.org"
    claim = factories.sound_claim(assertion="</script><script>alert(1)</script> & more")
    release = made(reviewer, claim)
    path = address(release, "published_claim", claim.reference)
    page = text_of(client, path)
    review = linked_data(page)
    assert review["@type"] == "ClaimReview"
    assert review["url"] == f"https://desk.example.org{path}"
    assert review["claimReviewed"] == "</script><script>alert(1)</script> & more"
    assert f'<link rel="canonical" href="https://desk.example.org{path}">' in page
    assert "alert(1)</script> &" not in page
    assert page.count("<h1") == 1


def test_the_page_of_a_release_has_the_reviews_of_the_claims_on_it(client: Client, reviewer: User) -> None:
    claims = [factories.sound_claim() for _ in range(2)]
    release = made(reviewer, *claims)
    graph = linked_data(text_of(client, address(release)))["@graph"]
    assert isinstance(graph, list)
    addresses = [address(release, "published_claim", claim.reference) for claim in claims]
    assert [review["url"].removeprefix("http://localhost:8000") for review in graph] == addresses


def test_what_a_claim_rests_on_is_a_link_only_where_it_is_in_the_release(client: Client, reviewer: User) -> None:
    claim, inside, outside = (factories.sound_claim() for _ in range(3))
    for premise in (inside, outside):
        relate(claim, "depends_on", premise, by=reviewer)
    page = text_of(client, address(made(reviewer, claim, inside), "published_claim", claim.reference))
    assert f"/claims/{inside.reference}/" in page
    assert outside.reference in page
    assert f"/claims/{outside.reference}/" not in page
    assert f'"/claims/{outside.pk}/' not in page


def test_claims_come_in_pages_that_cost_the_same(
    client: Client, reviewer: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("claims.views.published.SHOWN", 2)
    claims = [factories.sound_claim() for _ in range(5)]
    release = made(reviewer, *claims)
    first = text_of(client, address(release))
    assert [one.reference in first for one in claims] == [True, True, False, False, False]
    with django_assert_num_queries(5):  # release, hashes of the claims, corrections of these, of all, what is newer
        middle = text_of(client, f"{address(release)}?from=3")
    assert "?from=1" in middle
    assert "?from=5" in middle
    assert "Downloads" not in middle
    assert claims[4].reference in text_of(client, f"{address(release)}?from=5")


def test_claims_can_be_listed_by_verdict(client: Client, reviewer: User) -> None:
    refuted, supported = factories.sound_claim(verdict_key="refuted"), factories.sound_claim()
    release = made(reviewer, refuted, supported)
    page = text_of(client, f"{address(release)}?verdict=refuted")
    assert f"/claims/{refuted.reference}/" in page
    assert f"/claims/{supported.reference}/" not in page


def test_a_page_that_is_none_is_not_found(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    for query in ("from=0x1", "from=99", "from=-1", "from=²", "verdict=odd", "from=9999999999"):
        text_of(client, f"{address(release)}?{query}", 404)


def test_a_claim_that_is_not_in_the_release_is_not_found(client: Client, reviewer: User) -> None:
    other = factories.sound_claim()
    release = made(reviewer)
    text_of(client, address(release, "published_claim", other.reference), 404)


def test_a_damaged_file_is_neither_shown_nor_sent(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    data = path_of(release).read_bytes()
    path_of(release).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    for url in every_address(release):
        assert "altered" in text_of(client, url, 409)


def test_a_claim_that_was_altered_on_the_shelf_is_not_shown(client: Client, reviewer: User) -> None:
    release, other = made(reviewer), made(reviewer)
    with sqlite3.connect(shelf.shelf_of(other).path) as database:
        (stolen,) = database.execute("SELECT record FROM claim").fetchone()
    with sqlite3.connect(shelf.shelf_of(release).path) as database:
        database.execute("UPDATE claim SET record = ?", (stolen,))
    assert "as it is kept here" in text_of(client, address(release), 409)


def test_who_waits_for_the_shelf_is_told_when_to_come_again(
    client: Client, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = made(reviewer)
    path = shelf._path(release)
    path.parent.mkdir(exist_ok=True)
    with shelf._alone(path):
        response = client.get(address(release))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "20"
    assert client.get(address(release)).status_code == 200


def test_the_zip_comes_whole(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    response = client.get(address(release, "published_zip"))
    assert b"".join(response.streaming_content) == path_of(release).read_bytes()
    assert response.headers["Content-Length"] == str(release.size)
    assert response.headers["ETag"] == f'"{release.sha256}"'
    assert f'filename="{release.name}.zip"' in response.headers["Content-Disposition"]
    head = client.head(address(release, "published_zip"))
    assert head.headers["Content-Length"] == str(release.size)
    assert head.content == b""


def test_a_broken_download_goes_on_where_it_broke(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    data = path_of(release).read_bytes()
    end = len(data)
    asked = {"0-9": (0, 10), "100-": (100, end), "-7": (end - 7, end), "5-999999999": (5, end)}
    for wanted, (start, stop) in asked.items():
        headers = {"Range": f"bytes={wanted}", "If-Range": f'"{release.sha256}"'}
        response = client.get(address(release, "published_zip"), headers=headers)
        assert response.status_code == 206
        assert b"".join(response.streaming_content) == data[start:stop]
        assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{end}"


def test_a_range_of_another_file_or_of_a_strange_kind_gives_the_whole(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    for headers in ({"Range": "bytes=5-9", "If-Range": '"other"'}, {"Range": "bytes=0-1,4-5"}, {"Range": "lines=1-2"}):
        response = client.get(address(release, "published_zip"), headers=headers)
        assert response.status_code == 200
        assert len(b"".join(response.streaming_content)) == release.size


def test_a_range_beyond_the_end_is_refused(client: Client, reviewer: User) -> None:
    url = address(made(reviewer), "published_zip")
    for wanted in ("bytes=99999999-", "bytes=9-3", "bytes=-0"):
        assert client.get(url, headers={"Range": wanted}).status_code == 416


def test_the_report_is_shown_and_can_run_nothing(client: Client, reviewer: User) -> None:
    response = client.get(address(made(reviewer), "published_file", "report.html"))
    assert b"<!doctype html>" in b"".join(response.streaming_content)[:20]
    assert response.headers["Content-Disposition"] == "inline"
    policy = response.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_other_files_are_saved_as_what_they_are(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    response = client.get(address(release, "published_file", "claims.csv"))
    data = b"".join(response.streaming_content)
    assert len(data) == int(response.headers["Content-Length"])
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{release.name}-claims.csv"'
    assert client.head(address(release, "published_file", "claims.csv")).headers["Content-Length"] == str(len(data))


def test_a_file_that_is_not_in_the_zip_is_not_found(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    for name in ("nothing.csv", "..", "captures", "Claims.csv"):
        text_of(client, address(release, "published_file", name), 404)


def test_no_page_may_load_more_than_its_style(client: Client, reviewer: User) -> None:
    for url in (address(made(reviewer)), "/published/", "/verify/", "/published/keys/"):
        policy = client.get(url).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy


def test_a_page_only_reads(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    for url in [*every_address(release), "/published/", "/published/keys/"]:
        assert client.post(url).status_code == 405, url
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(address(release))
    assert response.status_code == 403
    assert response.cookies == {}


def test_every_key_stays_published_with_the_day_it_was_retired(client: Client, reviewer: User) -> None:
    release = made(reviewer)
    key = release.signing_key
    assert key is not None
    assert "in use" in text_of(client, "/published/keys/")
    key.retired_at = key.made_at + timedelta(days=1)
    key.save(update_fields=["retired_at"])
    assert "retired on" in text_of(client, "/published/keys/")
    response = client.get(f"/published/keys/{key.key_id}/minisign.pub")
    assert response.content.decode().splitlines()[1] == key.public_key
    assert "minisign.pub" in response.headers["Content-Disposition"]
    text_of(client, "/published/keys/0000000000000000/minisign.pub", 404)


def test_the_list_has_pages(client: Client, reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.views.published.LISTED", 1)
    older, later = made(reviewer), made(reviewer)
    first = text_of(client, "/published/")
    assert address(later) in first
    assert address(older) not in first
    following = re.search(r'href="(\?after=[^"]+)"', first)
    assert following is not None
    assert address(older) in text_of(client, f"/published/{following[1]}")
    text_of(client, "/published/?after=tampered", 400)
