"""Triage in a browser: a whole text by keyboard, several claims of a sentence, many at once, two people, no script."""

import re
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from claims.intake.sentences import sentences
from tests.browser.conftest import SignIn, violations, violations_in_both_schemes
from tests.browser.hands import Hands, make_document

# Written for this test: figures and events to check, opinions, predictions, a question, asides.
TEXT = """# The harbour of Norrvik

Norrvik opened its harbour in 1887. It was the third-largest port of the coast until 1911. In that year a storm sank
40 ships. The town rebuilt the quay within 18 months at a cost of 2.1 million crowns.

I have always loved the place. Who would not? The old customs house is simply beautiful.

## Trade

Timber made up 62 percent of all exports in 1923. Fish came second with 21 percent. According to the harbour office,
3,400 people worked on the quays in that year. The share of women among them was twice as high as in any other port.
Wages rose by a third between 1919 and 1925, and strikes fell by half.

Trade is the lifeblood of a town. Water is wet.

## The bridge

The bridge across the sound was built between 1931 and 1934. It is 812 metres long, 14 metres wide, and was the
longest of its kind in Europe for nine years. The minister said that it had cost less than half of what was planned.
Eleven workers died while it was built.

Traffic will double by 2040. The council should widen the road. We will probably see a second bridge one day.

Since 2015 the number of trucks has increased by 38 percent. The mayor promised in 2021 that no toll would be
charged. Today a crossing costs 4 euros.

That is a disgrace!
"""
SENTENCES = len(sentences(TEXT))
_numbers = count(1)


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    return sign_in("analyst")


def open_triage(page: Page, query: str = "", text: str = TEXT) -> str:
    """A document of this test's own, at its triage; the path of the triage."""
    path = f"{make_document(page, text, f'Norrvik {next(_numbers)}')}triage/"
    page.goto(f"{path}{query}")
    expect(page.locator("#panel [data-selected]")).to_be_attached()
    return path


def selected(page: Page) -> str:
    return page.locator("#panel [data-selected]").get_attribute("data-selected") or ""


def moved_on(page: Page, before: str) -> None:
    expect(page.locator("#panel [data-selected]")).not_to_have_attribute("data-selected", before)


def rows(page: Page) -> Locator:
    return page.locator("#rows > [data-row]:not([data-decided])")


def decided(page: Page) -> Locator:
    return page.locator("#counts .push")


def decide(page: Page, key: str) -> None:
    before = selected(page)
    page.keyboard.press(key)
    moved_on(page, before)


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def key_for(words: str) -> str:
    """What an analyst would decide, roughly: enough to press every key."""
    if re.search(r"will |should", words):
        return "p"
    if re.search(r"love|beautiful|disgrace|lifeblood", words):
        return "o"
    if "wet" in words:
        return "c"
    return "a" if re.search(r"\d|said|worker|second|third", words) else "x"


def test_a_whole_text_is_triaged_by_keyboard_alone(page: Page) -> None:
    open_triage(page, "?from=0")
    hands = Hands(page)
    expect(rows(page)).to_have_count(SENTENCES)
    pressed: list[str] = []

    for _ in range(SENTENCES):
        before = selected(page)
        key = key_for(page.locator("#context mark").inner_text())
        pressed.append(key)
        hands.key(key)
        if key == "a":
            expect(page.get_by_label("Assertion")).to_be_focused()
            hands.key("Control+Enter")
        moved_on(page, before)

    expect(page.locator("#panel")).to_contain_text(f"All {SENTENCES} sentences are decided.")
    expect(decided(page)).to_have_text(f"{SENTENCES} of {SENTENCES} decided")
    expect(rows(page)).to_have_count(0)
    assert set(pressed) == set("aopcx")
    assert hands.clicks == 0
    assert hands.acts == SENTENCES + pressed.count("a")


def test_the_threshold_comes_first_and_what_is_below_it_is_one_key_away(page: Page) -> None:
    open_triage(page)
    worthy = rows(page).count()
    assert 0 < worthy < SENTENCES

    for _ in range(worthy):
        decide(page, "x")

    expect(page.locator("#panel")).to_contain_text("or more is left")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Show all").last.focus()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(SENTENCES - worthy)


