"""Makes the README's pictures from a demonstration desk that is being served.

uv run manage.py demo                                # in another terminal
uv run python docs/make_screenshots.py http://localhost:8000 var/demo-passwords.json
"""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
PICTURES = {
    "triage": "/documents/124/triage/",
    "draft": "/documents/124/drafts/2/",
    "document": "/documents/1/?claim=54",
    "claims": "/claims/",
    "claim": "/claims/51/",
    "release": "/releases/1/",
}
REASON = "Was still being mended when this was handed out."


def main(address: str, passwords: Path) -> None:
    password = json.loads(passwords.read_text())["analyst"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto("/")
        page.get_by_label("Name or e-mail").fill("analyst")
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        release_first_set(page)
        for name, path in PICTURES.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


def release_first_set(page: Page) -> None:
    """Make release 1, unless it is there: leave out what blocks, and wait for what builds it."""
    if page.goto("/releases/1/").ok:  # type: ignore[union-attr]
        return
    page.goto("/sets/1/preflight/")
    page.locator("[name=reason]").fill(REASON)
    page.get_by_role("button", name="Leave out").click()
    page.goto("/sets/1/releases/add/")
    page.get_by_role("button", name="Release").last.click()
    page.wait_for_url("**/releases/1/", timeout=120_000)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
