"""Due claims in a browser: why, confirming one and several by keyboard, the second person; searches in vain."""

import re
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import Hands, make_claim, make_document, new_claim, post

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_numbers = count(1)


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    return sign_in("analyst")


def version(page: Page, claim: int) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.request.get(f"/claims/{claim}/").text())
    assert found
    return found[1]


def verified(page: Page, reviewer: Page, text: str, quote: str) -> int:
    """A claim of these words of a new document, with a verdict as of May 2023 that the reviewer approved."""
    claim = make_claim(page, make_document(page, text), text, quote)
    form = page.request.get(f"/claims/{claim}/").text()
    verdict = re.search(r'name="verdict" value="(\d+)"', form)
    assert verdict
    said = {"rationale": "The table says so.", "as_of": "2023-05", "verdict": verdict[1]}
    post(page, f"/claims/{claim}/assessment/submit/", {**said, "version": version(page, claim)})
    post(reviewer, f"/claims/{claim}/assessment/approve/", {"version": version(reviewer, claim)})
    return claim


def due(page: Page, reviewer: Page) -> tuple[int, str]:
    """A verified claim that new evidence made due: its id and its assertion."""
    assertion = f"Port {next(_numbers)} of the due list was opened in 1887."
    claim = verified(page, reviewer, assertion, assertion)
    evidence = {"url": f"https://www.example.org/due/{claim}", "finding": "It was 1889.", "stance": "refutes"}
    post(page, f"/claims/{claim}/evidence/add/", {**evidence, "provenance": "found", "credibility": "2"})
    return claim, assertion


def row(page: Page, assertion: str) -> Locator:
    return page.locator("#results [data-row]", has_text=assertion)


def tab_to(hands: Hands, place: Locator) -> None:
    before = hands.acts
    while not place.evaluate("element => element === document.activeElement"):
        hands.key("Tab")
        assert hands.acts < before + 80, "no way there by Tab"


def test_one_claim_is_confirmed_by_keyboard_and_stays_verified_until_a_second_person_agrees(
    page: Page, sign_in: SignIn
) -> None:
    reviewer = sign_in("reviewer")
    claim, assertion = due(page, reviewer)
    page.goto("/due/?why=changed")
    expect(row(page, assertion)).to_contain_text("evidence", ignore_case=True)
    expect(row(page, assertion)).to_contain_text("May 2023")
    hands = Hands(page)
    link = row(page, assertion).locator("a")
    while not link.evaluate("element => element === document.activeElement"):
        hands.key("j")
    hands.key("Enter")
    expect(page.locator("h1")).to_have_text(assertion)
    tab_to(hands, page.get_by_role("link", name="Confirm"))
    hands.key("Enter")
    tab_to(hands, page.get_by_label("Why it still holds"))
    hands.type("The harbour office says 1887, too.")
    hands.key("Control+Enter")

    expect(page.locator(".toasts")).to_contain_text("waits")
    expect(page.locator(".claimhead")).to_contain_text("a confirmation waits for review")
    expect(page.locator(".claimhead [data-stage=due]").first).to_be_visible()
    expect(page.locator(".claimhead")).to_contain_text("as of May 2023")
    expect(page.locator("#review")).to_contain_text("takes the reviewer role")
    assert hands.clicks == 0

    reviewer.goto(f"/claims/{claim}/")
    reviewer.get_by_role("button", name=re.compile("Confirm as of")).click()
    expect(reviewer.locator(".toasts")).to_contain_text("is confirmed")
    expect(reviewer.locator(".claimhead [data-stage=due]")).to_have_count(0)
    expect(reviewer.locator(".claimhead")).not_to_contain_text("as of May 2023")
    page.goto("/due/?why=changed")
    expect(row(page, assertion)).to_have_count(0)


def test_several_are_confirmed_together_by_keyboard_and_one_is_sent_back(page: Page, sign_in: SignIn) -> None:
    reviewer = sign_in("reviewer")
    made = [due(page, reviewer) for _ in range(2)]
    page.goto("/due/?why=changed")
    hands = Hands(page)
    for _, assertion in made:
        while not row(page, assertion).locator("a").evaluate("element => element === document.activeElement"):
            hands.key("j")
        hands.key("x")
    expect(page.locator("[data-count]")).to_have_text("2 ticked")
    tab_to(hands, page.get_by_role("button", name="Confirm…"))
    hands.key("Enter")
    for _, assertion in made:
        expect(page.locator("#main")).to_contain_text(assertion)
    tab_to(hands, page.get_by_label("Why it still holds"))
    hands.type("The harbour office says 1887, too.")
    hands.key("Control+Enter")

    expect(page.locator(".toasts")).to_contain_text("2 sent to review.")
    for _, assertion in made:
        expect(row(page, assertion)).to_contain_text("a confirmation waits for review")
    assert hands.clicks == 0

    reviewer.goto(f"/claims/{made[0][0]}/")
    reviewer.get_by_label("Note to analyst").fill("Which office?")
    reviewer.get_by_role("button", name="Send back").click()
    expect(reviewer.locator(".toasts")).to_contain_text("the verdict stands as before")
    expect(reviewer.locator(".claimhead [data-stage=due]").first).to_be_visible()


