"""A release's ZIP, made of what was frozen of it."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path

from django.conf import settings

from claims.exports.canonical import record_sha256
from claims.intake.files import read
from claims.models import IntegrityFault, Release
from claims.releases.archive import Member, Seal, Sealed, instant, save_archive
from claims.releases.content import FORMAT, VERSION, Content, Header, PreviousRecord, ReleasedClaim
from claims.releases.files import content_of, folder, spool_of
from claims.releases.formats import members
from claims.releases.manifest import describe
from claims.releases.signing import Signer

Told = Callable[[str, int, int], None]
"""Told again and again, as it is written, which file is being written: its name, how many were before it, and of how
many. What it raises ends the building."""


def header_of(release: Release) -> Header:
    """The header of a release, as it stands in its release.json."""
    left_out = [{name: told for name, told in one.items() if name != "claim"} for one in release.left_out]
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": release.name,
        "title": release.title,
        "description": release.description,
        "licence": release.licence,
        "number": release.number,
        "serial": release.serial,
        "desk": {"name": settings.DESK_NAME, "url": settings.PUBLIC_URL},
        "as_of": instant(release.frozen_at),
        "claims": release.claim_count,
        "head": release.head_hash,
        "left_out": left_out,  # type: ignore[typeddict-item]
        "with_comments": release.with_comments,
        "with_captures": release.with_captures,
        "with_pdf": release.with_pdf,
        "previous": _previous(release.previous) if release.previous else None,
    }


def _previous(release: Release) -> PreviousRecord:
    return {
        "name": release.name,
        "number": release.number,
        "as_of": instant(release.frozen_at),
        "sha256": release.sha256,
    }


def frozen_content(release: Release, spool: Path | None = None) -> Content:
    """What the file of a release that is being built will say. Raises IntegrityFault for a damaged one before it."""
    frozen = spool or spool_of(release)
    before = content_of(release.previous).claims if release.previous else None
    return Content(header_of(release), lambda: _lines(frozen), before, lambda digest: [read(digest)])


def _lines(spool: Path) -> Iterator[ReleasedClaim]:
    with spool.open("rb") as file:
        yield from map(json.loads, file)


def check_frozen(release: Release, content: Content, *, told: Callable[[int], None]) -> None:
    """Raises IntegrityFault unless what was kept of the claims is what was frozen. Tells how many were looked at."""
    entries = release.entries.order_by("position").values_list("record_sha256", flat=True).iterator()
    for done, (expected, claim) in enumerate(zip_longest(entries, content.claims())):
        told(done)
        if claim is None or record_sha256(claim) != expected:
            raise IntegrityFault(f"What was frozen for {release} is damaged at its claim number {done + 1}.")


def build(release: Release, content: Content, signer: Signer, *, path: Path | None = None, told: Told) -> Sealed:
    """Write the ZIP of the release, signed, to its place or another. The same content makes the same bytes.

    Raises OSError, as for a full disk, and what `told` raises; then there is no file.
    """
    files = list(members(content))
    seal = Seal(
        release=release.name,
        claims=release.claim_count,
        as_of=release.frozen_at,
        head=release.head_hash,
        signer=signer,
        describe=describe(content.header),
    )
    return save_archive(path or folder() / f"{release.name}.zip", _telling(files, told), seal=seal)


def _telling(files: list[Member], told: Told) -> Iterator[Member]:
    for done, member in enumerate(files):
        yield Member(member.name, partial(_chunks, member, partial(told, member.name, done, len(files))))


def _chunks(member: Member, told: Callable[[], None]) -> Iterator[bytes]:
    told()
    for chunk in member.chunks():
        told()
        yield chunk
