"""Two people at the same claim: the second is told, sees both texts, and loses nothing that was typed."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import assessments, claims
from claims.choices import Stage
from claims.models import Claim, User
from tests import factories

HTMX_MAIN = {"HX-Request": "true", "HX-Target": "main"}
HTMX_PANEL = {"HX-Request": "true", "HX-Target": "panel"}
SignedIn = Callable[[User], Client]

BASE = "Japan had the ninth-largest budget in 2021."
MINE = "Japan had the ninth-largest budget in 2021, before Korea."
THEIRS = "Japan had the ninth-largest military budget in 2021."
BOTH = "Japan had the ninth-largest military budget in 2021, before Korea."


@pytest.fixture
def ines(db: None) -> User:
    return factories.user("ines", first_name="Ines", last_name="Okoye")


@pytest.fixture
def claim(analyst: User) -> Claim:
    return factories.claim(by=analyst, assertion=BASE)


def wording(claim: Claim, **changed: object) -> dict[str, object]:
    names = ("assertion", "kind", "speaker", "as_of", "reference_period", "how_to_check", "version")
    return {name: getattr(claim, name) for name in names} | changed


def edit_url(claim: Claim) -> str:
    return reverse("claim_edit", args=[claim.pk])


def reword(claim: Claim, by: User, **changed: str) -> None:
    """By someone else, behind the back of the one who holds `claim`."""
    stored = Claim.objects.get(pk=claim.pk)
    claims.edit_claim(stored, by=by, version=stored.version, **changed)


def test_the_second_to_save_sees_both_texts_and_who_came_first(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim
) -> None:
    reword(claim, ines, assertion=THEIRS)
    answer = signed_in(analyst).post(edit_url(claim), wording(claim, assertion=MINE))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ines Okoye saved this claim" in page
    assert "you started from version 1, now there is version 2" in page
    assert "<ins>, before Korea</ins>" in page
    assert "<ins>military </ins>" in page
    assert f">{BOTH}</textarea>" in page
    assert Claim.objects.get(pk=claim.pk).assertion == THEIRS


def test_htmx_gets_the_merge_page_in_place_of_main(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim
) -> None:
    reword(claim, ines, assertion=THEIRS)
    answer = signed_in(analyst).post(edit_url(claim), wording(claim, assertion=MINE), headers=HTMX_PANEL)
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#main"
    assert answer.content.decode().lstrip().startswith("<main")


@pytest.mark.parametrize(("choice", "stored"), [("mine", MINE), ("theirs", THEIRS), ("edited", "Put together.")])
def test_the_merge_page_saves_what_is_chosen(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim, choice: str, stored: str
) -> None:
    reword(claim, ines, assertion=THEIRS)
    client = signed_in(analyst)
    page = client.post(edit_url(claim), wording(claim, assertion=MINE))
    field = page.context["different"][0]
    data = wording(claim, assertion="Put together.", version=page.context["claim"].version)
    data |= {"use_assertion": choice, "mine_assertion": field.mine, "theirs_assertion": field.theirs}
    assert client.post(edit_url(claim), data).status_code == 303
    assert Claim.objects.get(pk=claim.pk).assertion == stored


def test_a_merge_can_itself_come_too_late(signed_in: SignedIn, analyst: User, ines: User, claim: Claim) -> None:
    reword(claim, ines, assertion=THEIRS)
    client = signed_in(analyst)
    client.post(edit_url(claim), wording(claim, assertion=MINE))
    reword(claim, ines, assertion="A third wording.")
    again = client.post(edit_url(claim), wording(claim, assertion=BOTH, version=2))
    assert again.status_code == 409
    assert "A third wording." in again.content.decode()
    assert BOTH in again.content.decode()
    assert again.context["claim"].version == 3


def test_what_only_one_person_changed_is_proposed_as_they_left_it(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim
) -> None:
    reword(claim, ines, speaker="Kishida")
    page = signed_in(analyst).post(edit_url(claim), wording(claim, assertion=MINE))
    fields = {field.bound.name: field for field in page.context["different"]}
    assert (fields["assertion"].changed_by, fields["assertion"].result) == ("mine", MINE)
    assert (fields["speaker"].changed_by, fields["speaker"].result) == ("theirs", "Kishida")


def test_priority_and_tags_are_merged_the_same_way(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim
) -> None:
    stored = Claim.objects.get(pk=claim.pk)
    claims.organise_claim(stored, by=ines, version=1, priority=4, recheck_on="", tags=["NATO"])
    data = {"version": 1, "priority": 3, "recheck_on": "2026-10", "tags": "budget"}
    page = signed_in(analyst).post(reverse("claim_organise", args=[claim.pk]), data)
    assert page.status_code == 409
    fields = {field.bound.name: field for field in page.context["different"]}
    assert (fields["priority"].in_words(fields["priority"].theirs), fields["tags"].theirs) == ("Urgent", "NATO")
    assert fields["recheck_on"].changed_by == "mine"


def typed(claim: Claim) -> dict[str, object]:
    return {
        "version": claim.version,
        "verdict": factories.verdict("outdated").pk,
        "rationale": "What I typed.",
        "as_of": "2023",
    }


@pytest.mark.parametrize("headers", [{}, HTMX_MAIN, HTMX_PANEL], ids=["page", "main", "panel"])
def test_a_verdict_on_an_older_wording_is_held_back_and_can_be_sent_for_the_new_one(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim, headers: dict[str, str]
) -> None:
    reword(claim, ines, assertion=THEIRS)
    client = signed_in(analyst)
    url = reverse("assessment_submit", args=[claim.pk])
    answer = client.post(url, typed(claim), headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ines Okoye changed the wording" in page
    assert "<ins>military </ins>" in page
    assert "What I typed." in page
    assert Claim.objects.get(pk=claim.pk).stage == Stage.OPEN

    version = answer.context["assessment_form"]["version"].value()
    assert client.post(url, typed(claim) | {"version": version}).status_code == 303
    assert Claim.objects.get(pk=claim.pk).stage == Stage.IN_REVIEW


def test_a_change_of_priority_does_not_hold_a_verdict_back(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim
) -> None:
    stored = Claim.objects.get(pk=claim.pk)
    claims.organise_claim(stored, by=ines, version=1, priority=4, recheck_on="", tags=[])
    assert signed_in(analyst).post(reverse("assessment_submit", args=[claim.pk]), typed(claim)).status_code == 303


@pytest.mark.parametrize("name", ["submit", "draft"])
def test_a_verdict_that_comes_after_anothers_is_not_lost(
    signed_in: SignedIn, analyst: User, ines: User, claim: Claim, name: str
) -> None:
    factories.submitted(Claim.objects.get(pk=claim.pk), by=ines)
    answer = signed_in(analyst).post(reverse(f"assessment_{name}", args=[claim.pk]), typed(claim))
    assert answer.status_code == 409
    assert "What I typed." in answer.content.decode()


@pytest.mark.parametrize("name", ["approve", "return"])
@pytest.mark.parametrize("headers", [{}, HTMX_MAIN, HTMX_PANEL], ids=["page", "main", "panel"])
def test_a_decision_over_a_changed_claim_is_held_back_with_what_was_done(
    signed_in: SignedIn, reviewer: User, ines: User, claim: Claim, name: str, headers: dict[str, str]
) -> None:
    factories.submitted(claim, by=ines)
    seen = claim.version
    assessments.withdraw(claim, by=ines)
    factories.submitted(claim, by=ines, verdict_key="refuted")
    data = {"version": seen, "reason": "My note."}
    answer = signed_in(reviewer).post(reverse(f"assessment_{name}", args=[claim.pk]), data, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The claim changed while you were reading it." in page
    assert "withdrew the assessment" in page
    assert "My note." in page
    assert Claim.objects.get(pk=claim.pk).stage == Stage.IN_REVIEW
    assert answer.context["decision_form"]["version"].value() == str(claim.version)


def test_a_decision_on_what_was_withdrawn_says_where_it_stands(
    signed_in: SignedIn, reviewer: User, ines: User, claim: Claim
) -> None:
    factories.submitted(claim, by=ines)
    seen = claim.version
    assessments.withdraw(claim, by=ines)
    url = reverse("assessment_approve", args=[claim.pk])
    answer = signed_in(reviewer).post(url, {"version": seen, "reason": ""})
    assert answer.status_code == 409
    assert "Not possible while the claim is in progress." in answer.content.decode()
