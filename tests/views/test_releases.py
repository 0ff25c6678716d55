"""The desk's pages of releases: what they show, the file as it leaves, and how much they ask of the database."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from claims.actions import claims as claim_actions
from claims.actions import evidence
from claims.actions.releases import record_recipient, withdraw, write_correction
from claims.models import Claim, IntegrityFault, Release, User
from claims.releases.files import path_of
from claims.views import release_context, release_file
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def claims(analyst: User) -> tuple[Claim, ...]:
    return tuple(factories.sound_claim(assertion=f"Claim number {number}.") for number in (1, 2, 3))


@pytest.fixture
def release(claims: tuple[Claim, ...], analyst: User) -> Release:
    return factories.release(factories.claim_set(title="Budget", claims=claims), by=analyst)


@pytest.fixture
def desk(analyst: User, signed_in: SignIn) -> Client:
    return signed_in(analyst)


def detail(client: Client, release: Release, query: str = "", **headers: str) -> HttpResponse:
    return client.get(release.get_absolute_url() + query, headers=headers)  # type: ignore[return-value]


def reopen(claim: Claim, by: User) -> None:
    claim.refresh_from_db()
    claim_actions.reopen(claim, by=by, reason="The table was misread.")


def test_the_list_names_releases_newest_first_and_narrows_them(desk: Client, release: Release, analyst: User) -> None:
    later = factories.release(release.claim_set, by=analyst)
    withdraw(later, by=analyst, reason="Misread.")
    page = desk.get(reverse("release_list"))
    content = page.content.decode()
    assert content.index("Budget, release 2") < content.index("Budget, release 1")
    assertContains(page, "Misread.")
    only = desk.get(reverse("release_list"), {"state": "ready"}, headers={"HX-Request": "true", "HX-Target": "results"})
    assertNotContains(only, "Budget, release 2")
    assertNotContains(only, "<html")
    assertContains(desk.get(reverse("release_list"), {"state": "odd"}), "make no sense", status_code=400)


def test_without_releases_it_says_how_to_make_one(desk: Client, db: None) -> None:
    assertContains(desk.get(reverse("release_list")), "Nothing was released yet.")
    assertContains(desk.get(reverse("release_list"), {"state": "failed"}), "No release fits")


def test_the_list_asks_as_much_whatever_it_shows(
    desk: Client, release: Release, analyst: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(50) as few:
        desk.get(reverse("release_list"))
    factories.release(by=analyst)
    factories.release(by=factories.user("another"))
    with django_assert_max_num_queries(50) as more:
        desk.get(reverse("release_list"))
    assert len(more) == len(few)


def test_a_release_says_what_it_is_and_how_to_check_it(desk: Client, release: Release) -> None:
    page = detail(desk, release)
    assertContains(page, "3 verified claims")
    assertContains(page, release.sha256)
    assert release.signing_key is not None
    assertContains(page, f"--key {release.signing_key.public_key}")
    assertContains(page, "minisign -Vm SHA256SUMS")
    assertContains(page, "manage.py verify_release budget-1.zip")
    assertContains(page, "Nothing happened to its claims since.")


def test_what_was_left_out_is_named_with_its_reason(desk: Client, analyst: User) -> None:
    from claims.actions.claim_sets import leave_out

    claim_set = factories.claim_set(claims=(factories.sound_claim(), factories.claim(key="open-1")))
    leave_out(claim_set, None, by=analyst, reason="Nobody answered.", seen=1)
    release = factories.release(claim_set, by=analyst)
    for page in (detail(desk, release), desk.get(reverse("release_left_out", args=[release.pk]))):
        assertContains(page, "OPEN-1")
        assertContains(page, "Not verified, no evidence. <bdi>Nobody answered.</bdi>")


def test_it_says_what_happened_to_its_claims_since(
    desk: Client, release: Release, claims: tuple[Claim, ...], analyst: User
) -> None:
    reopen(claims[0], analyst)
    evidence.retract_evidence(claims[1].evidence.get(), by=analyst, reason="A forgery.")
    page = detail(desk, release)
    assertContains(page, "2 of its claims changed since.")
    assertContains(page, "Not verified any more</a>: 1.")
    assertContains(page, "Claim number 3.")
    touched = detail(desk, release, "?since=any")
    assertNotContains(touched, "Claim number 3.")
    assertContains(touched, "Claim number 1.")
    lost = detail(desk, release, "?since=lost_evidence", **{"HX-Request": "true", "HX-Target": "claims"})
    assertContains(lost, "Claim number 2.")
    assertNotContains(lost, "Claim number 1.")
    assertNotContains(lost, "<html")


def test_a_claim_reads_as_it_was_released(
    desk: Client, release: Release, claims: tuple[Claim, ...], analyst: User
) -> None:
    reopen(claims[0], analyst)
    for words in ("Claim number one, roughly.", "Claim number one, at most."):
        fields = {"assertion": words, "version": claims[0].version, "by": analyst}
        claim_actions.edit_claim(claims[0], **fields)
    page = detail(desk, release)
    assertContains(page, "<bdi>Claim number 1.</bdi></a>")
    assertContains(page, "reads now: <bdi>Claim number one, at most.</bdi>")


def test_its_claims_come_in_pages(desk: Client, release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_context, "PAGE_SIZE", 2)
    page = detail(desk, release)
    assertContains(page, "Claim number 2.")
    assertNotContains(page, "Claim number 3.")
    cursor = page.context["page"].next_cursor
    assertContains(detail(desk, release, f"?after={cursor}"), "Claim number 3.")


def test_a_release_asks_as_much_however_many_claims_it_has(
    desk: Client, release: Release, analyst: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def asked(of: Release) -> int:
        record_recipient(of, "The editor.", by=analyst)
        write_correction(of, of.entries.first().claim, "It is less.", by=analyst)  # type: ignore[union-attr]
        with django_assert_max_num_queries(60) as counted:
            detail(desk, of)
        return len(counted)

    larger = factories.release(claims=tuple(factories.sound_claim() for _ in range(6)), by=analyst)
    few, more = asked(release), asked(larger)
    assert more == few
    assert more < 40


def test_a_later_release_leads_to_the_comparison_with_the_one_before(
    desk: Client, release: Release, analyst: User
) -> None:
    later = factories.release(release.claim_set, by=analyst)
    assertContains(detail(desk, later), reverse("release_compare", args=[later.pk]))
    assertNotContains(detail(desk, release), reverse("release_compare", args=[release.pk]))


def test_readers_read_releases_and_are_offered_no_act(signed_in: SignIn, reader: User, release: Release) -> None:
    page = detail(signed_in(reader), release)
    assertContains(page, "Download")
    for act in ("release_publish", "release_withdraw", "release_recipient_add"):
        assertNotContains(page, reverse(act, args=[release.pk]))
    assertNotContains(page, "Correct…")


def test_the_set_of_a_release_is_not_shown_to_others_when_it_is_private_now(
    desk: Client, signed_in: SignIn, reader: User, release: Release
) -> None:
    type(release.claim_set).objects.filter(pk=release.claim_set_id).update(is_private=True)
    address = release.claim_set.get_absolute_url()
    assertNotContains(detail(signed_in(reader), release), f'"{address}"')


def test_the_file_comes_as_it_was_built(desk: Client, release: Release) -> None:
    answer = desk.get(reverse("release_download", args=[release.pk]))
    assert isinstance(answer, StreamingHttpResponse)
    data = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert hashlib.sha256(data).hexdigest() == release.sha256
    assert answer.headers["Content-Disposition"] == 'attachment; filename="budget-1.zip"'
    assert answer.headers["Content-Length"] == str(len(data))
    assert "claims.jsonl" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_whoever_has_the_file_is_told_that_it_did_not_change(desk: Client, release: Release) -> None:
    url = reverse("release_download", args=[release.pk])
    etag = desk.head(url).headers["ETag"]
    assert etag == f'"{release.sha256}"'
    assert desk.get(url, headers={"If-None-Match": etag}).status_code == 304


def test_a_damaged_file_is_not_served(desk: Client, release: Release) -> None:
    path_of(release).write_bytes(path_of(release).read_bytes()[:-1] + b"x")
    answer = desk.get(reverse("release_download", args=[release.pk]))
    assertContains(answer, "was altered after it was built", status_code=409)
    path_of(release).unlink()
    assertContains(desk.get(reverse("release_download", args=[release.pk])), "cannot be read", status_code=409)


def test_a_file_that_changes_on_its_way_out_does_not_come_whole(
    release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(release_file, "CHUNK", 1_000)
    sent = release_file._sent(path_of(release), release)
    first = next(sent)
    damaged = path_of(release).read_bytes()[:-3] + b"xyz"
    path_of(release).write_bytes(damaged)
    received = [first]
    with pytest.raises(IntegrityFault, match="changed while it was sent"):
        received += sent
    assert len(b"".join(received)) < len(damaged)


def test_a_release_that_is_not_built_has_no_file(desk: Client, analyst: User) -> None:
    from claims.actions.releases import begin, mark_failed

    release = begin(factories.claim_set(claims=(factories.sound_claim(),)), by=analyst)
    assertContains(detail(desk, release), "It is being built.")
    mark_failed(release, "The disk is full.", by=analyst)
    assertContains(detail(desk, release), "The disk is full.")
    assertContains(desk.get(reverse("release_download", args=[release.pk])), "has no file", status_code=409)


def test_its_history_is_told_page_by_page(desk: Client, release: Release, analyst: User) -> None:
    record_recipient(release, "The Harbour.", by=analyst)
    page = desk.get(reverse("release_history", args=[release.pk]))
    assertContains(page, "noted a recipient of the release")
    assertContains(page, "finished building the release")
    before = desk.get(reverse("release_history", args=[release.pk]), {"before": 2})
    assertNotContains(before, "finished building")
    assertContains(desk.get(page.wsgi_request.path, {"before": "x"}), "not the number", status_code=400)
