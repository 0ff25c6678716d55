"""What an import costs: `uv run python -m tests.benchmarks.importing [--rows N] [--rounds N]`.

Import: `manage.py import_claims` on a CSV file, from opening the file to the commit; each row is read, checked, looked
up, stored, written into the history with its hash, and indexed for search.
Plain: the rows which that left in the tables of claims, events and search entries, inserted by Django's `bulk_create`
into an empty database, in one transaction, from values that are ready in memory; making the model objects counts.

Both in turns in one process, each time in a new database (SQLite in a temporary folder), so that a busy machine slows
both alike. The ratio is that of the least times. Memory is that of an import in a process of its own.
"""

import argparse
import csv
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from claims.choices import ClaimKind, Role  # noqa: E402
from claims.imports import Plan, open_table, run  # noqa: E402
from claims.models import Claim, Event, SearchEntry, User  # noqa: E402
from tests import factories  # noqa: E402
from tests.benchmarks.generate import assertion  # noqa: E402
from tests.benchmarks.memory import peak_memory  # noqa: E402

TARGET = 3.0
COLUMNS = ("key", "assertion", "kind", "speaker", "as_of", "reference_period", "priority")

Seconds = tuple[float, float]  # of the processor, and of the clock


def write_table(path: Path, rows: int) -> None:
    chance = random.Random(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            said = assertion(number, chance)
            kind = chance.choice(ClaimKind.values)
            year = 1950 + number % 75
            writer.writerow(
                [f"IM-{number}", said, kind, "The minister", f"{year}-05", f"{year}", chance.choice("1234")]
            )


@contextmanager
def new_database(template: Path) -> Iterator[Path]:
    """A copy of an empty, migrated database with one person, connected."""
    copy = template.with_name("copy.sqlite3")
    connection.close()
    shutil.copy(template, copy)
    connection.settings_dict["NAME"] = str(copy)
    try:
        yield copy
    finally:
        connection.close()
        for left in template.parent.glob("copy.sqlite3*"):
            left.unlink()


def timed(work: Callable[[], None]) -> Seconds:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def import_file(path: Path) -> None:
    with path.open("rb") as stream:
        table = open_table(stream, path.name)
        report = run(table, Plan.guess(table), by=User.objects.get())
    assert not report.refused, report.refusals[:3]


Rows = list[tuple[type[models.Model], list[dict[str, Any]]]]


def stored_rows() -> Rows:
    """The values of what the import stored, by model."""
    columns = {model: [field.attname for field in model._meta.concrete_fields] for model in (Claim, Event, SearchEntry)}
    return [(model, list(model._default_manager.order_by("pk").values(*names))) for model, names in columns.items()]


@transaction.atomic
def insert(rows: Rows) -> None:
    for model, values in rows:
        model._default_manager.bulk_create([model(**one) for one in values], batch_size=2000)


def measure(folder: Path, rows: int, rounds: int) -> None:
    template, table = folder / "empty.sqlite3", folder / f"{rows}.csv"
    write_table(table, rows)
    imports: list[Seconds] = []
    inserts: list[Seconds] = []
    ready: Rows = []
    for _ in range(rounds):
        with new_database(template):
            imports.append(timed(partial(import_file, table)))
            ready = ready or stored_rows()
        with new_database(template):
            inserts.append(timed(partial(insert, ready)))
    report(rows, min(imports), min(inserts))
    with new_database(template) as database:
        connection.close()
        peak = peak_memory("import_claims", str(table), database_url=f"sqlite:///{database}")
        print(f"{'':8}        peak memory of the import {peak:.0f} MB", flush=True)


def report(rows: int, imported: Seconds, inserted: Seconds) -> None:
    ratio = imported[0] / inserted[0]
    verdict = "within" if ratio <= TARGET else "OVER"
    print(
        f"{rows:>8,} rows   import {imported[0]:6.2f} s CPU, {imported[1]:6.2f} s"
        f"   plain {inserted[0]:6.2f} s CPU, {inserted[1]:6.2f} s"
        f"   ratio {ratio:.2f} ({imported[1] / inserted[1]:.2f} by the clock), {verdict} {TARGET}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        connection.settings_dict["NAME"] = str(folder / "empty.sqlite3")
        call_command("migrate", verbosity=0)
        factories.user("importer", Role.ADMIN)
        for rows in options.rows:
            measure(folder, rows, options.rounds)


if __name__ == "__main__":
    main()
