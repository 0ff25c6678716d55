"""Where the files of releases are kept. A release's ZIP is never changed; whoever reads it here learns if it was."""

import hashlib
from pathlib import Path

from django.conf import settings

from claims.models import IntegrityFault, Release
from claims.releases.content import Content
from claims.releases.reader import read_content

READ = 1 << 20


def folder() -> Path:
    """The folder of releases, made on first use."""
    path = Path(settings.RELEASES_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(release: Release) -> Path:
    """The ZIP of a release that is ready or withdrawn. Whether it is there, and as it was, is for others to look."""
    return folder() / release.path


def spool_of(release: Release) -> Path:
    """What was frozen of a release that is being built: the lines of its claims.jsonl."""
    return folder() / f".{release.serial}.frozen"


def check_file(release: Release) -> Path:
    """The path of the ZIP, read once from end to end. Raises IntegrityFault when it is gone, or is another now."""
    path = path_of(release)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while data := file.read(READ):
                digest.update(data)
    except OSError:
        raise IntegrityFault(f"The file of {release} cannot be read any more.") from None
    if digest.hexdigest() != release.sha256:
        raise IntegrityFault(f"The file of {release} was altered after it was built.")
    return path


def content_of(release: Release) -> Content:
    """What the release says, from its own file. Raises IntegrityFault as `check_file` does."""
    return read_content(check_file(release))
