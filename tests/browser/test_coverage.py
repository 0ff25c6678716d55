"""The map of a text by keyboard, and declaring a document complete: the desk, the page and the undo agree."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.hands import make_document, post

TEXT = "# Ships\n\nJapan joined. Korea did not.\n\n# Planes\n\nNobody flew.\n\nThen someone did."


def decide_all(page: Page, document: str) -> str:
    """Every sentence states no fact, decided one after the other; the id of the last."""
    last = ""
    while undecided := re.search(r'href="\S+\?sentence=(\d+)', page.request.get(f"{document}coverage/").text()):
        last = undecided[1]
        post(page, f"/sentences/{last}/dispose/", {"disposition": "no_fact"})
    return last


def test_every_paragraph_of_the_map_is_reached_by_tab_and_leads_to_its_place(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    document = make_document(page, TEXT)
    page.goto(f"{document}coverage/")
    expect(page.get_by_role("img", name="Paragraph 1: 2 sentences undecided")).to_be_visible()

    page.get_by_role("link", name=re.compile("^Heading: 1 sentence")).first.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Paragraph 1: 2 sentences undecided")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"part=1#p1$"))
    expect(page.locator("#p1")).to_be_in_viewport()


def test_a_document_is_declared_complete_and_that_is_taken_back_by_z(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    document = make_document(page, TEXT)
    decide_all(page, document)
    page.goto(f"{document}coverage/")

    page.get_by_role("button", name="Declare the check complete").press("Enter")
    expect(page.get_by_text("Complete, by")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()


def test_a_decision_taken_back_in_the_text_takes_the_completeness_away_at_once(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    document = make_document(page, TEXT)
    sentence = decide_all(page, document)
    post(page, f"{document}complete/", {})
    page.goto(f"{document}?sentence={sentence}")
    expect(page.locator("#coverage")).to_contain_text("Complete, by")

    page.locator("#panel").get_by_role("button", name="Undecided again").click()
    expect(page.locator("#coverage")).not_to_contain_text("Complete, by")