def test_j_and_k_move_the_row_and_the_panel(page: Page) -> None:
    open_triage(page, "?from=0&order=text")
    keys = [row.get_attribute("data-claim") for row in page.locator("#rows .t").all()]
    assert selected(page) == keys[0]

    for key, at in (("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(page.locator("#panel [data-selected]")).to_have_attribute("data-selected", keys[at] or "")
        expect(page.locator(f"#rows [data-claim='{keys[at]}']")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(rf"sentence={(keys[0] or '')[1:]}$"))


def test_keys_pressed_in_one_go_decide_on_the_sentence_that_was_meant(page: Page) -> None:
    open_triage(page, "?from=0&order=text")
    keys = [row.get_attribute("data-claim") for row in page.locator("#rows .t").all()]
    meant = page.locator(f"#rows [data-claim='{keys[3]}'] bdi").inner_text()

    page.evaluate("""() => {
      for (const key of "jjjo") document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }""")

    toast(page, "Sentence 4: opinion.")
    expect(page.locator("#panel [data-selected]")).to_have_attribute("data-selected", keys[4] or "")
    expect(page.locator("#rows")).not_to_contain_text(meant)
    expect(decided(page)).to_have_text(f"1 of {SENTENCES} decided")


def test_a_key_pressed_twice_does_not_decide_on_what_was_not_seen(page: Page) -> None:
    open_triage(page, "?from=0")

    page.evaluate("""() => {
      for (const key of "xx") document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }""")
    toast(page, "no fact")
    page.wait_for_timeout(500)

    expect(decided(page)).to_have_text(f"1 of {SENTENCES} decided")


def test_a_key_pressed_as_soon_as_the_next_sentence_is_shown_decides_on_it(page: Page) -> None:
    open_triage(page, "?from=0")
    page.evaluate("""() => {
      const key = () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
      new MutationObserver((_, observer) => { observer.disconnect(); setTimeout(key); })
        .observe(document.getElementById("panel"), { childList: true });
      key();
    }""")

    expect(decided(page)).to_have_text(f"2 of {SENTENCES} decided")


def test_several_claims_come_from_one_sentence(page: Page) -> None:
    path = open_triage(page, "?from=0")
    page.locator("#rows .t", has_text="It is 812 metres long").focus()
    page.keyboard.press("Enter")  # opens the row,
    expect(page.locator("#context mark")).to_contain_text("812 metres")
    page.keyboard.press("Enter")  # and leads from it to the panel
    expect(page.locator("#panel")).to_be_focused()
    before = selected(page)

    page.keyboard.press("a")
    expect(page.get_by_label("Assertion")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("The bridge across the sound is 812 metres long.")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("812 metres long")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#panel")).to_contain_text("Claims made of it")
    assert selected(page) == before
    expect(page.get_by_label("Assertion")).to_have_value(re.compile("^It is 812 metres long, 14"))
    page.get_by_label("Words of the text").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("words that are not there")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#claim-form .error")).to_contain_text("not in the sentence")
    page.keyboard.press("Control+a")
    page.keyboard.type("14 metres wide")
    page.keyboard.press("Control+Enter")
    moved_on(page, before)

    page.goto(path.replace("triage/", ""))
    marks = page.locator("#text mark[data-stage=open]")
    expect(marks).to_have_text(["812 metres long", "14 metres wide"])


def test_words_selected_in_the_paragraph_become_the_quote(page: Page) -> None:
    open_triage(page, "?from=0")
    page.locator("#rows .t", has_text="Wages rose").click()
    expect(page.locator("#context mark")).to_contain_text("Wages rose")

    page.evaluate("""() => {
      const node = document.querySelector("#context mark").firstChild;
      const start = node.data.indexOf("strikes");
      getSelection().setBaseAndExtent(node, start, node, start + "strikes fell by half".length);
    }""")
    expect(page.get_by_label("Words of the text")).to_have_value("strikes fell by half")
    expect(page.get_by_label("Assertion")).to_have_value("strikes fell by half")
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")

    toast(page, "is made of sentence")


def test_z_takes_back_one_decision_after_the_other(page: Page) -> None:
    open_triage(page, "?from=0")
    first = selected(page)
    decide(page, "o")
    second = selected(page)
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    moved_on(page, second)
    expect(decided(page)).to_have_text(f"2 of {SENTENCES} decided")

    page.keyboard.press("z")
    toast(page, "is dismissed")
    expect(page.locator("#panel [data-selected]")).to_have_attribute("data-selected", second)
    page.keyboard.press("z")
    expect(page.locator("#panel [data-selected]")).to_have_attribute("data-selected", first)

    expect(decided(page)).to_have_text(f"0 of {SENTENCES} decided")
    expect(rows(page)).to_have_count(SENTENCES)
    expect(rows(page).first).to_have_attribute("id", f"row-{first[1:]}")


def test_a_note_goes_with_the_decision(page: Page) -> None:
    path = open_triage(page, "?from=0")
    first = selected(page)

    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("A matter of taste.")
    page.keyboard.press("Escape")
    decide(page, "o")

    page.goto(f"{path}?sentence={first[1:]}")
    expect(page.locator("#panel")).to_contain_text("Opinion, decided by analyst")
    expect(page.locator("#panel")).to_contain_text("A matter of taste.")


def test_many_are_ticked_previewed_decided_and_undone_by_keyboard(page: Page) -> None:
    open_triage(page, "?from=0&order=text")
    for key in ("j", "t", "j", "j", "j", "Shift+T"):
        page.keyboard.press(key)
    expect(page.locator("[data-count]")).to_have_text("4 ticked")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("Decide on 4 sentences together")
    page.keyboard.press("x")
    expect(page.get_by_role("radio", name="No fact")).to_be_checked()
    page.keyboard.press("Control+Enter")
    toast(page, "4 sentences: no fact.")
    expect(decided(page)).to_have_text(f"4 of {SENTENCES} decided")

    page.keyboard.press("z")

    toast(page, "4 sentences undecided again.")
    expect(decided(page)).to_have_text(f"0 of {SENTENCES} decided")


def test_all_below_the_threshold_are_decided_together(page: Page) -> None:
    open_triage(page)
    worthy = rows(page).count()

    page.get_by_role("button", name=re.compile("Decide on all .* below")).click()
    expect(page.locator("#bulk [name=seen]")).to_have_count(SENTENCES - worthy)
    page.locator("#bulk [name=seen]").first.uncheck()
    page.get_by_label("Opinion").check()
    page.get_by_role("button", name="Decide").click()

    toast(page, f"{SENTENCES - worthy - 1} sentences: opinion.")


def look(page: Page) -> None:
    """Ask at once what others did, instead of waiting for it."""
    page.evaluate("htmx.trigger('#pulse', 'look')")


def test_two_people_see_each_others_decisions_and_overwrite_none(page: Page, sign_in: SignIn) -> None:
    path = open_triage(page, "?from=0&order=text")
    other = sign_in("reviewer")
    other.goto(f"{path}?from=0&order=text")
    first = selected(page)
    other.keyboard.press("j")
    moved_on(other, first)
    other.keyboard.press("j")

    decide(other, "o")
    page.keyboard.press("n")
    page.keyboard.type("Typing goes on")
    look(page)

    expect(page.locator("#rows [data-decided]")).to_contain_text("decided by reviewer: opinion")
    expect(decided(page)).to_have_text(f"1 of {SENTENCES} decided")
    expect(page.locator("#note-text")).to_be_focused()
    expect(page.locator("#note-text")).to_have_value("Typing goes on")
    assert selected(page) == first

    other.goto(f"{path}?from=0&order=text&sentence={first[1:]}")
    decide(other, "p")
    look(page)
    expect(page.locator("#meanwhile")).to_contain_text("reviewer decided just now: prediction")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#panel [role=alert]")).to_contain_text("reviewer has decided on this sentence")
    expect(page.locator("#panel")).to_contain_text("No fact")
    assert violations(page) == []
    page.get_by_role("button", name="Put mine in its place").click()
    moved_on(page, first)
    other.keyboard.press("z")
    toast(other, "Not undone: analyst has decided on sentence 1 since: no fact.")


def test_a_row_that_somebody_opens_again_comes_back_in_its_place(page: Page, sign_in: SignIn) -> None:
    path = open_triage(page, "?from=0&order=text")
    order = [row.get_attribute("id") for row in rows(page).all()]
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(rows(page)).to_have_count(SENTENCES - 1)
    other = sign_in("reviewer")
    other.goto(f"{path}?sentence={(order[1] or '').removeprefix('row-')}")
    other.get_by_role("button", name="Undecided again").click()
    toast(other, "undecided again")

    look(page)

    expect(rows(page)).to_have_count(SENTENCES)
    assert [row.get_attribute("id") for row in rows(page).all()] == order


def test_the_list_goes_on_where_it_ends(page: Page) -> None:
    text = " ".join(f"In 19{number} port {number} lost {number} ships." for number in range(10, 75))
    open_triage(page, "?from=0&order=text", text)
    expect(rows(page)).to_have_count(50)
    page.locator("#rows .t").last.click()
    expect(page.locator("#context mark")).to_contain_text("In 1959")

    page.keyboard.press("j")
    expect(page.locator("#context mark")).to_contain_text("In 1960")
    expect(rows(page)).to_have_count(65)
    decide(page, "x")

    expect(page.locator("#context mark")).to_contain_text("In 1961")


def test_single_keys_do_nothing_when_switched_off(page: Page) -> None:
    open_triage(page, "?from=0")
    page.evaluate("document.documentElement.dataset.singleKeys = 'off'")

    page.keyboard.press("x")
    page.keyboard.press("j")
    page.wait_for_timeout(300)

    expect(decided(page)).to_have_text(f"0 of {SENTENCES} decided")


def test_without_script_sentences_are_decided_one_by_one_and_together(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    open_triage(page, "?from=0&order=text")

    page.locator("#rows .t").nth(5).click()
    expect(page.locator("#context mark")).to_contain_text("I have always loved")
    page.locator("#decide").get_by_role("button", name="Opinion").click()
    toast(page, "Sentence 6: opinion.")
    expect(page.locator("#context mark")).to_contain_text("Who would not?")
    page.get_by_role("button", name=re.compile("Undo")).click()
    expect(page.locator("#context mark")).to_contain_text("I have always loved")
    page.locator("#rows .t", has_text="Timber made up").click()
    page.get_by_label("Words of the text").fill("62 percent of all exports")
    page.get_by_role("button", name="Make it and stay").click()
    expect(page.locator("#panel")).to_contain_text("Claims made of it")
    for at in (0, 1):
        page.locator("#rows [name=sentence]").nth(at).check()
    page.get_by_role("button", name="Decide on them together").click()
    page.get_by_label("Common knowledge").check()
    page.get_by_role("button", name="Decide").click()

    toast(page, "2 sentences: common knowledge.")
    expect(decided(page)).to_have_text(f"3 of {SENTENCES} decided")


def test_on_a_phone_the_sheet_holds_the_acts(sign_in: SignIn) -> None:
    page = sign_in("analyst", width=390, height=800, touch=True)
    open_triage(page, "?from=0")
    before = selected(page)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

    assert page.evaluate(overflow) == 0
    page.locator("#decide").get_by_role("button", name="No fact").tap()
    moved_on(page, before)
    page.locator("[data-grip]").tap()
    expect(page.locator("#panel")).to_have_attribute("data-open", "")
    assert violations(page) == []
    page.locator("#panel").get_by_role("button", name="Make the claim").tap()
    toast(page, "is made of sentence")


def test_no_state_of_the_triage_has_a_violation(page: Page, sign_in: SignIn) -> None:
    path = open_triage(page, "?from=0")
    page.keyboard.press("t")
    page.keyboard.press("n")
    assert violations_in_both_schemes(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#panel")).to_contain_text("Claims made of it")
    assert violations_in_both_schemes(page) == []
    page.goto(f"{path}?from=100")
    assert violations_in_both_schemes(page) == []
    page.get_by_role("button", name=re.compile("Decide on all .* below")).click()
    expect(page.locator("#bulk")).to_be_visible()
    assert violations_in_both_schemes(page) == []
    reader = sign_in("reviewer", dark=True)
    reader.goto(f"{path}?from=0&order=text")
    assert violations(reader) == []
