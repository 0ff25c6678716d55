"""Real worker processes on a database of their own: a job survives the death of its worker, and is done once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

MANAGE = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
LEASE = 1.5  # seconds
PATIENCE = 60  # seconds, for a busy machine
ADD_A_JOB = """
from claims.choices import Origin, Role
from claims.actions.people import ensure_person
from claims.jobs.documents import start_document
by, _ = ensure_person("ann", Role.ANALYST)
print(start_document(Origin.FETCHED, {{"url": "{url}"}}, by=by).pk)
"""
STATE = """
SELECT state, attempt, (SELECT count(*) FROM claims_document), (SELECT count(*) FROM claims_snapshot) FROM claims_job
"""
CANCEL = """
from claims.jobs import cancel
from claims.models import Job
job = Job.objects.get()
cancel(job, by=job.started_by)
"""


class SlowSite:
    """A page that is not given until `let` is set; `asked` counts who wants it."""

    def __init__(self) -> None:
        self.let = Event()
        self.asked = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked += 1
                site.let.wait(PATIENCE)
                page = b"<title>Budget</title><p>Japan has the ninth-largest military budget."
                with suppress(OSError):  # whoever asked may be dead by now
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html")
                    self.send_header("Content-Length", str(len(page)))
                    self.end_headers()
                    self.wfile.write(page)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def host(self) -> str:
        return f"localhost:{self.server.server_port}"


@pytest.fixture
def slow() -> Iterator[SlowSite]:
    site = SlowSite()
    yield site
    site.let.set()
    site.server.shutdown()
    site.server.server_close()


class Desk:
    """A database in a file, and the processes that work on it."""

    def __init__(self, folder: Path, site: SlowSite) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
        self.site = site
        self.environment = clean | {
            "DATA_DIR": str(folder),
            "SECRET_KEY": "x" * 60,
            "FETCH_ALLOWED_HOSTS": site.host,
            "FETCH_MAX_SECONDS": str(PATIENCE),
            "JOB_LEASE_SECONDS": str(LEASE),
            "LOG_LEVEL": "ERROR",
        }

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout

    def shell(self, script: str) -> str:
        return self.run("shell", "-v", "0", "-c", script)

    @contextmanager
    def worker(self) -> "Iterator[subprocess.Popen[bytes]]":
        with subprocess.Popen([*MANAGE, "run_worker", "-v", "0"], env=self.environment) as process:
            try:
                yield process
            finally:
                process.kill()

    def state(self) -> tuple[str, int, int, int]:
        """Of the only job: its state and attempt; and how many documents and snapshots there are."""
        with closing(sqlite3.connect(self.folder / "workbench.sqlite3")) as database:
            row: tuple[str, int, int, int] = database.execute(STATE).fetchone()
        return row


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that holds nothing yet."""
    folder = tmp_path_factory.mktemp("empty")
    environment = {**os.environ, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "workbench.settings"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([*MANAGE, "migrate", "-v", "0"], env=environment | {"SECRET_KEY": "x" * 60}, check=True, timeout=120)
    return folder


@pytest.fixture
def desk(tmp_path: Path, empty: Path, slow: SlowSite) -> Desk:
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    desk = Desk(tmp_path, slow)
    desk.shell(ADD_A_JOB.format(url=f"http://{slow.host}/page"))
    return desk


def until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def test_a_job_whose_worker_is_killed_is_finished_by_another_once(desk: Desk) -> None:
    with desk.worker() as first:
        until(lambda: desk.site.asked == 1)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert desk.state() == ("running", 1, 0, 0)
    desk.site.let.set()
    with desk.worker():
        until(lambda: desk.site.asked == 2)
        until(lambda: desk.state()[0] == "done")
    assert desk.state() == ("done", 2, 1, 1)
    desk.run("run_worker", "-v", "0", "--batch")
    assert (desk.state(), desk.site.asked) == (("done", 2, 1, 1), 2)


def test_a_job_that_is_cancelled_while_it_runs_stores_nothing(desk: Desk) -> None:
    with desk.worker():
        until(lambda: desk.site.asked == 1)
        desk.shell(CANCEL)
        desk.site.let.set()
        until(lambda: desk.state()[0] == "cancelled")
    assert desk.state() == ("cancelled", 1, 0, 0)


def test_a_worker_that_only_says_nothing_keeps_its_job(desk: Desk) -> None:
    """A file that takes longer to read than the lease is no dead worker: the watch speaks for it."""
    with desk.worker(), desk.worker():
        until(lambda: desk.site.asked == 1)
        time.sleep(2 * LEASE)
        desk.site.let.set()
        until(lambda: desk.state()[0] == "done")
    assert (desk.state(), desk.site.asked) == (("done", 1, 1, 1), 1)


def test_a_worker_ends_with_its_parent(desk: Desk) -> None:
    """Killed as it is, the parent can tell it nothing."""
    script = (
        "import subprocess, sys, time\n"
        f"worker = subprocess.Popen({[*MANAGE, 'run_worker', '-v', '0', '--with-parent']!r}, start_new_session=True)\n"
        "print(worker.pid, flush=True)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], env=desk.environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        until(lambda: desk.site.asked == 1)
        parent.kill()
    until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    """Not a zombie either, which only waits for someone to ask how it ended."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the demo has a database of its own, of SQLite")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_does_long_work_and_leaves_no_process_behind(stop: signal.Signals, demo_folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    environment |= {"DATA_DIR": str(demo_folder), "PYTHONUNBUFFERED": "1"}
    command = [*MANAGE, "demo", "--port", "18900"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as demo:
        try:
            output = demo.stdout
            assert output
            until(lambda: "Stop with Ctrl+C" in output.readline())
            until(lambda: len(children(demo.pid)) == 2)  # the server's own, and the worker
            [worker] = [pid for pid in children(demo.pid) if "run_worker" in command_of(pid)]
            demo.send_signal(stop)
            assert demo.wait(PATIENCE) in (0, 1)
        finally:
            demo.kill()
    until(lambda: not is_alive(worker))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
