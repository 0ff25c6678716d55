from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertRedirects

from claims.actions import claims as actions
from claims.choices import Act, Priority, Stage
from claims.models import Claim, Event, User
from claims.views import claim_bulk
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(analyst: User, signed_in: SignIn) -> Client:
    return signed_in(analyst)


def post(client: Client, do: str, *claims: Claim, follow: bool = True, **data: str) -> HttpResponse:
    fields = {"do": do, "claim": [claim.pk for claim in claims], **data}
    return client.post(reverse("claim_bulk"), fields, follow=follow)  # type: ignore[return-value]


def acts_on(claim: Claim) -> list[str]:
    return list(Event.objects.of(claim).values_list("act", flat=True))


def test_ticked_claims_are_assigned_to_me_with_one_event_each(desk: Client, analyst: User) -> None:
    claims = [factories.claim() for _ in range(3)]
    assertContains(post(desk, "assign", *claims), "3 assigned to you.")
    assert set(Claim.objects.values_list("assignee", flat=True)) == {analyst.pk}
    assert [acts_on(claim) for claim in claims] == [[Act.CREATE, Act.ASSIGN]] * 3


def test_it_leads_back_to_the_list_as_it_was(desk: Client) -> None:
    page = post(desk, "assign", factories.claim(), next="/claims/?stage=open")
    assertRedirects(page, "/claims/?stage=open", status_code=303)


def test_it_does_not_lead_to_other_sites(desk: Client) -> None:
    assertRedirects(post(desk, "assign", factories.claim(), next="https://example.org/"), "/claims/", status_code=303)


def test_failures_come_first_with_their_reason_and_claims(desk: Client) -> None:
    fine, verified, other = factories.claim(), factories.verified_claim(), factories.verified_claim()
    page = post(desk, "assign", fine, verified, other)
    reason = "Not possible while the claim is verified."
    assertContains(page, f"2 refused ({verified.reference}, {other.reference}): {reason} 1 assigned to you.")
    assert acts_on(verified)[-1] == Act.APPROVE


def test_assigning_what_was_nobodys_can_be_undone(desk: Client) -> None:
    claims = [factories.claim(), factories.claim()]
    page = post(desk, "assign", *claims)
    assertContains(page, '<input type="hidden" name="do" value="unassign">')
    both = ",".join(str(claim.pk) for claim in claims)
    assertContains(page, f'<input type="hidden" name="claims" value="{both}">')
    assertContains(post(desk, "unassign", claims=both), "2 assigned to nobody.")
    assert not Claim.objects.exclude(assignee=None).exists()


def test_work_that_has_begun_is_not_left_to_nobody(desk: Client, analyst: User) -> None:
    claim = factories.claim()
    actions.take(claim, by=analyst)
    assertContains(post(desk, "unassign", claim), "1 refused")
    claim.refresh_from_db()
    assert claim.assignee == analyst


def test_dismissing_asks_for_the_reason_first(desk: Client) -> None:
    claim = factories.claim()
    page = post(desk, "dismiss", claim)
    assertContains(page, "Dismiss claims")
    assertContains(page, f'<input type="hidden" name="claim" value="{claim.pk}">')
    assert acts_on(claim) == [Act.CREATE]


def test_dismissing_without_a_reason_is_refused_at_the_field(desk: Client) -> None:
    claim = factories.claim()
    page = post(desk, "dismiss", claim, confirmed="yes", reason=" ")
    assertContains(page, "This field is required.", status_code=422)
    assert acts_on(claim) == [Act.CREATE]


def test_dismissed_claims_keep_the_reason_and_can_be_restored(desk: Client) -> None:
    claim = factories.claim()
    page = post(desk, "dismiss", claim, confirmed="yes", reason="Not a claim.")
    assertContains(page, "1 dismissed.")
    assertContains(page, 'name="do" value="restore"')
    claim.refresh_from_db()
    assert claim.stage == Stage.DISMISSED
    assert Event.objects.of(claim).last().reason == "Not a claim."  # type: ignore[union-attr]
    post(desk, "restore", claims=str(claim.pk))
    claim.refresh_from_db()
    assert claim.stage == Stage.OPEN


def test_recheck_dates_and_priorities_are_set(desk: Client) -> None:
    claim = factories.claim()
    assertContains(post(desk, "recheck", claim, confirmed="yes", recheck_on="May 2027"), "1 given the re-check date.")
    assertContains(post(desk, "priority", claim, confirmed="yes", priority="4"), "1 given the priority.")
    claim.refresh_from_db()
    assert (claim.recheck_on, str(claim.recheck_from), claim.priority) == ("2027-05", "2027-05-01", Priority.URGENT)
    post(desk, "recheck", claim, confirmed="yes", recheck_on="")
    claim.refresh_from_db()
    assert (claim.recheck_on, claim.recheck_from) == ("", None)


@pytest.mark.parametrize(
    ("do", "field", "value"), [("recheck", "recheck_on", "2027-13"), ("priority", "priority", "9")]
)
def test_wrong_values_are_refused_at_the_field(desk: Client, do: str, field: str, value: str) -> None:
    claim = factories.claim()
    assert post(desk, do, claim, confirmed="yes", **{field: value}).status_code == 422
    assert acts_on(claim) == [Act.CREATE]


def test_ticked_claims_go_into_a_set_and_those_held_are_told(desk: Client) -> None:
    held, new = factories.claim(), factories.claim()
    claim_set = factories.claim_set(title="Budget", claims=(held,))
    assertContains(post(desk, "set", held, new), "Budget")
    page = post(desk, "set", held, new, confirmed="yes", claim_set=str(claim_set.pk))
    assertContains(page, "1 added to “Budget”. 1 was in it already.")
    assert set(claim_set.claims.all()) == {held, new}


def test_without_a_set_it_offers_to_create_one(desk: Client) -> None:
    assertContains(post(desk, "set", factories.claim()), "There is no claim set yet.")


def test_nothing_ticked_is_told(desk: Client) -> None:
    assertContains(post(desk, "assign"), "Tick the claims first.")


def test_too_many_are_refused_as_a_whole(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_bulk, "MOST", 1)
    claims = [factories.claim(), factories.claim()]
    page = post(desk, "assign", *claims)
    assertContains(page, "At most 1 claims can be changed at once; 2 were ticked.", status_code=413)
    assert not Claim.objects.exclude(assignee=None).exists()


@pytest.mark.parametrize("claims", ["x", "-1", "1,x", "9" * 30, "١", "\x00"])
def test_what_is_no_number_is_refused(desk: Client, claims: str) -> None:
    assert post(desk, "assign", claims=claims).status_code == 400


@pytest.mark.parametrize("do", ["", "approve", "assign\x00"])
def test_unknown_acts_are_refused(desk: Client, do: str) -> None:
    assert post(desk, do, factories.claim()).status_code == 400


def test_readers_may_not(reader: User, signed_in: SignIn) -> None:
    assert post(signed_in(reader), "assign", factories.claim()).status_code == 403


def test_a_claim_costs_the_same_however_many_are_ticked(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(42) as one:
        post(desk, "assign", factories.claim(), follow=False)
    claims = [factories.claim() for _ in range(10)]
    per_claim = 8  # three of them savepoints
    with django_assert_max_num_queries(len(one) + 9 * per_claim):
        post(desk, "assign", *claims, follow=False)
