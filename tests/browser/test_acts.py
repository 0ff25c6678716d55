"""How few acts the daily work takes. The figures are those of the issue; Label Studio and doccano need more."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, SignIn
from tests.browser.hands import Hands, new_claim, new_text

LINK = "https://www.example.org/summit"
QUOTE = "Japan took part in the summit for the first time."


def submitted(page: Page) -> str:
    """The reference of the claim that the newest message says waits for review."""
    toast = page.locator("#toasts [data-toast]").last
    expect(toast).to_contain_text("waits for review")
    found = re.match(r"\S+", toast.inner_text())
    assert found
    return found[0]


def give_verdict(hands: Hands, digit: str, reason: str) -> None:
    hands.key(digit)
    hands.type(reason)
    hands.key("Control+Enter")


def test_the_first_verdict_takes_eight_acts_from_the_sign_in_page(sign_in: SignIn, desk: Desk) -> None:
    title, _ = new_text(sign_in("reviewer"), "Japan joined the summit.", "Korea joined it too.")
    page = sign_in()
    page.goto("/")
    hands = Hands(page)

    hands.type("analyst")
    hands.key("Tab")
    hands.type(desk.passwords["analyst"])
    hands.key("Enter")
    hands.click(page.get_by_role("link", name=title).first)
    expect(page.locator("#panel input[name=verdict]").first).to_be_visible()
    give_verdict(hands, "1", "The table of the yearbook says so.")

    assert submitted(page)
    assert hands.acts <= 8


def test_each_further_claim_takes_three_keys_and_no_mouse(sign_in: SignIn) -> None:
    title, _ = new_text(sign_in("reviewer"), "It was so.", "It is so.", "It will be so.", "It may be so.")
    page = sign_in("analyst")
    page.goto("/")
    page.get_by_role("link", name=title).first.click()
    references = []

    for digit in "123":
        selected = page.locator("#panel [data-selected]")
        before = selected.get_attribute("data-selected")
        expect(page.locator("#panel input[name=verdict]").first).to_be_visible()
        hands = Hands(page)
        give_verdict(hands, digit, f"Reason number {digit}.")
        assert (hands.acts, hands.clicks) == (3, 0)
        expect(selected).not_to_have_attribute("data-selected", before or "")
        references.append(submitted(page))

    assert len(set(references)) == 3


def test_evidence_with_link_quote_and_stance_takes_four_acts(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")
    hands = Hands(page)

    hands.key("e")
    hands.paste(LINK + "/pasted")
    hands.paste(QUOTE)
    hands.click(page.get_by_role("button", name="Refutes"))

    piece = page.locator(".ev[data-stance=refutes]")
    expect(piece).to_contain_text(QUOTE)
    assert hands.acts == 4


def test_evidence_typed_in_one_go_takes_four_keys_and_no_mouse(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")
    hands = Hands(page)

    hands.key("e")
    hands.type(f"{LINK}/typed\n{QUOTE}")
    hands.key("Control+Enter")
    hands.key("Enter")

    piece = page.locator(".ev[data-stance=supports]")
    expect(piece.locator("blockquote")).to_have_text(QUOTE)
    expect(piece.locator(f"a[href='{LINK}/typed']")).to_be_visible()
    assert (hands.acts, hands.clicks) == (4, 0)


def test_a_comment_takes_two_acts(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")
    hands = Hands(page)

    hands.key("m")
    hands.type("Who counted this?\n")

    expect(page.locator(".thread .said")).to_have_text("Who counted this?")
    assert hands.acts == 2


def test_shift_and_enter_begin_a_line_in_a_comment(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")

    page.keyboard.press("m")
    page.keyboard.type("One line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and another\n")

    expect(page.locator(".thread .said")).to_have_text("One line\nand another", use_inner_text=True)


def test_an_approval_takes_two_acts_from_the_desk(sign_in: SignIn) -> None:
    page = sign_in("reviewer")
    page.goto("/")
    hands = Hands(page)

    hands.click(page.locator("#q-review").locator("xpath=ancestor::section").locator("a.t").first)
    hands.click(page.get_by_role("button", name="Approve as"))

    expect(page.locator("#toasts [data-toast]").last).to_contain_text("is verified")
    assert hands.acts == 2


def test_a_csv_of_the_verified_claims_takes_two_acts_from_the_desk(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/")
    hands = Hands(page)

    hands.click(page.get_by_role("button", name="Export verified"))
    with page.expect_download() as download:
        hands.click(page.get_by_role("link", name="CSV"))

    assert "assertion" in download.value.path().read_text().splitlines()[0]
    assert hands.acts == 2


def test_a_csv_of_what_the_list_shows_takes_two_acts_too(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/claims/")
    hands = Hands(page)

    hands.click(page.get_by_role("button", name="Export this view"))
    with page.expect_download() as download:
        hands.click(page.get_by_role("link", name="CSV verified"))

    assert download.value.suggested_filename.endswith(".csv")
    assert hands.acts == 2
