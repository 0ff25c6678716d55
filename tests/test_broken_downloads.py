"""A download that breaks off, whatever broke it, does not look whole: the real server, killed or failing midway."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVED = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
from django.conf import settings
django.setup()
settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.ALLOWED_HOSTS = __name__, [], ["*"]
from django.core.wsgi import get_wsgi_application
from django.http import StreamingHttpResponse
from django.urls import path
from claims.exports.csv import write_rows

def rows(ending):
    for number in range(10_000):
        yield number
    if ending == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if ending == "failed":
        raise RuntimeError("The database went away.")

def table(request, ending):
    return StreamingHttpResponse(write_rows({"number": int}, rows(ending)), content_type="text/csv")

urlpatterns = [path("<slug:ending>", table)]
application = get_wsgi_application()
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where gunicorn serves, as it does a desk, streams that end well, fail, or die with their worker."""
    (tmp_path / "served_streams.py").write_text(SERVED)
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "served_streams:application", "--bind", f"127.0.0.1:{number}"]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    server = subprocess.Popen([*command, "--threads", "2"], env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(number)
        yield number
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server did not come up.")


def read(port: int, ending: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/{ending}")
    return connection.getresponse().read()


def test_one_that_ends_well_is_read_whole(port: int) -> None:
    assert read(port, "well").rstrip(b'"\r\n').endswith(b"9999")


@pytest.mark.parametrize("ending", ["failed", "killed"])
def test_one_that_breaks_off_is_no_whole_answer(port: int, ending: str) -> None:
    with pytest.raises(http.client.IncompleteRead) as broken:
        read(port, ending)
    assert b"99" in broken.value.partial, "it had begun"
