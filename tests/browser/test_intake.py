"""Texts come in: the way is chosen, a file is read while one watches, and one ends among its sentences."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import make_document

SENTENCES = 20_000  # enough to see the meter move


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "budget.md"
    lines = (f"In {1000 + n} the members spent {n} million more than before." for n in range(SENTENCES))
    path.write_text("# Budgets of the alliance\n\n" + "\n\n".join(lines))
    return path


def choose_file(page: Page, path: Path) -> None:
    page.goto("/documents/add/")
    page.locator("[name=how][value=uploaded]").check()
    page.set_input_files("input[type=file]", path)
    page.get_by_label("Source", exact=True).fill("NATO")


def test_a_file_is_read_while_one_watches_and_leads_to_its_sentences(sign_in: SignIn, report: Path) -> None:
    page = sign_in("analyst")
    choose_file(page, report)
    page.get_by_role("button", name="Add document").click()
    page.wait_for_url("**/jobs/**")
    expect(page.locator("#job-status")).to_have_attribute("role", "status")
    expect(page.get_by_role("progressbar", name="Looking at its sentences")).to_be_visible()
    assert violations_in_both_schemes(page) == []

    page.wait_for_url(re.compile(r"/documents/\d+/triage/"), timeout=60_000)
    expect(page.get_by_role("main")).to_contain_text("Budgets of the alliance")


def test_without_script_the_page_reloads_itself_and_leads_on_by_a_link(sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Japan joined the summit of the members this year. Nobody else did, as far as is known.")
    page = sign_in("analyst", script=False)
    choose_file(page, path)
    page.get_by_role("button", name="Add document").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("link", name="Go through its sentences").click(timeout=30_000)

    page.wait_for_url(re.compile(r"/documents/\d+/triage/"))
    expect(page.get_by_role("main")).to_contain_text("Japan joined the summit of the members")


def test_work_is_cancelled_and_tried_again_with_its_file(sign_in: SignIn, report: Path) -> None:
    report.write_text(report.read_text() + "\n\nCancelled in the middle.")
    page = sign_in("analyst")
    choose_file(page, report)
    page.get_by_label("Authors").fill("Ann Writer")
    page.get_by_role("button", name="Add document").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#job")).to_contain_text("It was cancelled.", timeout=30_000)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    page.get_by_role("link", name="Try again").click()

    expect(page.get_by_label("Authors")).to_have_value("Ann Writer")
    expect(page.locator(".pane.uploaded")).to_contain_text("budget.md is still here")


def test_only_the_chosen_way_is_shown_and_a_second_text_is_pointed_out(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/documents/add/")
    text, file = page.locator("[name=text]"), page.locator("[name=file]")
    expect(text).to_be_hidden()
    expect(page.get_by_label("Link to the text")).to_be_visible()
    page.locator("[name=how][value=pasted]").check()
    expect(file).to_be_hidden()
    expect(page.get_by_label("Address, if it has one")).to_be_visible()
    text.fill("One sentence.")
    page.locator("[name=how][value=fetched]").check()
    page.get_by_label("Link to the text").fill("https://www.example.org/a")
    page.get_by_role("button", name="Add document").click()

    expect(text).to_be_visible()
    expect(page.locator("#id_text_error")).to_contain_text("Link is chosen, and here is a text too")


def test_a_file_that_is_too_large_is_not_even_sent(sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "film.pdf"
    path.write_bytes(bytes(20_000_001))
    page = sign_in("analyst")
    choose_file(page, path)
    expect(page.get_by_role("alert")).to_have_text("“film.pdf” is larger than 20 MB, and was not taken.")
    expect(page.locator("[name=file]")).to_have_value("")
    path.write_bytes(b"One sentence.")
    page.set_input_files("input[type=file]", path)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_pasted_draft_leads_to_what_became_of_the_claims(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(make_document(page, "Japan joined the summit. Korea joined it too."))
    page.get_by_role("link", name="New draft").click()
    expect(page.locator("[value=pasted]")).to_be_checked()
    page.get_by_role("textbox", name="Text").fill("Japan joined the summit of June. Korea joined it too.")
    page.get_by_role("button", name="Add draft").click()

    page.wait_for_url(re.compile(r"/documents/\d+/drafts/2/"))
