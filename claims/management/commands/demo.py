import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.db import connections

from claims.actions.people import ensure_person, generate_password
from claims.actions.signing_keys import create_key
from claims.choices import Role
from claims.models import SigningKey, User
from workbench.demo import write_private

HOST = "127.0.0.1"
GRACE_SECONDS = 3
ROLES = {
    Role.ANALYST: "verifies claims",
    Role.REVIEWER: "approves or returns what analysts propose",
    Role.ADMIN: "manages people, sources and the verdict scale",
}


class Command(BaseCommand):
    help = "Sets up a desk with real claims on this machine, and serves it. A second run finds everything as it was."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="8000 when not given; the next free one if taken.")
        parser.add_argument("--no-serve", action="store_true", help="Set up only.")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("load_seeds", stdout=self.stdout)
        _ensure_signing_key()
        self._print_people(_passwords(Path(settings.DATA_DIR) / "demo-passwords.json"))
        if options["no_serve"]:
            return
        port = free_port(options["port"])
        address = f"http://localhost:{port}"
        if "PUBLIC_URL" not in os.environ:
            # Only now is the port known that exports name, here and in the process that builds releases.
            settings.PUBLIC_URL = os.environ["PUBLIC_URL"] = address
        self.stdout.write(f"\nOpen {address}/ and sign in. Stop with Ctrl+C.")
        self.stdout.flush()
        with worker():
            serve(port)

    def _print_people(self, passwords: dict[str, str]) -> None:
        self.stdout.write("\nSign in as          with the password")
        for role, does in ROLES.items():
            person, _ = ensure_person(role.value, role)
            shown = _give_password(person, passwords[role.value])
            self.stdout.write(f"  {role:<18}  {shown:<18}  {does}")


def _ensure_signing_key() -> None:
    """The demo signs its releases with a key of its own, made on first use."""
    if not settings.RELEASE_KEY and not SigningKey.objects.in_use().exists():
        create_key(settings.RELEASE_KEY_PASSPHRASE, by=None)


def _passwords(path: Path) -> dict[str, str]:
    """Username to password, made for this machine and kept in a file that only its owner can read."""
    if not path.exists():
        write_private(path, json.dumps({role.value: generate_password() for role in ROLES}, indent=2))
    passwords: dict[str, str] = json.loads(path.read_text())
    return passwords


def _give_password(person: User, password: str) -> str:
    """Set the password of someone who has none. What to show: the password, if it is still theirs."""
    if not person.has_usable_password():
        person.set_password(password)
        person.save(update_fields=["password"])
    return password if person.check_password(password) else "(changed since)"


def free_port(wanted: int) -> int:
    """The first port from `wanted` on that nothing listens on. Raises CommandError when 100 in a row are taken."""
    for port in range(wanted, min(wanted + 100, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CommandError(f"No port is free from {wanted} on. Give another with --port.")


@contextmanager
def worker() -> Iterator[None]:
    """A process beside the server that does the long work. It ends with the server, however that ends."""
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "run_worker", "--with-parent", "-v", "0"]
    # In a session of its own Ctrl+C does not reach it: it is told to stop below, once.
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603
    owner = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:  # the server's own children come by here too when they end
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Let the work at hand end, but not for long: whoever starts next takes it up again."""
    for urge in (process.terminate, process.terminate, process.kill):
        urge()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def serve(port: int) -> None:
    """Serve until interrupted: with gunicorn where it runs (not on Windows), else with Django's own server."""
    connections.close_all()  # a connection must not be carried into the server's worker process
    try:
        run = _gunicorn(port)
    except ImportError:
        call_command("runserver", f"{HOST}:{port}", use_reloader=False, skip_checks=True)
    else:
        run()


def _gunicorn(port: int) -> Callable[[], None]:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {"bind": f"{HOST}:{port}", "worker_class": "gthread", "threads": 8, "loglevel": "warning"}
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return get_wsgi_application()

    return Server().run  # type: ignore[no-any-return]
