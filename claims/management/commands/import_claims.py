import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.choices import ClaimKind
from claims.exports.csv import escape
from claims.imports import FIELDS, BadFile, Plan, Refusal, Report, Table, open_table, run
from claims.management.people import person
from claims.workflow import Refused

SHOWN = 20
"""Refused rows that are printed when no file takes them."""


class Command(BaseCommand):
    help = (
        "Brings in claims from CSV, JSON Lines, JSON or ClaimReview JSON-LD. Good rows come in and refused ones are "
        "reported, with exit code 1. Importing the same file twice changes nothing. See docs/importing.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and store nothing.")
        parser.add_argument("--all-or-nothing", action="store_true", help="Store nothing when any row is refused.")
        parser.add_argument("--by", default="", metavar="USERNAME", help="Who imports; an admin, when not given.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"Which column holds what, where its name does not tell; empty for none. Fields: {', '.join(FIELDS)}.",
        )
        parser.add_argument("--document", default="", metavar="KEY", help="Document of rows that quote and name none.")
        parser.add_argument("--kind", default=ClaimKind.EVENT, choices=ClaimKind.values, help="Of rows that name none.")
        parser.add_argument("--tag", default="", help="Given to every claim that comes in.")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="Gets every refused row, line and reason.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with ExitStack() as stack:
                stream = stack.enter_context(options["file"].open("rb"))
                on_refused = stack.enter_context(refusals_to(options["report"])) if options["report"] else None
                table = open_table(stream, options["file"].name)
                report = run(
                    table,
                    _plan(table, options),
                    by=person(options["by"]),
                    dry_run=options["dry_run"],
                    all_or_nothing=options["all_or_nothing"],
                    on_refused=on_refused,
                )
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except (BadFile, Refused) as error:
            raise CommandError(str(error)) from error
        self._tell(report, to_file=options["report"] is not None)
        if report.refused:
            raise SystemExit(1)

    def _tell(self, report: Report, *, to_file: bool) -> None:
        for line in [*report.warnings_and_left_out, *report.lines]:
            self.stdout.write(line)
        shown = [] if to_file else report.refusals[:SHOWN]
        for refusal in shown:
            self.stderr.write(f"line {refusal.line}: {refusal.reason}")
        if shown and report.refused > len(shown):
            self.stderr.write(f"and {report.refused - len(shown):,} more; --report FILE.csv has them all")


def _plan(table: Table, options: dict[str, Any]) -> Plan:
    pairs = [pair.partition("=") for pair in options["map"]]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise CommandError(f"--map {wrong}: write FIELD=COLUMN, such as assertion=Statement.")
    plan = Plan.guess(table).mapped({name.strip(): column.strip() for name, _, column in pairs}, table)
    return plan.with_options(**{name: options[name] for name in ("kind", "document", "tag")})


@contextmanager
def refusals_to(path: Path) -> Iterator[Callable[[Refusal], None]]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason"])
        yield lambda refusal: writer.writerow([refusal.line, escape(refusal.reason)])
