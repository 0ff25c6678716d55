"""A page of a real site here is captured, changed, taken down and brought back, and the desk notices each."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import new_claim, propose
from tests.fetching.site import LIVING, Living
from tests.intake.sheets import xlsx

FILLING = (
    "World military expenditure grew for the eighth year in a row, and reached an all-time high of 2,240 billion.",
    "The three largest spenders, by far, were the United States, China and Russia; together they spent 56 per cent.",
)
QUOTE = "Japan has the world's ninth-largest military budget"
PATIENT = 30_000  # ms; a job waits for its worker
_numbers = count(1)


def say(living: Living, rank: str) -> None:
    living.write(f"Japan has the world’s {rank}-largest military budget.", *FILLING)


@pytest.fixture
def living() -> Iterator[Living]:
    """The page that the site shows at every address of this test, as new."""
    LIVING.__init__()  # type: ignore[misc]
    say(LIVING, "ninth")
    yield LIVING
    LIVING.__init__()  # type: ignore[misc]


@pytest.fixture
def address(site: str, living: Living) -> str:
    """One of this test's own."""
    return f"{site}/living?number={next(_numbers)}"


@pytest.fixture
def analyst(sign_in: SignIn) -> Page:
    return sign_in("analyst")


def add_as_evidence(page: Page, claim: int, address: str, quote: str = QUOTE) -> Locator:
    """Add the address with a quote, by the form; the piece that it becomes."""
    page.goto(f"/claims/{claim}/")
    page.keyboard.press("e")
    page.get_by_label("Link", exact=True).fill(address)
    page.get_by_label("Quote", exact=True).fill(quote)
    page.get_by_role("button", name="Supports").click()
    return page.locator(".ev[data-stance=supports]")


def captured(page: Page, claim: int, address: str, quote: str = QUOTE) -> Locator:
    """The same, once it is captured, which the page shows by itself."""
    piece = add_as_evidence(page, claim, address, quote)
    expect(piece).to_contain_text("Captured,", timeout=PATIENT)
    return piece


def approve(page: Page, claim: int) -> None:
    page.goto(f"/claims/{claim}/")
    page.get_by_role("button", name="Approve as").click()
    expect(page.locator("#toasts")).to_contain_text("is verified")


def look_again(page: Page, address: str) -> Locator:
    """Tick the link among all links, and have it looked at; its row when that is over."""
    page.goto("/links/")
    row(page, address).get_by_role("checkbox").check()
    page.get_by_role("button", name="Look again").click()
    expect(page.locator("#toasts")).to_contain_text("1 page is looked at again")
    until(page, lambda: row(page, address).get_by_text("Being looked at").count() == 0)
    return row(page, address)


def row(page: Page, address: str) -> Locator:
    return page.locator("[data-row]").filter(has_text=address)


