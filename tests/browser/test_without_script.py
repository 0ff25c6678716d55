"""The day's work in a browser that runs no script: every act is a form or a link."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, SignIn, through_the_form
from tests.browser.hands import make_document, new_claim, new_review, post


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def test_people_sign_in_and_out(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in(script=False)

    through_the_form(page, desk, "analyst")
    expect(page.get_by_role("navigation", name="Main")).to_contain_text("Claims")
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()

    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_a_sentence_becomes_a_claim_and_another_none(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto(make_document(page, "Japan joined the summit in June 2022. Korea was the ninth-largest spender in 2021."))

    page.locator(".marginal a", has_text="Japan joined").click()
    page.locator("#panel").get_by_role("button", name="Create claim").click()
    toast(page, "is made")
    expect(page.locator("#text mark[data-stage=open]")).to_have_text("Japan joined the summit in June 2022.")
    page.locator(".marginal a", has_text="Korea was").click()
    page.locator("#panel").get_by_role("button", name="Opinion").click()

    expect(page.locator("#text mark[data-stage=undecided]")).to_have_count(0)


def test_an_assessment_is_drafted_and_submitted(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto(f"/claims/{new_claim(page)}/")

    page.get_by_label("Rationale").fill("So far one source.")
    page.get_by_role("button", name="Save draft").click()
    toast(page, "Draft saved")
    expect(page.get_by_label("Rationale")).to_have_value("So far one source.")
    page.get_by_role("button", name="Request review").click()
    expect(page.locator(".error").first).to_be_visible()  # no verdict yet; the text is still there
    expect(page.get_by_label("Rationale")).to_have_value("So far one source.")
    page.locator("input[name=verdict]").first.check()
    page.get_by_role("button", name="Request review").click()

    toast(page, "waits for review")


def test_evidence_and_a_comment_are_added(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto(f"/claims/{new_claim(page)}/")

    page.locator("#evidence-add > summary").click()
    page.get_by_label("Link").fill("https://www.example.org/without-script\nThe quote below its link.")
    page.get_by_role("button", name="Refutes").click()
    expect(page.locator(".ev[data-stance=refutes] blockquote")).to_have_text("The quote below its link.")
    page.locator("#comment-form textarea").fill("Where is *page 2*?")
    page.get_by_role("button", name="Comment", exact=True).click()

    expect(page.locator(".thread .said em")).to_have_text("page 2")


def test_the_list_is_filtered_and_exported(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto("/claims/")

    page.locator("#filters [name=stage][value=verified]").check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**stage=verified**")
    page.get_by_role("button", name="Export this view").click()
    with page.expect_download() as download:
        page.locator("#export a", has_text="CSV").first.click()

    assert "verified" in download.value.path().read_text()


def test_a_reviewer_approves_and_sends_back(sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    good, poor = new_review(analyst), new_review(analyst)
    page = sign_in("reviewer", script=False)

    page.goto(f"/claims/{good}/")
    page.get_by_role("button", name="Approve as").click()
    toast(page, "is verified")
    page.goto(f"/claims/{poor}/")
    page.get_by_label("Note to").fill("Which page?")
    page.get_by_role("button", name="Send back").click()

    toast(page, "went back to analyst")


def test_the_palette_and_the_keys_are_pages(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto("/")

    page.locator(".jump").click()
    page.get_by_role("main").locator("input[name=q]").fill("JN-12")
    page.get_by_role("main").locator("input[name=q]").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("JN-12")
    page.goto("/keys/")
    expect(page.get_by_role("main").get_by_role("heading", name="Document")).to_be_visible()


def test_two_versions_are_merged(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    claim = new_claim(page, "Japan joined the summit.")
    page.goto(f"/claims/{claim}/edit/")
    wording = {"kind": "event", "assertion": "Japan joined the summit in June.", "as_of": "2023-05", "version": "1"}
    post(sign_in("reviewer"), f"/claims/{claim}/edit/", wording)

    page.get_by_label("Assertion").fill("Japan joined the NATO summit.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#result-assertion")).to_have_value("Japan joined the NATO summit in June.")
    page.get_by_role("button", name="Save merged version").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Japan joined the NATO summit in June.")


def test_an_act_is_undone_from_its_message(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto(f"/claims/{new_claim(page)}/")

    page.get_by_role("button", name="Take").click()
    expect(page.locator(".claimhead .stage").first).to_have_text("In progress")
    page.get_by_role("button", name=re.compile("Undo")).click()

    expect(page.locator(".claimhead .stage").first).to_have_text("Open")
