"""Releases as people make and use them: by keyboard, without script, on a phone, and without a violation."""

import re
from itertools import count

from playwright.sync_api import Page, expect

from tests.browser.addresses import ANALYST, REVIEWER
from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import make_release, new_claim, path_of, post, propose

_numbers = count(1)


def releasable(page: Page) -> str:
    """The path of a set in which nothing blocks."""
    fields = {"title": f"To be released {next(_numbers)}", "licence": "CC-BY-4.0"}
    made = path_of(post(page, "/sets/add/", fields))
    post(page, f"{made}claims/add/", {"references": "JN-01, JN-02"})
    return made


def test_a_set_is_released_by_keyboard_and_its_page_leads_to_the_file(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    page.goto(releasable(page))
    page.get_by_role("link", name="Release…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("With the comments").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/releases/\d+/$"), timeout=60_000)
    expect(page.get_by_text("2 verified claims")).to_be_visible()
    expect(page.get_by_text("comments, no captures")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download", exact=True).click()
    assert downloading.value.suggested_filename.endswith("-1.zip")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/releases/")


def test_every_act_of_a_release_works_without_script(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, script=False)
    release = make_release(page)
    page.goto(release)
    page.get_by_role("textbox", name="Sent to").fill("The Harbour, by e-mail")
    page.get_by_role("button", name="Note it").click()
    expect(page.locator("#recipients")).to_contain_text("The Harbour, by e-mail")
    page.get_by_role("link", name="Correct…").first.click()
    page.get_by_label("What is right now").fill("It is not so.")
    page.get_by_role("button", name="Write the correction").click()
    expect(page.locator("#corrections")).to_contain_text("It is not so.")
    page.get_by_role("link", name="Publish…").click()
    page.get_by_label("Whoever has the address").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Its public page")).to_be_visible()
    page.get_by_role("link", name="Withdraw…").click()
    expect(page.get_by_text("The Harbour, by e-mail")).to_be_visible()
    page.get_by_label("Why it is withdrawn").fill("A table was misread.")
    page.get_by_role("button", name="Withdraw release 1").click()
    expect(page.get_by_text("Withdrawn on")).to_be_visible()
    expect(page.get_by_role("link", name="Withdraw…")).to_have_count(0)


def test_the_pages_of_a_release_fit_a_phone_and_have_no_violation(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=360, touch=True)
    claim_set = releasable(page)
    release = make_release(page)
    below = ("", "publish/", "withdraw/", "recipients/", "corrections/", "history/", "left-out/")
    for address in ["/releases/", "/sets/", f"{claim_set}releases/add/", *(release + part for part in below)]:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{address} is {width} px wide"
        assert violations_in_both_schemes(page) == [], address


def test_what_happened_since_is_narrowed_in_place_and_leads_to_a_correction(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    claim, other = verified(page, sign_in(REVIEWER)), "JN-01"
    release = make_release(page, f"C-{claim}, {other}")
    post(page, f"/claims/{claim}/reopen/", {"reason": "The table was misread."})
    page.goto(release)
    expect(page.get_by_text("1 needs a correction")).to_be_visible()
    page.locator("#claims").get_by_role("link", name=re.compile("Not verified any more")).click()
    expect(page.locator("#claims tbody tr")).to_have_count(1)
    assert "since=reopened" in page.url
    page.get_by_role("link", name=f"Correct… C-{claim}").click()
    expect(page.get_by_label("What is right now")).to_have_value(re.compile("The table was misread."))
    assert violations_in_both_schemes(page) == []


def verified(page: Page, reviewer: Page) -> int:
    """The id of a claim of its own, verified on evidence."""
    claim = new_claim(page)
    evidence = {"url": "https://www.example.org/summit", "finding": "It did.", "stance": "supports"}
    post(page, f"/claims/{claim}/evidence/add/", {**evidence, "credibility": "2", "provenance": "found"})
    propose(page, claim)
    version = re.search(r'name="version" value="(\d+)"', reviewer.request.get(f"/claims/{claim}/").text())
    assert version
    post(reviewer, f"/claims/{claim}/assessment/approve/", {"version": version[1]})
    return claim
