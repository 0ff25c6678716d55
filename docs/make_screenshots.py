"""Makes the README's pictures from a demonstration desk that is being served.

uv run manage.py demo                                # in another terminal
uv run python docs/make_screenshots.py http://localhost:8000 var/demo-passwords.json
"""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
PICTURES = {
    "triage": "/documents/124/triage/",
    "draft": "/documents/124/drafts/2/",
    "document": "/documents/1/?claim=54",
    "claims": "/claims/",
    "claim": "/claims/51/",
}


def main(address: str, passwords: Path) -> None:
    password = json.loads(passwords.read_text())["analyst"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto("/")
        page.get_by_label("Name or e-mail").fill("analyst")
        page.get_by_label("Password", exact=True).fill(password)
        page.get_by_role("button", name="Sign in").click()
        for name, path in PICTURES.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
