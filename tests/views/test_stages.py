"""Taking up, releasing, assigning, dismissing, restoring and reopening a claim."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import claims
from claims.choices import Role, Stage
from claims.models import Claim, Event, User
from tests import factories

HTMX_PANEL = {"HX-Request": "true", "HX-Target": "panel"}
SignedIn = Callable[[User], Client]


def url(name: str, claim: Claim) -> str:
    return reverse(f"claim_{name}", args=[claim.pk])


def test_a_claim_is_taken_up_and_released(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    client = signed_in(analyst)
    assert client.post(url("take", claim)).status_code == 303
    claim.refresh_from_db()
    assert (claim.stage, claim.assignee) == (Stage.IN_PROGRESS, analyst)
    assert client.post(url("release", claim)).status_code == 303
    claim.refresh_from_db()
    assert (claim.stage, claim.assignee) == (Stage.OPEN, None)


def test_an_act_leads_back_to_where_it_was_asked_for(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    client = signed_in(analyst)
    assert client.post(url("take", claim), {"next": "/documents/1/?claim=1"}).url == "/documents/1/?claim=1"
    assert client.post(url("release", claim), {"next": "https://evil.example/"}).url == claim.get_absolute_url()


def test_an_act_can_be_taken_back_by_its_toast(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    page = signed_in(analyst).post(url("take", claim), follow=True).content.decode()
    assert f'action="{url("release", claim)}"' in page
    assert "data-undo" in page


def test_htmx_follows_an_act_to_the_fragment_it_targets(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    answer = signed_in(analyst).post(url("take", claim), headers=HTMX_PANEL, follow=True)
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith("<header data-selected")
    assert "You have taken up" in answer.content.decode()


def test_a_claim_that_someone_works_on_is_not_taken_from_them(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    claims.take(claim, by=factories.user("other"))
    answer = signed_in(analyst).post(url("take", claim))
    assert answer.status_code == 409
    assert "Someone else is working on this claim" in answer.content.decode()
    assert signed_in(analyst).post(url("release", claim)).status_code == 403


def test_a_claim_is_assigned_to_someone_and_to_nobody(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    other = factories.user("teo")
    client = signed_in(analyst)
    assert "teo" in client.get(url("assign", claim)).content.decode()
    assert client.post(url("assign", claim), {"assignee": other.pk}).status_code == 303
    claim.refresh_from_db()
    assert claim.assignee == other
    assert client.post(url("assign", claim), {"assignee": ""}).status_code == 303
    claim.refresh_from_db()
    assert claim.assignee is None


def test_only_people_who_may_work_are_offered(signed_in: SignedIn, analyst: User, reader: User) -> None:
    claim = factories.claim()
    factories.user("gone", is_active=False)
    page = signed_in(analyst).get(url("assign", claim)).content.decode()
    assert ">reader</option>" not in page
    assert ">gone</option>" not in page
    for value in (reader.pk, 10**9, "x"):
        assert signed_in(analyst).post(url("assign", claim), {"assignee": value}).status_code == 422


def test_dismissing_takes_a_reason_and_can_be_undone(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    client = signed_in(analyst)
    assert client.get(url("dismiss", claim)).status_code == 200
    assert client.post(url("dismiss", claim), {"reason": "It is an opinion."}).status_code == 303
    claim.refresh_from_db()
    assert claim.stage == Stage.DISMISSED
    assert Event.objects.of(claim).latest("number").reason == "It is an opinion."
    assert client.post(url("restore", claim)).status_code == 303
    claim.refresh_from_db()
    assert claim.stage == Stage.OPEN


def test_reopening_takes_a_reason_and_the_verdict_no_longer_stands(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.verified_claim()
    assert signed_in(analyst).post(url("reopen", claim), {"reason": "New figures."}).status_code == 303
    claim.refresh_from_db()
    assert (claim.stage, claim.verdict) == (Stage.OPEN, None)


@pytest.mark.parametrize("name", ["dismiss", "reopen"])
@pytest.mark.parametrize("reason", ["", "  ", "a\x00b", "x" * 2_001])
def test_a_bad_reason_is_refused_in_place(signed_in: SignedIn, analyst: User, name: str, reason: str) -> None:
    claim = factories.claim() if name == "dismiss" else factories.verified_claim()
    for headers in ({}, HTMX_PANEL):
        answer = signed_in(analyst).post(url(name, claim), {"reason": reason}, headers=headers)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
        assert ("<html" in answer.content.decode()) is not bool(headers)


@pytest.mark.parametrize("name", ["dismiss", "reopen", "assign", "restore", "release", "take"])
def test_an_act_that_does_not_fit_the_stage_says_so(signed_in: SignedIn, analyst: User, name: str) -> None:
    claim = factories.verified_claim()
    if name == "reopen":
        claim = factories.claim()
    answer = signed_in(analyst).post(url(name, claim), {"reason": "Because."})
    assert answer.status_code == 409
    assert Claim.objects.get(pk=claim.pk).version == claim.version


@pytest.mark.parametrize("name", ["take", "release", "assign", "dismiss", "restore", "reopen"])
def test_readers_move_nothing(signed_in: SignedIn, reader: User, name: str) -> None:
    claim = factories.claim()
    assert signed_in(reader).post(url(name, claim), {"reason": "Because."}).status_code == 403


@pytest.mark.parametrize("name", ["take", "release", "restore"])
def test_acts_that_ask_nothing_only_answer_posts(signed_in: SignedIn, analyst: User, name: str) -> None:
    assert signed_in(analyst).get(url(name, factories.claim())).status_code == 405


def test_an_act_on_a_claim_that_is_not_there_is_not_found(signed_in: SignedIn, analyst: User) -> None:
    assert signed_in(analyst).post(reverse("claim_take", args=[10**9])).status_code == 404


def test_a_reviewer_releases_what_another_left_lying(signed_in: SignedIn, reviewer: User) -> None:
    claim = factories.claim()
    claims.take(claim, by=factories.user("away", Role.ANALYST))
    assert signed_in(reviewer).post(url("release", claim)).status_code == 303
