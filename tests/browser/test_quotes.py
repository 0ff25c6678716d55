"""Quotes in a browser: words selected in the captured text, found there, differing, in two places, in Hebrew."""

import re
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import Hands, make_document, new_claim, post

TEXT = """Budgets compared

Japan comes tenth. Korea comes ninth, says the institute.

Korea comes ninth in another list, too. That is all.

התקציב של יפן גדל בשנת 2023. כך אמר המכון."""
HEBREW = "התקציב של יפן גדל"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Where the words stand on the page, from the middle of the first character to the middle of the last.
ENDS = """([first, last]) => {
  const place = (words, at) => {
    const walker = document.createTreeWalker(document.querySelector("#captured"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const found = walker.currentNode.data.indexOf(words);
      if (found < 0) continue;
      const range = document.createRange();
      range.setStart(walker.currentNode, found + (at < 0 ? words.length - 1 : 0));
      range.setEnd(walker.currentNode, found + (at < 0 ? words.length : 1));
      const box = range.getBoundingClientRect();
      return [at < 0 ? box.right : box.left, box.top + box.height / 2];
    }
  };
  return [place(first, 0), place(last, -1)];
}"""
_numbers = count(1)


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    return sign_in("analyst")


def new_text(page: Page, text: str = TEXT) -> tuple[str, str]:
    """A document with this text: the path of the captured text, and its title."""
    title = f"Table number {next(_numbers)} of quotes"
    return f"{make_document(page, text, title)}text/", title


def quote(page: Page, text: str, words: str, claim: int = 0) -> str:
    """The path of the captured text with these words quoted from it, for a claim of their own."""
    claim = claim or new_claim(page, "Korea is ninth.")
    document = re.sub(r"\D", "", text)
    fields = {"document": document, "quote": words, "stance": "supports", "provenance": "found", "credibility": "2"}
    place = post(page, f"/claims/{claim}/evidence/add/", fields, follow=False).headers["location"]
    return f"{text}?quote={place.rpartition('-')[2]}#quote"


def drag(page: Page, first: str, last: str) -> None:
    """Select with the mouse, from before `first` to behind `last`."""
    page.locator("#captured").scroll_into_view_if_needed()
    start, end = page.evaluate(ENDS, [first, last])
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def field(page: Page) -> Locator:
    return page.get_by_label("Quoted words")


def status(page: Page) -> Locator:
    return page.locator(".quotation .capture")


def test_words_selected_with_the_mouse_become_the_quote_of_new_evidence(page: Page) -> None:
    text, title = new_text(page)
    claim = new_claim(page, "Korea is ninth.")
    page.goto(f"/claims/{claim}/")
    page.locator("#evidence-add summary").first.click()
    page.locator("#evidence-add").get_by_label("Link").fill(title)
    page.get_by_role("link", name=re.compile(f"Select words in its text.*{title}")).click()
    expect(page).to_have_url(re.compile(rf"{text}\?claim={claim}$"))

    drag(page, "Korea comes ninth, says", "institute")
    expect(field(page)).to_have_value("Korea comes ninth, says the institute")
    page.get_by_role("button", name="Add as evidence…").click()
    expect(page.get_by_label("Quote", exact=True)).to_have_value("Korea comes ninth, says the institute")
    page.get_by_role("button", name="Supports").click()

    piece = page.locator(".ev")
    expect(piece.locator("blockquote")).to_have_text("Korea comes ninth, says the institute")
    expect(piece).to_contain_text("Quote found in the capture")
    piece.get_by_role("link", name="Quote found in the capture").click()
    expect(page.locator("#quote")).to_have_text("Korea comes ninth, says the institute")


def test_words_are_selected_by_keyboard_alone(page: Page) -> None:
    text, _ = new_text(page)
    page.goto(quote(page, text, "Nobody says any of this"))
    expect(status(page)).to_have_text("Quote not found in the capture")
    hands = Hands(page)
    while page.evaluate("document.activeElement.id") != "captured":
        hands.key("Tab")
        assert hands.acts < 40, "the text takes no focus"

    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "ArrowLeft", "ArrowRight"):
        hands.key(key)
    hands.key("Enter")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("comes")
    page.keyboard.press("Shift+Tab")
    while page.evaluate("document.activeElement.id") != "captured":
        hands.key("Shift+Tab")
    for _ in range(3):  # a full stop is a step
        hands.key("Shift+ArrowRight")
    hands.key("Enter")
    expect(field(page)).to_have_value("comes tenth. Korea")
    hands.key("Control+Enter")

    expect(status(page)).to_have_text("Quote found in the capture")
    expect(page.locator("#quote")).to_have_text("comes tenth. Korea")


