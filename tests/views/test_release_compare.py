"""Two releases compared on a page and as JSON."""

import json
import os
import threading
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.actions import assessments, claim_sets, claims, releases
from claims.choices import Role
from claims.models import Claim, ClaimSet, Release, User
from claims.releases import comparisons
from claims.releases.files import path_of
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def claim_set(db: None) -> ClaimSet:
    first = factories.sound_claim(assertion="Japan has the ninth-largest budget.")
    return factories.claim_set(title="Budgets", claims=(first, factories.sound_claim()))


@pytest.fixture
def older(claim_set: ClaimSet) -> Release:
    return factories.release(claim_set)


@pytest.fixture
def newer(claim_set: ClaimSet, older: Release, analyst: User) -> Release:
    """The first claim was reworded and refuted, another one was added."""
    claim = Claim.objects.get(assertion="Japan has the ninth-largest budget.")
    claims.reopen(claim, by=analyst, reason="A new table of SIPRI.")
    words = {"assertion": "Japan has the tenth-largest budget."}
    claims.edit_claim(claim, by=analyst, version=claim.version, **words)
    factories.submitted(claim, by=analyst, verdict_key="refuted")
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)
    claim_sets.add_to_claim_set(claim_set, [factories.sound_claim()], by=analyst)
    return factories.release(claim_set)


def url(release: Release, name: str = "release_compare") -> str:
    return reverse(name, args=[release.pk])


def listed(page: str) -> str:
    """The list of changes on a page."""
    return page.partition('<ol class="lines changes">')[2].partition("</ol>")[0]


def json_of(response: HttpResponse) -> Any:
    return json.loads(b"".join(response.streaming_content))


def test_a_release_is_compared_with_the_one_before_it(signed_in: SignIn, reader: User, newer: Release) -> None:
    page = signed_in(reader).get(url(newer)).content.decode()
    assert "<del>ninth</del><ins>tenth</ins>" in page
    assert 'data-verdict="refuted">Refuted</span>' in page
    assert "A new table of SIPRI." in page
    assert "Verdict changed <b>1</b>" in page
    assert "Added <b>1</b>" in page
    assert "Unchanged <b>1</b>" in page


def test_the_older_of_two_comes_first_whichever_is_named(signed_in: SignIn, reader: User, newer: Release) -> None:
    client, older = signed_in(reader), newer.previous
    assert older
    one, other = (
        json_of(client.get(url(first, "release_compare_json"), {"with": second.pk}))
        for first, second in ((newer, older), (older, newer))
    )
    assert one == other
    assert (one["older"]["name"], one["newer"]["name"]) == (older.name, newer.name)
    assert [change["differs"] for change in one["changes"]] == [["verdict", "wording", "assessment"], ["added"]]


def test_the_json_is_that_of_the_file_in_the_newer_release(signed_in: SignIn, reader: User, newer: Release) -> None:
    with zipfile.ZipFile(path_of(newer)) as archive:
        kept = json.loads(archive.read("changes.json"))
        assert b"~~ninth~~**tenth**" in archive.read("CHANGES.md")
    assert json_of(signed_in(reader).get(url(newer, "release_compare_json"))) == kept


def test_changes_are_narrowed_to_a_kind(signed_in: SignIn, reader: User, newer: Release) -> None:
    client = signed_in(reader)
    page = client.get(url(newer), {"kind": "added"}).content.decode()
    assert "A new table of SIPRI." not in page
    assert client.get(url(newer), {"kind": "nonsense"}).status_code == 400


def test_many_changes_are_read_in_pages(
    signed_in: SignIn, reader: User, older: Release, newer: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.views.release_compare.PAGE_SIZE", 1)
    client = signed_in(reader)
    first = client.get(url(newer)).content.decode()
    assert 'rel="prev"' not in first
    assert "?after=1" in first
    second = client.get(url(newer), {"after": "1"}).content.decode()
    assert "A new table of SIPRI." not in second
    assert 'rel="next"' not in second
    assert listed(client.get(url(newer), {"before": "2"}).content.decode()) == listed(first)


def test_the_first_release_of_a_set_asks_with_which_to_compare(signed_in: SignIn, reader: User, older: Release) -> None:
    client = signed_in(reader)
    assert "There is no other release." in client.get(url(older)).content.decode()
    other = factories.release()
    page = client.get(url(older)).content.decode()
    assert "Choose one to compare it with." in page
    assert f'<option value="{other.pk}">' in page
    assert client.get(url(older, "release_compare_json")).status_code == 404
    compared = json_of(client.get(url(older, "release_compare_json"), {"with": other.pk}))
    assert compared["counts"] | {"added": 1, "left_out": 2} == compared["counts"]


def test_what_cannot_be_compared_is_said(signed_in: SignIn, reader: User, older: Release, reviewer: User) -> None:
    client = signed_in(reader)
    building = releases.begin(factories.claim_set(claims=(factories.sound_claim(),)), by=reviewer)
    for name in ("release_compare", "release_compare_json"):
        assert client.get(url(building, name)).status_code == 409
        assert client.get(url(older, name), {"with": building.pk}).status_code == 409
        assert client.get(url(older, name), {"with": older.pk}).status_code == 409
        assert client.get(url(older, name), {"with": "nonsense"}).status_code == 404


def test_a_release_whose_file_was_altered_is_not_compared(signed_in: SignIn, reader: User, newer: Release) -> None:
    path = path_of(newer)
    path.write_bytes(path.read_bytes() + b"x")
    response = signed_in(reader).get(url(newer))
    assert response.status_code == 409
    assert "altered" in response.content.decode()


def test_a_comparison_is_made_once_and_again_when_it_is_damaged(
    signed_in: SignIn, reader: User, newer: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(reader)
    page = listed(client.get(url(newer)).content.decode())
    kept = next((path_of(newer).parent / ".comparisons").glob(f"*{newer.sha256}*"))
    with monkeypatch.context() as patched:
        patched.setattr(comparisons, "compare", None)
        assert listed(client.get(url(newer)).content.decode()) == page
    kept.write_bytes(b"nonsense")
    assert listed(client.get(url(newer)).content.decode()) == page


def test_large_releases_are_compared_while_nobody_waits(
    signed_in: SignIn, reader: User, newer: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparisons, "LARGE", 0)
    client = signed_in(reader)
    page = client.get(url(newer)).content.decode()
    assert "they are being compared" in page
    for thread in threading.enumerate():
        if thread.name == comparisons.THREAD:
            thread.join(30)
    assert "<del>ninth</del>" in client.get(url(newer)).content.decode()


def test_as_json_large_releases_are_asked_for_again(
    signed_in: SignIn, reader: User, newer: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparisons, "LARGE", 0)
    monkeypatch.setattr(comparisons, "_work", lambda lock, *_: os.close(lock))
    response = signed_in(reader).get(url(newer, "release_compare_json"))
    assert response.status_code == 503
    assert response["Retry-After"]


def test_old_comparisons_are_dropped(older: Release, newer: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "KEPT", 1)
    third = factories.release()
    for one, other in ((older, newer), (newer, third)):
        comparisons.comparison_of(one, other).close()
    place = path_of(newer).parent / ".comparisons"
    assert [third.sha256 in path.name for path in place.glob("*.1")] == [True]


def test_a_page_takes_the_same_queries_however_much_changed(
    signed_in: SignIn, reader: User, newer: Release, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(reader)
    client.get(url(newer))
    with django_assert_max_num_queries(12):
        client.get(url(newer))
