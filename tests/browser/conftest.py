"""A real server with the demonstration desk, and a real browser: Debian's Chromium, driven by Playwright."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect

from tests.fetching.site import serving

ROOT = Path(__file__).resolve().parent.parent.parent
START_TIME = 60  # seconds
expect.set_options(timeout=15_000)  # ms; a machine that runs two browsers and two servers is slow now and then
# That without windows starts pages faster.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
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
def site() -> Iterator[str]:
    """The address of a site that captures are made from; the desk is told to admit it."""
    with serving() as port:
        yield f"http://localhost:{port}"


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, site: str) -> Iterator[Desk]:
    """What README's command gives: `manage.py demo` on a new database, as its own process."""
    data = tmp_path_factory.mktemp("desk")
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    environment |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "workbench.settings", "PYTHONUNBUFFERED": "1"}
    environment |= {"FETCH_ALLOWED_HOSTS": site.removeprefix("http://"), "CAPTURE_HOST_DELAY": "0"}
    environment |= {"MAKE_PDF": "off"}  # seconds for each release, and no page shows it
    environment.pop("CACHE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(_port())]
    log = (data / "server.log").open("w+")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True) as server:
        try:
            address = _printed_address(server, log)
            _wait_for(address)
            yield Desk(address, json.loads((data / "demo-passwords.json").read_text()), data)
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


def _wait_for(address: str) -> None:
    """The address is printed before the server listens at it."""
    end = time.monotonic() + START_TIME
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the demo does not listen")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        pytest.skip("no Chromium on the PATH: apt-get install chromium-headless-shell")
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
    """`sign_in("analyst", width=390, dark=True, script=False)`: a page of that person's own browser, still
    empty; with no name, a page of a browser that nobody signed in on.

    At the end no page may have logged an error, unless requests are to fail (`failing=True`): a broken script or a
    refused resource fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def start(
        username: str = "",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
        touch: bool = False,
        failing: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=desk.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            has_touch=touch,
            is_mobile=touch,
            reduced_motion="reduce",
            storage_state=sessions[username] if username else None,
        )
        contexts.append(context)
        page = context.new_page()
        if script:
            _press_once_ready(page)
        if not failing:
            page.on("console", lambda message: _note_error(message, errors))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield start
    for context in contexts:
        context.close()
    assert errors == []


def _press_once_ready(page: Page) -> None:
    """Press keys once the page has come whole: its words are there before the scripts that know the keys.

    Playwright waits for the scripts of an address that is gone to, not of one that a click leads to.
    """
    press = page.keyboard.press

    def press_once_ready(key: str, *, delay: float | None = None) -> None:
        page.wait_for_load_state("domcontentloaded")
        press(key, delay=delay)

    page.keyboard.press = press_once_ready  # type: ignore[method-assign]


# What the browser and htmx log as errors and is none: an answer of 400 and above, which tests of bad input ask for, and
# a request that a newer one replaced. A request that failed is also logged by another name.
NO_ERRORS = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort")


def _note_error(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error" and not any(harmless in message.text for harmless in NO_ERRORS):
        errors.append(message.text)


COLOURS = ("color-contrast", "link-in-text-block")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds wrong on the page, one line each; by all its rules, or by these only."""
    return _violations(page, {"runOnly": list(rules)} if rules else {})


def violations_besides_colours(page: Page) -> list[str]:
    return _violations(page, {"rules": {rule: {"enabled": False} for rule in COLOURS}})


def _violations(page: Page, options: dict[str, object]) -> list[str]:
    # No rule of ours reads style sheets.
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False, **options}).response["violations"]
    return [f"{v['id']}: {v['help']} at {node['target']}" for v in found for node in v["nodes"]]


IDS_USED_TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""


def violations_in_both_schemes(page: Page) -> list[str]:
    """As `violations`; the dark scheme only changes colours, so only their rules are asked again."""
    found = violations(page) + [f"id used twice: {name}" for name in page.evaluate(IDS_USED_TWICE)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark {line}" for line in violations(page, *COLOURS)]
    page.emulate_media(color_scheme="light")
    return found