def test_pressing_twice_confirms_once(page: Page, sign_in: SignIn) -> None:
    claim, assertion = due(page, sign_in("reviewer"))
    page.goto("/due/?why=changed")
    row(page, assertion).get_by_role("checkbox").check()
    page.get_by_role("button", name="Confirm…").click()
    page.get_by_label("Why it still holds").fill("The harbour office says 1887, too.")
    page.get_by_role("button", name="Request review").dblclick()

    expect(page).to_have_url(re.compile("/due/"))
    expect(row(page, assertion)).to_contain_text("a confirmation waits for review")
    expect(page.get_by_text("refused")).to_have_count(0)
    history = page.request.get(f"/claims/{claim}/").text()
    assert history.count("Confirmation</h2>") == 1


def test_a_premise_that_is_reopened_makes_what_rests_on_it_due_and_both_sides_show_it(
    page: Page, sign_in: SignIn
) -> None:
    reviewer = sign_in("reviewer")
    number = next(_numbers)
    premise, conclusion = (
        verified(page, reviewer, text, text)
        for text in (f"Lighthouse {number} was built in 1887.", f"Lighthouse {number} is the oldest.")
    )
    page.goto(f"/claims/{conclusion}/")
    page.get_by_text("Relate to another claim").click()
    page.locator("#relation-form").get_by_label("Other claim").fill(f"C-{premise}")
    page.get_by_role("button", name="Relate", exact=True).click()
    related = page.locator("section[aria-labelledby=related-title]")
    expect(related).to_contain_text("Depends on")
    expect(related).to_contain_text("as of May 2023")
    page.goto(f"/claims/{premise}/")
    expect(related).to_contain_text("Is a premise of")
    page.get_by_text("Relate to another claim").click()
    page.locator("#relation-form").get_by_label("Other claim").fill(f"C-{conclusion}")
    page.get_by_role("button", name="Relate", exact=True).click()
    expect(page.locator("#relation-form")).to_contain_text("that would be a circle")

    post(page, f"/claims/{premise}/reopen/", {"reason": "A newer list."})

    page.goto("/due/?why=changed")
    expect(row(page, f"Lighthouse {number} is the oldest.")).to_contain_text("on which it depends, was reopened.")


def test_a_search_in_vain_is_recorded_and_retracted_by_keyboard(page: Page) -> None:
    claim = new_claim(page, "Nobody counted the ships.")
    page.goto(f"/claims/{claim}/")
    hands = Hands(page)
    tab_to(hands, page.get_by_role("link", name="Searched, found nothing…"))
    hands.key("Enter")
    tab_to(hands, page.get_by_label("Where"))
    hands.type("Harbour archive")
    tab_to(hands, page.get_by_label("Words"))
    hands.type("ships 1887")
    hands.key("Control+Enter")

    line = page.locator("[id^=search-]")
    expect(line).to_contain_text("Harbour archive")
    expect(line).to_contain_text("ships 1887")
    tab_to(hands, line.get_by_role("link", name=re.compile("Retract")))
    hands.key("Enter")
    tab_to(hands, page.get_by_label("Reason"))
    hands.type("The archive was closed.")
    hands.key("Control+Enter")
    expect(page.get_by_text("1 retracted search", exact=True)).to_be_visible()
    assert hands.clicks == 0


def test_without_script_a_claim_of_the_queue_is_confirmed(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    claim, assertion = due(page, sign_in("reviewer"))
    page.goto("/due/?why=changed")
    row(page, assertion).get_by_role("checkbox").check()
    page.get_by_role("button", name="Confirm…").click()
    page.get_by_label("As of").fill("2022")
    page.get_by_label("Why it still holds").fill("The harbour office says 1887, too.")
    page.get_by_role("button", name="Request review").click()
    expect(page.get_by_role("alert")).to_contain_text("The verdict stands as of")
    expect(page.get_by_label("Why it still holds")).to_have_value("The harbour office says 1887, too.")
    page.get_by_label("As of").fill("2026-11")
    page.get_by_role("button", name="Request review").click()

    expect(row(page, assertion)).to_contain_text("a confirmation waits for review")
    page.goto(f"/claims/{claim}/")
    page.get_by_role("link", name="Searched, found nothing…").click()
    expect(page.get_by_label("Where")).to_be_visible()


def test_the_desk_and_the_palette_lead_to_the_queue(page: Page, sign_in: SignIn) -> None:
    due(page, sign_in("reviewer"))
    page.goto("/")
    page.locator(".figures a[data-stage=due]").click()
    expect(page).to_have_url(re.compile("/due/$"))
    page.keyboard.press("Control+k")
    page.keyboard.type(">due for")
    option = page.get_by_role("option", name=re.compile("Show claims due for re-check"))
    expect(option.locator(".hint")).to_have_text(re.compile(r"^\d"))


def test_no_state_of_the_queue_has_a_violation_or_is_cut_off_on_a_phone(page: Page, sign_in: SignIn) -> None:
    reviewer = sign_in("reviewer")
    phone = sign_in("analyst", width=390, height=800, touch=True)
    claim, assertion = due(page, reviewer)
    for one in (page, phone):
        one.goto("/due/?why=changed")
        row(one, assertion).get_by_role("checkbox").check()
        assert violations_in_both_schemes(one) == []
        assert one.evaluate(OVERFLOW) == 0
        one.get_by_role("button", name="Confirm…").click()
        assert violations_in_both_schemes(one) == []
        assert one.evaluate(OVERFLOW) == 0
    post(page, f"/claims/{claim}/confirm/", {"rationale": "It does.", "as_of": "2026-11"})
    for address in (f"/claims/{claim}/", f"/claims/{claim}/follow/", f"/claims/{claim}/searches/add/"):
        reviewer.goto(address)
        assert violations_in_both_schemes(reviewer) == []
