"""axe-core on every page, as everyone who works here, in both colour schemes.

`PAGES` is checked against the addresses of the project: a page without an entry fails.
"""

from collections.abc import Callable, Iterator

import pytest
from django.urls import URLPattern
from playwright.sync_api import Page, expect

from claims.urls import urlpatterns
from tests.browser.conftest import SignIn, violations, violations_in_both_schemes
from tests.browser.hands import make_claim, make_document, new_claim, new_review, path_of, post

TEXT = "Japan joined the summit. Korea joined it too.\n\nNobody else did."
ANALYST, REVIEWER, ADMIN = "analyst", "reviewer", "admin"

# Of each page its addresses, with the names of `records` in braces. Acts and files have no page of their own.
PAGES: dict[str, list[str]] = {
    "desk": ["/"],
    "activity": ["/activity/", "/activity/?by=nobody"],
    "palette": ["/palette/", "/palette/?q=japan"],
    "profile": ["/profile/"],
    "keys": ["/keys/"],
    "document_list": ["/documents/", "/documents/?role=evidence", "/documents/?q=nothing+has+this"],
    "document_add": ["/documents/add/"],
    "document_detail": [
        *("{document}", "{document}?sentence={sentence}", "{document}?stage=undecided", "/documents/2/"),
        *("{document}?claim={claim}", "{document}?claim={claim}&tab=history", "{document}?claim={claim}&tab=related"),
    ],
    "document_claim_add": ["{document}claims/add/", "{document}claims/add/?sentence={sentence}"],
    "claim_list": ["/claims/?stage=dismissed&stage=open&q=summit", "/claims/?q=nothing+has+this", "/claims/?stage=odd"],
    "claim_detail": ["/claims/1/", "/claims/{claim}/", "/claims/{in_review}/", "/claims/78/"],
    "claim_edit": ["/claims/{claim}/edit/"],
    "claim_organise": ["/claims/{claim}/organise/"],
    "claim_assign": ["/claims/{claim}/assign/"],
    "claim_dismiss": ["/claims/{claim}/dismiss/"],
    "claim_reopen": ["/claims/1/reopen/"],
    "evidence_add": ["/claims/{claim}/evidence/add/", "/claims/{claim}/evidence/add/?url=white"],
    "evidence_edit": ["/evidence/{evidence}/edit/"],
    "evidence_retract": ["/evidence/{evidence}/retract/"],
    "comment_edit": ["/comments/{comment}/edit/"],
    "relation_add": ["/claims/{claim}/relations/add/"],
    "source_list": ["/sources/", "/sources/?q=nothing+has+this"],
    "source_add": ["/sources/add/"],
    "source_detail": ["/sources/1/", "/sources/65/"],
    "source_edit": ["/sources/1/edit/"],
    "claim_set_list": ["/sets/"],
    "claim_set_add": ["/sets/add/", "/sets/add/?filter=stage%3Dverified"],
    "claim_set_detail": ["{set}", "{empty_set}"],
    "claim_set_edit": ["/sets/1/edit/"],
}
# Pages of the seeds, the same for everyone but for what smaller ones show too; axe takes seconds for each.
LARGE = ["/claims/", "/documents/1/", "/documents/1/?stage=verified&claim=1", "/documents/1/?claim=7", "/sets/1/"]
ACTS = {
    *("see_mentions", "single_keys", "sentence_dispose", "claim_bulk", "claim_take", "claim_release", "claim_restore"),
    *("assessment_draft", "assessment_submit", "assessment_withdraw", "assessment_approve", "assessment_return"),
    *("claim_comment_add", "comment_resolve", "comment_reopen", "relation_remove", "source_comment_add"),
    *("claim_set_add_claims", "claim_set_remove_claims"),
}
FILES = {"document_export", "claim_export", "claim_set_export"}
ACCOUNT = ["/accounts/password/change/", "/accounts/logout/", "/accounts/email/", "/accounts/reauthenticate/"]
ENTRANCE = [
    *("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"),
    *("/accounts/password/reset/key/done/", "/accounts/password/reset/key/zzzz-a-b/", "/accounts/signup/"),
]


def names() -> Iterator[str]:
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield str(pattern.name)


def test_every_address_has_an_entry() -> None:
    assert set(names()) == PAGES.keys() | ACTS | FILES


def records(page: Page, sign_in: SignIn) -> dict[str, str | int]:
    """Something of everything, made by the person of the page; what waits for review is another's."""
    document = make_document(page, TEXT)
    claim = make_claim(page, document, TEXT, "Japan joined the summit.")
    evidence = {"url": "https://www.example.org/axe", "quote": "It did.", "stance": "supports", "provenance": "found"}
    post(page, f"/claims/{claim}/evidence/add/", {**evidence, "credibility": "2"})
    comment = post(page, f"/claims/{claim}/comments/add/", {"body": "Who **says** so?"})
    made = page.request.get(f"/claims/{claim}/").text()
    text = page.request.get(document).text()
    return {
        "document": document,
        "claim": claim,
        "in_review": new_review(sign_in(ANALYST)),
        "evidence": made.partition('id="evidence-')[2].partition('"')[0],
        "comment": comment.url.partition("#comment-")[2] or made.partition('id="comment-')[2].partition('"')[0],
        "sentence": text.partition("?sentence=")[2].partition("#")[0],
        "empty_set": path_of(post(page, "/sets/add/", {"title": f"Empty set of {claim}"})),
        "set": path_of(post(page, "/sets/add/", {"title": f"Set of {claim}", "filter": "q=first+NATO+summit"})),
    }


def scan(page: Page, addresses: list[str]) -> dict[str, list[str]]:
    """The violations on each page that has some."""
    found = {}
    for address in addresses:
        page.goto(address)
        if wrong := violations_in_both_schemes(page):
            found[address] = wrong
    return found


@pytest.mark.parametrize("person", [ANALYST, REVIEWER, ADMIN])
def test_no_page_has_a_violation(sign_in: SignIn, person: str) -> None:
    page = sign_in(person)
    made = records(page, sign_in)
    addresses = [address.format(**made) for addresses in PAGES.values() for address in addresses]

    assert scan(page, [*addresses, *ACCOUNT]) == {}


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
    page.keyboard.press("Control+k")
    page.keyboard.type("japan")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_be_visible()


def help_open(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def account_menu_open(page: Page) -> None:
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
