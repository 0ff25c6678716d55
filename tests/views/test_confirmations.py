"""Confirming a verdict on the page of its claim, and deciding on the confirmation."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from claims.actions import confirmations
from claims.models import Claim, ReleaseCalendar, User
from tests import factories

SignIn = Callable[[User], Client]
TYPED = {"rationale": "The new table says so, too.", "as_of": "2026-04"}
MAIN = {"HX-Request": "true", "HX-Target": "main"}


@pytest.fixture
def desk(signed_in: SignIn, analyst: User) -> Client:
    return signed_in(analyst)


def waiting(by: User) -> Claim:
    claim = factories.verified_claim()
    confirmations.confirm(claim, by=by, **TYPED)
    return claim


def test_a_confirmation_is_asked_for_and_waits_beside_what_stands(desk: Client) -> None:
    claim = factories.verified_claim()
    assertContains(desk.get(claim.get_absolute_url()), reverse("claim_confirm", args=[claim.pk]))

    response = desk.post(reverse("claim_confirm", args=[claim.pk]), TYPED, follow=True)

    assertContains(response, f"The confirmation of {claim.reference} waits.")
    assertContains(response, "a confirmation waits for review")
    assertContains(response, "as of May 2023")
    assertContains(response, "Withdraw the confirmation")
    assertContains(response, "Deciding on an assessment takes the reviewer role.")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("as_of", "2023", "as of 2023-05 already"), ("rationale", "", "Say why"), ("as_of", "", "Say as of when")],
)
def test_what_a_confirmation_lacks_is_told_and_nothing_typed_is_lost(
    desk: Client, field: str, value: str, told: str
) -> None:
    claim = factories.verified_claim()
    response = desk.post(reverse("claim_confirm", args=[claim.pk]), {**TYPED, field: value})
    assertContains(response, told, status_code=422)
    kept = "2026-04" if field == "rationale" else "The new table says so, too."
    assertContains(response, kept, status_code=422)


@pytest.mark.parametrize("headers", [{}, MAIN], ids=["whole page", "htmx"])
def test_a_reviewer_confirms(signed_in: SignIn, analyst: User, reviewer: User, headers: dict[str, str]) -> None:
    claim = waiting(analyst)
    client = signed_in(reviewer)
    assertContains(client.get(claim.get_absolute_url()), "Confirm as of April 2026")

    response = client.post(
        reverse("confirmation_approve", args=[claim.pk]), {"version": claim.version}, headers=headers, follow=True
    )

    assertContains(response, f"{claim.reference} is confirmed: Supported.")
    assertNotContains(response, "Confirm as of April 2026")
    assert Claim.objects.get(pk=claim.pk).standing.as_of == "2026-04"


def test_a_confirmation_is_sent_back_with_a_reason(signed_in: SignIn, analyst: User, reviewer: User) -> None:
    claim = waiting(analyst)
    client = signed_in(reviewer)
    address = reverse("confirmation_return", args=[claim.pk])

    assert client.post(address, {"version": claim.version, "reason": ""}).status_code == 422
    response = client.post(address, {"version": claim.version, "reason": "Which table?"}, follow=True)

    assertContains(response, "sent back the confirmation by")
    assertContains(response, "Which table?")


def test_a_decision_over_what_changed_meanwhile_is_asked_for_again(
    signed_in: SignIn, analyst: User, reviewer: User
) -> None:
    claim = waiting(analyst)
    data = {"version": claim.version - 1, "reason": "My note."}
    response = signed_in(reviewer).post(reverse("confirmation_approve", args=[claim.pk]), data)
    assertContains(response, "The claim changed while you were reading it.", status_code=409)
    assertContains(response, "My note.", status_code=409)


def test_its_author_withdraws_it(desk: Client, analyst: User) -> None:
    claim = waiting(analyst)
    response = desk.post(reverse("confirmation_withdraw", args=[claim.pk]), follow=True)
    assertContains(response, "the confirmation no longer waits")


def test_many_verdicts_are_confirmed_from_a_preview(desk: Client) -> None:
    claims = [factories.verified_claim() for _ in range(2)]
    ticked = {"do": "confirm", "claim": [claim.pk for claim in claims]}
    preview = desk.post(reverse("claim_bulk"), ticked)
    assertContains(preview, "supported as of May 2023", count=2)
    assert not any(claim.assessments.pending().exists() for claim in claims)

    response = desk.post(reverse("claim_bulk"), {**ticked, **TYPED, "confirmed": "yes"}, follow=True)

    assertContains(response, "2 sent to review.")
    assert all(claim.assessments.pending().exists() for claim in claims)


def token_of(page: HttpResponse) -> str:
    return page.content.decode().partition('name="token" value="')[2].partition('"')[0]


def test_pressing_twice_confirms_many_once(desk: Client) -> None:
    claims = [factories.verified_claim() for _ in range(2)]
    ticked = {"do": "confirm", "claim": [claim.pk for claim in claims], "next": reverse("due_list")}
    sent = {**ticked, **TYPED, "confirmed": "yes", "token": token_of(desk.post(reverse("claim_bulk"), ticked))}

    first, second = (desk.post(reverse("claim_bulk"), sent) for _ in range(2))

    assertRedirects(first, reverse("due_list"), status_code=303, fetch_redirect_response=False)
    assertRedirects(second, reverse("due_list"), status_code=303)
    assert [claim.assessments.pending().count() for claim in claims] == [1, 1]
    assertNotContains(desk.get(reverse("due_list")), "refused")


def test_pressing_twice_confirms_one_once(desk: Client) -> None:
    claim = factories.verified_claim()
    address = reverse("claim_confirm", args=[claim.pk])
    sent = {**TYPED, "token": token_of(desk.get(address))}

    for _ in range(2):
        assertRedirects(desk.post(address, sent), claim.get_absolute_url(), status_code=303)

    assert claim.assessments.pending().count() == 1


def test_when_none_can_be_confirmed_what_was_typed_is_kept(desk: Client) -> None:
    claim = factories.verified_claim()
    sent = {"do": "confirm", "claim": claim.pk, **TYPED, "as_of": "2020", "confirmed": "yes"}
    answer = desk.post(reverse("claim_bulk"), sent)
    assertContains(answer, f"1 refused ({claim.reference}): The verdict stands as of", status_code=422)
    assertContains(answer, TYPED["rationale"], status_code=422)


def test_a_claim_follows_a_calendar(desk: Client) -> None:
    claim = factories.claim()
    calendar = ReleaseCalendar.objects.create(source=factories.source("SIPRI"), name="Table", rule="every April")
    address = reverse("claim_follow", args=[claim.pk])
    assertContains(desk.get(address), "SIPRI: Table, every April")

    response = desk.post(address, {"calendar": calendar.pk}, follow=True)

    assertRedirects(response, claim.get_absolute_url(), status_code=303)
    assertContains(response, "follows <a")
    assertContains(desk.post(address, {"calendar": ""}, follow=True), "follows no calendar.")
