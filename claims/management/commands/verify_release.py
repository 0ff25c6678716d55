from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.releases.desk_keys import known_keys
from claims.releases.signing import BadKey, public_key
from claims.releases.verification import KnownKey, Outcome, Report, verify

NOT_VALID, NOT_CHECKED, UNKNOWN_KEY = 1, 2, 3  # exit codes


class Command(BaseCommand):
    help = (
        "Checks a release, a ZIP or an unpacked folder: is it whole, as it was signed, and by a key of this desk? "
        "Exit codes: 0 valid, 1 not valid, 2 could not be checked, 3 whole but signed with a key not known here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a release's ZIP, or the folder into which it was unpacked")
        parser.add_argument(
            *("--key", "-k"),
            action="append",
            default=[],
            help="a public key, or its file, that it must be signed with, instead of this desk's keys; can be repeated",
        )

    def handle(self, *args: Any, file: str, key: list[str], **options: Any) -> None:
        try:
            keys = [_named(text) for text in key] if key else known_keys()
            report = verify(file, keys)
        except (BadKey, OSError) as problem:
            raise CommandError(f"Could not be checked: {problem}", returncode=NOT_CHECKED) from None
        self.stdout.write("\n".join(report.lines()))
        _refuse(report)


def _named(text: str) -> KnownKey:
    path = Path(text)
    return KnownKey(public_key(path.read_text(encoding="latin-1") if path.is_file() else text))


def _refuse(report: Report) -> None:
    if report.outcome == Outcome.NOT_VALID:
        raise CommandError("This release is not valid.", returncode=NOT_VALID)
    if report.outcome == Outcome.UNKNOWN_KEY:
        raise CommandError(
            "This release is whole, but not signed with a key that is known here or was named.", returncode=UNKNOWN_KEY
        )
