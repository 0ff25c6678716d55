"""Published releases in the browser of somebody without an account: no cookie, no other host, no script; readable."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, SignIn, violations_in_both_schemes
from tests.browser.hands import make_release, post


@pytest.fixture
def release(sign_in: SignIn) -> tuple[str, str]:
    """The public path of a listed release, and the path that the desk has of it."""
    page = sign_in("reviewer")
    path = make_release(page)
    page.goto(f"{path}publish/")
    page.locator("input[name=visibility][value=listed]").check()
    page.locator("main form button").first.click()
    page.goto(path)
    public = page.locator("a[href^='/published/']").first.get_attribute("href")
    assert public is not None
    return public, path


def reader(browser: Browser, desk: Desk, *, width: int = 1440) -> tuple[Page, list[str]]:
    """A page of a browser that was never here, without script, and what it asks for."""
    context = browser.new_context(
        base_url=desk.url, viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    return page, asked


def test_a_reader_gets_no_cookie_and_asks_no_other_host(browser: Browser, desk: Desk, release: tuple[str, str]) -> None:
    public, _ = release
    page, asked = reader(browser, desk)
    for address in (public, "/published/", "/published/keys/", "/verify/", "/published/nowhere/"):
        page.goto(address)
        assert page.context.cookies() == []
    page.goto(public)
    page.locator("article h3").first.wait_for()
    page.locator("article footer a").first.click()
    expect(page.locator("h1")).to_have_count(1)
    assert page.context.cookies() == []
    assert [url for url in asked if not url.startswith(desk.url)] == []
    assert not any("/js/" in url for url in asked)
    page.context.close()


def test_pages_have_no_violation_and_fit_on_a_phone(sign_in: SignIn, release: tuple[str, str]) -> None:
    public, _ = release
    page = sign_in(width=360)
    claim = re.search(rf'href="[^"]*({re.escape(public)}claims/[^"]+/)"', page.request.get(public).text())
    assert claim is not None
    for address in (public, claim[1], "/published/", "/published/keys/", "/verify/", "/published/nowhere/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert violations_in_both_schemes(page) == [], address


def test_a_release_is_downloaded_and_dropped_on_the_page_that_checks_it(
    browser: Browser, desk: Desk, release: tuple[str, str], tmp_path: Path
) -> None:
    public, _ = release
    page, _ = reader(browser, desk, width=390)
    page.goto(public)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(r"\.zip$")).click()
    file = tmp_path / "release.zip"
    waiting.value.save_as(file)
    page.goto("/verify/")
    page.get_by_label("ZIP of the release").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Valid", exact=True)).to_be_visible()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    page.get_by_label("ZIP of the release").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Not valid")).to_be_visible()
    assert page.context.cookies() == []
    page.context.close()


def test_the_verdict_of_the_checking_page_and_a_withdrawn_release_have_no_violation(
    sign_in: SignIn, release: tuple[str, str]
) -> None:
    public, path = release
    page = sign_in(width=360)
    page.goto("/verify/")
    buffer = page.request.get(f"{public}release.zip").body()
    page.get_by_label("ZIP of the release").set_input_files(
        {"name": "release.zip", "mimeType": "application/zip", "buffer": buffer}
    )
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Valid", exact=True)).to_be_visible()
    assert violations_in_both_schemes(page) == []
    post(sign_in("reviewer"), f"{path}withdraw/", {"reason": "A table was misread."})
    page.goto(public)
    expect(page.get_by_role("heading", name="This release was withdrawn")).to_be_visible()
    assert violations_in_both_schemes(page) == []
