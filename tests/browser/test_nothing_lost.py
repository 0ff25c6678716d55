"""What was typed survives other people, double clicks, the end of the session, and a server that fails."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk, SignIn
from tests.browser.hands import new_claim, post

REASON = "The yearbook counts nine countries; the table on page 12 has Japan in the tenth place."


def fill_assessment(page: Page, claim: int) -> None:
    page.goto(f"/claims/{claim}/")
    page.locator("input[name=verdict]").nth(1).check()
    page.get_by_label("Rationale").fill(REASON)


def expect_kept(page: Page) -> None:
    expect(page.get_by_label("Rationale")).to_have_value(REASON)
    expect(page.locator("input[name=verdict]").nth(1)).to_be_checked()


def expect_submitted(page: Page) -> None:
    expect(page.locator("#toasts [data-toast]").last).to_contain_text("waits for review")


def test_the_second_of_two_editors_sees_both_versions_and_merges_them(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claim = new_claim(page, "Japan has the ninth-largest budget.")
    page.goto(f"/claims/{claim}/edit/")
    other = {"kind": "ranking", "assertion": "Japan has the tenth-largest budget.", "as_of": "2023", "version": "1"}
    post(sign_in("reviewer"), f"/claims/{claim}/edit/", other)

    page.get_by_label("Assertion").fill("Japan has the ninth-largest military budget.")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Save").click()
    assert answer.value.status == 409
    expect(page.locator(".merge").first).to_contain_text("tenth-largest budget")
    page.locator("#result-assertion").fill("Japan has the tenth-largest military budget.")
    page.get_by_role("button", name="Save merged version").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Japan has the tenth-largest military budget.")
    expect(page.locator("#history")).to_contain_text("reviewer")
    page.goto(f"/claims/{claim}/edit/")
    expect(page.locator(".kept")).to_have_count(0)


def test_a_double_click_submits_one_assessment(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    fill_assessment(page, new_claim(page))

    page.locator("[data-act=submit]").dblclick()

    expect_submitted(page)
    expect(page.locator("#history li", has_text="submitted an assessment")).to_have_count(1)


def test_a_double_click_adds_one_comment(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto(f"/claims/{new_claim(page)}/")

    page.locator("#comment-form textarea").fill("Once.")
    page.get_by_role("button", name="Comment", exact=True).dblclick()

    expect(page.locator(".thread .said")).to_have_count(1)
    page.reload()
    expect(page.locator(".thread .said")).to_have_count(1)


def test_a_double_click_adds_one_piece_of_evidence(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    claim = new_claim(page)
    page.goto(f"/claims/{claim}/")

    page.keyboard.press("e")
    page.keyboard.type(f"https://www.example.org/once-{claim}\nOnce.")
    page.get_by_role("button", name="Supports").dblclick()

    expect(page.locator(".ev")).to_have_count(1)
    page.reload()
    expect(page.locator(".ev")).to_have_count(1)


def test_a_double_click_without_script_submits_one_assessment(sign_in: SignIn) -> None:
    page = sign_in("analyst", script=False)
    fill_assessment(page, new_claim(page))

    page.get_by_role("button", name="Request review").dblclick()

    expect_submitted(page)
    expect(page.locator("#history li", has_text="submitted an assessment")).to_have_count(1)


def test_a_reload_brings_back_what_was_typed(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    fill_assessment(page, new_claim(page))

    page.reload()

    expect_kept(page)
    expect(page.locator(".kept")).to_contain_text("Restored")


def test_the_end_of_the_session_loses_nothing(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("analyst")
    claim = new_claim(page)
    fill_assessment(page, claim)
    page.context.clear_cookies(name="sessionid")

    page.locator("[data-act=submit]").click()
    expect(page.locator("#toasts")).to_contain_text("You are signed out")
    expect_kept(page)
    page.locator("#toasts").get_by_role("link", name="Sign in").click()
    page.get_by_label("Name or e-mail").fill("analyst")
    page.get_by_label("Password", exact=True).fill(desk.passwords["analyst"])
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"**/claims/{claim}/")
    expect_kept(page)
    page.locator("[data-act=submit]").click()
    expect_submitted(page)


def test_a_session_that_ends_during_a_plain_form_loses_nothing(sign_in: SignIn, desk: Desk) -> None:
    page = sign_in("analyst")
    claim = new_claim(page)
    page.goto(f"/claims/{claim}/edit/")
    page.get_by_label("How to check").fill(REASON)
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name or e-mail").fill("analyst")
    page.get_by_label("Password", exact=True).fill(desk.passwords["analyst"])
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"**/claims/{claim}/edit/")
    expect(page.get_by_label("How to check")).to_have_value(REASON)


def failing(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Something broke</h1>")


def unreachable(route: Route) -> None:
    route.abort("internetdisconnected")


@pytest.mark.parametrize(
    ("trouble", "words"), [(failing, "The server met an error"), (unreachable, "No connection")], ids=["500", "offline"]
)
def test_a_failed_request_keeps_the_text_and_can_be_sent_again(
    sign_in: SignIn, trouble: Callable[[Route], None], words: str
) -> None:
    page = sign_in("analyst", failing=True)
    fill_assessment(page, new_claim(page))
    page.route("**/assessment/submit/", trouble)

    page.locator("[data-act=submit]").click()
    expect(page.locator("#toasts")).to_contain_text(words)
    expect_kept(page)
    page.unroute("**/assessment/submit/")
    page.get_by_role("button", name="Try again").click()

    expect_submitted(page)