def until(page: Page, is_over: Callable[[], bool]) -> None:
    """Load the page again until it says so."""
    for _ in range(PATIENT // 500):
        page.reload()
        if is_over():
            return
        page.wait_for_timeout(500)
    pytest.fail(f"it never came to that on {page.url}")


def test_a_page_is_captured_changed_taken_down_and_brought_back(
    sign_in: SignIn, analyst: Page, living: Living, address: str
) -> None:
    claim = new_claim(analyst, "Japan's military budget is the ninth-largest of the world.")
    piece = captured(analyst, claim, address)
    expect(piece.get_by_role("link", name="Quote found in the capture", exact=True)).to_be_visible()
    propose(analyst, claim)
    approve(sign_in("reviewer"), claim)
    analyst.reload()
    expect(analyst.get_by_role("main")).not_to_contain_text("something else now")

    expect(look_again(analyst, address)).to_contain_text("Still says so")

    say(living, "tenth")
    expect(look_again(analyst, address)).to_contain_text("Changed")
    analyst.goto(f"/claims/{claim}/")
    expect(analyst.get_by_role("main")).to_contain_text("given as evidence, says something else now where it is quoted")
    expect(piece).to_contain_text("Says something else now")
    expect(
        piece.get_by_role("link", name="Quote found in the capture", exact=True)
    ).to_be_visible()  # in what was seen first
    analyst.goto("/due/")
    expect(analyst.get_by_role("main")).to_contain_text("says something else now where it is quoted")

    living.status = 404
    missing = look_again(analyst, address)
    expect(missing).to_contain_text("Unreachable")
    expect(missing).to_contain_text("The site answered 404: there is no such page.")
    living.status = 410
    expect(look_again(analyst, address)).to_contain_text("The site answered 410: the page is gone.")
    analyst.goto(f"/claims/{claim}/")
    expect(piece).to_contain_text("No longer says so")

    living.status = 200
    say(living, "ninth")
    expect(look_again(analyst, address)).to_contain_text("Still says so")
    analyst.goto(f"/claims/{claim}/")
    expect(piece).to_contain_text("Still says so")

    piece.get_by_role("link", name="Captured,").click()
    attempts = analyst.get_by_role("region", name="Attempts").locator("ol > li")
    expect(attempts).to_have_count(6)
    expect(attempts.filter(has_text="HTTP 410")).to_have_count(1)


def test_the_words_are_marked_in_the_captured_text(analyst: Page, address: str) -> None:
    piece = captured(analyst, new_claim(analyst), address)
    piece.get_by_role("link", name="Quote found in the capture", exact=True).click()

    expect(analyst.locator("mark.quoted")).to_have_text("Japan has the world’s ninth-largest military budget")


def test_what_differs_is_shown_word_by_word(analyst: Page, address: str) -> None:
    piece = captured(analyst, new_claim(analyst), address, quote=QUOTE.replace("ninth", "tenth"))
    piece.get_by_role("link", name="Quote found with differences").click()

    expect(analyst.locator("aside del, aside ins").first).to_be_visible()


def test_a_site_that_is_down_leaves_the_link_not_captured_until_it_is_tried_again(
    analyst: Page, living: Living, address: str
) -> None:
    living.status = 403
    piece = add_as_evidence(analyst, new_claim(analyst), address)
    expect(piece).to_contain_text("Not captured: The site answered 403", timeout=PATIENT)
    living.status = 200
    piece.get_by_role("button", name="Try again").click()

    expect(piece).to_contain_text("Quote found in the capture", timeout=PATIENT)
    expect(piece).to_contain_text("Captured,")
    assert re.search(r"/claims/\d+/$", analyst.url)


def test_what_a_page_says_of_itself_is_taken_over_by_a_click(analyst: Page, address: str) -> None:
    captured(analyst, new_claim(analyst), address).get_by_role("link", name="Captured,").click()
    analyst.get_by_role("button", name="Take over Title").click()

    expect(analyst.locator("#toasts")).to_contain_text("Title taken over: Trends")
    expect(analyst.locator(".crumbs")).to_contain_text("Trends")


def test_a_spreadsheet_becomes_evidence_without_script(sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "budgets.xlsx"
    path.write_bytes(xlsx([["Country", "Spending"], ["Japan", 45992.07]], formats={"B2": "#,##0.0"}))
    page = sign_in("analyst", script=False)
    claim = new_claim(page)
    page.goto(f"/claims/{claim}/evidence/file/")
    page.set_input_files("input[type=file]", path)
    page.get_by_label("Supports").check()
    page.get_by_label("Quote").fill("Japan | 45,992.1")
    page.get_by_label("Source", exact=True).fill("NATO")
    page.get_by_role("button", name="Add evidence").click()
    until(page, lambda: page.locator(".ev").get_by_text("Quote found in the capture", exact=True).count() == 1)

    page.locator(".ev").get_by_text("Quote found in the capture", exact=True).click()
    expect(page.locator("mark.quoted")).to_have_text("Japan | 45,992.1")


@pytest.mark.parametrize("width", [390, 1440])
def test_links_captures_and_the_captured_text_are_accessible_and_fit(
    sign_in: SignIn, living: Living, address: str, width: int
) -> None:
    page = sign_in("analyst", width=width)
    claim = new_claim(page)
    piece = captured(page, claim, address)
    text = piece.get_by_role("link", name="Quote found in the capture", exact=True).get_attribute("href")
    captures = piece.get_by_role("link", name="Captured,").get_attribute("href")
    say(living, "tenth")
    look_again(page, address)
    for place in ("/links/", "/links/?state=changed", text, captures, f"/claims/{claim}/evidence/file/"):
        page.goto(str(place))
        assert violations_in_both_schemes(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth") == width, place
