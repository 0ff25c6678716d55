from playwright.sync_api import expect

from tests.browser.conftest import SignIn, violations


def test_an_analyst_signs_in_and_sees_the_desk(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    page.goto("/")
    expect(page.get_by_role("navigation", name="Main")).to_contain_text("Claims")
    assert violations(page) == []
