import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from claims.exports import FORMATS, claim_records, keys_in_set, keys_of
from claims.exports.selection import chosen_claims
from claims.filters import ClaimFilter
from claims.management.people import named
from claims.models import ClaimSet
from claims.models.claim import ClaimQuerySet
from claims.reading.members import BrokenFilter


class Command(BaseCommand):
    help = "Writes claims to a file or to standard output; only verified ones, unless others are asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument(
            "--filter", default="", help='As in the address of the list of claims: "stage=verified&kind=ranking".'
        )
        parser.add_argument("--set", type=int, metavar="ID", help="Only claims of this set, in its order.")
        parser.add_argument("--all-stages", action="store_true", help="Claims that are not verified, too.")
        parser.add_argument("--user", default="", help="Whom “me” in the filter means.")
        parser.add_argument("--output", type=Path, help="Written whole or not at all. Standard output, when not given.")

    def handle(self, *args: Any, **options: Any) -> None:
        claims = _claims(options)
        pieces = FORMATS[options["format"]].write(claim_records(_keys(claims, options["set"])))
        if options["output"]:
            write_whole(options["output"], pieces)
        else:
            for piece in pieces:
                self.stdout.write(piece, ending="")


def _claims(options: dict[str, Any]) -> ClaimQuerySet:
    chosen = ClaimFilter.parse(QueryDict(options["filter"]))
    if chosen.problems:
        raise CommandError(" ".join(str(problem) for problem in chosen.problems))
    try:
        return chosen_claims(
            chosen, named(options["user"]) if options["user"] else None, all_stages=options["all_stages"]
        )
    except ValueError as error:
        raise CommandError(f"{error} (--user)") from error


def _keys(claims: ClaimQuerySet, set_id: int | None) -> Iterable[int]:
    if set_id is None:
        return keys_of(claims)
    try:
        return keys_in_set(claims, ClaimSet.objects.get(pk=set_id))
    except ClaimSet.DoesNotExist as error:
        raise CommandError(f"There is no claim set {set_id}.") from error
    except BrokenFilter as error:
        raise CommandError(str(error)) from error


def write_whole(path: Path, pieces: Iterator[str]) -> None:
    """Write beside the file and put it in its place at the end: a reader never sees half of it, nor does a crash.

    A device or a pipe is written to as it is; replacing it by a file would break it for everyone else.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as device:
            device.writelines(pieces)
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with part.open("x", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
