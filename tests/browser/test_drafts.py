"""The walk through a new draft: by keyboard, without script, on a phone, and before the accessibility scanner."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import make_claim, make_document, make_draft

OFFICE, MEMBERS, FISH = "The office is to open in 2024", "NATO has thirty-one members", "Fish live in the sea"
FUTURE = "Nobody here doubts that the partnership will deepen in the years that are to come"
OLD = f"{OFFICE}. {MEMBERS}. {FISH}.\n\n{FUTURE}."
NEW = f"{FUTURE}.\n\nThe office opened in May 2024. NATO has thirty-two members. Birds fly at dusk."


def walk(page: Page) -> dict[str, int]:
    """Open the walk through a draft in which three passages wait and one is kept; the claims by their words."""
    document = make_document(page, OLD)
    claims = {quote: make_claim(page, document, OLD, quote) for quote in (OFFICE, MEMBERS, FISH, FUTURE)}
    page.goto(make_draft(page, document, NEW))
    return claims


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def waiting(page: Page, count: int) -> None:
    expect(page.get_by_role("navigation", name="Waiting").get_by_role("listitem")).to_have_count(count)


def choose(page: Page, words: str) -> None:
    page.locator(".choice label", has_text=words).click()


def at_hand(page: Page, claim: int) -> None:
    expect(page.locator("#passage .claimed")).to_contain_text(f"C-{claim}")


def test_a_draft_is_walked_through_by_keyboard_alone(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claims = walk(page)

    at_hand(page, claims[OFFICE])
    page.keyboard.press("j")
    at_hand(page, claims[MEMBERS])
    expect(page).to_have_url(re.compile(r"\?passage=\d+$"))
    page.keyboard.press("k")
    at_hand(page, claims[OFFICE])

    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    toast(page, f"C-{claims[OFFICE]} stands in snapshot 2.")
    at_hand(page, claims[MEMBERS])
    waiting(page, 2)

    number = re.search(r"passage=(\d+)", page.url)
    assert number
    assert page.locator("#passage").get_attribute("data-selected") == f"r{number[1]}"

    page.keyboard.press("3")
    expect(page.get_by_label("What the new claim asserts")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("NATO has thirty-two members.")
    page.keyboard.press("Control+Enter")
    toast(page, "is made of the words now")
    at_hand(page, claims[FISH])

    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Snapshot 2 is walked through")
    expect(page.get_by_role("link", name="coverage of the document")).to_be_visible()

    page.keyboard.press("z")
    toast(page, f"C-{claims[FISH]} waits for a decision again.")
    at_hand(page, claims[FISH])
    waiting(page, 1)


def test_a_refused_decision_keeps_what_was_typed(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    walk(page)
    page.keyboard.press("1")
    page.get_by_label("Its words now").fill("Nowhere in it.")
    page.get_by_label("Reason").fill("A long thought.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#passage .error")).to_have_text("These words are not in the new text. Copy them from it.")
    expect(page.get_by_label("Reason")).to_have_value("A long thought.")
    expect(page.get_by_role("radio", name="Same claim", exact=False).first).to_be_checked()


def test_what_a_choice_asks_for_shows_with_it(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    walk(page)
    assertion, quote = page.get_by_label("What the new claim asserts"), page.get_by_label("Its words now")
    expect(assertion).to_be_hidden()
    page.keyboard.press("3")
    expect(assertion).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    expect(assertion).to_be_hidden()
    expect(quote).to_be_hidden()


def test_a_draft_is_walked_through_without_script(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    claims = walk(page)

    choose(page, "Same claim, check again")
    page.get_by_role("button", name="Save and go on").click()
    toast(page, f"C-{claims[OFFICE]} stands in snapshot 2 and is to be checked again.")
    choose(page, "Another claim now")
    page.get_by_label("What the new claim asserts").fill("NATO has thirty-two members.")
    page.get_by_role("button", name="Save and go on").click()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    toast(page, "is dismissed.")
    choose(page, "No longer in the text")
    page.get_by_role("button", name="Save and go on").click()
    at_hand(page, claims[FISH])
    choose(page, "No longer in the text")
    page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Snapshot 2 is walked through")


def test_what_was_kept_is_folded_and_says_where_it_went(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    walk(page)
    page.get_by_text("1 unchanged", exact=True).click()
    page.get_by_role("link", name="Nobody here doubts").click()
    expect(page.locator("#passage")).to_contain_text("Kept: the same words, in a place beyond doubt.")
    expect(page.get_by_role("button", name="Decide on it")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_walk_is_accessible_and_fits(sign_in: SignIn, width: int) -> None:
    page = sign_in("analyst", width=width)
    walk(page)
    page.keyboard.press("3")
    assert violations_in_both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    choose(page, "Another claim now")
    page.get_by_role("button", name="Save and go on").click()
    toast(page, "is made of the words now")
    page.locator("summary", has_text="1 decided").click()
    page.locator("details[open] a").first.click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    assert violations_in_both_schemes(page) == []
