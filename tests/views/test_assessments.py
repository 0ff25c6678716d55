"""Proposing a verdict, withdrawing it, and a second person's decision: in page, panel and without htmx."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import assessments
from claims.choices import Act, Decision, Stage
from claims.models import Assessment, Claim, Event, User
from tests import factories

HTMX_MAIN = {"HX-Request": "true", "HX-Target": "main"}
HTMX_PANEL = {"HX-Request": "true", "HX-Target": "panel"}
SignedIn = Callable[[User], Client]


def url(name: str, claim: Claim) -> str:
    return reverse(f"assessment_{name}", args=[claim.pk])


def typed(claim: Claim, **changed: object) -> dict[str, object]:
    return {
        "version": claim.version,
        "verdict": factories.verdict("outdated").pk,
        "confidence": "high",
        "rationale": "Ninth in 2021, tenth in 2022.",
        "as_of": "2023-05",
        **changed,
    }


def decision(claim: Claim, **changed: object) -> dict[str, object]:
    return {"version": claim.version, "reason": "", **changed}


def test_the_form_offers_the_desk_scale_and_the_claims_date(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim(as_of="2023-05-24")
    page = signed_in(analyst).get(claim.get_absolute_url()).content.decode()
    assert page.count('name="verdict"') == 7
    assert 'value="2023-05-24"' in page
    assert f'data-keep="assessment-{claim.pk}"' in page


def test_an_assessment_is_submitted_for_review(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    assert signed_in(analyst).post(url("submit", claim), typed(claim)).status_code == 303
    claim.refresh_from_db()
    assert claim.stage == Stage.IN_REVIEW
    assert claim.pending
    assert (claim.pending.author, claim.pending.verdict) == (analyst, factories.verdict("outdated"))


def test_htmx_gets_the_new_state_where_the_form_was(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    answer = signed_in(analyst).post(url("submit", claim), typed(claim), headers=HTMX_PANEL, follow=True)
    page = answer.content.decode()
    assert "<html" not in page
    assert "waits for review" in page
    assert "Deciding on an assessment takes the reviewer role." in page


def test_pressing_twice_submits_once(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    data = typed(claim, token=str(uuid.uuid4()))
    client = signed_in(analyst)
    first, second = (client.post(url("submit", claim), data) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.url == second.url
    assert Event.objects.of(claim).filter(act=Act.SUBMIT).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("verdict", "", "Choose a verdict."),
        ("verdict", "999999", "Select a valid choice"),
        ("verdict", "supported", "Select a valid choice"),
        ("rationale", "  ", "Say why"),
        ("rationale", "a\x00b", "NUL"),
        ("rationale", "x" * 10_001, "At most 10000 characters"),
        ("as_of", "", "Say as of when"),
        ("as_of", "soon", ""),
        ("confidence", "total", "Select a valid choice"),
        ("version", "", ""),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX_MAIN, HTMX_PANEL], ids=["page", "main", "panel"])
def test_what_is_missing_or_wrong_is_said_in_place_and_the_rest_kept(
    signed_in: SignedIn, analyst: User, headers: dict[str, str], field: str, value: str, message: str
) -> None:
    claim = factories.claim()
    data = typed(claim, **{"rationale": "What I typed.", field: value})
    answer = signed_in(analyst).post(url("submit", claim), data, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert field == "rationale" or "What I typed." in page
    assert ("<html" in page) is not bool(headers)
    assert not claim.assessments.exists()


def test_a_retired_verdict_is_not_offered_or_taken(signed_in: SignedIn, analyst: User, admin: User) -> None:
    from claims.actions.verdicts import retire_verdict

    claim = factories.claim()
    retire_verdict(factories.verdict("outdated"), by=admin)
    assert signed_in(analyst).post(url("submit", claim), typed(claim)).status_code == 422


def test_a_draft_may_be_unfinished_and_comes_back(signed_in: SignedIn, analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    data = typed(claim, verdict="", rationale="Half a thought")
    assert signed_in(analyst).post(url("draft", claim), data).status_code == 303
    assert "Half a thought" in signed_in(analyst).get(claim.get_absolute_url()).content.decode()
    assert "Half a thought" not in signed_in(reviewer).get(claim.get_absolute_url()).context["assessment_form"].as_p()


def test_an_assessment_sent_back_is_what_its_author_starts_from(
    signed_in: SignedIn, analyst: User, reviewer: User
) -> None:
    claim = factories.claim(by=analyst)
    factories.submitted(claim, by=analyst, rationale="Too short.")
    assessments.return_(claim, by=reviewer, version=claim.version, reason="Name the year.")
    page = signed_in(analyst).get(claim.get_absolute_url())
    assert "Name the year." in page.content.decode()
    assert page.context["assessment_form"].initial["rationale"] == "Too short."


def test_the_author_withdraws_and_nobody_else(signed_in: SignedIn, analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=analyst)
    refused = signed_in(reviewer).post(url("withdraw", claim))
    assert refused.status_code == 403
    assert "Only the author" in refused.content.decode()
    assert signed_in(analyst).post(url("withdraw", claim)).status_code == 303
    claim.refresh_from_db()
    assert claim.stage == Stage.IN_PROGRESS


def test_a_reviewer_approves_in_one_act(signed_in: SignedIn, analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=analyst, verdict_key="mostly_supported")
    client = signed_in(reviewer)
    assert "Approve as mostly supported" in client.get(claim.get_absolute_url()).content.decode()
    answer = client.post(url("approve", claim), decision(claim, reason="Good."), headers=HTMX_MAIN, follow=True)
    assert answer.status_code == 200
    claim.refresh_from_db()
    assert (claim.stage, claim.verdict) == (Stage.VERIFIED, factories.verdict("mostly_supported"))
    assert claim.standing
    assert claim.standing.decision_reason == "Good."


def test_a_reviewer_sends_back_with_a_note(signed_in: SignedIn, analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=analyst)
    client = signed_in(reviewer)
    without = client.post(url("return", claim), decision(claim))
    assert without.status_code == 422
    assert "Say why, in a sentence." in without.content.decode()
    assert client.post(url("return", claim), decision(claim, reason="Name the year.")).status_code == 303
    assert Assessment.objects.get(claim=claim).decision == Decision.RETURNED


@pytest.mark.parametrize("name", ["approve", "return"])
def test_nobody_decides_on_their_own_assessment_by_a_forged_form(
    signed_in: SignedIn, reviewer: User, name: str
) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=reviewer)
    answer = signed_in(reviewer).post(url(name, claim), decision(claim, reason="Mine."))
    assert answer.status_code == 403
    assert "second person" in answer.content.decode()
    assert Assessment.objects.get(claim=claim).decision is None


@pytest.mark.parametrize("name", ["approve", "return"])
def test_analysts_do_not_decide(signed_in: SignedIn, analyst: User, name: str) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=factories.user("other"))
    answer = signed_in(analyst).post(url(name, claim), decision(claim, reason="Yes."))
    assert answer.status_code == 403
    assert "reviewer role" in answer.content.decode()
    assert (
        "Deciding on an assessment takes the reviewer role."
        in signed_in(analyst).get(claim.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("name", ["draft", "submit", "withdraw", "approve", "return"])
def test_readers_assess_nothing_and_no_act_answers_a_get(signed_in: SignedIn, reader: User, name: str) -> None:
    claim = factories.claim()
    assert signed_in(reader).post(url(name, claim), typed(claim)).status_code == 403
    assert signed_in(reader).get(url(name, claim)).status_code == 405


@pytest.mark.parametrize("version", ["", "x", "-1", str(2**70)])
def test_a_decision_without_a_version_is_refused(
    signed_in: SignedIn, analyst: User, reviewer: User, version: str
) -> None:
    claim = factories.claim()
    factories.submitted(claim, by=analyst)
    answer = signed_in(reviewer).post(url("approve", claim), decision(claim, version=version))
    assert answer.status_code == 422
    claim.refresh_from_db()
    assert claim.stage == Stage.IN_REVIEW


def test_markup_in_a_rationale_is_shown_as_text(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    client = signed_in(analyst)
    client.post(url("submit", claim), typed(claim, rationale="<script>alert(1)</script>\u202eabc"))
    assert "<script>alert" not in client.get(claim.get_absolute_url()).content.decode()
