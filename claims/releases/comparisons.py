"""Comparisons of the desk's releases, kept beside their files: two ZIPs are read once, however often somebody looks.

A comparison is named by the hashes of the two ZIPs, and holds nothing of its own: whoever deletes it loses nothing.
"""

import fcntl
import os
import sqlite3
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from claims.models import Release
from claims.releases.compare import VERSION, Comparison, compare
from claims.releases.content import Content
from claims.releases.files import content_of, folder

LARGE = 20_000
"""Claims of both releases together, above which nobody waits for the answer: it takes up to a minute."""
KEPT = 100
"""Comparisons, those looked at last."""
THREAD = "comparison of releases"


class BeingCompared(Exception):
    """Two large releases are being compared; it is there in a minute."""


def comparison_of(older: Release, newer: Release) -> Comparison:
    """Of two releases that were built. Raises IntegrityFault when a file is gone or was altered, and BeingCompared."""
    path = _folder() / f"{older.sha256}-{newer.sha256}.{VERSION}"
    if path.is_file() and (kept := _opened(path)):
        return kept
    if older.claim_count + newer.claim_count <= LARGE:
        _make(path, content_of(older), content_of(newer))
    else:
        _begin(path, older, newer)
        raise BeingCompared
    return Comparison.open(path)


def _opened(path: Path) -> Comparison | None:
    """The one that is kept; None, and no file any more, where a loss of power left it damaged."""
    try:
        os.utime(path)
        kept = Comparison.open(path)
        return kept if kept.head else None
    except (sqlite3.Error, OSError, ValueError):
        path.unlink(missing_ok=True)
        return None


def _folder() -> Path:
    path = folder() / ".comparisons"
    path.mkdir(exist_ok=True)
    return path


def _begin(path: Path, older: Release, newer: Release) -> None:
    """Let a thread compare them, unless one does, here or in another process. One that is killed leaves no lock."""
    lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return
    try:
        contents = content_of(older), content_of(newer)
        threading.Thread(target=_work, args=(lock, path, *contents), name=THREAD, daemon=True).start()
    except BaseException:
        os.close(lock)
        raise


def _work(lock: int, path: Path, older: Content, newer: Content) -> None:
    try:
        _make(path, older, newer)
    finally:
        path.with_suffix(".lock").unlink(missing_ok=True)
        os.close(lock)


def _make(path: Path, older: Content, newer: Content) -> None:
    """Compare, and give the file its name once it is whole."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".making-") as place:
        part = Path(place) / "comparison"
        compare(older, newer, part).close()
        os.replace(part, path)
    _drop_old(path.parent)


def _drop_old(place: Path) -> None:
    """Delete all but those looked at last; who reads one of them just now reads on."""
    kept = sorted(place.glob(f"*.{VERSION}"), key=_looked_at, reverse=True)
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)


def _looked_at(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0
