"""Every key of the map in claims/keys.py, pressed; and where keys must do nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from claims import keys
from tests.browser.conftest import SignIn
from tests.browser.hands import make_document, new_claim, new_text

# Worth checking, so that they stand in the margin.
WORTHY = (
    "Japan spent 46 billion dollars in 2022.",
    "Korea was ninth-largest in 2021.",
    "Australia spent 2 percent more.",
)
THREE = ("Japan joined the summit.", "Korea joined it too.", "Australia came as well.")


def selected(page: Page) -> Locator:
    return page.locator("#panel [data-selected]")


def open_text(page: Page, sign_in: SignIn) -> list[str]:
    """Three open claims in a text; the first is selected. Their ids, in order."""
    title, claims = new_text(sign_in("reviewer"), *THREE)
    page.goto("/documents/")
    page.get_by_role("link", name=title).first.click()
    expect(selected(page)).to_have_attribute("data-selected", str(claims[0]))
    return [str(claim) for claim in claims]


def test_j_and_k_step_through_the_claims_of_a_text(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claims = open_text(page, sign_in)

    page.keyboard.press("j")
    expect(selected(page)).to_have_attribute("data-selected", claims[1])
    expect(page.locator(f"#text mark[data-claim='{claims[1]}']")).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(selected(page)).to_have_attribute("data-selected", claims[2])
    page.keyboard.press("k")
    expect(selected(page)).to_have_attribute("data-selected", claims[1])
    expect(page).to_have_url(re.compile(rf"claim={claims[1]}\b"))  # the address follows


def test_u_goes_to_the_next_unchecked_claim(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claims = open_text(page, sign_in)

    page.keyboard.press("u")

    expect(selected(page)).to_have_attribute("data-selected", claims[1])


def test_p_hides_and_shows_the_panel(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    open_text(page, sign_in)

    page.keyboard.press("p")
    expect(page.locator("#panel")).to_be_hidden()
    page.keyboard.press("p")
    expect(page.locator("#panel")).to_be_visible()


def test_n_makes_a_claim_of_the_selected_words(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(make_document(page, THREE[0]))

    page.locator("#text .para > p").select_text()
    page.keyboard.press("n")
    expect(page.locator("#new-claim textarea")).to_be_focused()
    expect(page.locator("#new-claim textarea")).to_have_value(THREE[0])
    page.keyboard.press("Control+Enter")

    expect(page.locator("#text mark[data-stage=open]")).to_have_text(THREE[0])
    expect(page.locator("#new-claim")).to_be_hidden()


def test_a_accepts_a_suggestion_and_x_says_that_it_is_no_fact(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(make_document(page, " ".join(WORTHY)))
    expect(page.locator("#panel")).to_contain_text("Sentence 1 of 3")

    page.keyboard.press("x")
    expect(page.locator("#panel")).to_contain_text("Sentence 2 of 3")
    page.keyboard.press("a")

    expect(page.locator("#text mark[data-stage=open]")).to_have_text(WORTHY[1])
    expect(page.locator("#text mark[data-stage=undecided]")).to_have_text(WORTHY[2])


def test_digits_choose_the_verdict_and_lead_to_the_reason(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")

    for number in range(1, 8):
        page.keyboard.press(str(number))
        expect(page.locator("input[name=verdict]").nth(number - 1)).to_be_checked()
        expect(page.get_by_label("Rationale")).to_be_focused()
        page.keyboard.press("Escape")  # gives the keys back


def test_e_and_m_lead_to_the_link_and_the_comment(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")

    page.keyboard.press("e")
    expect(page.get_by_label("Link")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator("#comment-form textarea")).to_be_focused()


def test_i_takes_the_claim_z_undoes_it_and_r_requests_review(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")

    page.keyboard.press("i")
    expect(page.locator(".claimhead .stage").first).to_have_text("In progress")
    page.keyboard.press("z")
    expect(page.locator(".claimhead .stage").first).to_have_text("Open")
    page.keyboard.press("2")
    page.keyboard.type("The yearbook says so.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")

    expect(page.locator(".path [aria-current=step]")).to_contain_text("In review")


def test_j_k_x_and_enter_work_on_the_list(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/claims/?stage=verified")
    links, ticks = page.locator("[data-row] .t a"), page.locator("[data-row] input")

    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(ticks.nth(1)).to_be_checked()
    for key in ("j", "j", "j", "k", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator("[data-row] input:checked")).to_have_count(3)
    expect(page.locator("[data-count]")).to_have_text("3 ticked")
    address = links.nth(3).get_attribute("href")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{address}")


def test_slash_question_mark_and_control_k_open_what_they_say(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/claims/")

    page.keyboard.press("/")
    expect(page.locator("[type=search]")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    for shortcut in (shortcut for section in keys.SECTIONS for shortcut in section.shortcuts):
        expect(page.locator("#help dd", has_text=shortcut.does).first).to_be_visible()


def test_g_and_a_letter_go_to_each_place(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/")

    for name, (_, letter) in keys.GO.items():
        with page.expect_navigation(url=f"**{reverse(name)}"):
            page.keyboard.press("g")
            page.keyboard.press(letter.lower())


def test_the_palette_leads_to_what_was_typed(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/")

    page.keyboard.press("Control+k")
    page.keyboard.type("JN-12")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("JN-12")
    page.keyboard.press("Enter")

    expect(page.locator(".claimhead .crumbs")).to_contain_text("JN-12")


def in_a_field(page: Page) -> None:
    page.locator("#comment-form textarea").focus()


def in_a_dialog(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


@pytest.mark.parametrize("place", [in_a_field, in_a_dialog])
def test_keys_do_nothing(sign_in: SignIn, place: object) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")
    assert callable(place)
    place(page)

    for key in "i1e":
        page.keyboard.press(key)

    assert nothing_happened(page)


def test_keys_do_nothing_with_a_modifier(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")

    for key in ("Alt+i", "Control+i", "Meta+i", "Alt+1", "Control+e"):
        page.keyboard.press(key)

    assert nothing_happened(page)


def nothing_happened(page: Page) -> bool:
    expect(page.locator(".claimhead .stage").first).to_have_text("Open")
    unchosen = page.locator("input[name=verdict]:checked").count() == 0
    return unchosen and not page.locator("#evidence-add").evaluate("details => details.open")


@contextmanager
def single_keys_off(page: Page) -> Iterator[None]:
    """Switched off in the list of keys, and on again at the end: the other tests share the person."""
    switch(page, on=False)
    try:
        yield
    finally:
        page.goto("/keys/")
        switch(page, on=True)


def switch(page: Page, *, on: bool) -> None:
    page.goto("/keys/")
    with page.expect_response("**/keys/single/"):
        page.locator("main [data-single-keys]").set_checked(on)


def test_single_keys_can_be_switched_off_and_on_again(sign_in: SignIn) -> None:
    page = sign_in("admin")

    with single_keys_off(page):
        page.goto("/claims/?stage=verified")
        page.keyboard.press("?")
        page.keyboard.press("j")
        expect(page.locator("#help")).to_be_hidden()
        expect(page.locator("[data-row] .t a").first).not_to_be_focused()
        page.keyboard.press("Control+k")  # what takes a modifier still works
        expect(page.locator("#palette")).to_be_visible()

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
