from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.imports import BadFile, Refusal, Report
from claims.imports.releases import NotTrusted, ReleaseFile, import_release, open_release
from claims.management.commands.import_claims import SHOWN, refusals_to
from claims.management.people import person
from claims.workflow import Refused

REFUSED, UNKNOWN_KEY = 1, 3  # exit codes, the latter as verify_release has it


class Command(BaseCommand):
    help = (
        "Brings in a release of this desk or another: its claims, as proposals for review, and a claim set of them. It "
        "is checked first. Importing it twice changes nothing. Exit codes: 0 imported, 1 refused, 3 signed with a key "
        "that is not known here. See docs/importing.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a release's ZIP")
        parser.add_argument("--by", default="", metavar="USERNAME", help="Who imports; an admin, when not given.")
        parser.add_argument(
            "--accept-key",
            default="",
            metavar="NUMBER",
            help="Take a key that is not known here: the one of this number.",
        )
        parser.add_argument("--open", action="store_true", help="Bring the claims in open, without their verdicts.")
        parser.add_argument("--partial", action="store_true", help="Bring in the rest when claims are refused.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and store nothing.")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="Gets every refused line, and the reason.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            release = open_release(file)
            self._introduce(release)
            report = _imported(release, options)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except NotTrusted as problem:
            told = f"{problem} If it is the one that its desk publishes, say --accept-key {release.key_id}."
            raise CommandError(told, returncode=UNKNOWN_KEY) from problem
        except (BadFile, Refused) as problem:
            raise CommandError(str(problem), returncode=REFUSED) from problem
        self._tell(report, to_file=options["report"] is not None)
        if report.refused:
            raise SystemExit(REFUSED)

    def _introduce(self, release: ReleaseFile) -> None:
        self.stdout.write(f"Release {release.origin}, {release.claims:,} claims, as of {release.as_of}.")

    def _tell(self, report: Report, *, to_file: bool) -> None:
        for line in [*report.warnings_and_left_out, *report.lines]:
            self.stdout.write(line)
        for refusal in _shown(report, to_file=to_file):
            self.stderr.write(f"line {refusal.line}: {refusal.reason}")


def _shown(report: Report, *, to_file: bool) -> Iterator[Refusal]:
    return iter(() if to_file else report.refusals[:SHOWN])


def _imported(release: ReleaseFile, options: dict[str, Any]) -> Report:
    with ExitStack() as stack:
        path = options["report"]
        on_refused: Callable[[Refusal], None] | None = stack.enter_context(refusals_to(path)) if path else None
        return import_release(
            release,
            by=person(options["by"]),
            proposes=not options["open"],
            trusts_key=options["accept_key"].upper() == release.key_id,
            partial=options["partial"],
            dry_run=options["dry_run"],
            on_refused=on_refused,
        )
