"""Building a release, noting who got it, correcting, publishing and withdrawing it, from the desk's pages."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from claims.actions import assessments, evidence
from claims.actions import claims as claim_actions
from claims.actions.claim_sets import add_to_claim_set, leave_out
from claims.actions.publishing import publish
from claims.actions.releases import withdraw
from claims.choices import JobState, ReleaseState, Visibility
from claims.models import Claim, ClaimSet, Correction, Job, Recipient, Release, SigningKey, User
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def claim(analyst: User) -> Claim:
    return factories.sound_claim(assertion="Japan ranks ninth.")


@pytest.fixture
def release(claim: Claim, analyst: User) -> Release:
    return factories.release(factories.claim_set(title="Budget", claims=(claim,)), by=analyst)


@pytest.fixture
def desk(analyst: User, signed_in: SignIn) -> Client:
    return signed_in(analyst)


def send(client: Client, name: str, *args: int, **data: object) -> HttpResponse:
    return client.post(reverse(name, args=args), data)  # type: ignore[return-value, arg-type]


def reopen(claim: Claim, by: User) -> None:
    claim.refresh_from_db()
    claim_actions.reopen(claim, by=by, reason="The table was misread.")


def typed(page: HttpResponse, name: str) -> str:
    return str(page.context["form"][name].value())


# Building


def test_a_set_is_released_by_a_job_that_leads_to_the_release(desk: Client, claim: Claim) -> None:
    claim_set = factories.claim_set(title="Budget", claims=(claim,))
    page = desk.get(reverse("release_add", args=[claim_set.pk]))
    assertContains(page, "Release 1 claim</button>")
    token = str(uuid4())
    for _ in range(2):
        answer = send(desk, "release_add", claim_set.pk, seen=1, with_comments="on", token=token)
    job = Job.objects.get(kind="release")
    assertRedirects(answer, job.get_absolute_url(), status_code=303)
    assert [done.state for done in factories.run_jobs()] == [JobState.DONE]
    release = Release.objects.get()
    assert (release.with_comments, release.with_captures) == (True, False)
    assertContains(desk.get(job.get_absolute_url()), release.get_absolute_url())


def test_what_blocks_is_summed_up_and_refused_with_422(desk: Client, claim: Claim) -> None:
    claim_set = factories.claim_set(claims=(claim, factories.claim(), factories.claim()))
    page = desk.get(reverse("release_add", args=[claim_set.pk]))
    assertNotContains(page, '<button class="btn primary">Release')
    answer = send(desk, "release_add", claim_set.pk, seen=1)
    assertContains(answer, "2 claims block the release.", status_code=422)
    assertContains(answer, reverse("claim_set_preflight", args=[claim_set.pk]), status_code=422)
    assert not Job.objects.exists()


def test_what_is_left_out_is_told_before(desk: Client, claim: Claim, analyst: User) -> None:
    claim_set = factories.claim_set(claims=(claim, factories.claim()))
    leave_out(claim_set, None, by=analyst, reason="Nobody answered.", seen=1)
    page = desk.get(reverse("release_add", args=[claim_set.pk]))
    assertContains(page, "1 of 2")
    assertContains(page, "1 claim</a>, each with its reason")


def test_a_set_that_changed_meanwhile_is_looked_at_again(desk: Client, claim: Claim, analyst: User) -> None:
    claim_set = factories.claim_set(claims=(claim,))
    add_to_claim_set(claim_set, [factories.sound_claim()], by=analyst)
    answer = send(desk, "release_add", claim_set.pk, seen=1, with_comments="on")
    assertContains(answer, "The set has changed meanwhile.", status_code=409)
    assert typed(answer, "with_comments") == "True"
    assert send(desk, "release_add", claim_set.pk, seen=typed(answer, "seen")).status_code == 303


def test_an_empty_or_private_set_is_not_released(desk: Client, claim: Claim, analyst: User) -> None:
    empty, private = factories.claim_set(), factories.claim_set(by=analyst, claims=(claim,))
    ClaimSet.objects.filter(pk=private.pk).update(is_private=True)
    assertContains(send(desk, "release_add", empty.pk), "No claim of this set", status_code=422)
    assertContains(send(desk, "release_add", private.pk), "Share it first", status_code=422)
    assertContains(desk.get(reverse("release_add", args=[private.pk])), "Share it first")


def test_the_captures_are_offered_with_their_size(desk: Client, analyst: User) -> None:
    claim_set = factories.claim_set(claims=(factories.sound_claim(),))
    page = desk.get(reverse("release_add", args=[claim_set.pk]))
    assertContains(page, "None of the evidence of these claims was captured.")


def test_a_set_names_its_releases_and_offers_another(desk: Client, release: Release) -> None:
    page = desk.get(release.claim_set.get_absolute_url())
    assertContains(page, release.get_absolute_url())
    assertContains(page, reverse("release_add", args=[release.claim_set_id]))
    assertContains(desk.get(reverse("claim_set_list")), f'<a href="{release.get_absolute_url()}">Release 1</a>')
    preflight = desk.get(reverse("claim_set_preflight", args=[release.claim_set_id]))
    assertContains(preflight, reverse("release_add", args=[release.claim_set_id]))


# Recipients


def test_a_recipient_is_noted_once_however_often_the_button_is_pressed(desk: Client, release: Release) -> None:
    token = str(uuid4())
    for _ in range(2):
        answer = send(desk, "release_recipient_add", release.pk, text=" The Harbour, by e-mail ", token=token)
    assertRedirects(answer, f"{release.get_absolute_url()}#recipients", status_code=303, fetch_redirect_response=False)
    assert [one.text for one in Recipient.objects.all()] == ["The Harbour, by e-mail"]
    for page in (desk.get(release.get_absolute_url()), desk.get(reverse("release_recipients", args=[release.pk]))):
        assertContains(page, "The Harbour, by e-mail")


@pytest.mark.parametrize("text", ["", " ", "x" * 501, "a\x00b"])
def test_a_recipient_has_a_name(desk: Client, release: Release, text: str) -> None:
    assert send(desk, "release_recipient_add", release.pk, text=text).status_code == 422
    assert not Recipient.objects.exists()


def test_readers_note_nothing(signed_in: SignIn, reader: User, release: Release) -> None:
    answer = send(signed_in(reader), "release_recipient_add", release.pk, text="Me.")
    assertContains(answer, "Ask an admin for the analyst role", status_code=403)


# Corrections


def test_a_correction_is_prefilled_with_what_changed(
    desk: Client, release: Release, claim: Claim, analyst: User
) -> None:
    reopen(claim, analyst)
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    assert "says of “Japan ranks ninth.”: supported." in typed(page, "wrong")
    assert "is being checked again: The table was misread." in typed(page, "right")


def test_another_verdict_is_proposed_with_its_rationale(
    desk: Client, release: Release, claim: Claim, analyst: User, reviewer: User
) -> None:
    reopen(claim, analyst)
    factories.submitted(claim, by=analyst, verdict_key="refuted", rationale="It ranks tenth.")
    assessments.approve(claim, by=reviewer, version=claim.version)
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    assert typed(page, "right") == "The verdict is refuted, as of May 2023. It ranks tenth."


def test_lost_evidence_is_proposed_with_the_reason(desk: Client, release: Release, claim: Claim, analyst: User) -> None:
    evidence.retract_evidence(claim.evidence.get(), by=analyst, reason="A forgery.")
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    assert "Evidence for it was retracted: A forgery." in typed(page, "right")


def test_a_correction_says_what_was_wrong_and_what_is_right(desk: Client, release: Release, claim: Claim) -> None:
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    fields = {"wrong": "It said ninth.", "right": "It is tenth.", "seen": typed(page, "seen"), "token": str(uuid4())}
    for _ in range(2):
        answer = send(desk, "release_correct", release.pk, claim.pk, **fields)
    assert answer.status_code == 303
    correction = Correction.objects.get()
    assert correction.text == "What was wrong: It said ninth.\n\nWhat is right now: It is tenth."
    for page in (desk.get(release.get_absolute_url()), desk.get(reverse("release_corrections", args=[release.pk]))):
        assertContains(page, "It is tenth.")


@pytest.mark.parametrize("missing", ["wrong", "right", "seen"])
def test_half_a_correction_is_none(desk: Client, release: Release, claim: Claim, missing: str) -> None:
    fields = {"wrong": "It said ninth.", "right": "It is tenth.", "seen": 1, missing: ""}
    answer = send(desk, "release_correct", release.pk, claim.pk, **fields)
    assertContains(answer, "It is tenth." if missing != "right" else "It said ninth.", status_code=422)
    assert not Correction.objects.exists()


def test_the_longest_correction_fits(desk: Client, release: Release, claim: Claim) -> None:
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    most = page.context["form"].fields["wrong"].max_length
    fields = {"wrong": "w" * most, "right": "r" * most, "seen": typed(page, "seen")}
    assert send(desk, "release_correct", release.pk, claim.pk, **fields).status_code == 303


def test_what_happens_while_someone_writes_is_shown_and_nothing_lost(
    desk: Client, release: Release, claim: Claim, analyst: User
) -> None:
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    reopen(claim, analyst)
    fields = {"wrong": "It said ninth.", "right": "It is tenth."}
    answer = send(desk, "release_correct", release.pk, claim.pk, **fields, seen=typed(page, "seen"))
    assertContains(answer, "Something happened to the claim while you wrote.", status_code=409)
    assertContains(answer, "The table was misread.", status_code=409)
    assert typed(answer, "right") == "It is tenth."
    again = send(desk, "release_correct", release.pk, claim.pk, **fields, seen=typed(answer, "seen"))
    assert again.status_code == 303


def test_only_claims_of_the_release_are_corrected_in_it(desk: Client, release: Release) -> None:
    other = factories.sound_claim()
    assert send(desk, "release_correct", release.pk, other.pk, wrong="a", right="b", seen=1).status_code == 404


def test_releases_that_need_a_correction_are_on_the_desk_until_there_is_one(
    desk: Client, release: Release, claim: Claim, analyst: User
) -> None:
    untouched = factories.release(by=analyst)
    assertNotContains(desk.get(reverse("desk")), "Releases that need a correction")
    reopen(claim, analyst)
    assertContains(desk.get(reverse("desk")), "Releases that need a correction")
    listed = desk.get(reverse("release_list"), {"recalled": "on"})
    assertContains(listed, "Budget, release 1")
    assertNotContains(listed, str(untouched))
    assertContains(desk.get(release.get_absolute_url()), "1 needs a correction:")
    page = desk.get(reverse("release_correct", args=[release.pk, claim.pk]))
    send(desk, "release_correct", release.pk, claim.pk, wrong="It.", right="Is not.", seen=typed(page, "seen"))
    assertNotContains(desk.get(reverse("desk")), "Releases that need a correction")
    assertContains(desk.get(release.get_absolute_url()), "Corrections say so.")


# Publishing


def test_a_release_is_published_at_an_address_and_closed_again(desk: Client, release: Release) -> None:
    answer = send(desk, "release_publish", release.pk, visibility="unlisted", seen="no")
    assertRedirects(answer, release.get_absolute_url(), status_code=303)
    release.refresh_from_db()
    assert release.visibility == Visibility.UNLISTED
    address = reverse("published_release", args=[release.token])
    assertContains(desk.get(release.get_absolute_url()), address)
    send(desk, "release_publish", release.pk, visibility="no", seen="unlisted")
    assertNotContains(desk.get(release.get_absolute_url()), address)


def test_a_decision_of_someone_else_is_not_overwritten_unseen(desk: Client, release: Release, reviewer: User) -> None:
    publish(release, Visibility.LISTED, by=reviewer)
    answer = send(desk, "release_publish", release.pk, visibility="unlisted", seen="no")
    assertContains(answer, "meanwhile", status_code=409)


@pytest.mark.parametrize("fields", [{}, {"visibility": "friends", "seen": "no"}, {"visibility": "listed"}])
def test_who_can_read_it_must_be_said(desk: Client, release: Release, fields: dict[str, str]) -> None:
    assert send(desk, "release_publish", release.pk, **fields).status_code == 422


# Withdrawing


def test_a_release_is_withdrawn_for_a_reason_that_its_page_says(desk: Client, release: Release) -> None:
    assertContains(desk.get(reverse("release_withdraw", args=[release.pk])), "This is not taken back.")
    assert send(desk, "release_withdraw", release.pk, reason=" … ").status_code == 422
    answer = send(desk, "release_withdraw", release.pk, reason="A table was misread.")
    assertRedirects(answer, release.get_absolute_url(), status_code=303)
    release.refresh_from_db()
    assert release.state == ReleaseState.WITHDRAWN
    page = desk.get(release.get_absolute_url())
    assertContains(page, "A table was misread.")
    assertNotContains(page, reverse("release_withdraw", args=[release.pk]))


@pytest.mark.parametrize("act", ["release_withdraw", "release_publish"])
def test_what_was_withdrawn_meanwhile_is_refused_with_409(
    desk: Client, release: Release, reviewer: User, act: str
) -> None:
    withdraw(release, by=reviewer, reason="A table was misread.")
    fields = {"reason": "Me too.", "visibility": "listed", "seen": "no"}
    assertContains(send(desk, act, release.pk, **fields), "withdrawn already", status_code=409)
    assertContains(desk.get(reverse(act, args=[release.pk])), "withdrawn already", status_code=409)


def test_a_desk_without_a_key_says_so(desk: Client, claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    claim_set = factories.claim_set(claims=(claim,))
    monkeypatch.setattr(settings, "RELEASE_KEY", "")
    assert not SigningKey.objects.exists()
    answer = send(desk, "release_add", claim_set.pk, seen=1)
    assertContains(answer, "no key to sign with", status_code=409)


# On the claim's page, and in the activity of the desk


def test_a_claim_names_the_releases_that_hold_it(
    desk: Client, release: Release, claim: Claim, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assertContains(desk.get(claim.get_absolute_url()), release.get_absolute_url())
    other = factories.sound_claim()
    assertNotContains(desk.get(other.get_absolute_url()), "Released in")


def test_the_activity_tells_of_releases_with_a_link(desk: Client, release: Release) -> None:
    page = desk.get(reverse("activity"))
    assertContains(page, f'finished building the release <a href="{release.get_absolute_url()}">Budget, release 1</a>')
