"""Importing claims in a browser: by keyboard, without script, and looked at by axe at every step."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import make_upload

ROWS = "Satz;Art;Wer\nSweden joined in 2024 ({0}).;event;The PM\nFinland did too ({0}).;rumour;\n"


def file(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def finished(page: Page) -> None:
    expect(page.get_by_text("1 claim came in.")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Refused rows (1)")).to_be_visible()


def test_a_table_comes_in_by_keyboard_with_its_columns_chosen(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/claims/")
    page.get_by_role("link", name="Import", exact=True).press("Enter")
    page.locator("[name=file]").set_input_files(file("nato.csv", ROWS.format("by keyboard")))
    page.get_by_role("button", name="Go on to the columns").press("Enter")
    expect(page.get_by_text("No column is known to say what is claimed")).to_be_visible()
    assert violations_in_both_schemes(page) == []
    page.get_by_label("Assertion").focus()
    page.keyboard.type("Satz")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Sweden joined in 2024")).to_be_visible()
    page.get_by_label("Kind", exact=True).focus()
    page.keyboard.type("Art")
    page.keyboard.press("Tab")
    expect(page.get_by_text("“rumour” is none of")).to_be_visible()
    expect(page.get_by_label("Speaker", exact=True)).to_be_focused()
    assert violations_in_both_schemes(page) == []
    page.get_by_role("button", name="Import 2 rows").press("Enter")
    finished(page)
    assert violations_in_both_schemes(page) == []
    page.get_by_role("link", name="See the claims").press("Enter")
    expect(page.get_by_text("Sweden joined in 2024 (by keyboard).")).to_be_visible()


def test_it_takes_no_script(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    page.goto(make_upload(page, "nato.csv", ROWS.format("without script")))
    page.get_by_label("Assertion").select_option("Satz")
    page.get_by_label("Kind", exact=True).select_option("Art")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("“rumour” is none of")).to_be_visible()
    expect(page.get_by_label("Assertion")).to_have_value("Satz")
    page.get_by_role("button", name="Import 2 rows").click()
    finished(page)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_is_wider_than_the_screen(sign_in: SignIn, width: int) -> None:
    page = sign_in("analyst", width=width)
    for address in ("/claims/import/", make_upload(page, "nato.csv", ROWS.replace("Satz", "Claim"))):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
