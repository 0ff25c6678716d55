"""How pages and exports behave as the desk grows: `uv run python -m tests.benchmarks [--small N] [--large N]`.

Both desks are measured in turns in one process, so that a busy machine slows both alike; figures are
CPU times, medians, and their ratio is what counts. Uses SQLite in a temporary folder, or PostgreSQL
when DATABASE_URL is set.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from claims.models import Claim, Document, User  # noqa: E402
from tests.benchmarks.generate import generate  # noqa: E402
from tests.benchmarks.memory import peak_memory  # noqa: E402

ROUNDS = 15


@dataclass
class Desk:
    """One database of a given size, and what was measured on it."""

    size: int
    name: str
    seconds: dict[str, list[float]] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)

    def connect(self) -> None:
        connection.close()
        connection.settings_dict["NAME"] = self.name


def pages() -> dict[str, str]:
    """The addresses to measure, on the connected desk; all but the rare ones fill a page of rows at any size."""
    long_document = Document.objects.under_check().earliest("pk")
    claim = Claim.objects.verified().earliest("pk")
    rare = claim.assertion.split()[2].strip(",")
    return {
        "list": "/claims/",
        "list, oldest first": "/claims/?sort=created",
        "filter: stage": "/claims/?stage=verified",
        "filter: stage and kind": "/claims/?stage=verified&kind=ranking",
        "filter: verdict": "/claims/?verdict=disputed",
        "filter: document": f"/claims/?document={long_document.pk}",
        "search, common word": "/claims/?q=largest",
        "search, two words": "/claims/?q=japan+largest",
        "search, rare word": f"/claims/?q={rare}",
        "claim page": f"/claims/{claim.pk}/",
        "document page, 300 claims": f"/documents/{long_document.pk}/?claim={claim.pk}",
        "desk": "/",
    }


@contextmanager
def desks(sizes: list[int]) -> Iterator[list[Desk]]:
    with tempfile.TemporaryDirectory() as folder:
        made = [make_desk(size, Path(folder)) for size in sizes]
        try:
            yield made
        finally:
            connection.close()
            remove_databases(made)


def make_desk(size: int, folder: Path) -> Desk:
    if connection.vendor == "sqlite":
        desk = Desk(size, str(folder / f"desk{size}.sqlite3"))
    else:
        desk = Desk(size, f"claims_benchmark_{size}")
        run_on_server(f"DROP DATABASE IF EXISTS {desk.name}", f"CREATE DATABASE {desk.name}")
    desk.connect()
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    generate(size)
    print(f"made {size:,} claims in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return desk


def remove_databases(made: list[Desk]) -> None:
    if connection.vendor == "postgresql":
        run_on_server(*(f"DROP DATABASE {desk.name}" for desk in made))


def run_on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for statement in statements:
            cursor.execute(statement)


def measure(desk: Desk) -> None:
    """One round: every page once, after its connection and templates are warm."""
    desk.connect()
    client = Client()
    client.force_login(User.objects.get(username="person1"), backend=settings.AUTHENTICATION_BACKENDS[0])
    for name, address in pages().items():
        first = client.get(address)
        assert first.status_code == 200, (address, first.status_code)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        desk.queries[name] = len(captured)
        started = time.process_time()
        client.get(address)
        desk.seconds.setdefault(name, []).append(time.process_time() - started)


def report(small: Desk, large: Desk) -> None:
    print(f"\n{'page':28}{'queries':>16}{'CPU ms':>18}{'ratio':>8}")
    print(f"{'':28}{small.size:>8,}{large.size:>8,}{small.size:>9,}{large.size:>9,}")
    for name in small.seconds:
        quick, slow = (statistics.median(desk.seconds[name]) * 1000 for desk in (small, large))
        counts = f"{small.queries[name]:>8}{large.queries[name]:>8}"
        print(f"{name:28}{counts}{quick:>9.1f}{slow:>9.1f}{slow / quick:>8.2f}")


def export_memory(desk: Desk, format: str) -> float:
    """Most anonymous memory in MB of an export of all claims."""
    address = {"sqlite": f"sqlite:///{desk.name}", "postgresql": _with_database(desk.name)}[connection.vendor]
    command = ("export_claims", "--format", format, "--all-stages", "--output", "/dev/null")
    return peak_memory(*command, database_url=address)


def _with_database(name: str) -> str:
    return os.environ.get("DATABASE_URL", "").rsplit("/", 1)[0] + f"/{name}"


def report_memory(small: Desk, large: Desk) -> None:
    print(f"\n{'export':28}{'peak MB':>16}{'more MB':>18}")
    for format in ("csv", "json", "jsonl", "claimreview"):
        low, high = export_memory(small, format), export_memory(large, format)
        print(f"{format:28}{low:>8.0f}{high:>8.0f}{high - low:>18.1f}")


def main(measured: Callable[[Desk], None] = measure) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=100_000)
    options = parser.parse_args()
    setup_test_environment(debug=False)
    with desks([options.small, options.large]) as (small, large):
        for _ in range(ROUNDS):
            for desk in (small, large):
                measured(desk)
        report(small, large)
        report_memory(small, large)


if __name__ == "__main__":
    main()
