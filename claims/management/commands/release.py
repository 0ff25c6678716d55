import json
import re
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.actions.signing_keys import NoKey, signer_in_use
from claims.jobs.releases import start_release
from claims.jobs.run import run
from claims.management.people import person
from claims.models import ClaimSet, IntegrityFault, Release
from claims.reading.members import BrokenFilter
from claims.releases.as_of import Gaps, NotKnown, PastSet, claims_as_of, set_as_of
from claims.releases.as_of.comparing import differences, differing_records, unequal
from claims.releases.build import build, frozen_content, header_of
from claims.releases.content import ReleasedClaim, line_of
from claims.releases.files import content_of, path_of
from claims.workflow import Refused

DIFFERS, NOT_DONE, MISSING = 1, 2, 3  # exit codes
SHOWN = 200
"""Differences, and fields that are missing, that are listed."""


class Command(BaseCommand):
    help = (
        "Releases a claim set as it is now; or, with --as-of, rebuilds it from the history as it stood, and says "
        "whether that equals the release that was made then. Exit codes: 0 done, or equal; 1 it differs from the "
        "release, or claims blocked then; 2 not done; 3 nothing differs, but the history does not hold all of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("claim_set", metavar="SET", help="the title of the set, or its number as in its address")
        parser.add_argument(
            "--as-of", type=_instant, help="an instant with its time zone, such as 2026-11-22T16:00:00Z"
        )
        parser.add_argument("--out", type=Path, help="with --as-of: write the release of that instant anew, if equal")
        parser.add_argument("--with-comments", action="store_true", help="tell the comments, too")
        parser.add_argument("--with-captures", action="store_true", help="add the captures; not with --as-of")
        parser.add_argument("--by", default="", help="who releases, by username; the first admin when not given")

    def handle(self, *args: Any, claim_set: str, **options: Any) -> None:
        chosen = _set(claim_set)
        if options["as_of"] is None:
            self._release(chosen, options)
        else:
            self._rebuild(chosen, options)

    def _release(self, claim_set: ClaimSet, options: dict[str, Any]) -> None:
        by = person(options["by"])
        wanted = {name: options[name] for name in ("with_comments", "with_captures")}
        try:
            job = start_release(claim_set, by=by, **wanted)
        except (Refused, BrokenFilter, NoKey) as problem:
            raise CommandError(str(problem), returncode=NOT_DONE) from None
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages), returncode=NOT_DONE) from None
        run(job.pk)
        job.refresh_from_db()
        release = job.releases.order_by("-pk").first()
        if release is None or not release.is_ready:
            raise CommandError(job.problem or "It is being built by a worker.", returncode=NOT_DONE)
        self.stdout.write(f"{release}: {release.claim_count} claims, {path_of(release)}")

    def _rebuild(self, claim_set: ClaimSet, options: dict[str, Any]) -> None:
        release = _made_then(claim_set, options["as_of"])
        instant = release.frozen_at if release else options["as_of"]
        gaps = Gaps()
        try:
            past = set_as_of(claim_set, instant, gaps)
        except NotKnown as problem:
            raise CommandError(str(problem), returncode=NOT_DONE) from None
        with_comments = release.with_comments if release else options["with_comments"]
        with tempfile.TemporaryDirectory() as folder:
            spool = Path(folder) / "claims.jsonl"
            _write(spool, claims_as_of(past.keys, instant, with_comments=with_comments, gaps=gaps))
            self._tell(release, past, spool, gaps)
            if options["out"]:
                self._write_again(release, spool, options["out"])
        if gaps.found:
            raise CommandError("Not all of it is in the history.", returncode=MISSING)

    def _tell(self, release: Release | None, past: PastSet, spool: Path, gaps: Gaps) -> None:
        """Say what was rebuilt. Raises CommandError when it differs from the release, or could not have been one."""
        self.stdout.write(f"{past.title}: {len(past.keys)} claims, {len(past.left_out)} left out")
        self._list("Missing: ", map(str, sorted(gaps.found)))
        if release is None:
            self.stdout.write("No release of this set was made at that instant.")
            if past.undecided:
                raise CommandError(f"{len(past.undecided)} claims blocked a release then.", returncode=DIFFERS)
            return
        if self._list("", _differences(release, past, spool)):
            raise CommandError(f"It differs from release {release.number}.", returncode=DIFFERS)
        self.stdout.write(f"Equal to release {release.number}.")

    def _list(self, before: str, lines: Iterator[str]) -> int:
        shown = 0
        for line in islice(lines, SHOWN):
            self.stdout.write(f"{before}{line}")
            shown += 1
        if more := sum(1 for _ in lines):
            self.stdout.write(f"… and {more} more")
        return shown

    def _write_again(self, release: Release | None, spool: Path, out: Path) -> None:
        """Write the ZIP of what was rebuilt, which is known to equal the release."""
        if release is None:
            raise CommandError("Nothing is written: no release was made then.", returncode=NOT_DONE)
        try:
            with signer_in_use() as (_, signer):
                build(release, frozen_content(release, spool), signer, path=out, told=lambda name, done, of: None)
        except (NoKey, IntegrityFault, OSError) as problem:
            raise CommandError(f"It could not be written. {problem}", returncode=NOT_DONE) from None
        self.stdout.write(f"Written to {out}.")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)


def _set(name: str) -> ClaimSet:
    found = ClaimSet.objects.filter(title=name).first()
    if found is None and re.fullmatch("[0-9]{1,18}", name):
        found = ClaimSet.objects.filter(pk=int(name)).first()
    if found is None:
        raise CommandError(f"There is no set of this title or number: {name}", returncode=NOT_DONE)
    return found


def _made_then(claim_set: ClaimSet, instant: datetime) -> Release | None:
    """The release of that instant; a whole second stands for the only release within it."""
    made = claim_set.releases.order_by("number")
    if exact := made.filter(frozen_at=instant).first():
        return exact
    within = made.filter(frozen_at__gte=instant, frozen_at__lt=instant + timedelta(seconds=1))[:2]
    return within[0] if not instant.microsecond and len(within) == 1 else None


def _write(spool: Path, claims: Iterator[ReleasedClaim]) -> None:
    with spool.open("wb") as file:
        for claim in claims:
            file.write(line_of(claim))


def _differences(release: Release, past: PastSet, spool: Path) -> Iterator[str]:
    told = {"title": past.title, "description": past.description, "licence": past.licence, "left_out": past.left_out}
    header: Any = header_of(release)
    for path, old, new in unequal({name: header[name] for name in told}, told):
        yield f"{path}: {old!r} in the release, rebuilt as {new!r}"
    try:
        then = content_of(release)
    except IntegrityFault as problem:
        yield from differing_records(release, _read(spool))
        if release.path:
            yield str(problem)
        return
    yield from differences(then.claims(), _read(spool))


def _read(spool: Path) -> Iterator[ReleasedClaim]:
    with spool.open("rb") as file:
        yield from map(json.loads, file)
