"""Claim sets by keyboard, and preflight as people see it."""

import re

from playwright.sync_api import expect

from tests.browser.addresses import ANALYST
from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import path_of, post


def test_a_claim_is_moved_by_keyboard_and_the_keyboard_stays_there(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    made = path_of(post(page, "/sets/add/", {"title": "Order by keyboard", "filter": "q=first+NATO+summit"}))
    post(page, f"{made}claims/add/", {"references": "JN-51, JN-52"})
    page.goto(made)
    button = page.get_by_role("button", name="Move JN-52 up")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("JN-52 is at place")
    expect(page.get_by_role("button", name="Move JN-52 up")).to_be_focused()
    assert page.url.partition("#")[2] == button.get_attribute("id")


def test_what_blocks_is_left_out_on_the_preflight_page(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    made = path_of(post(page, "/sets/add/", {"title": "Preflight by hand", "filter": "stage=open"}))
    page.goto(f"{made}preflight/")
    page.get_by_label("Why they are left out").fill("They are not checked yet.")
    page.get_by_role("button", name=re.compile("Leave out")).click()
    expect(page.get_by_text("Every claim of the set is left out")).to_be_visible()
    page.get_by_role("button", name=re.compile("Take back in")).first.click()
    expect(page.get_by_text(re.compile(r"1 claim blocks a release"))).to_be_visible()


def test_sets_of_each_kind_and_their_preflight_have_no_violation(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    kinds = ["/sets/2/", "/sets/3/", "/sets/add/?filter=stage%3Dopen", "/sets/2/edit/"]
    for address in [*kinds, "/sets/", "/sets/1/preflight/", "/sets/3/preflight/"]:
        page.goto(address)
        assert violations_in_both_schemes(page) == [], address
