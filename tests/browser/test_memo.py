"""The memo for a document's author, by hand: with script and without, on a phone, and for a screen reader."""

from pathlib import Path

from playwright.sync_api import Page, expect

from claims.releases.formats.report import report
from tests.browser.addresses import ANALYST
from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.releases.contents import claim, content, hostile


def test_the_memo_of_the_seeds_has_no_violation_and_fits_a_phone(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=360)
    page.goto("/documents/1/memo/")
    expect(page.get_by_role("heading", name="What to change")).to_be_visible()
    assert violations_in_both_schemes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_words_are_suggested_and_the_answer_is_noted_without_script(sign_in: SignIn) -> None:
    _suggest_and_answer(sign_in(ANALYST, script=False), "Without script")


def test_words_are_suggested_and_the_answer_is_noted_in_place(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    _suggest_and_answer(page, "In place")
    expect(page.locator("#toasts")).to_contain_text("Noted: stet")
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(".passage").first.locator(".answer")).to_have_count(0)


def _suggest_and_answer(page: Page, words: str) -> None:
    page.goto("/documents/1/memo/")
    passage = page.locator(".passage").nth(0 if words == "In place" else 1)
    passage.get_by_role("link", name="Suggest").click()
    page.get_by_label("Suggested wording").fill(f"{words}, it says otherwise.")
    page.get_by_role("button", name="Suggest").click()
    passage = page.locator(".passage").filter(has_text=f"{words}, it says otherwise.")
    passage.get_by_label("The author’s note").fill("Our count differs.")
    passage.get_by_role("button", name="Stet").click()
    expect(passage.locator(".answer")).to_contain_text("Stet: let it stand: Our count differs.")


def test_on_paper_there_are_boxes_to_tick_and_no_buttons(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    page.goto("/documents/1/memo/")
    page.emulate_media(media="print")
    passage = page.locator(".passage").first
    expect(passage.locator(".boxes")).to_be_visible()
    expect(passage.get_by_role("link", name="Suggest")).to_be_hidden()


def test_the_report_of_a_release_has_no_violation_loads_nothing_and_fits_a_phone(
    sign_in: SignIn, tmp_path: Path
) -> None:
    page = sign_in(width=360).context.new_page()  # the other one may still be asking for its icon
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for told in (content([claim(1), claim(2)]), hostile()):
        file = tmp_path / f"{told.header['claims']}.html"
        file.write_bytes(b"".join(report(told)))
        page.goto(file.as_uri())
        assert violations_in_both_schemes(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert asked == [file.as_uri()]
        asked.clear()
