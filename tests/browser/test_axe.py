"""axe-core on every page and in every state, as everyone who works here, in both colour schemes."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLPattern
from playwright.sync_api import Page, expect

from claims.urls import urlpatterns
from tests.browser.addresses import ACTS, ADMIN, ANALYST, ENTRANCE, FILES, LARGE, PAGES, REVIEWER, TEXT, every_page
from tests.browser.conftest import SignIn, violations, violations_besides_colours, violations_in_both_schemes
from tests.browser.hands import make_document, new_claim, new_review, post


def names() -> Iterator[str]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield str(pattern.name)


def test_every_address_has_an_entry() -> None:
    assert set(names()) == PAGES.keys() | ACTS | FILES


Check = Callable[[Page], list[str]]


def scan(page: Page, addresses: list[str], check: Check = violations_in_both_schemes) -> dict[str, list[str]]:
    """The violations on each page that has some."""
    found = {}
    for address in addresses:
        page.goto(address)
        if wrong := check(page):
            found[address] = wrong
    return found


def test_no_page_of_an_analyst_has_a_violation(sign_in: SignIn) -> None:
    page = sign_in(ANALYST)
    assert scan(page, every_page(page, sign_in)) == {}


def test_no_page_of_an_admin_has_a_violation(sign_in: SignIn) -> None:
    """In one scheme: what only they see is made of the same parts."""
    page = sign_in(ADMIN, dark=True)
    assert scan(page, every_page(page, sign_in), violations) == {}


def test_no_page_of_a_reviewer_has_a_violation(sign_in: SignIn) -> None:
    """Besides colours, which take most of the time: those of the one box that only they see have a test below."""
    page = sign_in(REVIEWER)
    assert scan(page, every_page(page, sign_in), violations_besides_colours) == {}


def test_no_large_page_has_a_violation(sign_in: SignIn) -> None:
    assert scan(sign_in(ANALYST), LARGE) == {}


def test_no_page_before_the_sign_in_has_a_violation(sign_in: SignIn) -> None:
    assert scan(sign_in(), [*ENTRANCE, "/nowhere/"]) == {}


def nowhere(page: Page) -> None:
    page.goto("/claims/999999/")
    expect(page.get_by_role("heading", name="Nothing is here")).to_be_visible()


def forbidden(page: Page) -> None:
    page.goto("/sources/add/")
    expect(page.get_by_role("heading", name="You may not do that")).to_be_visible()


def badly_asked(page: Page) -> None:
    page.goto("/claims/?after=tampered")
    expect(page.get_by_role("heading", name="could not be read")).to_be_visible()


def refused_by_the_stage(page: Page) -> None:
    page.goto("/claims/1/edit/")
    expect(page.get_by_role("heading", name="cannot be done now")).to_be_visible()


def form_with_errors(page: Page) -> None:
    page.goto("/documents/add/")
    page.locator("form.intake").evaluate("form => { form.noValidate = true; }")
    page.locator("form.intake .btn.primary").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def assessment_with_errors(page: Page) -> None:
    page.goto(f"/claims/{new_claim(page)}/")
    page.locator("[data-act=submit]").click()
    expect(page.locator(".error").first).to_be_visible()


def evidence_with_errors(page: Page) -> None:
    page.goto(f"/claims/{new_claim(page)}/")
    page.keyboard.press("e")
    page.keyboard.type("javascript:alert(1)")
    page.get_by_role("button", name="Refutes").click()
    expect(page.locator("#evidence-add .error").first).to_be_visible()


def merge_page(page: Page) -> None:
    address = f"/claims/{new_claim(page)}/edit/"
    page.goto(address)
    wording = {"kind": "event", "assertion": "Japan joined the summit in June.", "as_of": "2023-05", "version": "1"}
    post(page, address, wording)
    page.get_by_label("Assertion").fill("Japan joined the summit in Madrid.")
    page.get_by_label("Speaker").fill("The author")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".merge").first).to_be_visible()


def palette_open(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("japan")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_be_visible()


def help_open(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def account_menu_open(page: Page) -> None:
    page.goto("/")
    page.locator("[popovertarget=me]").click()
    expect(page.locator("#me")).to_be_visible()


def new_claim_open(page: Page) -> None:
    page.goto(make_document(page, TEXT))
    page.locator("#text .para > p").first.select_text()
    page.keyboard.press("n")
    expect(page.locator("#new-claim")).to_be_visible()


def everything_unfolded(page: Page) -> None:
    page.goto("/claims/1/")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def toast_with_undo(page: Page) -> None:
    page.goto(f"/claims/{new_claim(page)}/")
    page.keyboard.press("i")
    expect(page.locator("[data-undo]")).to_be_visible()


STATES = [
    *(nowhere, forbidden, badly_asked, refused_by_the_stage, form_with_errors, assessment_with_errors),
    *(evidence_with_errors, merge_page, palette_open, help_open, account_menu_open, new_claim_open),
    *(everything_unfolded, toast_with_undo),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_state_has_a_violation(sign_in: SignIn, state: Callable[[Page], None]) -> None:
    page = sign_in(ANALYST)
    state(page)
    assert violations_in_both_schemes(page) == []


def test_the_review_box_has_no_violation(sign_in: SignIn) -> None:
    claim = new_review(sign_in(ANALYST))
    assert scan(sign_in(REVIEWER), [f"/claims/{claim}/"]) == {}


def test_the_sheet_on_a_phone_has_no_violation(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=390, dark=True)
    page.goto("/documents/1/?claim=12")
    page.locator("[data-grip]").click()
    expect(page.locator("#panel")).to_have_attribute("data-open", "")
    assert violations(page) == []


def test_the_filters_on_a_phone_have_no_violation(sign_in: SignIn) -> None:
    page = sign_in(ANALYST, width=390, dark=True)
    page.goto("/claims/")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#filters")).to_be_visible()
    assert violations(page) == []