def test_a_selection_over_paragraphs_is_found_and_marked_in_both(page: Page) -> None:
    text, _ = new_text(page)
    page.goto(quote(page, text, "Nobody says any of this"))
    drag(page, "says the institute.", "Korea comes ninth in")
    expect(field(page)).to_have_value("says the institute. Korea comes ninth in")
    page.get_by_role("button", name="Quote these words").click()

    expect(status(page)).to_have_text("Quote found in the capture")
    expect(page.locator("mark.quoted")).to_have_text(["says the institute.", "Korea comes ninth in"])


def test_words_of_the_first_line_are_selected_like_others(page: Page) -> None:
    text, _ = new_text(page, f"# {TEXT}")
    page.goto(quote(page, text, "Nobody says any of this"))
    drag(page, "Budgets compared", "Budgets compared")
    expect(field(page)).to_have_value("Budgets compared")
    page.get_by_role("button", name="Quote these words").click()
    expect(page.locator("h2 mark.quoted")).to_have_text("Budgets compared")


def test_a_deep_link_shows_the_quote_in_view_however_long_the_text(page: Page) -> None:
    lines = "\n\n".join(f"Line {number} of a long table, which goes on." for number in range(400))
    text, _ = new_text(page, lines)
    page.goto(quote(page, text, "Line 377 of a long table"))

    expect(page.locator("#quote")).to_have_text("Line 377 of a long table")
    expect(page.locator("#quote")).to_be_in_viewport()


def test_what_differs_is_shown_word_by_word(page: Page) -> None:
    text, _ = new_text(page)
    page.goto(quote(page, text, "Korea comes eighth, says the institute."))

    expect(status(page)).to_have_text("Quote found with differences")
    expect(page.locator(".quotation del")).to_have_text("eighth")
    expect(page.locator(".quotation ins")).to_have_text("ninth")
    expect(page.locator("#quote")).to_have_text("Korea comes ninth, says the institute.")


def test_of_two_places_one_is_chosen(page: Page) -> None:
    text, _ = new_text(page)
    page.goto(quote(page, text, "Korea comes ninth"))
    expect(page.get_by_text("These words stand in 2 places. Which one is meant?")).to_be_visible()
    expect(page.locator("mark#quote, mark#quote-2")).to_have_count(2)
    expect(page.locator(".quotation")).to_contain_text("in another list, too.")

    page.get_by_role("button", name=re.compile("This one.*place 2")).click()

    expect(page.locator(".toasts")).to_contain_text("This place is meant.")
    expect(status(page)).to_have_text("Quote found in the capture")
    expect(page.locator("#quote-1[data-other]")).to_have_text("Korea comes ninth")
    paragraph = page.locator("#captured p", has=page.locator("#quote"))
    expect(paragraph).to_contain_text("in another list")


def test_right_to_left_words_keep_their_direction(page: Page) -> None:
    text, _ = new_text(page)
    page.goto(quote(page, text, HEBREW))
    direction = "element => getComputedStyle(element).direction"

    expect(status(page)).to_have_text("Quote found in the capture")
    expect(page.locator("#quote")).to_have_text(HEBREW)
    for place in ("#captured p:has(#quote)", ".quotation blockquote"):
        assert page.locator(place).evaluate(direction) == "rtl"
    assert page.locator(".quotation > p.serif").evaluate(direction) == "ltr"  # the claim
    page.goto(page.locator(".quotation h2 a").get_attribute("href") or "")
    assert page.locator(".ev blockquote").evaluate(direction) == "rtl"


def test_without_script_words_are_typed_and_a_place_is_chosen(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    text, _ = new_text(page)
    page.goto(quote(page, text, "Nobody says any of this"))

    field(page).fill("Korea comes ninth")
    page.get_by_role("button", name="Quote these words").click()
    expect(status(page)).to_contain_text("Quote found in several places")
    page.get_by_role("button", name=re.compile("This one.*place 1")).click()

    expect(status(page)).to_have_text("Quote found in the capture")
    expect(page.locator("#quote")).to_have_text("Korea comes ninth")


def test_on_a_phone_nothing_is_cut_off(sign_in: SignIn) -> None:
    page = sign_in("analyst", width=390, height=800, touch=True)
    text, _ = new_text(page)
    for words in ("Korea comes ninth", "Korea comes eighth, says the institute.", HEBREW):
        page.goto(quote(page, text, words))
        assert page.evaluate(OVERFLOW) == 0
    page.goto(f"{text}?claim={new_claim(page)}")
    assert page.evaluate(OVERFLOW) == 0


def test_no_outcome_has_a_violation(page: Page) -> None:
    text, _ = new_text(page)
    outcomes = ("Korea comes ninth", "Korea comes eighth, says the institute.", HEBREW, "Nobody says any of this")
    for address in [quote(page, text, words) for words in outcomes]:
        page.goto(address)
        assert violations_in_both_schemes(page) == []
