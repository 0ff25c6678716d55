"""Numbers that recompute, in a browser: by keyboard, without script, on a phone, looked at by axe; and what decides."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, violations_in_both_schemes
from tests.browser.hands import new_claim, new_review, post

HOSTILE = "__import__('os').system('id')"
PASTED = "Rank\tCountry\tUS$ bn\n8\tFrance\t53.6\n9\tSouth Korea\t46.4\n10\tJapan\t46.0\n11\tUkraine\t44.0\n"
_numbers = count(1)


def add_evidence(page: Page, claim: int, **fields: str) -> None:
    """A piece on the claim, from a page of its own."""
    number = next(_numbers)
    content = {"url": f"https://www.example.org/working-{number}", "title": f"Table {number}", "finding": "It says so."}
    content |= {"stance": "context", "provenance": "found", "credibility": "2", **fields}
    post(page, f"/claims/{claim}/evidence/add/", content)


def a_claim(page: Page, assertion: str = "Japan has the ninth-largest military budget.") -> int:
    claim = new_claim(page, assertion)
    add_evidence(page, claim)
    return claim


def set_formula(page: Page, claim: int, value: str = "46.0", version: int = 0) -> None:
    page_of_form = page.request.get(f"/claims/{claim}/working/").text()
    piece = re.search(r'<option value="(\d+)"', page_of_form)
    assert piece
    row = {"rows-0-name": "budget", "rows-0-value": value, "rows-0-evidence": piece[1]}
    asked = {"kind": "formula", "version": str(version), "formula": "budget * 2", "expected": "92", "tolerance": "0"}
    post(page, f"/claims/{claim}/working/", {**asked, **row, "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0"})


def type_into(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_formula_is_worked_out_by_keyboard_and_told_to_be_within_or_outside(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claim = a_claim(page, "Japan spends one percent of what it produces.")
    page.goto(f"/claims/{claim}/")
    page.get_by_role("link", name="Show how the number follows").press("Enter")
    type_into(page, "Formula", "budget / gdp * 100")
    type_into(page, "The claim says", "1")
    for text in ("%", "5"):  # the unit, and the tolerance, which is in percent
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    page.get_by_label("Name, row 1").focus()
    for at, row in enumerate(
        (("budget", "46.0", "US$ bn", "2022", "Table"), ("gdp", "4232", "US$ bn", "2021", "Table"))
    ):
        for cell in row:
            page.keyboard.type(cell)
            page.keyboard.press("Tab")
        expect(page.get_by_label(f"Evidence, row {at + 1}")).not_to_have_value("")
    assert violations_in_both_schemes(page) == []
    type_into(page, "The claim says", "1")
    page.keyboard.press("Enter")  # shows what it gives, and stores nothing
    expect(page.get_by_role("status").first).to_contain_text("Outside tolerance: 1.08696 % against 1 % ± 5 %")
    expect(page.get_by_text("The inputs are of different years: 2021, 2022.")).to_be_visible()
    assert violations_in_both_schemes(page) == []
    type_into(page, "The claim says", "1.1")
    page.get_by_role("button", name="Save working").press("Enter")
    expect(page.locator("#working")).to_contain_text("Within tolerance")
    expect(page.locator("#working")).to_contain_text("4232")
    assert violations_in_both_schemes(page) == []


def test_a_pasted_table_gives_the_rank_and_marks_who_holds_the_place_that_is_claimed(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claim = a_claim(page)
    page.goto(f"/claims/{claim}/working/?kind=rank")
    type_into(page, "Whose place", "Japan")
    type_into(page, "The claim says", "9")
    page.get_by_text("Paste rows from a spreadsheet").first.click()
    page.get_by_label("Paste rows from a spreadsheet").fill(PASTED)
    page.get_by_label("Evidence of the pasted rows").select_option(index=1)
    page.get_by_role("button", name="Put into the table").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Gives 10th; the claim says 9th: does not agree.")
    expect(page.get_by_label("Value, row 3")).to_have_value("46.0")
    page.get_by_role("button", name="Save working").press("Enter")
    working = page.locator("#working")
    expect(working.get_by_role("row", name="10 Japan")).to_have_class("subject")
    expect(working.get_by_role("row", name="9 South Korea")).to_contain_text("claimed for Japan")


def test_a_changed_input_makes_a_verified_claim_due_with_the_reason(sign_in: SignIn) -> None:
    page, reviewer = sign_in("analyst"), sign_in("reviewer")
    claim = new_review(page, "Twice the budget is 92 billion.")
    add_evidence(page, claim)
    set_formula(page, claim)
    version = re.search(r'name="version" value="(\d+)"', reviewer.request.get(f"/claims/{claim}/").text())
    assert version
    post(reviewer, f"/claims/{claim}/assessment/approve/", {"version": version[1]})

    page.goto(f"/claims/{claim}/working/")
    page.get_by_label("Value, row 1").fill("47.5")
    page.get_by_role("button", name="Save working").click()
    expect(page.locator("#working")).to_contain_text("Outside tolerance: 95")
    expect(page.locator(".claimhead")).to_contain_text("Due")
    expect(page.get_by_role("main")).to_contain_text("An input of its working changed.")
    page.goto("/due/")
    line = page.get_by_role("main").locator("tr, li").filter(has_text="Twice the budget is 92 billion.").first
    expect(line).to_contain_text("An input of its working changed.")


def test_two_verdicts_stand_side_by_side_and_the_assessment_says_which_decides(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claim = new_claim(page, "Japan is ninth by budget.")
    add_evidence(
        page, claim, title="The table of 2021", method="SIPRI, 2021", alone_says="Ninth.", alone_verdict="supported"
    )
    add_evidence(
        page, claim, title="The table of 2022", method="SIPRI, 2022", alone_says="Tenth.", alone_verdict="refuted"
    )
    page.goto(f"/claims/{claim}/")
    matrix = page.locator("#matrix")
    expect(matrix.get_by_role("columnheader")).to_have_text(["Source", "SIPRI, 2021", "SIPRI, 2022"])
    expect(matrix.get_by_role("cell").filter(has_text="Tenth.")).to_contain_text("Refuted")
    assert violations_in_both_schemes(page) == []

    page.get_by_label("Outdated").check(force=True)
    page.get_by_label("Rationale").fill("Ninth for 2021, tenth for 2022.")
    page.get_by_label("As of", exact=True).fill("2023-05")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name=re.compile("Request review")).click()
    assert answered.value.status == 422
    expect(page.get_by_text("Say which one decides")).to_be_visible()
    expect(page.get_by_label("Rationale")).to_have_value("Ninth for 2021, tenth for 2022.")
    decisive = page.get_by_label("Decisive", exact=False).first
    decisive.select_option(label=next(one for one in decisive.locator("option").all_inner_texts() if "2022" in one))
    page.locator("[name=decisive_reason]").fill("It was out when the article appeared.")
    page.get_by_role("button", name=re.compile("Request review")).click()
    expect(page.get_by_text("It was out when the article appeared.").first).to_be_visible()
    expect(matrix.locator(".decisive")).to_contain_text("Tenth.")


def test_the_ninth_or_tenth_question_shows_at_a_glance(sign_in: SignIn) -> None:
    page = sign_in("reviewer")
    page.goto("/claims/?q=ninth-largest+military+budget")
    page.get_by_role("link", name=re.compile("ninth-largest military budget in the world")).first.click()
    for words in ("Gives 10th; the claim says 9th", "claimed for Japan", "Tenth, with 46 billion", "Ninth, with 54.1"):
        expect(page.get_by_text(words).first).to_be_in_viewport()
    expect(page.locator(".premise")).to_contain_text("JN-52")
    page.locator(".premise a").first.click()
    expect(page.locator("#working")).to_contain_text("Gives 5th; the claim says 5th: agrees.")
    expect(page.locator(".premise")).to_contain_text("Rests on")
    expect(page.locator(".premise")).to_contain_text("Outdated")


def test_it_takes_no_script_and_rows_are_added_by_a_button(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    claim = a_claim(page)
    page.goto(f"/claims/{claim}/working/?kind=rank")
    page.get_by_label("Whose place").fill("Japan")
    page.get_by_label("The claim says").fill("2")
    rows = (("France", "53.6"), ("Japan", "46.0"), ("Ukraine", "44.0"))
    for number, (name, value) in enumerate(rows, 1):
        page.get_by_label(f"Name, row {number}").fill(name)
        page.get_by_label(f"Value, row {number}").fill(value)
    expect(page.get_by_label("Name, row 4")).to_have_count(0)
    page.get_by_role("button", name="More rows").click()
    expect(page.get_by_label("Name, row 3")).to_have_value("Ukraine")
    expect(page.get_by_label("Name, row 6")).to_have_value("")
    page.get_by_label("Name, row 4").fill("Italy")
    page.get_by_label("Value, row 4").fill("33.5")
    page.get_by_role("button", name="Save working").click()
    expect(page.locator("#working")).to_contain_text("Gives 2nd; the claim says 2nd: agrees.")
    page.get_by_role("link", name="Remove the working").click()
    page.get_by_label("Reason").fill("Another table.")
    page.get_by_role("button", name="Remove working").click()
    expect(page.get_by_text("Another table.").first).to_be_visible()


def test_a_hostile_formula_is_refused_at_its_field_and_stays_as_typed(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claim = a_claim(page)
    page.goto(f"/claims/{claim}/working/?kind=formula")
    for formula, says in (
        (HOSTILE, "none of these"),
        ("a / (a - a)", "divides by zero"),
        ("10**10**10", "at most 100"),
    ):
        page.get_by_label("Formula", exact=True).fill(formula)
        page.get_by_label("The claim says").fill("1")
        page.get_by_label("Name, row 1").fill("a")
        page.get_by_label("Value, row 1").fill("46.0")
        page.get_by_label("Evidence, row 1").select_option(index=1)
        with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            page.get_by_role("button", name="Save working").click()
        assert answered.value.status == 422
        expect(page.locator("#working-formula_error")).to_contain_text(says)
        expect(page.get_by_label("Formula", exact=True)).to_have_value(formula)
        expect(page.get_by_label("Value, row 1")).to_have_value("46.0")
    assert violations_in_both_schemes(page) == []


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_is_wider_than_the_screen(sign_in: SignIn, dark: bool) -> None:
    page = sign_in("analyst", width=390, height=844, dark=dark, touch=True)
    claim = a_claim(page)
    set_formula(page, claim)
    for address in (
        "/claims/51/",
        f"/claims/{claim}/",
        f"/claims/{claim}/working/",
        f"/claims/{claim}/working/remove/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.goto("/claims/51/")
    expect(page.locator("#matrix").get_by_text("Tenth, with 46 billion dollars.")).to_be_visible()
    assert violations_in_both_schemes(page) == []
