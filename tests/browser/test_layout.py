"""Phones, fingers and selections: nothing overflows, targets can be hit, and offsets are exact."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import ADMIN, ANALYST, ENTRANCE, LARGE, every_page
from tests.browser.conftest import SignIn, violations
from tests.browser.hands import make_claim, make_document

NARROW = (390, 360)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A family of one character to the eye and five code points, a combining accent, and letters beyond 16 bits.
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
TEXT = f"The {FAMILY} of the e\u0301lite met \U00020bb7 in Naïve Nagano. Then 日本 rose.\n\nA second paragraph."

# Selects the words, wherever marks cut them; answers where they begin and end on the screen.
SELECT = """words => {
  const nodes = [];
  const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement } = walker.currentNode;
    if (parentElement.closest("p") && !parentElement.closest(".ref")) nodes.push(walker.currentNode);
  }
  const place = (offset) => {
    const at = nodes.findIndex((node) => offset <= node.length || (offset -= node.length) < 0);
    return [nodes[at], offset];
  };
  const start = nodes.map(({ data }) => data).join("").indexOf(words);
  const range = new Range();
  range.setStart(...place(start));
  range.setEnd(...place(start + words.length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  const boxes = [...range.getClientRects()];
  const [first, last] = [boxes.at(0), boxes.at(-1)];
  return [first.left, first.top + first.height / 2, last.right, last.top + last.height / 2];
}"""


def too_wide(page: Page, addresses: list[str]) -> dict[str, int]:
    """By how many pixels each page is wider than the window, at each narrow width."""
    found = {}
    for address in addresses:
        page.goto(address)
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 800})
            if excess := page.evaluate(OVERFLOW):
                found[f"{address} at {width}"] = excess
    return found


def test_no_page_is_wider_than_a_phone(sign_in: SignIn) -> None:
    page = sign_in(ADMIN, width=390)
    assert too_wide(page, every_page(page, sign_in) + LARGE) == {}


def test_no_page_before_the_sign_in_is_wider_than_a_phone(sign_in: SignIn) -> None:
    assert too_wide(sign_in(width=390), ENTRANCE) == {}


def test_every_target_can_be_hit(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=390, touch=True)
    found = {}

    for address in every_page(page, sign_in):
        page.goto(address)
        if small := violations(page, "target-size"):
            found[address] = small

    assert found == {}


def test_the_panel_of_a_phone_is_a_sheet_that_opens_and_closes(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=390, touch=True)
    page.goto("/documents/1/?claim=12")
    panel, rationale = page.locator("#panel"), page.get_by_label("Rationale")
    closed = panel.bounding_box()
    assert closed
    assert closed["height"] < 160

    panel.locator("[data-grip]").tap()
    expect(panel.locator("[data-grip]")).to_have_attribute("aria-expanded", "true")
    rationale.scroll_into_view_if_needed()
    expect(rationale).to_be_in_viewport()
    panel.locator("[data-grip]").tap()

    expect(panel).not_to_have_attribute("data-open", "")


def expect_offsets(page: Page, words: str) -> None:
    start = TEXT.index(words)
    box = page.locator("#new-claim")
    expect(box).to_be_visible()
    expect(box.locator("[name=start]")).to_have_value(str(start))
    expect(box.locator("[name=end]")).to_have_value(str(start + len(words)))
    expect(box.get_by_label("Assertion")).to_have_value(words)


def open_marked_text(page: Page) -> str:
    """The text, with two claims that overlap."""
    document = make_document(page, TEXT)
    for quote in ("e\u0301lite met \U00020bb7", "met \U00020bb7 in Naïve Nagano"):
        make_claim(page, document, TEXT, quote, f"Claim of {quote}")
    page.goto(document)
    return document


@pytest.mark.parametrize(
    "words",
    [
        "of the e\u0301lite met \U00020bb7 in",
        f"{FAMILY} of",
        "\U00020bb7 in Naïve Nagano. Then 日本",
        "Then 日本 rose.",
    ],
    ids=["across marks", "emoji", "out of a mark", "after marks"],
)
def test_a_claim_of_selected_words_has_exactly_their_place(sign_in: SignIn, words: str) -> None:
    page = sign_in(ANALYST)
    open_marked_text(page)

    left, top, right, bottom = page.evaluate(SELECT, words)
    page.evaluate("getSelection().removeAllRanges()")
    page.mouse.move(left + 0.5, top)
    page.mouse.down()
    page.mouse.move(right - 0.5, bottom, steps=8)
    page.mouse.up()
    expect_offsets(page, words)
    page.locator("#new-claim .btn.primary").click()

    expect(page.locator("#toasts")).to_contain_text("is made")
    expect(page.locator("#new-claim")).to_be_hidden()
    claim = page.locator("#panel [data-selected]").get_attribute("data-selected")
    said = page.locator(f"#text mark[data-claim='{claim}']").evaluate_all(
        "marks => marks.map(mark => { const copy = mark.cloneNode(true);"
        " copy.querySelectorAll('.ref').forEach(ref => ref.remove()); return copy.textContent; }).join('')"
    )
    assert said == words


def test_words_selected_by_touch_make_a_claim(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=390, touch=True)
    open_marked_text(page)
    words = "the e\u0301lite met \U00020bb7 in Naïve"

    page.evaluate(SELECT, words)  # as the handles of a touch screen do: no mouse, only a changed selection

    expect_offsets(page, words)
