"""A real server with the demonstration desk, and a real browser: Debian's Chromium, driven by Playwright."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = re.compile(r"http://localhost:\d+")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Desk:
    """A served demonstration desk: its address, its people's passwords, its data folder."""

    url: str
    passwords: dict[str, str]
    data: Path


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """What README's command gives: `manage.py demo` on a new database, as its own process."""
    data = tmp_path_factory.mktemp("desk")
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    environment |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "workbench.settings", "PYTHONUNBUFFERED": "1"}
    environment.pop("CACHE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(_port())]
    log = (data / "server.log").open("w+")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as server:
        try:
            yield Desk(_printed_address(server, log), json.loads((data / "demo-passwords.json").read_text()), data)
        finally:
            server.terminate()


def _port() -> int:
    """Each parallel worker begins its search for a free port elsewhere."""
    worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or "0"
    return 18000 + 200 * int(worker)


def _printed_address(server: "subprocess.Popen[str]", log: object) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := ADDRESS.search(line):
            return found[0]
    pytest.fail("the demo printed no address")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on the PATH: apt-get install chromium")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": quiet}


def through_the_form(page: Page, desk: Desk, username: str) -> None:
    page.goto("/")
    page.get_by_label("Name or e-mail").fill(username)
    page.get_by_label("Password", exact=True).fill(desk.passwords[username])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.fixture(scope="session")
def sessions(browser: Browser, desk: Desk) -> dict[str, StorageState]:
    """The cookies of each person, signed in once: the form's rate limit is for guessers."""
    states = {}
    for username in desk.passwords:
        context = browser.new_context(base_url=desk.url)
        through_the_form(context.new_page(), desk, username)
        states[username] = context.storage_state()
        context.close()
    return states


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(browser: Browser, desk: Desk, sessions: dict[str, StorageState]) -> Iterator[SignIn]:
    """`sign_in("analyst", width=390, dark=True, script=False)`: a page of that person's own browser, on their desk;
    with no name, a page of a browser that nobody signed in on.

    At the end no page may have logged an error: a broken script or a refused resource fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def start(
        username: str = "", *, width: int = 1440, height: int = 900, dark: bool = False, script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=desk.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            storage_state=sessions[username] if username else None,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note_error(message, errors))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/")
        return page

    yield start
    for context in contexts:
        context.close()
    assert errors == []


def _note_error(message: ConsoleMessage, errors: list[str]) -> None:
    # The browser itself logs every answer of 400 and above; those are asked for by tests of bad input.
    if message.type == "error" and "Failed to load resource" not in message.text:
        errors.append(message.text)


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']} at {node['target']}" for v in found for node in v["nodes"]]
